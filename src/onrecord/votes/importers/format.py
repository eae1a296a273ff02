"""What an importer is: which columns it claims, and how it reads the tables that have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from onrecord.errors import InvalidInput, Problem
from onrecord.votes.frames import ABSTAIN, NO, YES
from onrecord.votes.importers.tables import Table

TOOK_NO_PART = 8


@dataclass(frozen=True)
class Imported:
    """Roll calls of one body from one source, normalised; columns as in ``onrecord.votes.importers``.

    ``links`` (rcid1, rcid2) pairs repeated texts where the source gives them.
    """

    format: str
    body: str
    votes: pl.DataFrame
    rollcalls: pl.DataFrame
    links: pl.DataFrame | None = None


@dataclass(frozen=True)
class Format:
    """One publisher's format."""

    name: str
    claims: Callable[[frozenset[str]], bool]
    read: Callable[[list[Table]], list[Imported]]


VOTE_COLUMNS = ("rcid", "iso3", "vote", "file", "row")
ROLLCALL_COLUMNS = (
    "rcid",
    "body",
    "session",
    "date",
    "symbol",
    "title",
    "yes",
    "no",
    "abstain",
    "file",
    "row",
)

WORDS = {
    "y": YES,
    "yes": YES,
    "1": YES,
    "in favour": YES,
    "for": YES,
    "a": ABSTAIN,
    "abstain": ABSTAIN,
    "abstention": ABSTAIN,
    "abstaining": ABSTAIN,
    "2": ABSTAIN,
    "n": NO,
    "no": NO,
    "3": NO,
    "against": NO,
    "x": TOOK_NO_PART,
    "absent": TOOK_NO_PART,
    "non-voting": TOOK_NO_PART,
    "not voting": TOOK_NO_PART,
    "8": TOOK_NO_PART,
}


def answers(column: str) -> pl.Expr:
    """Answers in words, letters or numbers as 1, 2, 3 or 8; null where they are none of these."""
    plain = pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase()
    return plain.replace_strict(WORDS, default=None, return_dtype=pl.Int8)


def refuse_unread(table: pl.DataFrame, source: str, column: str, readable: str) -> None:
    """Refuse a table in which some value of ``source`` could not be read into ``column``.

    Raises:
        InvalidInput: naming file and row of each, at most twenty.
    """
    wrong = table.filter(pl.col(column).is_null()).head(20)
    if wrong.height:
        raise InvalidInput(
            [
                Problem(
                    f"{value!r} is not {readable}.",
                    "Correct the cell or leave the row out.",
                    file,
                    row,
                    source,
                )
                for value, file, row in wrong.select(source, "file", "row").iter_rows()
            ]
        )


def ordered(table: pl.DataFrame, first: tuple[str, ...]) -> pl.DataFrame:
    """The normalised columns first, absent ones as null, then the rest as the source has them."""
    missing = [pl.lit(None, pl.Int64).alias(name) for name in first if name not in table.columns]
    table = table.with_columns(missing)
    return table.select(*first, *(name for name in table.columns if name not in first))
