"""Roll calls from files: one module a publisher's format, all to the same two tables.

Votes: rcid, iso3, vote (1 yes, 2 abstain, 3 no, 8 took no part where the source says so), file, row.
Roll calls: rcid, body, session, date, symbol, title, yes, no, abstain (totals as published, null where the source
gives none), file, row, then whatever else the source has. ``row`` is the place to cite: the row of the file as a
spreadsheet shows it, header as row 1 (Parquet and R files, which have no header row, count from 1).
"""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.errors import InvalidInput, Problem
from onrecord.votes.importers import hrc, plain, r_package, undl, unvotes, voeten
from onrecord.votes.importers.format import Format, Imported
from onrecord.votes.importers.tables import read_tables

FORMATS: tuple[Format, ...] = (
    r_package.FORMAT,
    unvotes.FORMAT,
    hrc.FORMAT,
    undl.FORMAT,
    voeten.FORMAT,
    plain.FORMAT,
)


def import_roll_calls(files: Mapping[str, bytes]) -> list[Imported]:
    """Read files handed in together, each to the format whose columns it has.

    Args:
        files: name and bytes of each; the name's ending says .csv, .tsv, .parquet, .rda or .RData.

    Returns:
        one set of roll calls for each format and body met, in the order of ``FORMATS``.

    Raises:
        InvalidInput: a file cannot be read, has no rows, belongs to no format, or lacks its companion.
    """
    tables = read_tables(files)
    empty = [
        Problem("has a header and no rows.", "Check that the export is whole.", file=table.name)
        for table in tables
        if table.frame.is_empty()
    ]
    if empty:
        raise InvalidInput(empty)
    found: list[Imported] = []
    claimed: set[str] = set()
    for reader in FORMATS:
        mine = [table for table in tables if table.name not in claimed and reader.claims(table.columns)]
        if mine:
            claimed.update(table.name for table in mine)
            found.extend(reader.read(mine))
    problems = [
        Problem(
            f"columns {', '.join(sorted(table.columns))} belong to no known roll-call format.",
            "See docs/votes.md for the formats read, or use the plain one: rollcall, date, body, actor, vote.",
            file=table.name,
        )
        for table in tables
        if table.name not in claimed
    ]
    if problems:
        raise InvalidInput(problems)
    return found
