"""Entries as canonical bytes, compared with an independent implementation of RFC 8785."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model import canonical
from onrecord.model.check import kind_of
from onrecord.model.citation import Citation, TextPositionSelector
from onrecord.model.kinds import KINDS, Correction, Entry, Event, Instrument, Source

from .entries import entries


@given(entries)
def test_an_entrys_bytes_are_those_of_the_standard(entry: Entry) -> None:
    assert canonical.encode(entry) == rfc8785.dumps(canonical.to_fields(entry))


@given(entries)
def test_an_entry_comes_back_from_its_bytes_and_from_its_fields(entry: Entry) -> None:
    assert canonical.decode(canonical.encode(entry)) == entry
    assert canonical.from_fields(canonical.to_fields(entry)) == entry


@given(entries, st.randoms())
def test_the_order_in_which_fields_were_written_leaves_no_trace(entry: Entry, order: Any) -> None:
    fields = list(canonical.to_fields(entry).items())
    order.shuffle(fields)
    assert canonical.encode(canonical.from_fields(dict(fields))) == canonical.encode(entry)


@given(st.lists(entries, max_size=4))
def test_many_entries_have_the_bytes_that_each_has(batch: list[Entry]) -> None:
    assert canonical.encode_all(batch) == [canonical.encode(entry) for entry in batch]


@given(st.lists(entries, max_size=4))
def test_a_batch_is_said_to_read_back_unless_a_correction_asks_for_a_closer_look(batch: list[Entry]) -> None:
    assert canonical.reads_back(batch) == (not any(isinstance(entry, Correction) for entry in batch))


def cited(start: Any, end: Any) -> Event:
    place = TextPositionSelector(start=start, end=end)
    citation = Citation(source="S", selectors=(place,))
    return Event(id="E", date="2018", event_kind="k", title="t", citations=(citation,))


@given(st.integers() | st.floats() | st.booleans() | st.text(max_size=3))
def test_what_is_said_to_read_back_has_the_bytes_of_the_standard(number: Any) -> None:
    entry = cited(0, number)
    if canonical.reads_back([entry]):
        assert canonical.encode(entry) == rfc8785.dumps(canonical.to_fields(entry))


@pytest.mark.parametrize("number", [1.0, 2**53, -(2**53), 2**70, float("nan"), "1", True, None])
def test_a_number_that_could_be_written_in_two_ways_is_not_said_to_read_back(number: Any) -> None:
    assert canonical.reads_back([cited(0, 1)])
    assert not canonical.reads_back([cited(0, 1), cited(0, number)])
    instrument = Instrument(
        id="I", title="t", date="2018", body="b", instrument_kind="vote", side="critical",
        list_status="complete", stated_count=number,
    )  # fmt: skip
    assert canonical.reads_back([instrument]) is (number is None)


def test_every_kind_is_drawn_and_named_in_its_bytes() -> None:
    assert list(KINDS) == [
        "source", "actor", "membership", "person", "event", "instrument", "position", "promise", "figure",
        "quote", "decision", "correction",
    ]  # fmt: skip
    assert all(cls.__struct_config__.tag == name for name, cls in KINDS.items())
    assert kind_of(Source(id="S", title="A title")) == "source"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "source", "id": "S"}, "required field"),
        ({"kind": "song", "id": "S"}, "Invalid value"),
        ({"kind": "source", "id": "a b", "title": "T"}, "matching regex"),
        ({"kind": "source", "id": "S\n", "title": "T"}, "matching regex"),
        ({"kind": "source", "id": "S", "title": "T", "published": "２０１８"}, "matching regex"),
        ({"kind": "source", "id": "S", "title": "T", "language": "en\n"}, "matching regex"),
        ({"kind": "source", "id": "S", "title": "T", "sha256": "0" * 64 + "\n"}, "matching regex"),
        ({"kind": "source", "id": "a/../b", "title": "T"}, "matching regex"),
        ({"kind": "source", "id": ".hidden", "title": "T"}, "matching regex"),
        ({"kind": "source", "id": "/a", "title": "T"}, "matching regex"),
        ({"kind": "source", "id": "S" * 201, "title": "T"}, "length <= 200"),
        ({"kind": "source", "id": "S", "title": ""}, "length >= 1"),
        ({"kind": "source", "id": "S", "title": "T", "published": "May 2018"}, "matching regex"),
        ({"kind": "source", "id": "S", "title": "T", "visibility": "secret"}, "Invalid enum value"),
        ({"kind": "actor", "id": "A", "name": "N", "type": "state", "iso3": "usa"}, "matching regex"),
        ({"kind": "figure", "id": "F", "value": "1e5", "unit": "u", "of_what": "w", "date": "2018"}, "regex"),
        ({"kind": "decision", "id": "D", "subject": [], "verdict": "same", "reason": "r"}, "length >= 1"),
    ],
)
def test_what_is_no_entry_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=why):
        canonical.from_fields(fields)
    with pytest.raises(msgspec.ValidationError):
        canonical.decode(json.dumps(fields).encode())


def test_fields_at_their_default_are_left_out_of_the_bytes() -> None:
    assert canonical.encode(Event(id="E", date="2018", event_kind="k", title="t")) == (
        b'{"date":"2018","event_kind":"k","id":"E","kind":"event","title":"t"}'
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_a_value_is_called_expressible_only_if_its_bytes_are_those_of_the_standard(value: Any) -> None:
    if canonical.inexpressible(value) is None:
        assert msgspec.json.encode(value, order="sorted") == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (1.5, "not an integer"),
        (2**53, "beyond 2\\^53"),
        ({"ключ": 1}, "not ASCII"),
        ("half \ud800", "lone surrogate"),
        ([{"a": [0.1]}], "not an integer"),
        ({1, 2}, "no JSON form"),
    ],
)
def test_why_a_value_cannot_be_kept_is_said(value: Any, why: str) -> None:
    found = canonical.inexpressible(value)
    assert found is not None
    assert re.search(why, found)
