"""A line of the ledger: canonical, taken apart exactly as it was put together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model.kinds import Entry
from onrecord.record.custody import CustodyEvent
from onrecord.record.leaf import Leaf, draft_custody, draft_entry, seal, timestamp, unseal

from ..model.entries import entries

moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))
authors = st.text(max_size=20)


@given(entries, authors, moments)
def test_the_bytes_of_a_line_are_canonical_and_give_the_entry_back(
    entry: Entry, by: str, recorded: datetime
) -> None:
    draft = draft_entry(entry)
    [data] = seal([draft], by, recorded)
    assert data == rfc8785.dumps(msgspec.json.decode(data))
    leaf = Leaf(0, "entry", draft.kind, draft.id, data)
    assert leaf.entry() == entry
    assert leaf.payload == draft.payload
    assert leaf.envelope["by"] == by
    apart = unseal(data)
    assert (apart.draft, apart.by, apart.recorded) == (draft, by, timestamp(recorded))


def test_custody_is_a_line_like_any_other() -> None:
    event = CustodyEvent(action="added", sha256="0" * 64, size=3, tool="onrecord 0.1", path='a "name",\u0000')
    draft = draft_custody(event)
    [data] = seal([draft], "keeper", datetime(2026, 1, 1, tzinfo=UTC))
    assert data == rfc8785.dumps(msgspec.json.decode(data))
    assert Leaf(0, "custody", "added", None, data).custody() == event
    assert unseal(data).draft == draft


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b'{"by":"k","recorded":"r","salt":"s"}', b'{"by":"k","entry":{}}',
     b'{"act":{},"by":"k","entry":{},"recorded":"r","salt":"s"}',
     b'{"by":"k","entry":{},"more":1,"recorded":"r","salt":"s"}'],
)  # fmt: skip
def test_bytes_that_are_no_line_are_refused(data: bytes) -> None:
    with pytest.raises((msgspec.MsgspecError, ValueError)):
        unseal(data)


def test_the_same_thing_recorded_twice_gives_lines_that_nobody_can_match_by_their_hashes() -> None:
    event = CustodyEvent(action="added", sha256="0" * 64, size=3, tool="onrecord 0.1")
    lines = seal([draft_custody(event)] * 100, "keeper", datetime(2026, 1, 1, tzinfo=UTC))
    salts = {msgspec.json.decode(line)["salt"] for line in lines}
    assert len(salts) == 100
    assert {len(bytes.fromhex(salt)) for salt in salts} == {16}


def test_times_are_recorded_in_utc_whatever_the_clock_shows() -> None:
    there = datetime(2026, 1, 1, 3, tzinfo=timezone(timedelta(hours=8)))
    assert timestamp(there) == "2025-12-31T19:00:00.000000Z"


def test_a_time_without_a_zone_cannot_be_recorded() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        timestamp(datetime(2026, 1, 1))
