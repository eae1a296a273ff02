"""kill -9 at a random moment of enter, add and rebuild loses nothing that was acknowledged."""

from __future__ import annotations

import random
import time

import pytest

from onrecord.record import Record
from tests.faults.watching import everything_acknowledged_is_there, start


def kill_again_and_again(record: Record, times: int, seed: int) -> int:
    rng = random.Random(seed)
    told: list[str] = []
    for name in range(times):
        worker = start(record.folder, "work", seed * 10_000 + name)
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0, 0.4))
        worker.kill()
        told += worker.stdout.readlines()
        worker.stdout.close()
        worker.wait()
        everything_acknowledged_is_there(record, told)
    return everything_acknowledged_is_there(record, told)


def test_twenty_kills_lose_nothing(record: Record) -> None:
    assert kill_again_and_again(record, 20, seed=1) > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 22))
def test_a_thousand_kills_lose_nothing(record: Record, seed: int) -> None:
    assert kill_again_and_again(record, 50, seed) > 50
