"""What is to be put on record: rows of files, or entries a program made, each with the place it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from onrecord.errors import Problem, Problems
from onrecord.model import canonical
from onrecord.model.kinds import Entry
from onrecord.record.cells import reason_and_column, to_entry
from onrecord.record.citing import to_citation
from onrecord.record.rows import CITATIONS, Row, RowFile
from onrecord.record.seal_cells import with_seals
from onrecord.record.sealing import NOBODY, Sealer

_AT_ONCE = 4096
"""Entries made here that are looked at together, so that a large batch is not in memory twice."""


class Placed(msgspec.Struct, frozen=True, gc=False):
    """An entry with the place it was read from, if it was."""

    entry: Entry
    file: str | None = None
    row: int | None = None

    def problem(self, problem: Problem) -> Problem:
        """A problem with this entry, told with its place."""
        return replace(problem, file=self.file, row=self.row)


def read_files(paths: Iterable[Path], sealer: Sealer = NOBODY) -> list[Placed]:
    """The entries of CSV and JSON Lines files, citations.csv merged in, what is to be sealed sealed.

    Every row is looked at, however many are wrong.

    Raises:
        InvalidInput: with the first problems of all files, and how many there are.
    """
    files = [RowFile(path) for path in paths]
    problems = Problems()
    citations: dict[str, list[dict[str, Any]]] = defaultdict(list)
    cited_from: dict[str, Row] = {}
    for row in (row for file in files if file.may_cite for row in file):
        if isinstance(row, Problem) or row.kind != CITATIONS:
            continue  # its turn comes below
        match to_citation(row):
            case Problem() as problem:
                problems.add(problem)
            case (entry_id, citation):
                citations[entry_id].append(citation)
                cited_from.setdefault(entry_id, row)
    placed = []
    for row in (row for file in files for row in file):
        if isinstance(row, Problem):
            problems.add(row)
            continue
        if row.kind == CITATIONS:
            continue
        entry_id = _id_of(row)
        match _entry(row, citations.get(entry_id, []), sealer):
            case Problem() as problem:
                problems.add(problem)
            case entry:
                placed.append(Placed(entry, row.file, row.number))
        cited_from.pop(entry_id, None)
    for entry_id, row in cited_from.items():
        problems.add(_of_nothing(entry_id, row))
    problems.refuse()
    return placed


def _of_nothing(entry_id: str, row: Row) -> Problem:
    return row.problem(
        f"The citation is for {entry_id!r}, which no row of this batch has.",
        "Add the entry to the batch; an entry on record gets a citation by a correction.",
        "entry",
    )


def _entry(row: Row, citations: list[dict[str, Any]], sealer: Sealer) -> Entry | Problem:
    sealed = with_seals(row, sealer)
    return sealed if isinstance(sealed, Problem) else to_entry(sealed, citations)


def made_here(entries: Iterable[Entry]) -> list[Placed]:
    """Entries that a program made, whose fields nobody has checked yet.

    Raises:
        InvalidInput: with every one that cannot be written down, or not read again as what it is.
    """
    placed: list[Placed] = []
    problems = Problems()
    coming = iter(entries)
    while some := list(islice(coming, _AT_ONCE)):
        placed += map(Placed, some)
        if not canonical.reads_back(some):
            problems.add(*filter(None, map(_unwritable, some)))
    problems.refuse()
    return placed


def _unwritable(entry: Entry) -> Problem | None:
    if canonical.reads_back([entry]):
        return None
    fields = canonical.to_fields(entry)
    if why := canonical.inexpressible(fields):
        return Problem(f"{entry.id!r} cannot be kept: {why}.", "Mend the value.")
    try:
        canonical.from_fields(fields)
    except msgspec.ValidationError as cause:
        message, column = reason_and_column(cause)
        return Problem(f"{entry.id!r}: {message}.", "Mend the value.", column=column)
    return None


def _id_of(row: Row) -> str:
    cells = row.cells
    if "id" in cells:
        return str(cells["id"])
    if row.kind == "position":
        return "/".join(str(cells.get(part, "")) for part in ("instrument", "actor", "act"))
    return "/".join(["membership", *(str(cells.get(part, "always")) for part in ("of", "actor", "start"))])
