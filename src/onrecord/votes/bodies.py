"""Who sits on the Human Rights Council when, and the regional groups: facts shipped with the program.

``council_members.csv`` has one row a term (iso3, name, start, end, group, source_url), both days included;
``regional_groups.csv`` the 193 members of the United Nations by electoral group (the United States with WEOG).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

import polars as pl


@cache
def council_members() -> pl.DataFrame:
    """Terms on the Council since June 2006: iso3, name, start, end (Date), group, source_url."""
    return pl.read_csv(
        files("onrecord.votes").joinpath("council_members.csv").read_bytes(),
        schema_overrides={"start": pl.Date, "end": pl.Date},
    )


@cache
def regional_groups() -> pl.DataFrame:
    """Regional group of each member of the United Nations: iso3, group."""
    return pl.read_csv(files("onrecord.votes").joinpath("regional_groups.csv").read_bytes())


def members_on(day: date, terms: pl.DataFrame | None = None) -> pl.DataFrame:
    """Members of the Council on a day: iso3, name, start, end, group, source_url, in order of iso3.

    Args:
        terms: other terms with iso3, start and end; the Council's if None.
    """
    table = council_members() if terms is None else terms
    return table.filter(pl.col("start") <= day, pl.col("end").is_null() | (pl.col("end") >= day)).sort("iso3")
