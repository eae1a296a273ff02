"""Ideal points: right on votes of known origin, and unmoved by what should not move them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import InvalidInput, UsageError
from onrecord.votes.estimate import Estimate
from onrecord.votes.ideal_points import ideal_points


@pytest.fixture(scope="module")
def simulated(roll_calls) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    return roll_calls()


@pytest.fixture(scope="module")
def estimate(simulated: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]) -> Estimate:
    return ideal_points(simulated[0], simulated[1])


def with_truth(estimate: Estimate, truth: pl.DataFrame) -> pl.DataFrame:
    table = estimate.points.join(truth, on=["actor", "session"])
    scaled = (pl.col("truth") - pl.col("truth").mean()) / pl.col("truth").std(ddof=0)
    return table.with_columns(truth=scaled)


def test_points_follow_the_positions_the_votes_were_drawn_from(estimate, simulated):
    table = with_truth(estimate, simulated[2])
    assert table.select(pl.corr("mean", "truth")).item() > 0.96


def test_intervals_hold_the_true_position_about_nine_times_in_ten(roll_calls):
    held = []
    for seed in range(5):
        votes, calls, truth = roll_calls(seed=seed, sessions=5, walk=0.5)
        table = with_truth(ideal_points(votes, calls), truth)
        held.append(table.select(pl.col("truth").is_between("q05", "q95").mean()).item())
    assert 0.82 < np.mean(held) < 0.96


@pytest.mark.parametrize("gauge", ["published", "free"])
def test_intervals_hold_the_points_that_votes_were_drawn_from_in_either_gauge(roll_calls, gauge):
    held = []
    for seed in range(4):
        votes, calls, _ = roll_calls(seed=seed, sessions=6)
        told = ideal_points(votes, calls, gauge=gauge, intervals=False)
        chance = told.probabilities(votes).select("p_yes", "p_abstain").to_numpy().cumsum(axis=1)
        drawn = 1 + (np.random.default_rng(seed).random((len(chance), 1)) > chance).sum(axis=1)
        again = ideal_points(votes.with_columns(vote=pl.Series(drawn)), calls, gauge=gauge).points
        both = again.join(told.points.select("actor", "session", truth="mean"), on=["actor", "session"])
        held.append(both.select(pl.col("truth").is_between("q05", "q95").mean()).item())
    assert 0.85 < np.mean(held) < 0.985


def test_refit_with_nothing_new_takes_a_step_at_most(simulated, estimate):
    votes, calls, _ = simulated
    again = ideal_points(votes, calls, start=estimate)
    assert again.diagnostics["steps"] <= 1
    assert again.diagnostics["converged"]
    assert np.abs(again.points["mean"].to_numpy() - estimate.points["mean"].to_numpy()).max() < 1e-3


def test_published_gauge_has_mean_zero_and_unit_spread(estimate):
    points = estimate.points
    assert abs(points["mean"].mean()) < 1e-9
    assert abs(points["mean"].std(ddof=0) - 1) < 1e-9


@pytest.mark.parametrize("gauge", ["published", "free"])
def test_axis_is_the_same_whatever_the_start(simulated, gauge):
    votes, calls, _ = simulated
    first = ideal_points(votes, calls, gauge=gauge, intervals=False).points
    for seed in range(1, 20):
        other = ideal_points(votes, calls, gauge=gauge, intervals=False, seed=seed).points
        assert np.abs(other["mean"].to_numpy() - first["mean"].to_numpy()).max() < 0.02


def test_order_of_rows_and_kind_of_number_do_not_matter(simulated, estimate):
    votes, calls, _ = simulated
    other = ideal_points(
        votes.sample(fraction=1.0, shuffle=True, seed=3).with_columns(pl.col("rcid").cast(pl.String)),
        calls.with_columns(pl.col("rcid").cast(pl.String)).reverse(),
    )
    assert np.abs(other.points["mean"].to_numpy() - estimate.points["mean"].to_numpy()).max() < 0.02


def test_anchors_decide_which_way_is_up(simulated, estimate):
    turned = ideal_points(simulated[0], simulated[1], anchors=(("RUS",), ("USA",)))
    assert np.allclose(turned.points["mean"], -estimate.points["mean"], atol=1e-9)
    assert turned.diagnostics["oriented_by"] == "up: RUS; down: USA"


def test_turning_every_answer_round_leaves_the_points(simulated, estimate):
    votes, calls, _ = simulated
    other = ideal_points(votes.with_columns(vote=4 - pl.col("vote")), calls)
    assert np.abs(other.points["mean"].to_numpy() - estimate.points["mean"].to_numpy()).max() < 0.1


def test_awkward_votes_do_no_harm(simulated):
    """Unanimous items, items with two answers only, a one-session state, a gap, a session with one roll call."""
    votes, calls, _ = simulated
    odd = votes.filter(~((pl.col("iso3") == "S05") & pl.col("rcid").is_between(3000, 5999)))
    odd = odd.filter(~((pl.col("iso3") == "S07") & (pl.col("rcid") >= 2000)))
    odd = odd.filter(~pl.col("rcid").is_between(6001, 6999)).with_columns(
        vote=pl.when(pl.col("rcid") == 1001)
        .then(1)
        .when((pl.col("rcid") == 1002) & (pl.col("vote") == 2))
        .then(1)
        .when((pl.col("rcid") == 1003) & (pl.col("vote") == 3))
        .then(2)
        .otherwise(pl.col("vote"))
    )
    estimate = ideal_points(odd, calls)
    points = estimate.points
    assert points.filter(actor="S07")["session"].to_list() == [1]
    assert points.filter(actor="S05")["session"].to_list() == [1, 2, 6, 7, 8]
    assert points.select(pl.col("mean", "sd").is_finite().all()).row(0) == (True, True)
    assert estimate.unanimous.filter(item=1001)["answer"].to_list() == [1]
    assert estimate.diagnostics["converged"]


def test_probabilities_are_probabilities_and_better_than_the_rates(simulated, estimate):
    votes, calls, _ = simulated
    hidden = np.random.default_rng(0).random(votes.height) < 0.1
    shown = ideal_points(votes.filter(~hidden), calls)
    table = shown.probabilities(votes.filter(hidden))
    chances = table.select("p_yes", "p_abstain", "p_no").to_numpy()
    assert np.allclose(chances.sum(axis=1), 1.0)
    assert (chances >= 0).all()
    answer = table["vote"].to_numpy() - 1
    loss = -np.log(chances[np.arange(len(answer)), answer]).mean()
    rates = np.bincount(answer) / len(answer)
    assert loss < 0.75 * -np.log(rates[answer]).mean()


def test_probabilities_say_what_they_rest_on(simulated):
    votes, calls, _ = simulated
    votes = votes.filter(~((pl.col("iso3") == "S03") & (pl.col("rcid") >= 8000)))
    votes = votes.with_columns(vote=pl.when(pl.col("rcid") == 1000).then(1).otherwise(pl.col("vote")))
    asked = pl.DataFrame({"rcid": [1001, 1000, 8001, 1001, 99], "iso3": ["S03", "S03", "S03", "XXX", "S03"]})
    table = ideal_points(votes, calls).probabilities(asked)
    assert table["basis"].to_list() == ["position", "unanimous", "carried", "unknown", "unknown"]
    assert table["p_yes"].is_null().to_list() == [False, False, False, True, True]
    assert table["p_yes"][1] == pytest.approx(41 / 43)


def test_repeated_texts_share_one_item_and_tie_sessions(simulated):
    votes, calls, _ = simulated
    links = pl.DataFrame({"rcid1": [1000, 2000], "rcid2": [2000, 3000]})
    estimate = ideal_points(votes, calls, links=links)
    asked = estimate.rollcall_items.filter(pl.col("rcid").is_in([1000, 2000, 3000]))
    assert asked["item"].to_list() == [1000, 1000, 1000]
    assert estimate.diagnostics["items"] == ideal_points(votes, calls).diagnostics["items"] - 2


def test_refit_from_an_estimate_agrees_with_a_fresh_one(simulated):
    votes, calls, _ = simulated
    before = ideal_points(votes.filter(pl.col("rcid") < 8010), calls)
    warm = ideal_points(votes, calls, start=before).points
    cold = ideal_points(votes, calls).points
    assert np.abs(warm["mean"].to_numpy() - cold["mean"].to_numpy()).max() < 0.02


def test_refit_with_one_new_roll_call_takes_fewer_joint_steps_than_a_fresh_fit(simulated):
    votes, calls, _ = simulated
    before = ideal_points(votes.filter(pl.col("rcid") != 8020), calls.filter(pl.col("rcid") != 8020))
    warm, cold = ideal_points(votes, calls, start=before), ideal_points(votes, calls)
    assert warm.diagnostics["steps"] < cold.diagnostics["steps"]


def test_roll_call_added_without_refit_is_foretold_as_after_one(simulated):
    votes, calls, _ = simulated
    before = ideal_points(votes.filter(pl.col("rcid") != 8020), calls.filter(pl.col("rcid") != 8020))
    mine = votes.filter(rcid=8020)
    quick = before.with_rollcall(8020, 8, mine).probabilities(mine)
    fresh = ideal_points(votes, calls).probabilities(mine)
    assert np.abs(quick["p_yes"].to_numpy() - fresh["p_yes"].to_numpy()).max() < 0.15
    assert before.probabilities(mine)["basis"].unique().to_list() == ["unknown"]
    with pytest.raises(UsageError, match="Roll call 1000 is already in the estimate"):
        before.with_rollcall(1000, 8, mine)
    alike = before.with_rollcall(8020, 8, mine.with_columns(vote=pl.lit(1, pl.Int8))).probabilities(mine)
    assert alike["basis"].unique().to_list() == ["unanimous"]


def test_two_dimensions_report_two_axes_and_fit_no_worse(simulated, estimate):
    votes, calls, _ = simulated
    two = ideal_points(votes, calls, dimensions=2)
    assert two.points["dimension"].unique().sort().to_list() == [1, 2]
    assert two.items.columns == ["item", "slope_1", "slope_2", "cut_1", "cut_2", "votes"]
    assert two.points.filter(dimension=1)["sd"].is_finite().all()


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_free_gauge_with_repeated_texts_gives_finite_intervals_in_any_number_of_dimensions(
    simulated, dimensions
):
    votes, calls, _ = simulated
    links = pl.DataFrame({"rcid1": [1000 + k for k in range(10)], "rcid2": [5000 + k for k in range(10)]})
    points = ideal_points(votes, calls, links=links, gauge="free", dimensions=dimensions).points
    assert points.select(pl.col("mean", "sd").is_finite().all()).row(0) == (True, True)
    assert points["sd"].min() > 0


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_small_set_of_votes_gives_finite_points_or_a_clear_refusal(data):
    states = ["USA", "RUS", "FRA", "CHN"]
    calls = pl.DataFrame({"rcid": list(range(6)), "session": [1, 1, 2, 2, 5, 9]})
    answers = data.draw(st.lists(st.sampled_from([1, 2, 3, 9]), min_size=24, max_size=24))
    votes = pl.DataFrame({"rcid": [k for k in range(6) for _ in states], "iso3": states * 6, "vote": answers})
    counted = votes.filter(pl.col("vote") < 9)
    if counted.group_by("rcid").agg(pl.col("vote").n_unique())["vote"].max() in (None, 1):
        with pytest.raises(InvalidInput, match="no roll call divides the states"):
            ideal_points(votes, calls)
        return
    points = ideal_points(votes, calls).points
    assert points["mean"].is_finite().all()
    assert points["sd"].is_finite().all()


def test_missing_columns_and_roll_calls_are_named(simulated):
    votes, calls, _ = simulated
    with pytest.raises(InvalidInput, match="column session: the table of roll calls has no such column"):
        ideal_points(votes, calls.drop("session"))
    with pytest.raises(InvalidInput, match="roll call 1000 is listed more than once"):
        ideal_points(votes, pl.concat([calls.head(1), calls]))
    with pytest.raises(InvalidInput, match="have no session"):
        ideal_points(votes, calls.filter(pl.col("rcid") != 1000))


def test_published_sampler_agrees_with_the_mode_and_repeats_itself(simulated, estimate):
    votes, calls, truth = simulated
    first = ideal_points(votes, calls, method="gibbs", sweeps=400)
    again = ideal_points(votes, calls, method="gibbs", sweeps=400)
    assert first.points.equals(again.points)
    both = first.points.join(estimate.points, on=["actor", "session"], suffix="_mode")
    assert both.select(pl.corr("mean", "mean_mode")).item() > 0.97
    assert 0.6 < (both["sd"] / both["sd_mode"]).median() < 1.4
    assert with_truth(first, truth).select(pl.corr("mean", "truth")).item() > 0.93


def test_published_sampler_refuses_what_it_does_not_offer(simulated):
    votes, calls, _ = simulated
    with pytest.raises(UsageError, match="one dimension and one gauge"):
        ideal_points(votes, calls, method="gibbs", dimensions=2)
