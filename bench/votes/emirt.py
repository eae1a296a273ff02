"""emIRT beside us on the same votes: what R is handed, what it answers, and how well that foretells.

Needs `Rscript` with the package emIRT (set R_LIBS to the library it lies in). dynIRT is started where our own fit starts, at
the leading direction of the votes, at no charge; the clock counts the estimating call alone.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import norm

from onrecord.votes.ideal_points import DOWN, UP, masked
from onrecord.votes.scaling.design import Design, lay_out
from onrecord.votes.scaling.orient import signs
from onrecord.votes.scaling.start import starting_points

Floats = NDArray[np.float64]
SCRIPT = Path(__file__).with_name("emirt.R")
# More than the largest number of a roll call.
ROLL_CALLS = 1_000_000
DEFAULT, CONVERGED = (1e-6, 500), (1e-10, 5000)


@dataclass(frozen=True)
class Dynamic:
    """What dynIRT says: positions and variances of nodes, items, and its cost."""

    design: Design
    place: Floats
    variance: Floats
    level: Floats
    slope: Floats
    cost: dict[str, float]

    def yes(self, votes: pl.DataFrame) -> pl.DataFrame:
        """Rows whose state, session and roll call are in the fit, with the probability of a yes as p_yes."""
        rows = located(self.design, votes)
        return rows.with_columns(p_yes=pl.Series(self.chance(rows["node"].to_numpy(), rows["at"].to_numpy())))

    def chance(self, node: NDArray[np.int64], item: NDArray[np.int64]) -> Floats:
        """Probability of a yes of nodes on items."""
        return np.asarray(norm.cdf(self.level[item] + self.slope[item] * self.place[node]))


@dataclass(frozen=True)
class Ordinal:
    """What ordIRT says: one place a state, items, and its cost."""

    design: Design
    place: Floats
    slope: Floats
    level: Floats
    sharpness: Floats
    cost: dict[str, float]

    def chances(self, votes: pl.DataFrame) -> pl.DataFrame:
        """Rows whose state, session and roll call are in the fit, with p_yes, p_abstain and p_no."""
        rows = located(self.design, votes)
        node, item = (rows[name].to_numpy() for name in ("node", "at"))
        at = self.level[item] + self.slope[item] * self.place[self.design.node_actor[node]]
        low, high = norm.cdf(-self.sharpness[item] * at), norm.cdf(self.sharpness[item] * (1.0 - at))
        return rows.with_columns(
            p_yes=pl.Series(low), p_abstain=pl.Series(high - low), p_no=pl.Series(1.0 - high)
        )


def lacking() -> str | None:
    """Why emIRT cannot be run here; None where it can."""
    if shutil.which("Rscript") is None:
        return "R is not installed: no Rscript on the path"
    asked = subprocess.run(
        ["Rscript", "-e", "packageVersion('emIRT')"], capture_output=True, text=True, check=False
    )
    return None if asked.returncode == 0 else "R has no package emIRT; set R_LIBS to the library it lies in"


def laid_out(votes: pl.DataFrame, calls: pl.DataFrame) -> Design:
    """Votes as arrays, every roll call an item of its own, in order of session as emIRT wants them."""
    table = votes.join(calls.select("rcid", "session"), on="rcid")
    return lay_out(table.with_columns(item=pl.col("session").cast(pl.Int64) * ROLL_CALLS + pl.col("rcid")))


def located(design: Design, votes: pl.DataFrame) -> pl.DataFrame:
    """Votes (rcid, iso3, vote) that have a node with votes and an item (``at``) in the fit; the others left out."""
    seen = np.flatnonzero(design.voted > 0)
    nodes = pl.DataFrame({**design.labels(seen), "node": seen}).rename({"actor": "iso3"})
    items = pl.DataFrame(
        {
            "rcid": (design.items % ROLL_CALLS).cast(votes.schema["rcid"]),
            "session": design.sessions[item_sessions(design)],
            "at": np.arange(len(design.items)),
        }
    )
    return votes.join(items, on="rcid").join(nodes, on=["iso3", "session"])


def item_sessions(design: Design) -> NDArray[np.int32]:
    """Session of each item, as a position."""
    return design.node_session[design.vote_node[design.item_start[:-1]]]


def guesses(design: Design) -> tuple[Floats, Floats, Floats]:
    """Where to start: places of nodes (anchors settle the direction), level and slope of items."""
    place = starting_points(design, 1, 0)
    place = (place * signs(place, masked(design, UP), masked(design, DOWN)))[:, 0]
    yes = (design.vote_answer == 0).astype(np.float64)
    item, votes = design.vote_item, np.diff(design.item_start)
    share = (np.bincount(item, yes) + 0.5) / (votes + 1.0)
    slope = 0.5 * np.sign(np.bincount(item, (yes - share[item]) * place[design.vote_node]))
    return place, np.asarray(norm.ppf(share)), np.where(slope == 0, 0.1, slope)


def dynamic(design: Design, limits: tuple[float, int]) -> Dynamic:
    """Run dynIRT: yes against not yes, one thread."""
    place, level, slope = guesses(design)
    states, sessions = len(design.actors), len(design.sessions)
    table = np.zeros((states, sessions))
    table[design.node_actor, design.node_session] = place
    first = np.full(states, sessions)
    last = np.zeros(states, dtype=np.int64)
    np.minimum.at(first, design.node_actor, design.node_session)
    np.maximum.at(last, design.node_actor, design.node_session)
    middle = table[np.arange(states), first]
    integers = {"first": first, "last": last, "session": item_sessions(design)}
    doubles = {"alpha": level, "beta": slope, "x": table.T, "middle": middle}
    answer = np.where(design.vote_answer == 0, 1, -1)
    told = run("dynIRT", design, answer, integers, doubles, limits)
    at = (design.node_session, design.node_actor)
    return Dynamic(
        design,
        told["x"].reshape(sessions, states)[at],
        told["variance"].reshape(sessions, states)[at],
        told["alpha"],
        told["beta"],
        costs(told),
    )


def ordinal(design: Design) -> Ordinal:
    """Run ordIRT with its own defaults: three answers, one place a state over all sessions.

    It starts at random, as the example of its manual does; from the leading direction of the votes it aborts.
    """
    generator = np.random.default_rng(0)
    starts = {
        "beta": generator.uniform(-1, 1, len(design.items)),
        "x": generator.uniform(-1, 1, len(design.actors)),
    }
    told = run("ordIRT", design, design.vote_answer + 1, {}, starts, (1e-6, 300))
    return Ordinal(design, told["x"], told["beta"], told["tau"], told["delta"], costs(told))


def costs(told: dict[str, Floats]) -> dict[str, float]:
    """CPU seconds, iterations, whether converged, largest memory of the R process."""
    return dict(zip(("cpu_s", "iterations", "converged", "peak_mb"), told["cost"].tolist(), strict=True))


def run(
    model: str,
    design: Design,
    answer: NDArray[np.integer],
    integers: dict[str, NDArray[np.integer]],
    doubles: dict[str, Floats],
    limits: tuple[float, int],
) -> dict[str, Floats]:
    """Hand the votes to R and read back what it wrote."""
    shape = np.array([len(design.actors), len(design.items), len(design.sessions)])
    own = {
        "shape": shape,
        "state": design.node_actor[design.vote_node],
        "item": design.vote_item,
        "answer": answer,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key, whole in (own | integers).items():
            whole.astype("<i4").tofile(folder / f"{key}.bin")
        for key, real in doubles.items():
            np.ascontiguousarray(real, dtype="<f8").tofile(folder / f"{key}.bin")
        threshold, most = limits
        subprocess.run(
            ["Rscript", str(SCRIPT), name, model, str(threshold), str(most)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return {path.stem: np.fromfile(path) for path in folder.glob("*.out")}
