"""Cells of a table as the fields of an entry, and what is said of a cell that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from onrecord.errors import Problem
from onrecord.model import Citation, canonical
from onrecord.model.check import kind_of
from onrecord.model.citation import (
    FragmentSelector,
    TextPositionSelector,
    TextQuoteSelector,
    XPathSelector,
)
from onrecord.model.kinds import Consent, Correction, Entry, Event, Instrument, Name, Person, Position
from onrecord.record.cells import to_entry
from onrecord.record.citing import to_citation
from onrecord.record.rows import Row

from ..model.entries import entries


def row(kind: str, cells: dict[str, Any], *, from_json: bool = False) -> Row:
    return Row(kind, cells, "facts.csv", 2, from_json)


EVENT: dict[str, Any] = {"id": "E", "date": "2018-05", "event_kind": "statement", "title": "Said"}


def test_lists_are_divided_by_semicolons_and_sources_become_citations() -> None:
    found = to_entry(row("event", {**EVENT, "about": "C-1; C-2;", "sources": "S1;S2"}), [])
    assert found == Event(
        **{**EVENT, "about": ("C-1", "C-2"), "citations": (Citation(source="S1"), Citation(source="S2"))}
    )


def test_names_carry_their_language_and_role_and_dotted_columns_a_field_within_a_field() -> None:
    cells = {
        "id": "C",
        "names": "ئىلھام توختى@ug-Arab; Ilham Tohti@ug-Latn#spelling; 伊力哈木#given in a court paper",
        "summary": "Economist",
        "from": "Atush",
        "consent.basis": "already_public",
        "consent.source": "S1",
    }
    found = to_entry(row("person", cells), [])
    assert isinstance(found, Person)
    assert found.names == (
        Name(text="ئىلھام توختى", language="ug-Arab"),
        Name(text="Ilham Tohti", language="ug-Latn", role="spelling"),
        Name(text="伊力哈木", role="given in a court paper"),
    )
    assert found.consent == Consent(basis="already_public", source="S1")
    assert found.from_ == "Atush"


def test_a_position_and_a_membership_get_an_id_from_what_they_say() -> None:
    position = to_entry(row("position", {"instrument": "T", "actor": "AAA", "act": "sign"}), [])
    assert isinstance(position, Position)
    assert position.id == "T/AAA/sign"
    membership = to_entry(row("membership", {"actor": "AAA", "of": "hrc", "start": "2019"}), [])
    assert isinstance(membership, Entry)
    assert membership.id == "membership/hrc/AAA/2019"


def test_whole_numbers_booleans_and_json_cells_are_read_as_such() -> None:
    text = {"id": "T", "title": "t", "date": "2020", "body": "b", "instrument_kind": "letter", "side": "critical",
            "list_status": "complete", "stated_count": "22"}  # fmt: skip
    found = to_entry(row("instrument", text), [])
    assert isinstance(found, Instrument)
    assert found.stated_count == 22
    correction = to_entry(
        row(
            "correction",
            {"id": "X", "replaces": "T", "reason": "r", "withdraw": "True", "changes": '{"title": null}'},
        ),
        [],
    )
    assert correction == Correction(id="X", replaces="T", reason="r", withdraw=True, changes={"title": None})


def test_a_citation_of_its_own_takes_the_place_of_the_bare_source() -> None:
    detailed = [{"source": "S1", "supports": "the date"}]
    found = to_entry(row("event", {**EVENT, "sources": "S1;S2"}), detailed)
    assert isinstance(found, Entry)
    assert found.citations == (Citation(source="S1", supports="the date"), Citation(source="S2"))


BAD_CELLS = [
    ("song", {"id": "S"}, "There is no kind 'song'", "kind"),
    ("event", {"id": "E"}, "The event has no", "date"),
    ("event", {**EVENT, "colour": "red"}, "The kind event has no field 'colour'", "colour"),
    ("event", {k: v for k, v in EVENT.items() if k != "id"}, "The event has no id", "id"),
    ("position", {"instrument": "T", "act": "sign"}, "The position has no id", "id"),
    ("position", {"instrument": "T", "actor": "AAA", "act": "cheer"}, "Invalid enum value 'cheer'", "act"),
    ("event", {**EVENT, "date": "May 2018"}, "(found 'May 2018')", "date"),
    ("event", {**EVENT, "visibility": "secret"}, "Invalid enum value 'secret'", "visibility"),
    ("event", {**EVENT, "id": "../etc"}, "matching regex", "id"),
    ("event", {**EVENT, "about": "a b"}, "matching regex", "about"),
    ("correction", {"id": "X", "replaces": "E", "reason": "r", "withdraw": "maybe"}, "neither true nor false", "withdraw"),
    ("correction", {"id": "X", "replaces": "E", "reason": "r", "changes": "{"}, "The cell is not JSON", "changes"),
    ("correction", {"id": "X", "replaces": "E", "reason": "r", "changes": '{"a": 1.5}'}, "not an integer", None),
    ("correction", {"id": "X", "replaces": "E", "reason": "r", "changes": '{"a": 1, "a": 2}'}, "'a' twice", "changes"),
    ("correction", {"id": "X", "replaces": "E", "reason": "r", "changes": "[" * 100_000}, "not JSON", "changes"),
    ("instrument", {"id": "T", "title": "t", "stated_count": "about 40"}, "'about 40' is not a whole number", "stated_count"),
    ("figure", {"id": "F", "value": "12,5", "unit": "u", "of_what": "w", "date": "2018"}, "matching regex", "value"),
    ("person", {"id": "C", "names": "A@english language", "summary": "s"}, "matching regex", "names"),
    ("person", {"id": "C", "names": "A", "summary": "s", "consent.basis": "hearsay"}, "hearsay", "consent.basis"),
    ("person", {"id": "C", "names": "A", "summary": "s", "consent": "given"}, "Expected `object", "consent"),
    ("person", {"id": "C", "names": "A", "summary": "s", "summary.x": "y"}, "There is a column 'summary' as well", "summary.x"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "cells", "message", "column"), BAD_CELLS)
def test_a_cell_that_cannot_be_read_is_told_with_its_column_and_remedy(
    kind: str, cells: dict[str, str], message: str, column: str | None
) -> None:
    found = to_entry(row(kind, cells), [])
    assert isinstance(found, Problem)
    assert message in found.message
    assert (found.file, found.row, found.column) == ("facts.csv", 2, column)
    assert found.remedy


def test_a_citation_row_names_a_place_in_any_of_the_four_ways() -> None:
    cells = {
        "entry": "E", "source": "S", "supports": "the date", "stance": "disputes", "exact": "weeks", "prefix": "in ",
        "start": "10", "end": "15", "fragment": "page=3", "conforms_to": "http://x", "xpath": "/p",
    }  # fmt: skip
    found = to_citation(row("citation", cells))
    assert not isinstance(found, Problem)
    event = to_entry(row("event", EVENT), [found[1]])
    assert isinstance(event, Entry)
    assert event.citations == (
        Citation(
            source="S",
            supports="the date",
            stance="disputes",
            selectors=(
                TextQuoteSelector(exact="weeks", prefix="in "),
                TextPositionSelector(start=10, end=15),
                FragmentSelector(value="page=3", conformsTo="http://x"),
                XPathSelector(value="/p"),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("cells", "message", "column"),
    [
        ({"source": "S"}, "no entry", "entry"),
        ({"entry": "E"}, "no source", "source"),
        ({"entry": "E", "source": "S", "page": "3"}, "no column 'page'", "page"),
        ({"entry": "E", "source": "S", "start": "ten", "end": "12"}, "not whole numbers", "start"),
        ({"entry": "E", "source": "S", "start": "²", "end": "3"}, "not whole numbers", "start"),
        ({"entry": "E", "source": "S", "start": "10"}, "one end only", "end"),
        ({"entry": "E", "source": "S", "start": "10", "end": "9"}, "ends before it starts", "end"),
        ({"entry": "E", "source": "S", "prefix": "in "}, "without the words themselves", "exact"),
    ],
)
def test_a_citation_row_that_names_no_place_is_told(cells: dict[str, str], message: str, column: str) -> None:
    found = to_citation(row("citation", cells))
    assert isinstance(found, Problem)
    assert message in found.message
    assert found.column == column


@given(entries)
def test_an_entry_written_as_a_json_line_comes_back(entry: Entry) -> None:
    fields = json.loads(canonical.encode(entry))
    kind = fields.pop("kind")
    assert to_entry(row(kind, fields, from_json=True), []) == entry
    assert kind == kind_of(entry)


@pytest.mark.parametrize(
    "cells",
    [
        {"id": 5, **{k: v for k, v in EVENT.items() if k != "id"}},
        {**EVENT, "id": ["E"]},
        {**EVENT, "citations": "S"},
        {**EVENT, "citations": ["S"]},
        {**EVENT, "citations": [{"source": ["S"]}]},
        {**EVENT, "sources": "S"},
        {**EVENT, "sources": 7},
        {**EVENT, "sources": [["S"]]},
        {**EVENT, "about": "C-1"},
        {**EVENT, "note": 1.5},
        {**EVENT, "note": "half \ud800"},
        {**EVENT, "title": None},
    ],
)
def test_json_of_the_wrong_shape_is_a_problem_and_no_traceback(cells: dict[str, Any]) -> None:
    assert isinstance(to_entry(row("event", cells, from_json=True), []), Problem)
