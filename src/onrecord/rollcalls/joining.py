"""Several imports of one body as one: a vote that two of them bring counts once, and no two votes become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from onrecord.rollcalls.same_votes import clashes, repeats
from onrecord.votes.check import FINDING, as_findings


class Tables(NamedTuple):
    """One import's answers, roll calls, and pairs of repeated texts where it brings any."""

    votes: pl.DataFrame
    rollcalls: pl.DataFrame
    links: pl.DataFrame | None


def join(parts: Sequence[Tables]) -> tuple[Tables, pl.DataFrame]:
    """Imports of one body in the order in which they came, each added to those before.

    A roll call that is known keeps its id, its place in the source and its answers; a later import adds answers of states and
    columns that were lacking.

    Returns:
        the tables, and what was set aside with the rule and the reason, in the columns of
        :data:`onrecord.votes.check.FINDING`: ``other-vote`` (its id stands for another vote; it is not used) and ``vote-twice``
        (known under another id; counted once).
    """
    told, aside = parts[0], [pl.DataFrame(schema=FINDING)]
    for part in parts[1:]:
        other = clashes(told.rollcalls, part.rollcalls)
        fresh = Tables(_without(part.votes, other), _without(part.rollcalls, other), part.links)
        again = repeats(told.rollcalls, told.votes, fresh.rollcalls, fresh.votes)
        told = _added(told, _renamed(fresh, again))
        aside += [
            _listed(other, "other-vote", "the id stands for {}"),
            _listed(again, "vote-twice", "the same as {}"),
        ]
    return told, pl.concat(aside)


def _listed(found: pl.DataFrame, rule: str, says: str) -> pl.DataFrame:
    return as_findings(found.with_columns(rule=pl.lit(rule), detail=pl.format(says, "detail")))


def _without(table: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    return table.join(found, on="rcid", how="anti", maintain_order="left")


def _renamed(part: Tables, again: pl.DataFrame) -> Tables:
    """An import whose votes known before have the id that they are known by."""
    known = dict(again.select("rcid", "rcid_known").iter_rows())
    return Tables(
        part.votes.with_columns(pl.col("rcid").replace(known)),
        part.rollcalls.with_columns(pl.col("rcid").replace(known)),
        None if part.links is None else part.links.with_columns(pl.all().replace(known)),
    )


def _added(told: Tables, part: Tables) -> Tables:
    links = [one.links for one in (told, part) if one.links is not None]
    return Tables(
        _after(told.votes, part.votes, ["rcid", "iso3"]),
        _after(_filled(told.rollcalls, part.rollcalls), part.rollcalls, ["rcid"]),
        pl.concat(links).unique(maintain_order=True) if links else None,
    )


def _filled(told: pl.DataFrame, part: pl.DataFrame) -> pl.DataFrame:
    """Roll calls with what was not known of them from a later import; what was known stays."""
    first = part.unique("rcid", keep="first", maintain_order=True)
    both = told.join(first, on="rcid", how="left", suffix="_later", maintain_order="left")
    shared = [name for name in told.columns if f"{name}_later" in both.columns]
    filled = both.with_columns(pl.coalesce(name, f"{name}_later") for name in shared)
    return filled.drop(f"{name}_later" for name in shared)


def _after(told: pl.DataFrame, table: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """A table after another, rows whose key the first has left out; what one repeats within itself stays, for the checker
    to find."""
    fresh = table.join(told, on=key, how="anti", maintain_order="left")
    return pl.concat([told, fresh], how="diagonal_relaxed")
