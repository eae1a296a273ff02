"""What every measurement of this folder shares: the data, the clock, and the record of machine and versions."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import polars as pl

from onrecord.votes import Estimate, contested, published_selection

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("ONRECORD_SHARED", HERE.parents[2] / "shared")) / "data"
PACKAGES = ("numpy", "scipy", "polars", "numba", "onrecord")


def machine() -> dict[str, object]:
    """Processor, load, Python and package versions."""
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "measured": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def write(name: str, result: dict[str, object]) -> None:
    """Write results/NAME.json and print it."""
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine(), "result": result}, indent=1, default=str)
    (folder / f"{name}.json").write_text(text + "\n")
    sys.stdout.write(text + "\n")


def peak_mb() -> float:
    """Largest resident memory of this process so far, in MB; not getrusage's, which a child inherits from its parent."""
    status = Path("/proc/self/status").read_text()
    return next(float(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1000


def assembly() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Sessions 1-74 as published: selected votes, roll calls, links."""
    folder = SHARED / "unga"
    calls = pl.read_parquet(folder / "rollcalls.parquet").filter(pl.col("source") == "voeten")
    links = pl.read_parquet(folder / "linked_rollcalls.parquet")
    return published_selection(pl.read_parquet(folder / "votes.parquet"), calls), calls, links


def split(votes: pl.DataFrame, calls: pl.DataFrame, links: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nine tenths of the contested votes shown, one tenth hidden, by seed 0."""
    table = contested(votes, calls, links).select("rcid", "iso3", "vote")
    hidden = np.random.default_rng(0).random(table.height) < 0.1
    return table.filter(~hidden), table.filter(hidden)


def foretold(estimate: Estimate, hidden: pl.DataFrame) -> pl.DataFrame:
    """Hidden votes whose state and item are in the fit, with their chances."""
    return estimate.probabilities(hidden).filter(pl.col("basis") == "position")


def loss_of_yes(table: pl.DataFrame) -> float:
    """Log loss of p_yes, yes against the rest."""
    yes = np.clip(table["p_yes"].to_numpy(), 1e-12, 1 - 1e-12)
    return float(-np.where(table["vote"].to_numpy() == 1, np.log(yes), np.log1p(-yes)).mean())


def loss_of_three(table: pl.DataFrame) -> float:
    """Log loss of the three chances."""
    chance = np.clip(table.select("p_yes", "p_abstain", "p_no").to_numpy(), 1e-12, 1 - 1e-12)
    return float(-np.log(chance[np.arange(table.height), table["vote"].to_numpy() - 1]).mean())


def losses(estimate: Estimate, hidden: pl.DataFrame) -> dict[str, float]:
    """How well hidden votes are foretold whose state and item are in the fit."""
    table = foretold(estimate, hidden)
    best = table.select("p_yes", "p_abstain", "p_no").to_numpy().argmax(axis=1)
    return {
        "hidden_votes": table.height,
        "log_loss_2": loss_of_yes(table),
        "log_loss_3": loss_of_three(table),
        "accuracy_3": float((best == table["vote"].to_numpy() - 1).mean()),
    }
