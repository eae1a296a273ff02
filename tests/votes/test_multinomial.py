"""The multinomial logit that forecasts are measured against."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from onrecord.votes.forecast import council_drafts, lay_out_history, rolling
from onrecord.votes.multinomial import fitted, multinomial_forecasts, scores

from .test_forecast import GROUPS, council

SINCE = date(2017, 1, 1)


@pytest.fixture(scope="module")
def history():
    votes, calls = council()
    return lay_out_history(votes, council_drafts(calls), GROUPS)


def test_every_vote_cast_since_the_day_is_foretold_by_chances_that_add_up_to_one(history):
    told = multinomial_forecasts(history, since=SINCE)
    answered = history.drafts.filter(pl.col("date") >= SINCE)["rcid"]
    assert set(told["rcid"]) == set(answered)
    assert told.height == 20 * len(answered)
    assert told.select((pl.sum_horizontal("p_yes", "p_abstain", "p_no") - 1).abs().max()).item() < 1e-12


def test_it_tells_the_camps_apart(history):
    told = multinomial_forecasts(history, since=SINCE)
    east = pl.col("iso3") < "S10"
    assert told.filter(~east)["p_yes"].min() > 0.5 > told.filter(east)["p_yes"].max()


def test_answers_from_the_day_on_are_not_looked_at(history):
    votes, calls = council()
    later = calls.filter(pl.col("date") >= date(2019, 8, 1))["rcid"]
    other = votes.with_columns(
        vote=pl.when(pl.col("rcid").is_in(later.implode())).then(1).otherwise(pl.col("vote"))
    )
    changed = lay_out_history(other, council_drafts(calls), GROUPS)
    first = later[0].split("/")[0]
    same = pl.col("rcid").str.starts_with(f"{first}/")
    assert (
        multinomial_forecasts(history, since=SINCE)
        .filter(same)
        .equals(multinomial_forecasts(changed, since=SINCE).filter(same))
    )


def test_nothing_is_foretold_before_there_is_a_past(history):
    assert multinomial_forecasts(history, since=date(2007, 1, 1), until=date(2008, 4, 1)).is_empty()


def test_weights_are_those_of_another_implementation():
    linear = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is not installed")
    generator = np.random.default_rng(3)
    known = np.hstack([np.ones((600, 1)), generator.normal(size=(600, 3))])
    weights = generator.normal(size=(4, 3))
    chance = np.exp(known @ weights)
    chance /= chance.sum(axis=1, keepdims=True)
    answer = np.array([generator.choice(3, p=row) for row in chance])
    ours = known @ fitted(known, np.eye(3)[answer])
    theirs = linear.LogisticRegression(C=1 / (600 * 1e-3), fit_intercept=False, max_iter=1000)
    told = theirs.fit(known, answer).predict_log_proba(known)
    told_here = ours - np.log(np.exp(ours).sum(axis=1, keepdims=True))
    assert np.abs(told - told_here).max() < 2e-3


def test_scores_are_measured_as_the_back_test_measures(history):
    found = rolling(history, since=SINCE)
    ours = scores(found.votes, "forecast").row(0, named=True)
    theirs = found.scores.filter(model="forecast").row(0, named=True)
    for name, value in ours.items():
        assert value == (pytest.approx(theirs[name]) if isinstance(value, float) else theirs[name])
