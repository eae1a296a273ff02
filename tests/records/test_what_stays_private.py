"""What the compiled files say to keep out of public view stays out, with everything that would lead to it."""

from __future__ import annotations

import re

import msgspec

from onrecord.model.kinds import Entry, Person
from onrecord.record import Record
from onrecord.record.gate import PUBLIC

PENDING = {
    "C-15",
    "C-16",
    "C-17",
    "C-18",
    "F-03",
    "P-28",
    "S117",
    "E-2024-wgad-4-2024",
    "E-2019-karluk-released",
}


def test_what_waits_for_a_decision_is_private(entries: dict[str, Entry]) -> None:
    private = {i for i, entry in entries.items() if entry.visibility != "public"}
    assert private == PENDING | {"D-publication-pending"}


def test_no_public_entry_names_the_four_or_their_opinion(entries: dict[str, Entry]) -> None:
    people = [entry for i in PENDING if isinstance(entry := entries[i], Person)]
    names = [name.text for person in people for name in person.names]
    assert len(names) == 4
    telling = re.compile(
        "|".join([*map(re.escape, names), r"\b4/2024\b", r"\b2024/4\b", *(f'"{i}"' for i in PENDING)])
    )
    public = {i: msgspec.json.encode(e).decode() for i, e in entries.items() if e.visibility == "public"}
    assert {i: found[0] for i, text in public.items() if (found := telling.search(text))} == {}


def test_a_visitor_is_told_of_nothing_private(record: Record) -> None:
    view = record.as_seen_by(PUBLIC)
    shown = {
        i
        for kind in ("person", "figure", "promise", "source", "event", "decision")
        for i in view.table(kind)["id"]
    }
    assert shown & (PENDING | {"D-publication-pending"}) == set()
    assert len(view.table("person")) == 18


def test_every_public_case_names_the_source_that_made_it_public(entries: dict[str, Entry]) -> None:
    for person in entries.values():
        if isinstance(person, Person) and person.visibility == "public":
            assert person.consent is not None
            assert person.consent.basis == "already_public"
            assert person.consent.source in {citation.source for citation in person.citations}
