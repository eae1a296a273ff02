"""Which roll calls of two imports are one vote: the same id for two votes, and two ids for the same vote.

Publishers number the same vote differently (Voeten's rcid, the UN Digital Library's record) and two files may give one number
to two votes. Neither may add up: a vote counts once, and answers of different votes are never joined.
"""

from __future__ import annotations

import polars as pl

from onrecord.votes.frames import ANSWERS

APART = 31
"""Days that sources put between each other for one and the same vote; the Assembly's early files have wrong days."""

ALIKE = 0.9
"""Share of answers in common from which two roll calls on one text are one vote; sources differ in about one in a thousand."""

SHOWN = ("rcid", "date", "symbol", "title", "file", "row")

_SESSIONS = 40


def clashes(known: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Roll calls of an import whose id stands for another vote in those known before.

    It is another vote where the days lie more than :data:`APART` days apart and the symbols do not agree. Without
    days on both sides nothing is said.

    Args:
        known, new: columns of roll calls as in :mod:`onrecord.votes.importers`.

    Returns:
        rcid, date, symbol, title, file, row of the new one, and detail: which vote the id stood for before.
    """
    here, there = _plain(new), _plain(known).unique("rcid", keep="first")
    both = here.join(there, on="rcid", suffix="_known", maintain_order="left").with_columns(
        rcid_known=pl.col("rcid")
    )
    same = (pl.col("text") == pl.col("text_known")).fill_null(value=False)
    return both.filter((_days_apart() > APART) & ~same).select(*SHOWN, detail=_the_known_one())


def repeats(
    known: pl.DataFrame, known_votes: pl.DataFrame, new: pl.DataFrame, new_votes: pl.DataFrame
) -> pl.DataFrame:
    """Roll calls of an import that are votes known before under another id.

    They have the same symbol, however written (R/66/146, A/RES/66/146; R/25/2692, A/RES/2692(XXV)), days at most :data:`APART`
    apart, and at least :data:`ALIKE` of the answers that states gave in both. Each vote is one other at most: the most
    alike.

    Args:
        known, new: columns of roll calls. known_votes, new_votes: rcid, iso3, vote, with rcid as text.

    Returns:
        rcid, date, symbol, title, file, row of the new one, rcid_known, and detail: which vote it is.
    """
    mine, theirs = _plain(new), _plain(known)
    only_mine, only_theirs = (
        mine.join(theirs, on="rcid", how="anti"),
        theirs.join(mine, on="rcid", how="anti"),
    )
    pairs = only_mine.join(only_theirs, on="text", suffix="_known").filter(_days_apart() <= APART)
    if pairs.is_empty():
        return pairs.select(*SHOWN, "rcid_known", detail=_the_known_one())
    best = (
        _agreement(pairs.select("rcid", "rcid_known"), known_votes, new_votes)
        .filter(pl.col("alike") >= ALIKE)
        .sort("alike", "rcid_known", descending=[True, False])
        .unique("rcid", keep="first", maintain_order=True)
        .unique("rcid_known", keep="first", maintain_order=True)
    )
    found = pairs.join(best, on=("rcid", "rcid_known"), how="semi", maintain_order="left")
    return found.select(*SHOWN, "rcid_known", detail=_the_known_one())


def _agreement(pairs: pl.DataFrame, known_votes: pl.DataFrame, new_votes: pl.DataFrame) -> pl.DataFrame:
    """rcid, rcid_known, alike: the share of equal answers among states that answered in both."""
    answered = pl.col("vote").is_in(list(ANSWERS))
    columns = ("rcid", "iso3", "vote")
    mine = pairs.join(new_votes.filter(answered).select(columns), on="rcid")
    theirs = known_votes.filter(answered).select(columns)
    both = mine.join(theirs, left_on=("rcid_known", "iso3"), right_on=("rcid", "iso3"), suffix="_known")
    return both.group_by("rcid", "rcid_known").agg(alike=(pl.col("vote") == pl.col("vote_known")).mean())


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """The columns shown, in one type each, and ``text``: the symbol as it is compared, null where there is none."""
    return table.select(
        pl.col("rcid").cast(pl.String),
        pl.col("date").cast(pl.Date),
        pl.col("symbol", "title").cast(pl.String),
        pl.col("file").cast(pl.String),
        pl.col("row").cast(pl.Int64),
        text=_compared("symbol"),
    )


def _compared(column: str) -> pl.Expr:
    """A symbol as it is compared: session/number for the Assembly's resolutions, else without spaces; null where empty."""
    plain = pl.col(column).cast(pl.String).str.to_uppercase().str.replace_all(r"\s", "")
    now = plain.str.extract_groups(r"^(?:A/RES/|R/)(\d+)/(\d+[A-Z]*)$")
    then = plain.str.extract_groups(r"^A/RES/(\d+[A-Z]*)\(([IVXL]+)\)$")
    session = then.struct[1].replace_strict(_ROMAN, default=None, return_dtype=pl.String)
    return pl.coalesce(
        now.struct[0] + "/" + now.struct[1],
        session + "/" + then.struct[0],
        pl.when(plain != "").then(plain),
    )


def _roman(number: int) -> str:
    written = ""
    for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        written += sign * (number // value)
        number %= value
    return written


_ROMAN = {_roman(session): str(session) for session in range(1, _SESSIONS)}


def _days_apart() -> pl.Expr:
    return (pl.col("date") - pl.col("date_known")).dt.total_days().abs()


def _the_known_one() -> pl.Expr:
    """Which vote it is that was known before, in words, with its place in the source."""
    name = pl.coalesce("symbol_known", "title_known", "rcid_known")
    return pl.format("{} of {} in {}, row {}", name, "date_known", "file_known", "row_known")
