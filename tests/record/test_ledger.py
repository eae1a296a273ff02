"""The ledger: append-only, all or nothing, one state for every reader."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import RecordNotFound, StorageError
from onrecord.model.kinds import Correction
from onrecord.record import ledger, merkle
from onrecord.record.leaf import Draft, draft_entry
from onrecord.record.ledger import Ledger

from ..making import event, source

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def empty_ledger(tmp_path: Path) -> Ledger:
    return Ledger.create(tmp_path / "ledger.sqlite", "test/ledger")


def drafts(*ids: str) -> list[Draft]:
    return [draft_entry(source(entry_id)) for entry_id in ids]


def append(to: Ledger, *ids: str) -> None:
    with to.writing() as writer:
        writer.append(drafts(*ids), by="keeper", recorded=NOW)


def ids(of: Ledger) -> list[str | None]:
    with of.reading() as reader:
        return [leaf.id for leaf in reader.leaves()]


def test_an_empty_ledger_has_no_leaves_no_head_and_the_root_of_nothing(empty_ledger: Ledger) -> None:
    with empty_ledger.reading() as reader:
        assert (reader.size, reader.head(), reader.root()) == (0, None, merkle.EMPTY_ROOT)
        assert reader.origin == "test/ledger"


@settings(max_examples=25)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_every_batch_ends_in_a_head_over_the_root_of_its_leaves(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    kept = Ledger.create(tmp_path_factory.mktemp("ledger") / "ledger.sqlite", "test")
    for batch, size in enumerate(sizes):
        append(kept, *(f"S{batch}-{number}" for number in range(size)))
    with kept.reading() as reader:
        hashes = [merkle.leaf_hash(leaf.data) for leaf in reader.leaves()]
        heads = list(reader.heads())
        assert [leaf.seq for leaf in reader.leaves()] == list(range(sum(sizes)))
        assert [head.size for head in heads] == [sum(sizes[: n + 1]) for n in range(len(sizes))]
        assert all(head.root == merkle.root_of(hashes[: head.size]) for head in heads)


def test_appending_never_changes_what_stood_there(empty_ledger: Ledger) -> None:
    append(empty_ledger, "A", "B")
    with empty_ledger.reading() as reader:
        before, heads = list(reader.leaves()), list(reader.heads())
    append(empty_ledger, "C")
    with empty_ledger.reading() as reader:
        assert list(reader.leaves())[:2] == before
        assert list(reader.heads())[:1] == heads
        old, new = (head.size for head in reader.heads())
        proof = merkle.consistency_proof(reader.tile, old, new)
        assert merkle.verify_consistency(old, new, heads[0].root, reader.root(), proof)


def test_a_batch_with_an_id_that_is_taken_leaves_nothing(empty_ledger: Ledger) -> None:
    append(empty_ledger, "A")
    with pytest.raises(StorageError, match="could not be read or written"):
        append(empty_ledger, "B", "A", "C")
    assert ids(empty_ledger) == ["A"]


def _append_and_tear(to: Ledger) -> None:
    with to.writing() as writer:
        writer.append(drafts("B", "C"), by="keeper", recorded=NOW)
        raise Torn


class Torn(Exception):
    """Somebody pulls the plug."""


@pytest.mark.parametrize("moment", ["before the tiles", "before the head", "after all"])
def test_a_batch_torn_at_any_moment_leaves_nothing(
    empty_ledger: Ledger, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    append(empty_ledger, "A")

    def tear(*_: Any, **__: Any) -> None:
        raise Torn

    with empty_ledger.reading() as reader:
        head = reader.head()
    with monkeypatch.context() as patch:
        if moment == "before the tiles":
            patch.setattr(merkle, "appended", tear)
        if moment == "before the head":
            patch.setattr(ledger, "Head", tear)
        with pytest.raises(Torn):
            _append_and_tear(empty_ledger)
    assert ids(empty_ledger) == ["A"]
    with empty_ledger.reading() as reader:
        assert reader.head() == head
    append(empty_ledger, "B")
    assert ids(empty_ledger) == ["A", "B"]


def test_a_reader_sees_the_state_it_began_with_while_a_writer_goes_on(empty_ledger: Ledger) -> None:
    append(empty_ledger, "A")
    with empty_ledger.reading() as reader:
        assert reader.size == 1
        append(empty_ledger, "B")
        assert (reader.size, [leaf.id for leaf in reader.leaves()]) == (1, ["A"])
    assert ids(empty_ledger) == ["A", "B"]


def _write(path: Path, name: str, batches: int) -> None:
    kept = Ledger(path)
    for batch in range(batches):
        append(kept, *(f"{name}-{batch}-{number}" for number in range(5)))


def test_two_writers_at_once_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.create(path, "test")
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, name, 8)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    found = [str(entry_id) for entry_id in ids(Ledger(path))]
    assert sorted(found) == sorted(f"{n}-{b}-{i}" for n in ("a", "b") for b in range(8) for i in range(5))
    batches = [found[at : at + 5] for at in range(0, len(found), 5)]
    assert all(
        [entry_id.rsplit("-", 1)[0] for entry_id in batch] == [batch[0].rsplit("-", 1)[0]] * 5
        for batch in batches
    )
    with Ledger(path).reading() as reader:
        hashes = [merkle.leaf_hash(leaf.data) for leaf in reader.leaves()]
        assert reader.root() == merkle.root_of(hashes)


def test_corrections_are_found_by_what_they_correct(empty_ledger: Ledger) -> None:
    fixes = [Correction(id=f"X{n}", replaces="E", reason="r", changes={"title": str(n)}) for n in range(2)]
    with empty_ledger.writing() as writer:
        writer.append([draft_entry(event()), draft_entry(fixes[0])], by="keeper", recorded=NOW)
        writer.append([draft_entry(fixes[1])], by="keeper", recorded=NOW)
    with empty_ledger.reading() as reader:
        assert [leaf.entry() for leaf in reader.corrections("E")] == fixes
        assert [(target, leaf.id) for target, leaf in reader.corrections_within(0, 1)] == [
            ("E", "X0"),
            ("E", "X1"),
        ]
        assert [leaf.id for leaf in reader.corrected_since(2)] == ["E"]
        assert list(reader.corrected_since(3)) == []


def test_what_is_not_there_is_not_found(empty_ledger: Ledger) -> None:
    append(empty_ledger, "A")
    with empty_ledger.reading() as reader:
        assert reader.find("B") is None
        assert reader.kind_of("B") is None
        assert reader.kind_of("A") == "source"
        with pytest.raises(IndexError, match="no leaf 1"):
            reader.leaf(1)


def test_a_ledger_is_not_made_over_another(empty_ledger: Ledger, tmp_path: Path) -> None:
    append(empty_ledger, "A")
    with pytest.raises(StorageError, match="it is left as it is"):
        Ledger.create(tmp_path / "ledger.sqlite", "other")
    assert ids(empty_ledger) == ["A"]


def test_a_ledger_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordNotFound, match="onrecord new DIR"):
        Ledger(tmp_path / "ledger.sqlite")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    with pytest.raises(StorageError, match="could not be read or written"):
        ids(Ledger(path))
