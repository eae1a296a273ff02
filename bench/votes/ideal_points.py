"""CPU, memory, hidden log loss and robustness of the ideal points, on sessions 1-74 with a tenth of votes hidden.

Run one thread: OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1 python bench/votes/ideal_points.py
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import polars as pl
from common import assembly, losses, peak_mb, split, write

from onrecord.votes import Estimate, ideal_points

RUNS = 3


def timed(**options: Any) -> tuple[Estimate, float]:
    """Best CPU seconds of several fits, compilation not counted."""
    seconds = []
    for _ in range(RUNS + 1):
        begun = time.process_time()
        estimate = ideal_points(**options)
        seconds.append(time.process_time() - begun)
    return estimate, min(seconds[1:])


def main() -> None:
    """Measure and write results/ideal_points.json."""
    votes, calls, links = assembly()
    calls = calls.select("rcid", "session")
    shown, hidden = split(votes, calls, links)
    del votes
    found: dict[str, object] = {}
    for gauge in ("published", "free"):
        for name, pairs in (("A", None), ("AL", links)):
            estimate, seconds = timed(votes=shown, rollcalls=calls, links=pairs, gauge=gauge)
            found[f"{name} {gauge}"] = {
                "cpu_s": seconds,
                **losses(estimate, hidden),
                **estimate.diagnostics,
                "peak_mb_so_far": peak_mb(),
            }
    estimate = ideal_points(shown, calls, links=links)
    found["same axis"] = same_axis(shown, calls, links, estimate)
    found["updates"] = updates(shown, calls, links)
    found["growth"] = growth(shown, calls)
    for dims in (2, 4):
        begun = time.process_time()
        wide = ideal_points(shown, calls, links=links, gauge="free", dimensions=dims)
        found[f"AL free, {dims} dimensions"] = {
            "cpu_s": time.process_time() - begun,
            **losses(wide, hidden),
            "peak_mb_so_far": peak_mb(),
        }
    write("ideal_points", found)


def same_axis(
    shown: pl.DataFrame, calls: pl.DataFrame, links: pl.DataFrame, first: Estimate
) -> dict[str, float]:
    """Least correlation and largest difference of points from 20 random starts."""
    mean = first.points["mean"].to_numpy()
    others = [
        ideal_points(shown, calls, links=links, intervals=False, seed=seed).points["mean"].to_numpy()
        for seed in range(1, 21)
    ]
    return {
        "least_correlation": min(float(np.corrcoef(mean, other)[0, 1]) for other in others),
        "largest_difference": max(float(np.abs(mean - other).max()) for other in others),
    }


def updates(shown: pl.DataFrame, calls: pl.DataFrame, links: pl.DataFrame) -> dict[str, float]:
    """One roll call added without a refit (wall), a warm refit with it and a cold fit (CPU)."""
    last = int(calls.filter(pl.col("session") == 74)["rcid"].max())
    before = ideal_points(
        shown.filter(pl.col("rcid") != last), calls.filter(pl.col("rcid") != last), links=links
    )
    mine = shown.filter(rcid=last)
    walls = []
    for _ in range(20):
        begun = time.perf_counter()
        before.with_rollcall(last, 74, mine)
        walls.append(time.perf_counter() - begun)
    _, warm = timed(votes=shown, rollcalls=calls, links=links, start=before)
    _, cold = timed(votes=shown, rollcalls=calls, links=links)
    return {"add_ms_median": 1000 * float(np.median(walls)), "warm_cpu_s": warm, "cold_cpu_s": cold}


def growth(shown: pl.DataFrame, calls: pl.DataFrame) -> list[dict[str, float]]:
    """CPU by votes, from the latest sessions backward."""
    told = []
    for first in (65, 55, 45, 30, 1):
        kept = calls.filter(pl.col("session") >= first)
        part = shown.join(kept.select("rcid"), on="rcid", how="semi")
        _, seconds = timed(votes=part, rollcalls=kept)
        told.append({"from_session": first, "votes": part.height, "cpu_s": seconds})
    return told


if __name__ == "__main__":
    main()
