"""Batches looked at by columns: never called sound where an entry by itself would not be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model import Citation, check, screening
from onrecord.model.kinds import Base, Entry, Event, Position, Source

from .entries import entries

KINDS_KNOWN = {"S": "source", "A": "actor", "I": "instrument", "E": "event"}
CITED = (Citation(source="S"),)


def vote(number: int, **fields: Any) -> Position:
    sound = {"instrument": "I", "actor": "A", "act": "yes", "citations": CITED, "date": "2018-05"}
    return Position(id=f"P{number}", **{**sound, **fields})


@given(st.lists(entries, min_size=1, max_size=6))
def test_what_is_called_sound_has_nothing_wrong_with_it_entry_by_entry(batch: list[Entry]) -> None:
    ids = {entry.id: check.kind_of(entry) for entry in batch}
    for known in (ids, dict.fromkeys(_all_pointers(batch), "source"), {}):
        for alike in screening.by_kind(batch).values():
            if screening.surely_sound(alike, known.get):
                assert [check.problems(entry) for entry in alike] == [[]] * len(alike)
                assert [list(check.dangling(entry, known.get)) for entry in alike] == [[]] * len(alike)


def _all_pointers(batch: list[Entry]) -> set[str]:
    return set().union(*map(screening.pointed_at, screening.by_kind(batch).values()))


@given(entries)
def test_every_id_that_may_dangle_is_asked_for(entry: Entry) -> None:
    asked: list[str] = []
    list(check.dangling(entry, asked.append))
    assert screening.pointed_at([entry]) == set(asked)


def test_a_batch_without_a_fault_is_called_sound() -> None:
    assert screening.surely_sound([vote(n) for n in range(5)], KINDS_KNOWN.get)
    events: list[Base] = [
        Event(
            id=f"E{n}", date="2018", event_kind="k", title="t", about=("A", "I"), refs=("E",), citations=CITED
        )
        for n in range(5)
    ]
    assert screening.surely_sound(events, KINDS_KNOWN.get)
    assert screening.surely_sound([Source(id="S", title="T")], KINDS_KNOWN.get)


@pytest.mark.parametrize(
    "fault",
    [
        {"date": "2018-02-30"},
        {"citations": ()},
        {"citations": (Citation(source="gone"),)},
        {"citations": (Citation(source="A"),)},
        {"actor": "gone"},
        {"actor": "I"},
    ],
)
def test_one_fault_among_many_asks_for_a_look_at_each(fault: dict[str, Any]) -> None:
    batch = [*(vote(n) for n in range(5)), vote(5, **fault)]
    assert not screening.surely_sound(batch, KINDS_KNOWN.get)
    assert check.problems(batch[-1]) or list(check.dangling(batch[-1], KINDS_KNOWN.get))
