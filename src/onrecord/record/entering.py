"""Adding entries: everything is checked first, then all of it is kept, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from onrecord.errors import InvalidInput, Problem
from onrecord.model import check
from onrecord.model.kinds import Correction, Entry
from onrecord.record.cells import to_entry
from onrecord.record.citing import to_citation
from onrecord.record.history import corrected, current
from onrecord.record.leaf import Draft, draft_entry
from onrecord.record.ledger import Reader
from onrecord.record.rows import CITATIONS, Row, read_rows


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with the place it was read from, if it was."""

    entry: Entry
    file: str | None = None
    row: int | None = None

    def problem(self, problem: Problem) -> Problem:
        """A problem with this entry, told with its place."""
        return replace(problem, file=self.file, row=self.row)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an append would do: drafts to add, and how many entries are on record already, word for word."""

    drafts: list[Draft]
    already: int


def read_files(paths: Iterable[Path]) -> list[Placed]:
    """The entries of CSV and JSON Lines files, citations.csv merged in.

    Raises:
        InvalidInput: with every problem of every file.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    for path in paths:
        found, faults = read_rows(path)
        rows += found
        problems += faults
    citations: dict[str, list[dict[str, Any]]] = defaultdict(list)
    cited_from: dict[str, Row] = {}
    for row in (row for row in rows if row.kind == CITATIONS):
        match to_citation(row):
            case Problem() as problem:
                problems.append(problem)
            case (entry_id, citation):
                citations[entry_id].append(citation)
                cited_from.setdefault(entry_id, row)
    placed = []
    for row in (row for row in rows if row.kind != CITATIONS):
        entry_id = _id_of(row)
        match to_entry(row, citations.get(entry_id, [])):
            case Problem() as problem:
                problems.append(problem)
            case entry:
                placed.append(Placed(entry, row.file, row.number))
        cited_from.pop(entry_id, None)
    problems += [
        row.problem(
            f"The citation is for {entry_id!r}, which no row of this batch has.",
            "Add the entry to the batch; an entry on record gets a citation by a correction.",
            "entry",
        )
        for entry_id, row in cited_from.items()
    ]
    if problems:
        raise InvalidInput(problems)
    return placed


def _id_of(row: Row) -> str:
    cells = row.cells
    if "id" in cells:
        return str(cells["id"])
    if row.kind == "position":
        return "/".join(str(cells.get(part, "")) for part in ("instrument", "actor", "act"))
    return "/".join(["membership", *(str(cells.get(part, "always")) for part in ("of", "actor", "start"))])


def plan(reader: Reader, placed: list[Placed]) -> Plan:
    """Check a batch against itself and against the ledger.

    Raises:
        InvalidInput: with every problem found.
    """
    batch: dict[str, Placed] = {}
    problems: list[Problem] = []
    drafts: list[Draft] = []
    already = 0
    for item in placed:
        first = batch.setdefault(item.entry.id, item)
        if first is not item:
            problems.append(item.problem(_twice(item.entry.id, first)))
    for item in batch.values():
        faults = [*check.problems(item.entry), *check.dangling(item.entry, _kinds(reader, batch))]
        if isinstance(item.entry, Correction) and not faults:
            faults += _correction_faults(reader, batch, item.entry)
        problems += map(item.problem, faults)
        draft = draft_entry(item.entry)
        known = reader.find(item.entry.id)
        if known is None:
            drafts.append(draft)
        elif known.payload == draft.payload:
            already += 1
        else:
            problems.append(item.problem(_taken(item.entry.id)))
    if problems:
        raise InvalidInput(problems)
    return Plan(drafts, already)


def _kinds(reader: Reader, batch: dict[str, Placed]) -> Any:
    return lambda entry_id: (
        check.kind_of(batch[entry_id].entry) if entry_id in batch else reader.kind_of(entry_id)
    )


def _correction_faults(reader: Reader, batch: dict[str, Placed], correction: Correction) -> Iterator[Problem]:
    target = batch.get(correction.replaces)
    leaf = reader.find(correction.replaces)
    first = target.entry if target else leaf.entry() if leaf else None
    assert first is not None, "a dangling correction is refused before"
    earlier = [leaf.entry() for leaf in reader.corrections(correction.replaces)]
    version = current(first, [entry for entry in earlier if isinstance(entry, Correction)])
    try:
        outcome = corrected(version, correction).entry
    except msgspec.ValidationError as cause:
        yield Problem(
            f"{correction.id} would spoil {correction.replaces}: {cause}.",
            "Mend 'changes'.",
            column="changes",
        )
        return
    unknown = sorted(set(correction.changes) - set(_field_names(outcome)))
    if unknown:
        yield Problem(
            f"{correction.replaces} has no field {unknown[0]!r} to change.",
            "Mend 'changes'.",
            column="changes",
        )
    yield from check.problems(outcome)
    yield from check.dangling(outcome, _kinds(reader, batch))


def _field_names(entry: Entry) -> Iterator[str]:
    return (field.encode_name for field in msgspec.structs.fields(entry))


def _twice(entry_id: str, first: Placed) -> Problem:
    where = f" (first at {first.file}, row {first.row})" if first.file else ""
    return Problem(f"The id {entry_id!r} is used twice{where}.", "Give each entry its own id.", column="id")


def _taken(entry_id: str) -> Problem:
    return Problem(
        f"{entry_id} is on record already and says something else.",
        "Nothing is overwritten: enter a correction with 'replaces' set to this id, or use another id.",
        column="id",
    )
