"""Checking a batch against itself and against the ledger: all of it can be kept, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import msgspec

from onrecord.errors import Problem, Problems
from onrecord.model import check, screening
from onrecord.model.kinds import Correction, Entry
from onrecord.record.entering import Placed
from onrecord.record.history import Version, corrected, current
from onrecord.record.leaf import Draft, draft_entries
from onrecord.record.reader import Reader


@dataclass(frozen=True, slots=True)
class Plan:
    """What an append would do: drafts to add, and how many entries are on record already, word for word."""

    drafts: list[Draft]
    already: int


def plan(reader: Reader, placed: list[Placed]) -> Plan:
    """Check a batch against itself and against the ledger.

    Raises:
        InvalidInput: with the first problems found, and how many there are.
    """
    batch: dict[str, Placed] = {}
    problems = Problems()
    drafts: list[Draft] = []
    for item in placed:
        first = batch.setdefault(item.entry.id, item)
        if first is not item:
            problems.add(item.problem(_twice(item.entry.id, first)))
    on_record = reader.find_all(batch)
    check_entry = _Check(reader, {entry_id: item.entry for entry_id, item in batch.items()}, on_record)
    for item, draft in zip(batch.values(), draft_entries([i.entry for i in batch.values()]), strict=True):
        known = on_record.get(item.entry.id)
        if known is None:
            drafts.append(draft)
            if draft.kind in check_entry.kinds:
                problems.add(*map(item.problem, check_entry(item.entry)))
        elif known.payload != draft.payload and _apart_from_seals(known.entry()) != _apart_from_seals(
            item.entry
        ):
            problems.add(item.problem(_taken(item.entry.id)))
    problems.refuse()
    return Plan(drafts, len(batch) - len(drafts))


class _Check:
    """What is wrong with a new entry, given the ledger and the entries it is to be appended with, in their order.

    ``kinds`` are those of which an entry may have something wrong with it; of the others none has.
    """

    def __init__(self, reader: Reader, batch: dict[str, Entry], on_record: Collection[str]) -> None:
        self._reader = reader
        self._batch = batch
        self._corrected: dict[str, Version] = {}
        self._kinds_on_record: dict[str, str | None] = {}
        new = screening.by_kind(entry for entry_id, entry in batch.items() if entry_id not in on_record)
        for alike in new.values():
            outside = screening.pointed_at(alike) - batch.keys() - self._kinds_on_record.keys()
            self._kinds_on_record |= reader.kinds_of(outside)
        self.kinds = {kind for kind, alike in new.items() if not screening.surely_sound(alike, self._kind_of)}

    def __call__(self, entry: Entry) -> list[Problem]:
        faults = [*check.problems(entry), *check.dangling(entry, self._kind_of)]
        if isinstance(entry, Correction) and not faults:
            faults += self._correction(entry)
        return faults

    def _kind_of(self, entry_id: str) -> str | None:
        entry = self._batch.get(entry_id)
        if entry:
            return check.kind_of(entry)
        if entry_id not in self._kinds_on_record:  # a thousand entries cite the same source
            self._kinds_on_record[entry_id] = self._reader.kind_of(entry_id)
        return self._kinds_on_record[entry_id]

    def _correction(self, correction: Correction) -> Iterator[Problem]:
        target = correction.replaces
        version = self._corrected.get(target) or self._as_it_stands(target)
        if isinstance(version.entry, Correction):
            yield _of_a_correction(correction, version.entry)
            return
        try:
            outcome = corrected(version, correction)
        except msgspec.ValidationError as cause:
            yield _in_changes(f"{correction.id} would spoil {target}: {cause}.")
            return
        unknown = sorted(set(correction.changes) - set(_field_names(outcome.entry)))
        if unknown:
            yield _in_changes(f"{target} has no field {unknown[0]!r} to change.")
        yield from check.problems(outcome.entry)
        yield from check.dangling(outcome.entry, self._kind_of)
        self._corrected[target] = outcome

    def _as_it_stands(self, entry_id: str) -> Version:
        leaf = self._reader.find(entry_id)
        if leaf is None:
            return Version(self._batch[entry_id], withdrawn=False, correction=None)
        earlier = (leaf.entry() for leaf in self._reader.corrections(entry_id))
        return current(leaf.entry(), (entry for entry in earlier if isinstance(entry, Correction)))


def _apart_from_seals(entry: Entry) -> Entry:
    """An entry with its ciphertexts left out: the same text sealed twice gives other bytes each time."""
    return msgspec.structs.replace(
        entry, sealed=tuple(msgspec.structs.replace(s, age="-") for s in entry.sealed)
    )


def _in_changes(message: str) -> Problem:
    return Problem(message, "Mend 'changes'.", column="changes")


def _of_a_correction(correction: Correction, target: Correction) -> Problem:
    return Problem(
        f"{correction.id} corrects a correction, {target.id}.",
        f"Enter another correction of {target.replaces}, which the first one changed.",
        column="replaces",
    )


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
