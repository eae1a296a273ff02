"""Entries as rows of a table: nothing lost, dates as intervals."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given

from onrecord.model.check import kind_of
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import KINDS, Consent, Entry, Name, Person, Position
from onrecord.record.columns import LEDGER_COLUMNS, schema

from ..making import CITED, event, table
from ..model.entries import entries


@pytest.mark.parametrize("kind", KINDS)
def test_the_ledgers_columns_come_first_and_every_date_has_its_interval(kind: str) -> None:
    columns = schema(kind)
    assert list(columns)[: len(LEDGER_COLUMNS)] == list(LEDGER_COLUMNS)
    first = {name.removesuffix("_first") for name in columns if name.endswith("_first")}
    last = {name.removesuffix("_last") for name in columns if name.endswith("_last")}
    assert first == last <= set(columns)


@given(entries)
def test_any_sound_entry_fits_its_table(entry: Entry) -> None:
    row = table(kind_of(entry), entry).row(0, named=True)
    assert (row["id"], row["visibility"], row["note"]) == (entry.id, entry.visibility, entry.note)
    assert [c["source"] for c in row["citations"]] == [c.source for c in entry.citations]
    assert [c["supports"] for c in row["citations"]] == [c.supports for c in entry.citations]
    for name in [name for name in row if f"{name}_first" in row and row[name] is not None]:
        day = PartialDate.parse(row[name])
        assert (row[f"{name}_first"], row[f"{name}_last"]) == (day.first, day.last)


def test_fields_at_their_default_are_in_the_table_though_not_in_the_ledger() -> None:
    position = Position(id="T/A/sign", instrument="T", actor="A", act="sign", citations=CITED)
    row = table("position", position).row(0, named=True)
    assert (row["date_is"], row["confidence"], row["visibility"]) == ("on", "verified", "private")
    assert table("event", event()).select("about", "symbols").row(0) == ([], [])


def test_names_are_structs_and_a_field_within_a_field_is_json() -> None:
    person = Person(
        id="C", names=(Name(text="N", language="en"),), summary="s", from_="Ghulja", citations=CITED,
        consent=Consent(basis="given", by="family"),
    )  # fmt: skip
    row = table("person", person).row(0, named=True)
    assert row["names"] == [{"text": "N", "language": "en", "role": None}]
    assert json.loads(row["consent"]) == {"basis": "given", "by": "family"}
    assert row["from"] == "Ghulja"


def test_a_table_keeps_the_order_of_the_ledger() -> None:
    found = table("event", event("B"), event("A"))
    assert found["id"].to_list() == ["B", "A"]
    assert found.schema == pl.Schema(schema("event"))
