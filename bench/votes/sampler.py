"""How near the mode lies to the published sampler's means, on the whole published selection (minutes of CPU).

The published points themselves are not at hand; the sampler, run for 4,000 sweeps, stands in for them.
"""

from __future__ import annotations

import time

import polars as pl
from common import assembly, write

from onrecord.votes import ideal_points

SERIES = ("CHN", "USA", "RUS", "TUR", "PAK")
# Sessions up to this one are weakly placed: few states, few repeated texts.
WEAK = 12
KEY = ["actor", "session"]


def main() -> None:
    """Measure and write results/sampler.json."""
    votes, calls, links = assembly()
    begun = time.process_time()
    sampled = ideal_points(votes, calls, links=links, method="gibbs")
    seconds = time.process_time() - begun
    found = ideal_points(votes, calls, links=links)
    both = found.points.join(sampled.points, on=KEY, suffix="_sampled")
    late = both.filter(pl.col("session") > WEAK)
    write(
        "sampler",
        {
            "sampler_cpu_s": seconds,
            "state_sessions": both.height,
            "all": likeness(both),
            "within_session": within(both),
            "after_session_12": likeness(late),
            "series": {state: likeness(both.filter(actor=state)) for state in SERIES},
            "series_after_session_12": {state: likeness(late.filter(actor=state)) for state in SERIES},
            "sd_ratio_median": (both["sd"] / both["sd_sampled"]).median(),
        },
    )


def likeness(both: pl.DataFrame) -> float:
    """Correlation of the two means."""
    return float(both.select(pl.corr("mean", "mean_sampled")).item())


def within(both: pl.DataFrame) -> float:
    """Mean over sessions of the correlation within one."""
    return float(both.group_by("session").agg(r=pl.corr("mean", "mean_sampled"))["r"].mean())


if __name__ == "__main__":
    main()
