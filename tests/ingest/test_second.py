"""The second reader: tried where the first could not read, confined as the first is, and named in the outcome."""

from __future__ import annotations

import gzip
import os
import re
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.ingest import second
from onrecord.ingest.answer import Answer
from onrecord.ingest.limits import MIB
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.source import Options
from onrecord.ingest.taking_in import take_in
from onrecord.record import Record
from tests.ingest.making import docx

needs_tika = pytest.mark.skipif(not second.installed(), reason="iscc-tika is not installed")


def dbase(text: bytes) -> bytes:
    """A table of dBase III with one field, which only the second reader knows."""
    field = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes((len(text),)) + bytes(15)
    head = struct.pack("<BBBBIHH20x", 3, 95, 7, 26, 1, 32 + len(field) + 1, 1 + len(text))
    return head + field + b"\r " + text + b"\x1a"


def packed_otherwise(data: bytes) -> bytes:
    """A ZIP whose parts are said to be packed by Deflate64, which writes small parts as Deflate does."""
    return re.sub(rb"(PK\x03\x04.{4}|PK\x01\x02.{6})\x08", b"\\g<1>\t", data, flags=re.S)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Two workers of the first kind at most, and the second reader behind them."""
    with Sandbox(Options(second=True), workers=1) as sandbox:
        yield sandbox


def read(sandbox: Sandbox, data: bytes, name: str = "file") -> Answer:
    """The answer to a file of these bytes, its spool closed."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        sandbox.submit(file, name, name)
    answer = sandbox.next()
    answer.spool.close()
    return answer


def text_of(sandbox: Sandbox, data: bytes, name: str = "file") -> str:
    """The text of a file of these bytes."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        sandbox.submit(file, name, name)
    with (answer := sandbox.next()).spool:
        return "\n".join(piece.text for piece in answer.pieces())


@needs_tika
def test_what_has_no_reader_is_read_by_the_second_and_says_so(sandbox: Sandbox) -> None:
    reading = read(sandbox, dbase(b"Kashgar 2017"), "list.dbf").reading
    assert (reading.outcome, reading.reader, reading.version) == ("read", "Tika", second.READER.version)
    assert "Kashgar 2017" in text_of(sandbox, dbase(b"Kashgar 2017"), "list.dbf")
    assert "read by Tika, because there is no reader for binary files" in reading.warnings


@needs_tika
def test_what_the_first_failed_on_is_read_by_the_second(sandbox: Sandbox) -> None:
    data = packed_otherwise(docx("<w:p><w:r><w:t>hello</w:t></w:r></w:p>"))
    reading = read(sandbox, data).reading
    assert (reading.kind, reading.outcome, reading.reader) == ("docx", "read", "Tika")
    assert "hello" in text_of(sandbox, data)


@needs_tika
def test_what_neither_reads_keeps_its_outcome_and_says_that_both_were_tried(sandbox: Sandbox) -> None:
    reading = read(sandbox, os.urandom(5000)).reading
    assert (reading.outcome, reading.reader) == ("unsupported", "none")
    assert reading.reason.startswith("there is no reader for binary files; nor could Tika: ")


@needs_tika
def test_what_the_first_read_or_refused_is_not_read_again(sandbox: Sandbox) -> None:
    assert read(sandbox, b"plain text").reading.reader == "text"
    refused = read(sandbox, gzip.compress(bytes(200 * MIB))).reading
    assert (refused.outcome, refused.reader) == ("refused", "gzip")


@needs_tika
def test_answers_come_in_order_though_some_files_are_read_twice(sandbox: Sandbox) -> None:
    files = [b"text 0", dbase(b"row 1"), b"text 2"]
    for number, data in enumerate(files):
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            sandbox.submit(file, "a", number)
    answers = [sandbox.next() for _ in files]
    for answer in answers:
        answer.spool.close()
    assert [(answer.tag, answer.reading.reader) for answer in answers] == [
        (0, "text"),
        (1, "Tika"),
        (2, "text"),
    ]


@needs_tika
def test_the_second_reader_is_confined_and_leaves_nothing_in_the_folder_for_temporary_files(
    sandbox: Sandbox,
) -> None:
    before = set(Path("/tmp").iterdir())
    read(sandbox, dbase(b"one"))
    (worker,) = (worker for worker in sandbox._idle if worker.second)
    held = worker.ready.confinement
    first = sandbox.confinement
    assert first is not None
    assert (held.namespace, held.seccomp, held.landlock) == (first.namespace, first.seccomp, first.landlock)
    assert not [path for path in set(Path("/tmp").iterdir()) - before if "tika" in path.name]


@needs_tika
def test_memory_beyond_the_limit_ends_the_second_reader_and_not_the_run() -> None:
    with Sandbox(Options(second=True, memory_bytes=420 * MIB), workers=1) as sandbox:
        data = dbase(b"x") + os.urandom(8) + bytes(100 * MIB)
        reading = read(sandbox, data).reading
        assert reading.outcome in {"read", "unsupported", "refused", "failed"}
        assert read(sandbox, b"the next one").reading.outcome == "read"


def test_without_the_second_reader_the_first_has_the_last_word() -> None:
    with Sandbox(Options(), workers=1) as sandbox:
        reading = read(sandbox, dbase(b"x")).reading
    assert (reading.outcome, reading.reason) == ("unsupported", "there is no reader for binary files")


def test_a_second_reader_that_does_not_start_leaves_the_outcome_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Sandbox(Options(second=True), workers=1) as sandbox:
        hire = sandbox._hire
        monkeypatch.setattr(sandbox, "_hire", lambda *, second: broken() if second else hire(second=False))
        reading = read(sandbox, dbase(b"x")).reading
    assert (reading.outcome, reading.reader) == ("unsupported", "none")


def broken() -> None:
    """What hiring does where no worker starts."""
    from onrecord.ingest.nursery import SandboxBroken

    raise SandboxBroken("No worker could be started.")


@needs_tika
def test_retrying_what_was_unsupported_reads_it_with_the_second_reader_once_it_is_there(
    tmp_path: Path,
) -> None:
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "list.dbf").write_bytes(dbase(b"Kashgar 2017"))
    record = Record.create(tmp_path / "record", title="leak")
    first = take_in(record, [tmp_path / "leak"], workers=1)
    again = take_in(record, [], retry="unsupported", options=Options(second=True), workers=1)
    older = take_in(record, [], retry="older", options=Options(second=True), workers=1)
    assert (first.outcomes, again.outcomes, older.outcomes) == ({"unsupported": 1}, {"read": 1}, {})
