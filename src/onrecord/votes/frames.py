"""The two tables every function of this room takes, and the check that they are what they should be.

Votes: ``rcid`` (roll call), ``iso3`` (state), ``vote`` (1 yes, 2 abstain, 3 no); absent is no row. Roll calls:
``rcid``, ``session`` and what else the source gives (``date``, ``unres``, ``descr``, flags). Other columns pass.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from onrecord.errors import InvalidInput, Problem

YES, ABSTAIN, NO = 1, 2, 3
ANSWERS = {YES: "yes", ABSTAIN: "abstain", NO: "no"}


def require(table: pl.DataFrame, columns: Iterable[str], name: str) -> None:
    """Refuse a table that lacks columns.

    Raises:
        InvalidInput: naming every missing column and those present.
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        remedy = f"Rename or add it; the table has {', '.join(table.columns) or 'no columns'}."
        raise InvalidInput(
            [Problem(f"the table of {name} has no such column.", remedy, column=column) for column in missing]
        )


def with_session(votes: pl.DataFrame, rollcalls: pl.DataFrame, also: tuple[str, ...] = ()) -> pl.DataFrame:
    """Votes with the session of their roll call, as rcid, iso3, vote, session and columns of the roll call asked for
    with ``also``; answers other than 1, 2, 3 dropped.

    Raises:
        InvalidInput: a column is missing, a roll call is listed twice, or a vote has no roll call or session.
    """
    require(votes, ("rcid", "iso3", "vote"), "votes")
    require(rollcalls, ("rcid", "session"), "roll calls")
    listed = rollcalls.select("rcid", pl.col("session").cast(pl.Int32), *also)
    twice = listed.filter(pl.col("rcid").is_duplicated())
    if twice.height:
        raise InvalidInput(
            [_problem(f"roll call {twice['rcid'][0]} is listed more than once.", "Keep one of its rows.")]
        )
    cast = votes.select(pl.col("rcid").cast(listed.schema["rcid"]), "iso3", pl.col("vote").cast(pl.Int8))
    answered = cast.filter(pl.col("vote").is_in([YES, ABSTAIN, NO]))
    joined = answered.join(listed, on="rcid", how="left")
    orphans = joined.filter(pl.col("session").is_null())
    if orphans.height:
        name = orphans["rcid"][0]
        raise InvalidInput(
            [
                _problem(
                    f"{orphans.height} votes, the first on {name}, have no session.",
                    "Add them to the roll calls.",
                )
            ]
        )
    return joined


def _problem(message: str, remedy: str) -> Problem:
    return Problem(message, remedy, column="rcid")
