"""Back-tests of the forecast: Council country situations 2019-2024, the Xinjiang vote, General Assembly 75-77; pivots.

The bar for the Assembly, repeating a state's own votes on title-matched resolutions, has log loss .218, .179 and .291 in
sessions 75 to 77.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import numpy as np
import polars as pl
from common import SHARED, write

from onrecord.votes import RULES, import_roll_calls, pivots
from onrecord.votes.forecast import (
    Backtest,
    assembly_drafts,
    council_drafts,
    forecast,
    lay_out_history,
    rolling,
    stance,
    train_until,
)

CHANCES = ("p_yes", "p_abstain", "p_no")
XINJIANG = "A/HRC/51/L.6"
DAY = date(2022, 10, 6)
REPEAT = {75: 0.218, 76: 0.179, 77: 0.291}


def main() -> None:
    """Measure and write results/forecasts.json; with ``assembly`` as argument also the Assembly (minutes)."""
    groups = pl.read_csv(SHARED / "hrc" / "regional_groups.csv")
    found: dict[str, object] = {"pivots": pivot_times(), **council(groups)}
    write("forecasts", found)
    if "assembly" in sys.argv[1:]:
        write("forecasts_assembly", assembly(groups))


def pivot_times() -> dict[str, float]:
    """Milliseconds of the exact result and pivots, best of ten."""
    told = {}
    for members in (47, 193):
        chances = np.random.default_rng(0).dirichlet([1, 1, 1], size=members)
        table = pl.DataFrame(chances, schema=["p_yes", "p_abstain", "p_no"], orient="row")
        times = []
        for _ in range(11):
            begun = time.perf_counter()
            pivots(table, RULES["simple-majority"])
            times.append(time.perf_counter() - begun)
        told[f"{members}_members_ms"] = 1000 * min(times)
    return told


def told(result: Backtest, seconds: float) -> dict[str, object]:
    """What a back-test says, for JSON."""
    return {
        "scores": result.scores.to_dicts(),
        "interval_share": result.interval_share,
        "drafts": result.drafts.height,
        "calibration": result.calibration.to_dicts(),
        "cpu_s": seconds,
    }


def council(groups: pl.DataFrame) -> dict[str, object]:
    """Council back-test and the Xinjiang vote."""
    files = {name: (SHARED / "hrc" / name).read_bytes() for name in ("votes.csv", "resolutions.csv")}
    (imported,) = import_roll_calls(files)
    history = lay_out_history(imported.votes, council_drafts(imported.rollcalls), groups)
    row = history.drafts["rcid"].to_list().index(XINJIANG)
    tables = [
        pl.read_csv(SHARED / "positions" / f"{name}.csv", infer_schema=False)
        for name in ("instruments", "positions")
    ]
    letters = stance(*tables, ["xinjiang", "both"], history.drafts["known"][row], history.states)
    begun = time.process_time()
    result = rolling(history, since=date(2019, 1, 1), letters={XINJIANG: letters})
    seconds = time.process_time() - begun
    members = pl.read_csv(SHARED / "hrc" / "membership.csv", try_parse_dates=True)
    sitting = members.filter(pl.col("start") <= DAY, pl.col("end") >= DAY)["iso3"].to_list()
    forecaster = train_until(history, row)
    actual = dict(imported.votes.filter(rcid=XINJIANG).select("iso3", "vote").iter_rows())
    words = {"yes": 1, "abstain": 2, "no": 3}
    cases = {}
    for name, evidence in (("with letters", letters), ("votes alone", None)):
        one = forecast(history, row, forecaster, sitting, RULES["simple-majority"], letters=evidence)
        right = sum(
            words[answer] == actual[state]
            for state, answer in one.members.select("iso3", "likeliest").iter_rows()
        )
        cases[name] = {"p_adopted": one.adopted, "right_of_47": right, "yes": one.yes, "margin": one.margin}
    return {
        "council": {**told(result, seconds), "without_one_situation": without_one_situation(result)},
        "xinjiang": cases,
    }


def without_one_situation(result: Backtest) -> dict[str, float]:
    """Least and largest Brier score and error of yes with each situation's drafts left out of the scores in turn."""
    drafts = result.drafts.select(
        "rcid", "topic", (pl.col("yes") - pl.col("yes_expected")).abs().alias("miss")
    )
    off = [(pl.col(name) - (pl.col("vote") == k)) ** 2 for k, name in enumerate(CHANCES, start=1)]
    votes = result.votes.select("rcid", pl.sum_horizontal(off).alias("brier")).join(drafts, on="rcid")
    rest = [pl.col("topic") != topic for topic in drafts["topic"].unique()]
    brier = [votes.filter(kept)["brier"].mean() for kept in rest]
    miss = [drafts.filter(kept)["miss"].mean() for kept in rest]
    return {
        "brier_least": min(brier),
        "brier_largest": max(brier),
        "yes_error_least": min(miss),
        "yes_error_largest": max(miss),
    }


def assembly(groups: pl.DataFrame) -> dict[str, object]:
    """Assembly back-test, sessions 75-77, learnt from the latest 400 drafts before each."""
    files = {name: (SHARED / "unga" / name).read_bytes() for name in ("votes.parquet", "rollcalls.parquet")}
    (imported,) = import_roll_calls(files)
    calls = imported.rollcalls.filter(pl.col("session") >= 64)
    votes = imported.votes.join(calls.select("rcid"), on="rcid", how="semi")
    history = lay_out_history(votes, assembly_drafts(calls), groups)
    begun = time.process_time()
    result = rolling(history, since=date(2020, 9, 15), train_from=date(2015, 9, 1))
    seconds = time.process_time() - begun
    rows = result.votes.join(calls.select("rcid", "session"), on="rcid")
    chance = rows.select("p_yes", "p_abstain", "p_no").to_numpy()
    answer = rows["vote"].to_numpy() - 1
    rows = rows.with_columns(
        loss=pl.Series(-np.log(np.clip(chance[np.arange(len(answer)), answer], 1e-9, 1)))
    )
    by_session = rows.group_by("session").agg(pl.len().alias("votes"), pl.col("loss").mean()).sort("session")
    bar = sum(REPEAT[session] * votes_ for session, votes_, _ in by_session.iter_rows()) / rows.height
    return {
        "by_session": by_session.to_dicts(),
        "ratio_to_repeat": float(rows["loss"].mean()) / bar,
        **told(result, seconds),
    }


if __name__ == "__main__":
    main()
