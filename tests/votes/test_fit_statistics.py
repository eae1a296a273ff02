"""Fit statistics agree with counting by hand and fall apart by group as they should."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from onrecord.votes.fit_statistics import explained
from onrecord.votes.ideal_points import ideal_points


def test_whole_is_counted_from_the_probabilities(roll_calls):
    votes, calls, _ = roll_calls(states=20, sessions=2)
    estimate = ideal_points(votes, calls)
    told = estimate.probabilities(votes).filter(pl.col("basis") == "position")
    chance = told.select("p_yes", "p_abstain", "p_no").to_numpy()
    answer = told["vote"].to_numpy() - 1
    row = explained(estimate, votes, []).row(0, named=True)
    assert row["votes"] == told.height
    assert row["correct"] == pytest.approx((chance.argmax(axis=1) == answer).mean())
    assert row["geometric_mean"] == pytest.approx(
        np.exp(np.log(chance[np.arange(len(answer)), answer]).mean())
    )
    assert row["apre"] == pytest.approx(
        (row["correct"] - row["baseline_correct"]) / (1 - row["baseline_correct"])
    )
    assert row["apre"] > 0.2


def test_groups_add_up_to_the_whole(roll_calls):
    votes, calls, _ = roll_calls(states=12, sessions=2)
    estimate = ideal_points(votes, calls)
    whole = explained(estimate, votes, []).row(0, named=True)
    for by in (["rcid"], ["iso3"], ["iso3", "session"]):
        parts = explained(estimate, votes, by)
        assert parts.columns[: len(by)] == by
        assert parts["votes"].sum() == whole["votes"]
        assert (parts["votes"] * parts["correct"]).sum() == pytest.approx(whole["votes"] * whole["correct"])
