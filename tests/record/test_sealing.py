"""Sealed texts: never in clear on disk, opened by the readers they are for and by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.errors import InvalidInput, NotAllowed, StorageError
from onrecord.record import KEEPER, PUBLIC, Record
from onrecord.record.sealing import new_key, unseal

SECRET = "the neighbour at number 7 saw it"


@pytest.fixture
def lawyer(tmp_path: Path) -> Path:
    return tmp_path / "lawyer.key"


@pytest.fixture
def record(tmp_path: Path, lawyer: Path) -> Record:
    folder = tmp_path / "record"
    Record.create(folder, title="A record")
    toml = folder / "record.toml"
    toml.write_text(toml.read_text() + f'\n[readers]\nlawyer = "{new_key(lawyer)}"\n')
    return Record(folder)


def batch(tmp_path: Path, header: str = "sealed.witness", cell: str = SECRET) -> list[Path]:
    sources = tmp_path / "sources.csv"
    sources.write_text("id,title,visibility\nS,A source,public\n")
    events = tmp_path / "events.csv"
    events.write_text(
        f"id,date,event_kind,title,sources,visibility,{header}\nE,2020,detention,Somebody is taken,S,public,{cell}\n"
    )
    return [sources, events]


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_sealed_text_is_nowhere_in_the_record_in_clear(record: Record, tmp_path: Path) -> None:
    record.enter_files(batch(tmp_path))
    record.rebuild()
    assert SECRET.encode() not in every_byte(record.folder)


def test_its_reader_opens_it(record: Record, tmp_path: Path, lawyer: Path) -> None:
    record.enter_files(batch(tmp_path))
    (sealed,) = record.as_seen_by(KEEPER).entry("E").entry.sealed
    assert (sealed.name, sealed.readers) == ("witness", ("lawyer",))
    assert unseal(sealed, lawyer) == SECRET


def test_another_key_does_not(record: Record, tmp_path: Path) -> None:
    record.enter_files(batch(tmp_path))
    new_key(tmp_path / "other.key")
    (sealed,) = record.as_seen_by(KEEPER).entry("E").entry.sealed
    with pytest.raises(NotAllowed, match="sealed for lawyer"):
        unseal(sealed, tmp_path / "other.key")


def test_a_visitor_learns_that_something_is_sealed_and_no_more(record: Record, tmp_path: Path) -> None:
    record.enter_files(batch(tmp_path))
    view = record.as_seen_by(PUBLIC)
    assert view.entry("E").sealed == 1
    assert view.entry("E").entry.sealed == ()
    assert view.table("event")["sealed"].to_list() == [[]]
    assert view.proof("E").data is None


def test_the_same_rows_again_add_nothing_though_the_ciphertext_differs(
    record: Record, tmp_path: Path
) -> None:
    record.enter_files(batch(tmp_path))
    assert record.enter_files(batch(tmp_path)).added == 0


def test_json_lines_can_be_sealed_too(record: Record, tmp_path: Path, lawyer: Path) -> None:
    record.enter_files(batch(tmp_path)[:1])
    lines = tmp_path / "quotes.jsonl"
    lines.write_text(
        '{"id": "Q", "speaker": "A mother", "text": "Where is he?", "date": "2021", "sources": ["S"],'
        f' "sealed": {{"speaker": "{SECRET}"}}, "sealed_for": ["lawyer"]}}\n'
    )
    record.enter_files([lines])
    (sealed,) = record.as_seen_by(KEEPER).entry("Q").entry.sealed
    assert unseal(sealed, lawyer) == SECRET


def test_sealing_for_somebody_unknown_is_refused_with_its_place(record: Record, tmp_path: Path) -> None:
    files = batch(tmp_path, "sealed.witness,sealed_for", f"{SECRET},stranger")
    with pytest.raises(
        InvalidInput, match=r"events.csv, row 2, column sealed_for: .*no reader is called 'stranger'"
    ):
        record.enter_files(files)


def test_sealing_without_any_reader_is_refused(tmp_path: Path) -> None:
    record = Record.create(tmp_path / "record", title="A record")
    with pytest.raises(InvalidInput, match="there is no reader"):
        record.enter_files(batch(tmp_path))


def test_a_key_is_never_written_over_another(tmp_path: Path) -> None:
    new_key(tmp_path / "key")
    with pytest.raises(StorageError, match="Name a new file"):
        new_key(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
