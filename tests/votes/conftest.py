"""Votes drawn from the model itself, so that what an estimate should say is known; and where shared data lie."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

Drawn = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def roll_calls(
    *, states: int = 40, sessions: int = 8, items: int = 25, seed: int = 1, walk: float = 0.2
) -> Drawn:
    """Votes, roll calls and the true positions (actor, session, truth) of states that walk over sessions.

    State USA stands up and RUS down throughout; the others are S00, S01 and so on.
    """
    generator = np.random.default_rng(seed)
    names = ["RUS", "USA", *(f"S{k:02d}" for k in range(states - 2))]
    place = generator.standard_normal(states)
    place[0], place[1] = -1.5, 1.5
    votes, calls, truth = [], [], []
    for session in range(1, sessions + 1):
        place = place + walk * generator.standard_normal(states) * (session > 1)
        truth += [(name, session, float(x)) for name, x in zip(names, place, strict=True)]
        for k in range(items):
            rcid = session * 1000 + k
            calls.append((rcid, session))
            slope = generator.normal(0.0, 2.0)
            cut = generator.normal(0.5, 1.5)
            width = generator.gamma(2.0, 0.7)
            x = slope * place + generator.logistic(size=states)
            answer = 1 + (x > cut).astype(int) + (x > cut + width).astype(int)
            votes += [(rcid, name, int(y)) for name, y in zip(names, answer, strict=True)]
    return (
        pl.DataFrame(votes, schema={"rcid": pl.Int32, "iso3": pl.String, "vote": pl.Int8}, orient="row"),
        pl.DataFrame(calls, schema={"rcid": pl.Int32, "session": pl.Int16}, orient="row"),
        pl.DataFrame(truth, schema=["actor", "session", "truth"], orient="row"),
    )


@pytest.fixture(scope="session", name="roll_calls")
def roll_calls_fixture() -> Callable[..., Drawn]:
    """The function that draws roll calls."""
    return roll_calls


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of shared measuring data; tests that need it are skipped where it is absent."""
    default = Path(__file__).parents[3] / "shared"
    folder = Path(os.environ.get("ONRECORD_SHARED", default)) / "data"
    if not folder.is_dir():
        pytest.skip(f"the shared measuring data are absent: no folder {folder.name} beside this repository")
    return folder
