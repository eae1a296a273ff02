"""Taking in: bytes kept, custody written, outcomes named, runs that can be cut and repeated."""

from __future__ import annotations

import errno
import io
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow.parquet as pq
import pytest

from onrecord.errors import UsageError
from onrecord.ingest.acknowledging import TOOL
from onrecord.ingest.catalogue import FileRow, open_catalogue
from onrecord.ingest.derived import Derived
from onrecord.ingest.source import Options
from onrecord.ingest.taking_in import TakenIn, take_in
from onrecord.record import Record, verify
from onrecord.record.custody import CustodyEvent
from tests.ingest.making import pdf, text_page, xlsx, zipped

NOON = datetime(2026, 5, 24, 12, 0, tzinfo=UTC)
LIST = "<row r='1'><c r='A1' t='inlineStr'><is><t>name</t></is></c></row><row r='2'><c r='A2' t='inlineStr'><is><t>吐尔逊</t></is></c></row>"

RUN = (
    "import sys; from pathlib import Path; from onrecord.record import Record; "
    "from onrecord.ingest.taking_in import take_in; take_in(Record(Path(sys.argv[1])), [Path(sys.argv[2])], workers=1)"
)
"""A run in a process of its own: arguments are the record and the folder."""


def leak(folder: Path) -> Path:
    """A folder with a text, a workbook, the same text again, and an archive that holds it once more."""
    folder.mkdir()
    (folder / "a.txt").write_text("the text")
    (folder / "b.xlsx").write_bytes(xlsx(LIST))
    (folder / "copy.txt").write_text("the text")
    (folder / "z.zip").write_bytes(zipped({"inner/a.txt": "the text", "p.pdf": pdf(*text_page(b"page"))}))
    return folder


def run(record: Record, *paths: Path, **choices: object) -> TakenIn:
    """A run with one worker at noon."""
    return take_in(record, paths, by="tester", clock=lambda: NOON, workers=1, **choices)  # type: ignore[arg-type]


def listed(record: Record) -> list[FileRow]:
    """All rows of the catalogue."""
    catalogue = open_catalogue(record)
    try:
        return list(catalogue.files())
    finally:
        catalogue.close()


def custody(record: Record) -> list[CustodyEvent]:
    """All custody events of the ledger."""
    with record.ledger.reading() as reader:
        return [leaf.custody() for leaf in reader.leaves() if leaf.type == "custody"]


def test_every_file_and_member_has_an_outcome(empty: Record, tmp_path: Path) -> None:
    done = run(empty, leak(tmp_path / "leak"))
    assert (done.added, done.seen_again, done.read, done.outcomes) == (4, 2, 4, {"read": 4})
    assert [(row.path.removeprefix(f"{tmp_path}/leak/"), row.kind, row.outcome) for row in listed(empty)] == [
        ("a.txt", "text", "read"),
        ("b.xlsx", "xlsx", "read"),
        ("copy.txt", "text", "read"),
        ("z.zip", "zip", "read"),
        ("inner/a.txt", "text", "read"),
        ("p.pdf", "pdf", "read"),
    ]
    assert verify(empty.ledger, empty.archive).clean


def test_custody_says_who_when_from_where_with_what_and_what_the_file_claimed(
    empty: Record, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("the text")
    os.utime(file, ns=(0, 1_500_000_000_123_456_000))
    run(empty, file)
    (event,) = custody(empty)
    assert (event.action, event.path, event.tool, event.size) == ("added", str(file), TOOL, 8)
    assert event.modified == "2017-07-14T02:40:00.123456Z"
    assert event.clock is not None
    assert re.match(r"zone UTC[+-]\d\d:\d\d; (not )?kept in step|.*does not say", event.clock)
    assert (event.clock_offset is not None) == ("; kept in step" in event.clock)
    with empty.ledger.reading() as reader:
        envelope = reader.leaf(0).envelope
    assert (envelope["by"], envelope["recorded"]) == ("tester", "2026-05-24T12:00:00.000000Z")


def test_the_same_bytes_are_kept_once_with_every_place_they_came_from(empty: Record, tmp_path: Path) -> None:
    run(empty, leak(tmp_path / "leak"))
    text = [event for event in custody(empty) if event.size == 8]
    assert [(event.action, (event.path or "").rpartition("/")[2]) for event in text] == [
        ("added", "a.txt"), ("seen_again", "copy.txt"), ("seen_again", "a.txt"),
    ]  # fmt: skip
    assert text[2].member_of is not None
    assert len(list(empty.archive.digests())) == 4


def test_the_same_run_twice_changes_nothing(empty: Record, tmp_path: Path) -> None:
    folder = leak(tmp_path / "leak")
    run(empty, folder)
    before = verify(empty.ledger, empty.archive), listed(empty)
    again = run(empty, folder)
    assert (again.added, again.seen_again, again.read, again.unchanged) == (0, 0, 0, 4)
    assert (verify(empty.ledger, empty.archive), listed(empty)) == before


def test_a_file_that_changed_is_taken_in_beside_what_it_was(empty: Record, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    for text in ("first", "second"):
        file.write_text(text)
        run(empty, file)
    assert [(row.path, row.outcome) for row in listed(empty)] == [(str(file), "read")] * 2


def test_tables_become_parquet_with_their_row_numbers(empty: Record, tmp_path: Path) -> None:
    run(empty, leak(tmp_path / "leak"))
    row = next(row for row in listed(empty) if row.kind == "xlsx")
    file = Derived(empty.folder / "derived").path(str(row.sha256), row.key) / "table-1.parquet"
    assert pq.read_table(file).to_pylist() == [{"_row": 2, "name": "吐尔逊"}]


def test_a_derivative_is_the_same_to_the_byte_when_it_is_made_again(empty: Record, tmp_path: Path) -> None:
    run(empty, leak(tmp_path / "leak"))
    catalogue = open_catalogue(empty)
    before = catalogue.settled()
    run(empty, retry="all")
    assert catalogue.settled() == before
    derived = Derived(empty.folder / "derived")
    assert all(derived.sums(str(each.row.sha256), each.row.key) == each.sums for each in before)
    catalogue.close()


def test_only_the_outcome_named_is_tried_again(empty: Record, tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "bad.pdf").write_bytes(b"%PDF-1.7 noise")
    (tmp_path / "leak" / "good.txt").write_text("text")
    run(empty, tmp_path / "leak")
    assert run(empty, retry="failed").outcomes == {"failed": 1}
    assert run(empty, retry="encrypted").outcomes == {}
    assert run(empty, retry="older").outcomes == {}
    with pytest.raises(
        UsageError, match=r"^There is no outcome 'lost' to retry\. There are: all, older, read,"
    ):
        run(empty, retry="lost")


def test_a_choice_made_by_a_person_is_kept_beside_what_was_read_without_it(
    empty: Record, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("Нұрсұлтан".encode())
    run(empty, file)
    (first,) = listed(empty)
    run(empty, retry="all", options=Options(encoding="cp1251"))
    (second,) = listed(empty)
    derived = Derived(empty.folder / "derived")
    assert derived.reading(str(first.sha256), first.key).pieces[0].text == "Нұрсұлтан"
    assert (
        dict(derived.reading(str(second.sha256), second.key).claims)["encoding found by"] == "set by a person"
    )


class _Elsewhere:
    """An archive whose originals are no files on this machine."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __contains__(self, digest: str) -> bool:
        return digest in self._inner

    def open(self, digest: str) -> io.BytesIO:
        with self._inner.open(digest) as file:
            return io.BytesIO(file.read())


def test_originals_in_a_store_elsewhere_are_read_like_those_on_disk(empty: Record, tmp_path: Path) -> None:
    empty.archive = _Elsewhere(empty.archive)
    assert run(empty, leak(tmp_path / "leak")).outcomes == {"read": 4}


def test_the_record_is_not_taken_into_itself(empty: Record, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("beside the record")
    done = run(empty, tmp_path)
    assert done.added == 1
    assert [(row.path, row.reason) for row in listed(empty) if row.sha256 is None] == [
        (str(empty.folder), "it is this record, which is not taken into itself")
    ]


def test_no_part_of_the_record_is_taken_into_it(empty: Record, tmp_path: Path) -> None:
    around = tmp_path / "another name"
    around.symlink_to(empty.folder)
    done = run(empty, empty.folder / "ledger.sqlite", around / "keys")
    assert (done.added, done.outcomes) == (0, {"refused": 2})
    assert {row.reason for row in listed(empty)} == {
        "it is part of this record, which is not taken into itself"
    }


def test_a_folder_that_cannot_be_listed_is_named_until_it_can(
    empty: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = leak(tmp_path / "leak")
    with monkeypatch.context() as patched:
        patched.setattr(os, "listdir", _locked)
        assert run(empty, locked).outcomes == {"failed": 1}
    assert [(row.path, row.reason) for row in listed(empty)] == [
        (
            str(locked),
            "it cannot be listed as a folder: the system does not let you read it; "
            "give yourself the right, then add it again",
        )
    ]
    assert run(empty, retry="refused").read == 0
    assert run(empty, retry="failed").outcomes == {"read": 4}
    assert [row.path for row in listed(empty) if row.outcome != "read"] == []


def _locked(path: bytes) -> list[bytes]:
    raise PermissionError(errno.EACCES, "Permission denied", path)


class _Busy(_Elsewhere):
    """An archive so slow that somebody writes to a file while it is kept."""

    def __init__(self, inner: Any, written: Path) -> None:
        super().__init__(inner)
        self._written = written

    def keep(self, stream: BinaryIO) -> Any:
        kept = self._inner.keep(stream)
        with self._written.open("a") as busy:
            busy.write(" and more")
        return kept


def test_a_file_that_changes_while_it_is_read_is_kept_and_named_until_it_rests(
    empty: Record, tmp_path: Path
) -> None:
    file = tmp_path / "growing.txt"
    file.write_text("text")
    kept = empty.archive
    empty.archive = _Busy(kept, file)
    run(empty, file)
    assert [(row.outcome, row.reason[:34]) for row in listed(empty)] == [
        ("read", ""),
        ("failed", "it changed while it was read: what"),
    ]
    empty.archive = kept
    run(empty, file)
    assert [row.outcome for row in listed(empty)] == ["read", "read"]


def test_a_file_that_cannot_be_read_is_named_and_forgotten_once_it_can(empty: Record, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    run(empty, link)
    assert [(row.outcome, row.reason) for row in listed(empty)] == [
        ("refused", "a link is not followed; add what it leads to")
    ]
    link.unlink()
    link.write_text("a file now")
    run(empty, link)
    assert [(row.outcome, row.reason) for row in listed(empty)] == [("read", "")]


def test_a_name_that_is_not_text_is_kept_by_its_bytes(empty: Record, tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/\xb1\xbb.txt", "wb") as file:
        file.write(b"x")
    (tmp_path / "leak").mkdir()
    os.rename(os.fsencode(tmp_path) + b"/\xb1\xbb.txt", os.fsencode(tmp_path) + b"/leak/\xb1\xbb.txt")
    run(empty, tmp_path / "leak")
    (event,) = custody(empty)
    assert (event.path or "").endswith("/leak/\\xb1\\xbb.txt")
    assert bytes.fromhex(event.path_bytes or "").endswith(b"/leak/\xb1\xbb.txt")


def test_the_catalogue_can_be_thrown_away_and_made_again(empty: Record, tmp_path: Path) -> None:
    folder = leak(tmp_path / "leak")
    run(empty, folder)
    before = listed(empty)
    for file in (empty.folder / "derived").glob("catalogue.sqlite*"):
        file.unlink()
    done = run(empty, folder)
    assert (done.added, done.seen_again) == (0, 0)
    assert listed(empty) == before


def test_two_runs_at_once_acknowledge_each_file_once(empty: Record, tmp_path: Path) -> None:
    folder = tmp_path / "leak"
    folder.mkdir()
    for number in range(25):
        (folder / f"{number}.zip").write_bytes(zipped({"a.txt": f"text {number}"}))
    both = [subprocess.Popen([sys.executable, "-c", RUN, str(empty.folder), str(folder)]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert sorted(event.action for event in custody(empty)) == ["added"] * 50
    assert Counter(row.outcome for row in listed(empty)) == {"read": 50}
    assert verify(empty.ledger, empty.archive).clean
    assert not list((empty.folder / "derived").glob(".partial-*"))


@pytest.mark.parametrize("kept", [1, 20, 45])
def test_a_run_that_was_killed_is_completed_by_the_next(empty: Record, tmp_path: Path, kept: int) -> None:
    folder = tmp_path / "leak"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}.zip").write_bytes(zipped({"a.txt": f"text {number}"}))
    writer = subprocess.Popen([sys.executable, "-c", RUN, str(empty.folder), str(folder)])
    while len(list(empty.archive.digests())) < kept and writer.poll() is None:
        time.sleep(0.005)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    acknowledged = {event.sha256 for event in custody(empty)}
    assert acknowledged <= set(empty.archive.digests())
    run(empty, folder)
    whole = Record.create(tmp_path / "whole", title="A record")
    run(whole, folder)
    assert {(row.path, row.sha256, row.outcome) for row in listed(empty)} == {
        (row.path, row.sha256, row.outcome) for row in listed(whole)
    }
    assert list(empty.archive.digests()) == list(whole.archive.digests())
    assert verify(empty.ledger, empty.archive).clean
    assert not list((empty.folder / "derived").glob(".partial-*"))
