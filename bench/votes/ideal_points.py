"""CPU, memory, hidden log loss and robustness of the ideal points, on sessions 1-74 with a tenth of votes hidden.

emIRT runs beside, on the same votes in the same run, where R has it. Run one thread:
OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1 R_LIBS=... python bench/votes/ideal_points.py
With the word ``updates`` only roll calls added to a fit are measured, into results/updates.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import emirt
import numpy as np
import polars as pl
from common import (
    HERE,
    assembly,
    foretold,
    loss_of_three,
    loss_of_yes,
    losses,
    peak_mb,
    split,
    write,
)

from onrecord.votes import Estimate, ideal_points

RUNS = 3
KEY = ["rcid", "iso3"]
# ordIRT fails on items with fewer of any answer, and is static: it is tried on the latest thirty sessions.
FEWEST, ORDINAL_FROM = 3, 45


def timed(**options: Any) -> tuple[Estimate, float]:
    """Best CPU seconds of several fits, compilation not counted."""
    seconds = []
    for _ in range(RUNS + 1):
        begun = time.process_time()
        estimate = ideal_points(**options)
        seconds.append(time.process_time() - begun)
    return estimate, min(seconds[1:])


def main() -> None:
    """Measure and write results/ideal_points.json, after every part so that a run cut short has told something."""
    votes, calls, links = assembly()
    calls = calls.select("rcid", "session")
    shown, hidden = split(votes, calls, links)
    del votes
    write("updates", updates(shown, calls, links))
    if sys.argv[1:] == ["updates"]:
        return
    found: dict[str, object] = {}
    peers = dynamic_runs(shown, hidden, calls, found)
    for gauge in ("published", "free"):
        for name, pairs in (("A", None), ("AL", links)):
            estimate, seconds = timed(votes=shown, rollcalls=calls, links=pairs, gauge=gauge)
            found[f"{name} {gauge}"] = told(estimate, seconds, hidden, peers)
    found["peak_mb of one fit in a process of its own"] = alone(shown, calls, links)
    write("ideal_points", found)
    found["ordIRT"] = emirt.lacking() or beside_ordinal(shown, hidden, calls)
    for dims in (2, 4):
        begun = time.process_time()
        wide = ideal_points(shown, calls, links=links, gauge="free", dimensions=dims)
        seconds = time.process_time() - begun
        found[f"AL free, {dims} dimensions"] = {
            **told(wide, seconds, hidden, peers),
            "peak_mb_so_far": peak_mb(),
        }
        write("ideal_points", found)
    found["growth"] = growth(shown, calls)
    write("ideal_points", found)
    found["same axis"] = same_axis(shown, calls, links)
    write("ideal_points", found)


def dynamic_runs(
    shown: pl.DataFrame, hidden: pl.DataFrame, calls: pl.DataFrame, found: dict[str, object]
) -> dict[str, tuple[float, pl.DataFrame]]:
    """CPU seconds and hidden votes foretold of dynIRT as it stops by itself and converged; none where R lacks it."""
    lacking = emirt.lacking()
    if lacking is not None:
        found["emIRT"] = lacking
        return {}
    design = emirt.laid_out(shown, calls)
    peers = {}
    for name, limits in (("dynIRT default", emirt.DEFAULT), ("dynIRT converged", emirt.CONVERGED)):
        fit = emirt.dynamic(design, limits)
        foretold_by = fit.yes(hidden)
        peers[name] = fit.cost["cpu_s"], foretold_by
        found[name] = {
            **fit.cost,
            "hidden_votes": foretold_by.height,
            "log_loss_2": loss_of_yes(foretold_by),
        }
    return peers


def told(
    estimate: Estimate, seconds: float, hidden: pl.DataFrame, peers: dict[str, tuple[float, pl.DataFrame]]
) -> dict[str, object]:
    """One fit's cost and losses, and these over each peer's on the votes both foretell."""
    mine = foretold(estimate, hidden)
    over = {}
    for name, (cpu, theirs) in peers.items():
        both = mine.join(theirs.select(*KEY), on=KEY, how="semi")
        same = theirs.join(both.select(*KEY), on=KEY, how="semi")
        over[f"over {name}"] = {
            "cpu": seconds / cpu,
            "log_loss_2": loss_of_yes(both) / loss_of_yes(same),
            "hidden_votes": both.height,
        }
    return {"cpu_s": seconds, **losses(estimate, hidden), **estimate.diagnostics, **over}


def alone(shown: pl.DataFrame, calls: pl.DataFrame, links: pl.DataFrame) -> float:
    """Largest resident memory of a process that reads the votes and fits them once, with links and intervals."""
    with tempfile.TemporaryDirectory() as folder:
        for name, table in (("votes", shown), ("calls", calls), ("links", links)):
            table.write_parquet(Path(folder) / f"{name}.parquet")
        told = subprocess.run(
            [sys.executable, str(HERE / "one_fit.py"), folder], check=True, capture_output=True, text=True
        )
    return float(json.loads(told.stdout)["peak_mb"])


def beside_ordinal(shown: pl.DataFrame, hidden: pl.DataFrame, calls: pl.DataFrame) -> dict[str, object]:
    """ordIRT on the items it can take, and ours on the same votes, no text linked."""
    late = calls.filter(pl.col("session") >= ORDINAL_FROM)
    counts = shown.join(late, on="rcid", how="semi").group_by("rcid", "vote").len()
    enough = counts.filter(pl.col("len") >= FEWEST).group_by("rcid").len().filter(pl.col("len") == 3)
    kept, asked = (table.join(enough, on="rcid", how="semi") for table in (shown, hidden))
    fit = emirt.ordinal(emirt.laid_out(kept, calls))
    estimate, seconds = timed(votes=kept, rollcalls=late, gauge="free")
    mine, theirs = foretold(estimate, asked), fit.chances(asked)
    both = mine.join(theirs.select(*KEY), on=KEY, how="semi")
    same = theirs.join(both.select(*KEY), on=KEY, how="semi")
    return {
        **fit.cost,
        "items": enough.height,
        "votes": kept.height,
        "log_loss_3": loss_of_three(theirs),
        "ours_over_it": {
            "cpu": seconds / fit.cost["cpu_s"],
            "log_loss_3": loss_of_three(both) / loss_of_three(same),
            "hidden_votes": both.height,
        },
    }


def same_axis(shown: pl.DataFrame, calls: pl.DataFrame, links: pl.DataFrame) -> dict[str, float]:
    """Least correlation and largest difference of points from 20 random starts."""
    first = ideal_points(shown, calls, links=links, intervals=False)
    mean = first.points["mean"].to_numpy()
    others = [
        ideal_points(shown, calls, links=links, intervals=False, seed=seed).points["mean"].to_numpy()
        for seed in range(1, 21)
    ]
    return {
        "least_correlation": min(float(np.corrcoef(mean, other)[0, 1]) for other in others),
        "largest_difference": max(float(np.abs(mean - other).max()) for other in others),
    }


def updates(shown: pl.DataFrame, calls: pl.DataFrame, links: pl.DataFrame) -> dict[str, object]:
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
    return {
        "add_ms_median": 1000 * float(np.median(walls)),
        "warm_cpu_s": warm,
        "cold_cpu_s": cold,
        "warm_over_cold": warm / cold,
    }


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
