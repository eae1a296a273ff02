"""The sandbox: a reader may do nothing but read, may die, and costs no more than its own file."""

from __future__ import annotations

import gzip
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import pytest

from onrecord.errors import OnrecordError
from onrecord.ingest.answer import Answer
from onrecord.ingest.limits import MIB
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.source import Options
from onrecord.ingest.tasks import Stretch
from tests.ingest.hostile.archives import CASES
from tests.ingest.making import pdf, png, text_page, zeros_deflated, zip_of_stream

MADE = {case.name: case.make for case in CASES}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One worker with the usual limits."""
    with Sandbox(Options(), workers=1) as sandbox:
        yield sandbox


def read(sandbox: Sandbox, data: bytes, name: str = "file") -> Answer:
    """The answer to a file of these bytes."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        sandbox.submit(file, name, name)
        return sandbox.next()


def test_a_reading_comes_back_with_the_tag_it_was_sent_with(sandbox: Sandbox) -> None:
    answer = read(sandbox, pdf(*text_page(b"hello")), "a.pdf")
    with answer.spool:
        assert (answer.tag, answer.reading.kind, next(answer.pieces()).text) == ("a.pdf", "pdf", "hello")


def test_members_come_back_byte_by_byte(sandbox: Sandbox) -> None:
    answer = read(sandbox, MADE["gbk names.zip"]())
    with answer.spool:
        assert [answer.member(child).read() for child in answer.reading.children] == [b"", b""]
    whole = os.urandom(3 * MIB)
    answer = read(sandbox, gzip.compress(whole), "a.gz")
    with answer.spool:
        assert answer.member(answer.reading.children[0]).read() == whole


def test_a_worker_that_is_killed_costs_its_file_an_outcome_and_nothing_else(sandbox: Sandbox) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"text\n" * 10)
        file.flush()
        (worker,) = sandbox._idle
        os.kill(worker.pid, signal.SIGSTOP)
        sandbox.submit(file, "a.txt", 1)
        os.kill(worker.pid, signal.SIGSEGV)
        os.kill(worker.pid, signal.SIGCONT)
        lost = sandbox.next()
    assert (lost.reading.outcome, lost.reading.reason) == ("failed", "the reader died of SIGSEGV")
    lost.spool.close()
    with read(sandbox, b"the next one").spool:
        pass


def test_a_worker_that_died_while_it_was_idle_costs_no_file(sandbox: Sandbox) -> None:
    (worker,) = sandbox._idle
    os.kill(worker.pid, signal.SIGKILL)
    time.sleep(0.05)
    with (answer := read(sandbox, b"text")).spool:
        assert answer.reading.outcome == "read"


def test_a_file_that_takes_too_long_is_refused_by_the_cpu_limit() -> None:
    with Sandbox(Options(cpu_seconds=1, wall_seconds=60), workers=1) as sandbox:
        answer = read(sandbox, b"<html>" + b"<div>" * 60_000, "deep.html")
        answer.spool.close()
        assert (answer.reading.outcome, answer.reading.reason) == ("refused", "limit CPU seconds (1)")
        assert answer.reading.kind == "html"
        with (again := read(sandbox, b"next")).spool:
            assert again.reading.outcome == "read"


def test_a_worker_that_hangs_is_ended_by_the_wall_limit() -> None:
    with Sandbox(Options(wall_seconds=1), workers=1) as sandbox:
        (worker,) = sandbox._idle
        os.kill(worker.pid, signal.SIGSTOP)
        answer = read(sandbox, b"text")
        answer.spool.close()
        assert (answer.reading.outcome, answer.reading.reason) == ("refused", "limit wall seconds (1)")


def test_an_answer_that_is_longer_than_may_be_sent_is_refused_with_the_pieces_that_fit() -> None:
    with Sandbox(Options(answer_bytes=10_000), workers=1) as sandbox:
        answer = read(sandbox, b"word " * 10_000, "a.txt")
        with answer.spool:
            pieces = list(answer.pieces())
    assert (answer.reading.outcome, answer.reading.reason) == (
        "refused",
        "limit answer bytes (10000); the first 1 of 13 pieces of text were kept, and no table",
    )
    assert len(pieces) == 1


def test_memory_beyond_the_limit_ends_in_an_outcome() -> None:
    with Sandbox(Options(memory_bytes=700 * MIB, whole_bytes=4096 * MIB), workers=1) as sandbox:
        with tempfile.TemporaryFile() as file:
            file.write(b"x" * 16)
            file.truncate(900 * MIB)
            sandbox.submit(file, "sparse.txt", 1)
            answer = sandbox.next()
        answer.spool.close()
        assert answer.reading.outcome in {"refused", "failed", "unsupported"}


def test_output_beyond_the_limit_is_refused() -> None:
    with Sandbox(Options(output_bytes=4 * MIB), workers=1) as sandbox:
        answer = read(sandbox, zip_of_stream("z", zeros_deflated(8), 8 * MIB), "a.zip")
        answer.spool.close()
        assert answer.reading.reason.startswith("limit output bytes (4194304)")


def test_a_worker_is_replaced_after_so_many_files() -> None:
    with Sandbox(Options(), workers=1, files_per_worker=2) as sandbox:
        pids = []
        for _ in range(4):
            pids.append(sandbox._idle[0].pid if sandbox._idle else None)
            read(sandbox, b"x").spool.close()
        assert pids[0] == pids[1]
        assert pids[2] is None


def test_many_files_at_once_each_get_their_own_answer() -> None:
    with Sandbox(Options(), workers=3) as sandbox:
        waiting, texts = list(range(30)), {}
        while waiting or sandbox.pending:
            while waiting and not sandbox.full:
                number = waiting.pop()
                with tempfile.TemporaryFile() as file:
                    file.write(b"text number %d" % number)
                    file.flush()
                    sandbox.submit(file, "a.txt", number)
            answer = sandbox.next()
            texts[answer.tag] = next(answer.pieces()).text
            answer.spool.close()
    assert texts == {number: f"text number {number}" for number in range(30)}


def test_a_page_is_drawn_with_boxes_around_words_at_their_one_place(sandbox: Sandbox) -> None:
    text = b"the name and the name) Tj 0 -100 Td (and the name"
    told = "the name and the name\nand the name"
    with tempfile.TemporaryFile() as file:
        file.write(pdf(*text_page(text)))
        file.flush()
        second, lines = told.index("name", 10), told.index("the name\n")
        sought = (
            Stretch(second, "name"),
            Stretch(lines, told[lines:]),
            Stretch(second, "place"),
            Stretch(99, "x"),
        )
        page = sandbox.picture(file, "a.pdf", 1, 612, sought)
    assert (page.width, page.pages, page.recognised, page.png[:4]) == (612, 1, 2550, b"\x89PNG")
    (name, first, below) = page.boxes
    assert 155 < name.left < 180
    assert 80 < name.top < 95
    assert 25 < name.width < 40
    assert first.left < name.left < name.left + name.width <= first.left + first.width + 1
    assert below.top - first.top == 100


def test_a_page_that_cannot_be_drawn_is_an_error_in_words(sandbox: Sandbox) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(png(50_000, 50_000, pixels=b""))
        file.flush()
        with pytest.raises(OnrecordError, match=r"^Page 1 of a\.png could not be drawn: limit pixels"):
            sandbox.picture(file, "a.png", 1, 100)


def test_nothing_is_left_running_after_the_sandbox_closed() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with Sandbox(Options(), workers=2) as sandbox:
        pids = [worker.pid for worker in sandbox._idle] + [sandbox._nursery.process.pid]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > before
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_what_reads_foreign_files_has_not_even_loaded_what_holds_the_record() -> None:
    loaded = "import sys, onrecord.ingest.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True, text=True)
    modules = set(done.stdout.split())
    assert "onrecord.ingest.readers" in modules
    assert not modules & {"onrecord.record", "sqlite3", "polars", "duckdb"}
