"""Pivotal probabilities: the same as counting every way a small vote can fall."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import InvalidInput
from onrecord.votes.pivots import pivots
from onrecord.votes.rules import ONE_THIRD_REQUEST, RULES, SIMPLE_MAJORITY, TWO_THIRDS

ANSWERS = (0, 1, 2)


def table(chances: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(chances, schema=["p_yes", "p_abstain", "p_no"], orient="row")


def adopted(answers: np.ndarray, rule_name: str) -> np.ndarray:
    """The rules again, told in the plainest way, for many ways to answer (ways, members)."""
    yes, no, members = (answers == 0).sum(axis=1), (answers == 2).sum(axis=1), answers.shape[1]
    if rule_name == "simple-majority":
        return yes > no
    if rule_name == "two-thirds":
        return (yes > 0) & (yes / np.maximum(yes + no, 1) >= 2 / 3 - 1e-12)
    return yes >= members / 3


def by_counting(chances: np.ndarray, rule_name: str) -> tuple[float, np.ndarray, np.ndarray]:
    """Every way the vote can fall, one by one."""
    members = len(chances)
    ways = np.array(list(product(ANSWERS, repeat=members)))
    outcome = adopted(ways, rule_name)
    total = outcome @ chances[np.arange(members), ways].prod(axis=1)
    up, across = np.zeros(members), np.zeros(members)
    for k in range(members):
        others = np.delete(np.arange(members), k)
        yes, rest, no = (outcome[ways[:, k] == answer] for answer in ANSWERS)
        weight = chances[others, ways[ways[:, k] == 0][:, others]].prod(axis=1)
        up[k] = weight @ (yes & ~rest)
        across[k] = weight @ (rest & ~no)
    return total, up, across


def distributions(largest: int) -> st.SearchStrategy[np.ndarray]:
    weights = st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any)
    rows = st.lists(weights, min_size=1, max_size=largest)
    return rows.map(lambda drawn: np.array([np.array(row) / sum(row) for row in drawn]))


@settings(max_examples=60, deadline=None)
@given(chances=distributions(5), rule=st.sampled_from(sorted(RULES)))
def test_result_and_pivots_equal_enumeration_to_1e_12(chances, rule):
    outcome = pivots(table(chances), RULES[rule])
    total, up, across = by_counting(chances, rule)
    assert outcome.adopted == pytest.approx(total, abs=1e-12)
    assert np.abs(outcome.members["abstain_to_yes"].to_numpy() - up).max() < 1e-12
    assert np.abs(outcome.members["no_to_abstain"].to_numpy() - across).max() < 1e-12


@pytest.mark.parametrize("rule", sorted(RULES))
def test_ten_members_equal_enumeration_to_1e_12(rule):
    chances = np.random.default_rng(7).dirichlet([1, 1, 1], size=10)
    outcome = pivots(table(chances), RULES[rule])
    total, up, across = by_counting(chances, rule)
    assert outcome.adopted == pytest.approx(total, abs=1e-12)
    assert np.abs(outcome.members["abstain_to_yes"].to_numpy() - up).max() < 1e-12
    assert np.abs(outcome.members["no_to_abstain"].to_numpy() - across).max() < 1e-12


@settings(max_examples=30, deadline=None)
@given(chances=distributions(60))
def test_counts_sum_to_one_and_their_mean_is_the_sum_of_chances(chances):
    outcome = pivots(table(chances), SIMPLE_MAJORITY)
    assert outcome.counts.sum() == pytest.approx(1.0, abs=1e-12)
    assert outcome.yes @ np.arange(len(outcome.yes)) == pytest.approx(chances[:, 0].sum(), abs=1e-9)
    margin = outcome.margin
    assert margin["probability"].sum() == pytest.approx(1.0, abs=1e-12)
    assert outcome.adopted == pytest.approx(
        margin.filter(pl.col("margin") > 0)["probability"].sum(), abs=1e-12
    )


def test_a_tie_between_two_certain_members_makes_the_third_decide():
    outcome = pivots(table(np.array([[1.0, 0, 0], [0, 0, 1.0], [0, 1.0, 0]])), SIMPLE_MAJORITY)
    assert outcome.adopted == 0.0
    assert outcome.members["abstain_to_yes"].to_list() == [0.0, 0.0, 1.0]
    assert outcome.members["no_to_abstain"].to_list() == [0.0, 1.0, 0.0]


def test_sixteen_of_forty_seven_can_call_a_special_session():
    answers = np.zeros((47, 3))
    answers[:16, 0] = answers[16:, 1] = 1.0
    assert pivots(table(answers), ONE_THIRD_REQUEST).adopted == 1.0
    answers[15] = [0, 1, 0]
    assert pivots(table(answers), ONE_THIRD_REQUEST).adopted == 0.0


def test_two_thirds_counts_those_voting_only():
    assert TWO_THIRDS.table(193)[128, 64]
    assert not TWO_THIRDS.table(193)[127, 64]
    assert not TWO_THIRDS.table(193)[0, 0]


def test_other_columns_come_through():
    outcome = pivots(table(np.array([[0.2, 0.3, 0.5]])).with_columns(iso3=pl.lit("FRA")), SIMPLE_MAJORITY)
    assert outcome.members.select("iso3", "abstain_to_yes", "no_to_abstain", "no_to_yes").row(0) == (
        "FRA",
        1.0,
        0.0,
        1.0,
    )


def test_rows_that_are_no_distribution_are_named():
    with pytest.raises(InvalidInput, match=r"row 3: the chances 0.5, 0.6, 0.1 are not a distribution"):
        pivots(table(np.array([[0.2, 0.3, 0.5], [0.5, 0.6, 0.1]])), SIMPLE_MAJORITY)
    with pytest.raises(InvalidInput, match="column p_no: the table of probabilities has no such column"):
        pivots(pl.DataFrame({"p_yes": [1.0], "p_abstain": [0.0]}), SIMPLE_MAJORITY)
