"""The n-th write, sync or read fails, for every n: refused in words, what was acknowledged is there, and it goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.record import Record
from tests.faults.watching import HOUSE
from tests.proof.making import fill

SOURCE = Path(__file__).with_name("failing.c")


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The calls that fail, as a library to be loaded before all others."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or not compiler:
        pytest.skip("no C compiler is here to make calls of the system fail")
    library = tmp_path_factory.mktemp("shim") / "failing.so"
    command = [
        compiler,
        "-shared",
        "-fPIC",
        "-O2",
        "-Wall",
        "-Werror",
        "-o",
        str(library),
        str(SOURCE),
        "-ldl",
    ]
    subprocess.run(command, check=True)
    return library


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    record = Record.create(tmp_path / "whole", title="Faults")
    fill(record, batches=1, each=3)
    record.rebuild()
    return record.folder


def outcomes(whole: Path, shim: Path, sort: str, steps: dict[str, int]) -> dict[str, list[str]]:
    """By step, what came of it with the n-th call of that sort failing, for n = 1, 1 + every, …"""
    asked = [f"{step}={every}" for step, every in steps.items()]
    command = [sys.executable, "-m", "tests.faults.failing", str(whole), sort, *asked]
    environment = {**os.environ, "LD_PRELOAD": str(shim)}
    done = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said: dict[str, list[str]] = {step: [] for step in steps}
    for line in done.stdout.splitlines():
        step, _, outcome = line.split(" ", 2)
        said[step].append(outcome)
    return said


def each_is_refused_or_done(whole: Path, shim: Path, sort: str, steps: dict[str, int]) -> None:
    for step, said in outcomes(whole, shim, sort, steps).items():
        assert said[-1] == "done", step  # the last one was to fail later than the step ends
        assert any(line.startswith("refused ") for line in said), step
        assert all(line == "done" or line.startswith("refused StorageError: ") for line in said), (step, said)


@pytest.mark.parametrize(
    ("sort", "steps"),
    [
        ("w", {"append": 1, "keep": 1, "enter": 4, "rebuild": 4, "add": 25}),
        ("s", {"append": 1, "keep": 1}),
        ("r", {"append": 1, "keep": 1}),
    ],
)
def test_a_disk_that_fails_at_the_nth_call_of_a_change_loses_nothing(
    whole: Path, shim: Path, sort: str, steps: dict[str, int]
) -> None:
    each_is_refused_or_done(whole, shim, sort, steps)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sort", "steps"),
    [
        ("w", {"enter": 1, "rebuild": 1, "add": 1, "publish": 10}),
        ("s", {"enter": 1, "rebuild": 1, "add": 1}),  # a site is made again; it is not synced
        ("r", {"enter": 1, "rebuild": 1, "add": 1, "publish": 10}),
    ],
)
def test_a_disk_that_fails_at_the_nth_call_of_anything_loses_nothing(
    whole: Path, shim: Path, sort: str, steps: dict[str, int]
) -> None:
    each_is_refused_or_done(whole, shim, sort, steps)


def test_reading_everything_tells_what_cannot_be_read_and_never_calls_it_clean(
    whole: Path, shim: Path
) -> None:
    (said,) = outcomes(whole, shim, "r", {"verify": 3}).values()
    assert [line for line in said if line == "done"] == said[-1:]
    assert all("rror" in line or "malformed" in line for line in said[:-1]), said
