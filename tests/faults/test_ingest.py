"""Taking in while writers and readers are killed, disks fill up, fail or cannot be written: nothing acknowledged is lost.

Whatever happened, the next whole run ends with the same hashes as a run that nothing disturbed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.checking import damaged_derivatives
from onrecord.ingest.taking_in import take_in
from onrecord.record import Record, verify
from onrecord.search.checking import damaged_index
from tests.faults.test_disks import mounting, shell
from tests.faults.watching import HOUSE
from tests.ingest.making import pdf, text_page, xlsx, zipped

LIST = "<row r='1'><c r='A1'><v>1</v></c></row>"
State = tuple[set[tuple[str, str | None, str]], list[str], list[str]]


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    """Thirty-two files with seventy-two in all, some the same bytes."""
    folder = tmp_path / "leak"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.zip").write_bytes(
            zipped({f"{at}.txt": f"text {number * at}" * 40 for at in range(5)})
        )
        (folder / f"{number}.pdf").write_bytes(pdf(*text_page(b"page %d" % number)))
        (folder / f"{number}.xlsx").write_bytes(xlsx(LIST.replace("<v>1", f"<v>{number}")))
        (folder / f"{number}.txt").write_bytes(os.urandom(20_000).hex().encode())
    return folder


@pytest.fixture
def undisturbed(leak: Path, tmp_path: Path) -> State:
    """What a run that nothing disturbed ends with."""
    record = Record.create(tmp_path / "whole", title="A record")
    take_in(record, [leak], workers=2)
    return state(record)


def state(record: Record) -> State:
    """What there is: every file with its outcome, every original, every derivative's hashes."""
    with closing(open_catalogue(record)) as catalogue:
        rows = {(row.path, row.sha256, row.outcome) for row in catalogue.files()}
        return rows, list(record.archive.digests()), [each.sums for each in catalogue.settled()]


def run(record: Path, leak: Path, *retry: str) -> subprocess.Popen[str]:
    """A run in a process of its own."""
    command = [sys.executable, "-m", "tests.faults.ingesting", str(record), str(leak), *retry]
    return subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def whole_so_far(record: Record) -> None:
    """Assert that what was acknowledged is there and verifies."""
    verdict = verify(record.ledger, record.archive)
    assert verdict.clean, verdict.damage
    with record.ledger.reading() as ledger:
        acknowledged = {leaf.custody().sha256 for leaf in ledger.leaves() if leaf.type == "custody"}
    assert acknowledged <= set(record.archive.digests())
    assert list(damaged_derivatives(record)) == []


def descendants(process: int) -> Iterator[int]:
    """The processes that a process started, and those that they started."""
    with suppress(OSError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            yield int(child)
            yield from descendants(int(child))


def kill_writers(record: Record, leak: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        writer = run(record.folder, leak)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(chance.uniform(0, 1.2))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        whole_so_far(record)


def kill_readers(record: Record, leak: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    writer = run(record.folder, leak)
    assert writer.stdout is not None
    writer.stdout.readline()
    for _ in range(times):
        time.sleep(chance.uniform(0, 0.2))
        if victims := list(descendants(writer.pid)):
            with suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
    writer.communicate()
    whole_so_far(record)


def test_writers_killed_at_random_moments_lose_nothing_and_the_next_run_completes_them(
    empty: Record, leak: Path, undisturbed: State
) -> None:
    kill_writers(empty, leak, 4, seed=1)
    take_in(empty, [leak], workers=2)
    assert state(empty) == undisturbed
    assert not list((empty.folder / "derived").glob(".partial-*"))


def test_readers_killed_at_random_moments_cost_outcomes_and_reading_again_mends_them(
    empty: Record, leak: Path, undisturbed: State
) -> None:
    kill_readers(empty, leak, 6, seed=2)
    take_in(empty, [leak], retry="failed", workers=2)
    assert state(empty) == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 30))
def test_a_thousand_kills_of_writers_and_readers_lose_nothing(
    empty: Record, leak: Path, undisturbed: State, seed: int
) -> None:
    kill_writers(empty, leak, 25, seed)
    for turn in range(5):
        kill_readers(empty, leak, 5, seed * 100 + turn)
        take_in(empty, [], retry="all", workers=2)
    take_in(empty, [leak], retry="failed", workers=2)
    assert state(empty) == undisturbed


@mounting
@pytest.mark.parametrize("kilobytes", [450, 800, 1000, 1300, *(pytest.param(k, marks=pytest.mark.slow) for k in range(500, 1500, 40))])  # fmt: skip
def test_a_disk_that_is_full_refuses_in_words_and_with_space_again_ends_the_same(
    empty: Record, leak: Path, undisturbed: State, tmp_path: Path, kilobytes: int
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    lines = shell(
        """
        mount -t tmpfs -o size=${SIZE}k none "$SMALL"
        cp -r "$RECORD" "$SMALL/record"
        "$PYTHON" -m tests.faults.ingesting "$SMALL/record" "$LEAK"
        cp -r "$SMALL/record" "$RECORD.starved"
        mount -o remount,size=60m "$SMALL"
        "$PYTHON" -m tests.faults.ingesting "$SMALL/record" "$LEAK" failed
        cp -r "$SMALL/record" "$RECORD.after"
        """,
        SIZE=kilobytes,
        SMALL=small,
        RECORD=empty.folder,
        LEAK=leak,
        PYTHON=sys.executable,
    )
    assert lines[-1] == "done"
    assert lines[1] == "done" or lines[1].startswith("refused ")
    whole_so_far(Record(Path(f"{empty.folder}.starved")))
    after = Record(Path(f"{empty.folder}.after"))
    whole_so_far(after)
    assert state(after) == undisturbed


def test_a_file_that_the_disk_cannot_read_is_named_and_the_others_are_taken_in(
    empty: Record, leak: Path
) -> None:
    take_in(empty, [Path("/proc/self/mem"), leak / "0.txt"], workers=1)  # answers the first read with EIO
    with closing(open_catalogue(empty)) as catalogue:
        told = {Path(row.path).name: (row.outcome, row.reason) for row in catalogue.files()}
    assert told == {
        "mem": (
            "failed",
            "its bytes cannot be read: the disk does not give it out; copy what can be copied, then add the copy",
        ),
        "0.txt": ("read", ""),
    }
    whole_so_far(empty)


@mounting
def test_a_record_on_a_read_only_disk_is_listed_searched_and_verified_and_takes_nothing_in(
    empty: Record, leak: Path, tmp_path: Path
) -> None:
    take_in(empty, [leak], workers=2)
    (more := tmp_path / "more.txt").write_text("not taken in yet")
    lines = shell(
        """
        "$PYTHON" -m onrecord -r "$HERE" search page > /dev/null
        mount --bind "$HERE" "$HERE" && mount -o remount,ro,bind "$HERE"
        "$PYTHON" -m onrecord -r "$HERE" outcomes --json | "$PYTHON" -c "import json, sys; print(len(json.load(sys.stdin)))"
        "$PYTHON" -m onrecord -r "$HERE" search page --json | "$PYTHON" -c "import json, sys; print(len(json.load(sys.stdin)))"
        "$PYTHON" -m onrecord -r "$HERE" verify --remake 2 | head -1
        "$PYTHON" -m tests.faults.ingesting "$HERE" "$MORE"
        """,
        HERE=empty.folder,
        MORE=more,
        PYTHON=sys.executable,
    )
    assert lines[:2] == ["72", "8"]
    assert lines[2].startswith("Clean: ")
    assert lines[4].startswith("refused ")
    assert list(damaged_index(empty)) == []
