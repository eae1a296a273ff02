"""Whether 90% intervals hold 90%: votes simulated from a fit of the General Assembly, fitted again, compared.

Raw compares as reported; aligned first puts the truth on the new axis by a straight line (location and scale are
conventions). emIRT, where R has it, is held to votes drawn from its own fit.
"""

from __future__ import annotations

from dataclasses import replace

import emirt
import numpy as np
import polars as pl
from common import assembly, write

from onrecord.votes import Estimate, contested, ideal_points
from onrecord.votes.estimate import NORMAL_95

DRAWS = 3


def main() -> None:
    """Measure and write results/interval_coverage.json."""
    votes, calls, links = assembly()
    table = contested(votes, calls, links).select("rcid", "iso3", "vote")
    found = {}
    for gauge in ("published", "free"):
        truth = ideal_points(table, calls, links=links, gauge=gauge)
        held = [coverage(truth, again(truth, table, calls, links, seed)) for seed in range(DRAWS)]
        found[gauge] = {"raw": [raw for raw, _ in held], "aligned": [aligned for _, aligned in held]}
    theirs = emirt.lacking() or their_coverage(table, calls)
    write(
        "interval_coverage", {"nominal": 0.9, "draws": DRAWS, "held": found, "emIRT dynIRT, one draw": theirs}
    )


def their_coverage(table: pl.DataFrame, calls: pl.DataFrame) -> dict[str, dict[str, float]]:
    """dynIRT on votes drawn from its own default fit: share of true points inside its intervals, raw and aligned."""
    design = emirt.laid_out(table, calls)
    truth = emirt.dynamic(design, emirt.DEFAULT)
    chance = truth.chance(design.vote_node.astype(np.int64), design.vote_item.astype(np.int64))
    drawn = np.random.default_rng(0).random(len(chance)) > chance
    again = replace(design, vote_answer=drawn.astype(np.int8))
    seen = design.voted > 0
    found = {}
    for name, limits in (("default", emirt.DEFAULT), ("converged", emirt.CONVERGED)):
        fit = emirt.dynamic(again, limits)
        place, reach = fit.place[seen], NORMAL_95 * np.sqrt(fit.variance[seen])
        slope, level = np.polyfit(truth.place[seen], place, 1)
        found[name] = {
            "raw": float((np.abs(place - truth.place[seen]) < reach).mean()),
            "aligned": float((np.abs(place - slope * truth.place[seen] - level) < reach).mean()),
        }
    return found


def again(
    truth: Estimate, table: pl.DataFrame, calls: pl.DataFrame, links: pl.DataFrame, seed: int
) -> Estimate:
    """A fit of votes drawn from a fit at its points."""
    plain = ideal_points(table, calls, links=links, gauge=truth.gauge, intervals=False)
    chance = plain.probabilities(table).select("p_yes", "p_abstain").to_numpy()
    drawn = np.random.default_rng(seed).random(len(chance))
    answer = 1 + (drawn > chance[:, 0]).astype(int) + (drawn > chance.sum(axis=1)).astype(int)
    return ideal_points(table.with_columns(vote=pl.Series(answer)), calls, links=links, gauge=truth.gauge)


def coverage(truth: Estimate, fitted: Estimate) -> tuple[float, float]:
    """Share of true points inside the new intervals, raw and aligned."""
    both = truth.points.select("actor", "session", truth="mean").join(fitted.points, on=["actor", "session"])
    slope, level = np.polyfit(both["truth"], both["mean"], 1)
    shares = both.select(
        pl.col("truth").is_between("q05", "q95").mean().alias("raw"),
        (pl.col("truth") * slope + level).is_between("q05", "q95").mean().alias("aligned"),
    )
    return shares.row(0)


if __name__ == "__main__":
    main()
