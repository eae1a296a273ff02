"""kill -9 at a random moment of append, enter, add, rebuild and publish loses nothing that was acknowledged."""

from __future__ import annotations

import filecmp
import random
import shutil
import time
from pathlib import Path

import pytest

from onrecord.ingest.checking import damaged_derivatives
from onrecord.publish.site import publish_site
from onrecord.record import Record
from tests.faults.forked import Forked
from tests.faults.watching import everything_acknowledged_is_there
from tests.faults.worker import work
from tests.proof.making import events

STEPS = ("append", "enter", "add", "rebuild", "publish")


def the_same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same bytes."""
    files = {path.relative_to(one) for path in one.rglob("*") if path.is_file()}
    also = {path.relative_to(other) for path in other.rglob("*") if path.is_file()}
    return files == also and all(filecmp.cmp(one / name, other / name, shallow=False) for name in files)


def every_site_is_whole(record: Record, told: list[str], whole: Path) -> None:
    """Assert that sites are there as a whole or not at all, and each that was acknowledged is."""
    there = {path.name: path for path in record.folder.parent.glob("site-*")}
    assert {line.removeprefix("site ") for line in told if line.startswith("site ")} <= set(there)
    for site in there.values():
        assert the_same(site, whole), site
        shutil.rmtree(site)
    for partial in record.folder.parent.glob(".site-*"):
        shutil.rmtree(partial)


def time_of_a_step(record: Record, step: str, name: int) -> float:
    """Seconds in which a worker does one to two steps, as busy as this machine is now."""
    worker = Forked(work, record.folder, name, (step,))
    assert worker.hears() == "ready"
    begun = time.monotonic()
    worker.hears()
    took = time.monotonic() - begun
    worker.kill()
    for site in record.folder.parent.glob("*site-*"):
        shutil.rmtree(site)
    return 2 * took


def kill_again_and_again(record: Record, step: str, times: int, seed: int) -> list[str]:
    """Kill workers at such a step; everything that was said."""
    rng = random.Random(seed)
    record.enter(events(0, 5))
    whole = record.folder.parent / "whole"
    if step == "publish":
        publish_site(record, whole, when=record.clock().date())
    told: list[str] = []
    longest = time_of_a_step(record, step, seed * 1000 + times)
    for turn in range(times):
        worker = Forked(work, record.folder, seed * 1000 + turn, (step,))
        assert worker.hears() == "ready"
        time.sleep(rng.uniform(0, longest))
        new = worker.kill()
        everything_acknowledged_is_there(record, new)
        assert list(damaged_derivatives(record)) == []
        every_site_is_whole(record, new, whole)
        told += new
    everything_acknowledged_is_there(record, [line for line in told if not line.startswith("site")])
    return told


@pytest.mark.parametrize("step", STEPS)
def test_four_kills_lose_nothing(record: Record, step: str) -> None:
    kill_again_and_again(record, step, 4, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize("step", STEPS)
def test_fifty_kills_lose_nothing(record: Record, step: str, seed: int) -> None:
    """Twenty times fifty kills, a thousand in all."""
    assert kill_again_and_again(record, step, 50, seed)
