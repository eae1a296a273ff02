"""How far a long run is, on a terminal of any width, and what is said when it is stopped."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import sys
import termios
from pathlib import Path

import click
import pytest

from onrecord.cli.bar import bar, in_words
from onrecord.cli.stopping import stoppable
from onrecord.ingest.taking_in import Progress, take_in
from onrecord.record import Record
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("progress", "total", "seconds", "told"),
    [
        (Progress(1, 0, 1, 9), 1500, 0.2, "1 of 1,500 files, 0 read with members, 0 a second"),
        (
            Progress(500, 900, 64, 9),
            1500,
            100,
            "500 of 1,500 files, about 3 min 20 s left, 900 read with members, 9 a second",
        ),
        (
            Progress(10, 90, 9, 9),
            10,
            90_000,
            "10 of 10 files, about 2 h 30 min left, 90 read with members, 0 a second",
        ),
        (Progress(10, 90, 0, 9), 10, 9, "10 of 10 files, 90 read with members, 10 a second"),
        (Progress(0, 20, 40, 0), 0, 4, "about 8 s left, 20 read with members, 5 a second"),
    ],
)
def test_the_bar_tells_files_time_left_and_rate(
    progress: Progress, total: int, seconds: float, told: str
) -> None:
    assert in_words(progress, total, seconds) == told


def test_a_narrow_terminal_gets_one_line_that_is_cut_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 20, 0, 0))
    with open(inner, "w") as terminal, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", terminal)
        with bar(lambda: 1500) as report:
            assert report is not None
            report(Progress(1, 0, 1, 9))
            report(Progress(20, 0, 1, 9))
        drawn = b""
        while not drawn.endswith(b"\n"):
            drawn += os.read(outer, 10_000)
    os.close(outer)
    lines = [line.decode() for line in drawn.removesuffix(b"\x1b[K\r\n").split(b"\x1b[K")]
    assert (lines[0], lines[-1]) == ("\r1 of 1,500 files, 0", "\r20 of 1,500 files, ")
    assert {len(line) for line in lines} == {20}


def test_where_nobody_looks_nothing_is_counted_or_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with bar(lambda: 1 // 0) as report:
        assert report is None
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_run_in_words_and_later_ones_do_what_they_did(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(number)
    with pytest.raises(click.exceptions.Exit) as ended, stoppable("Half is kept."):
        signal.raise_signal(number)
    assert (ended.value.exit_code, capsys.readouterr().err) == (128 + number, "Stopped. Half is kept.\n")
    assert signal.getsignal(number) is before


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable("Half is kept."):
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_was_taken_in_before_a_stop_is_not_taken_in_again(
    empty: Record, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "leak"
    folder.mkdir()
    for number in range(150):
        (folder / f"{number}.txt").write_text(f"text {number}")

    def stop_late(*given: object, **named: object) -> object:
        def stop(progress: Progress) -> None:
            if progress.read == 70:
                signal.raise_signal(signal.SIGTERM)

        return take_in(*given, **{**named, "progress": stop})  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr("onrecord.cli.add.take_in", stop_late)
        stopped = run("-r", empty.folder, "add", folder, "--ocr", "off", "--workers", "1")
    assert stopped.code == 143
    assert stopped.err.startswith("Stopped. What was taken in so far is kept")
    after = run("-r", empty.folder, "add", folder, "--ocr", "off", "--json").json
    assert after["unchanged"] >= 64
    assert after["added"] + after["unchanged"] == 150
