"""Lines put together and taken apart, found by id, and files written as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import StorageError
from onrecord.record import Record
from onrecord.record.custody import CustodyEvent
from onrecord.record.files import write_whole
from onrecord.record.handling import Handling
from onrecord.record.leaf import draft_custody, draft_entry, draft_handling, seal, timestamp, unseal
from tests.proof.making import SOURCE, events

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
DRAFTS = [
    draft_entry(SOURCE),
    *map(draft_entry, events(0, 3)),
    draft_custody(CustodyEvent(action="added", sha256="0" * 64, size=1, tool="t")),
    draft_handling(Handling(action="exported", checkpoint="c", tool="t")),
]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_line_taken_apart_is_what_was_put_together(by: str) -> None:
    for draft, line in zip(DRAFTS, seal(DRAFTS, by, NOW), strict=True):
        unsealed = unseal(line)
        assert (unsealed.draft, unsealed.by, unsealed.recorded) == (draft, by, timestamp(NOW))


@pytest.mark.parametrize("draft", DRAFTS)
def test_every_sort_of_line_is_canonical(draft: object) -> None:
    (line,) = seal([draft], "keeper", NOW)  # type: ignore[list-item]
    assert msgspec.json.encode(msgspec.json.decode(line), order="sorted") == line


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'{"by":"a","recorded":"b"}',
        b'{"by":"a","custody":{},"entry":{},"recorded":"b"}',
        b'{"by":"a","entry":{},"more":1,"recorded":"b"}',
        b'{"by":1,"entry":{},"recorded":"b"}',
        b'{"by":"\xff","entry":{},"recorded":"b"}',
    ],
)
def test_what_is_no_line_is_not_taken_apart(line: bytes) -> None:
    with pytest.raises((msgspec.MsgspecError, ValueError)):
        unseal(line)


def test_many_ids_are_found_together_as_they_are_one_by_one(record: Record) -> None:
    ids = [f"event/{n}" for n in range(-700, 700)]
    with record.ledger.reading() as reader:
        found = reader.find_all(ids)
        assert found == {entry_id: leaf for entry_id in ids if (leaf := reader.find(entry_id))}
    assert len(found) == 30


def test_a_file_written_as_a_whole_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"one")
    write_whole(tmp_path / "file", b"two", mode=0o600)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("file", b"two")]
    with pytest.raises(StorageError, match="could not be written"):
        write_whole(tmp_path / "no" / "file", b"three")
