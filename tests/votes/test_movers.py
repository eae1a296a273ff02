"""Movers: a state that changed sides is found at its session, one that did not is left alone."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.votes.ideal_points import ideal_points
from onrecord.votes.movers import driving_votes, evidence, movers, repeated_answers
from onrecord.votes.partition import change_chances, spell_evidence


@pytest.fixture(scope="module")
def turned(roll_calls) -> tuple[pl.DataFrame, pl.DataFrame]:
    """S00 votes as Russia does up to session 5 and as the United States do from session 6 on."""
    votes, calls, _ = roll_calls(sessions=10, walk=0.0)
    votes = votes.join(calls, on="rcid")
    like = pl.when(pl.col("session") < 6).then(pl.lit("RUS")).otherwise(pl.lit("USA"))
    asked = votes.filter(iso3="S00").with_columns(model=like).drop("vote")
    copied = asked.join(votes.select("rcid", "vote", model="iso3"), on=("rcid", "model"))
    rest = votes.filter(pl.col("iso3") != "S00")
    return pl.concat([rest.select("rcid", "iso3", "vote"), copied.select("rcid", "iso3", "vote")]), calls


def test_state_that_changed_sides_is_found_at_its_session(turned):
    votes, calls = turned
    estimate = ideal_points(votes, calls)
    found = movers(estimate, votes, calls, references=("RUS", "USA"))
    assert found.row(0, named=True)["actor"] == "S00"
    move = found.filter(actor="S00").row(0, named=True)
    assert move["session"] == 6
    assert move["probability"] > 0.95
    assert move["toward"] == "USA"
    assert move["shift"] > 1.5
    others = found.filter(pl.col("actor") != "S00")
    assert others["actor"].n_unique() <= 3
    driving = driving_votes(estimate, votes, move)
    assert driving["weight"].is_sorted(descending=True)
    assert driving["weight"][0] > 0.5
    assert driving["session"].is_between(6, 10).all()


def test_repeated_texts_tell_a_state_s_own_changes():
    votes = pl.DataFrame(
        [(1, "FRA", 1), (2, "FRA", 3), (3, "FRA", 3), (1, "USA", 3), (3, "USA", 3), (9, "USA", 1)],
        schema=["rcid", "iso3", "vote"],
        orient="row",
    )
    calls = pl.DataFrame({"rcid": [1, 2, 3, 9], "session": [10, 11, 12, 12]})
    links = pl.DataFrame({"rcid1": [1, 2], "rcid2": [2, 3]})
    again = repeated_answers(votes, calls, links)
    assert again.select("actor", "session_before", "vote_before", "session", "vote").rows() == [
        ("FRA", 10, 1, 11, 3),
        ("FRA", 11, 3, 12, 3),
        ("USA", 10, 3, 12, 3),
    ]


def test_evidence_takes_the_smoothing_off_again(turned):
    votes, calls = turned
    estimate = ideal_points(votes, calls)
    told = evidence(estimate).filter(actor="S00")["position"].to_numpy()
    smoothed = estimate.points.filter(actor="S00")["mean"].to_numpy()
    assert told[5] - told[4] > smoothed[5] - smoothed[4]


def test_moves_need_one_axis(roll_calls):
    votes, calls, _ = roll_calls(states=8, sessions=2, items=8)
    with pytest.raises(UsageError, match="dimensions=1"):
        movers(ideal_points(votes, calls, dimensions=2), votes, calls)


@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.floats(-3, 3), min_size=2, max_size=6), chance=st.floats(0.01, 0.5))
def test_change_chances_equal_a_sum_over_every_cutting(values, chance):
    value, error = np.array(values), np.full(len(values), 0.3)
    size = len(value)
    spell = spell_evidence(value, error)
    weight, began = 0.0, np.zeros(size)
    for cuts in product([False, True], repeat=size - 1):
        starts = [0, *(k + 1 for k, cut in enumerate(cuts) if cut)]
        ends = [*starts[1:], size]
        log = sum(spell[a, b] for a, b in zip(starts, ends, strict=True))
        log += sum(cuts) * np.log(chance) + (size - 1 - sum(cuts)) * np.log1p(-chance)
        weight += np.exp(log)
        began[starts] += np.exp(log)
    assert np.allclose(change_chances(value, error, chance), began / weight, atol=1e-9)
