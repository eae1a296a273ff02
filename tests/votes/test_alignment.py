"""Agreement of two states by its standard definitions, on tables small enough to count by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.votes.alignment import agreement, wilson


def table(**answers: list[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    count = len(next(iter(answers.values())))
    rows = [(k, state, vote) for state, given_ in answers.items() for k, vote in enumerate(given_) if vote]
    votes = pl.DataFrame(rows, schema=["rcid", "iso3", "vote"], orient="row")
    return votes, pl.DataFrame({"rcid": range(count), "session": [1] * count})


def one(frame: pl.DataFrame, actor: str, other: str, part: str = "all") -> dict[str, float]:
    return frame.filter(actor=actor, other=other, part=part).row(0, named=True)


def test_agreement_and_s_score_by_hand():
    votes, calls = table(A=[1, 1, 2, 3], B=[1, 2, 2, 1])
    row = one(agreement(votes, calls, {"B": ["B"]}), "A", "B")
    assert row["rollcalls"] == 4
    assert row["agreement"] == 0.5
    # Distances 0, 1/2, 0, 1 of the whole: S = 1 - 2 * 1.5 / 4.
    assert row["s_score"] == pytest.approx(0.25)


def test_kappa_and_pi_are_the_textbook_figures():
    """Two raters, 50 cases: both yes 20, both no 15, A yes B no 5, A no B yes 10; kappa 0.4 (Cohen, 1960)."""
    a, b = [1] * 25 + [3] * 25, [1] * 20 + [3] * 5 + [1] * 10 + [3] * 15
    row = one(agreement(*table(A=a, B=b), {"B": ["B"]}, distance="nominal"), "A", "B")
    assert row["agreement"] == pytest.approx(0.7)
    assert row["kappa"] == pytest.approx(0.4)
    pooled = 55 / 100
    expected = pooled**2 + (1 - pooled) ** 2
    assert row["pi"] == pytest.approx((0.7 - expected) / (1 - expected))


def test_absence_of_either_leaves_the_roll_call_out():
    row = one(agreement(*table(A=[1, 0, 1], B=[1, 1, 0]), {"B": ["B"]}), "A", "B")
    assert (row["rollcalls"], row["agreement"]) == (1, 1.0)


def test_consensus_is_counted_apart():
    many = {f"S{k:02d}": [1, 1 + k % 3] for k in range(40)}
    votes, calls = table(**many)
    frame = agreement(votes, calls, {"S00": ["S00"]})
    assert one(frame, "S01", "S00")["agreement"] == 0.5
    assert one(frame, "S01", "S00", "consensus")["agreement"] == 1.0
    assert one(frame, "S01", "S00", "divided")["agreement"] == 0.0


def test_bloc_is_its_members_without_the_state_itself():
    frame = agreement(*table(A=[1, 1], B=[1, 3], C=[3, 3]), {"AB": ["A", "B"], "A": ["A"]})
    assert one(frame, "A", "AB")["agreement"] == 0.5
    assert one(frame, "C", "AB")["agreement"] == 0.25
    assert frame.filter(actor="A", other="A").is_empty()


def test_full_agreement_by_chance_alone_has_no_kappa():
    row = one(agreement(*table(A=[1, 1], B=[1, 1]), {"B": ["B"]}), "A", "B")
    assert (row["agreement"], row["kappa"], row["pi"]) == (1.0, None, None)


@settings(max_examples=40, deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=30))
def test_measures_are_symmetric_and_bounded(pairs):
    a, b = [list(side) for side in zip(*pairs, strict=True)]
    frame = agreement(*table(A=a, B=b), {"A": ["A"], "B": ["B"]})
    left, right = one(frame, "A", "B"), one(frame, "B", "A")
    for name in ("agreement", "s_score", "pi", "kappa"):
        assert left[name] == pytest.approx(right[name]) or left[name] is right[name] is None
    rounding = 1e-12
    assert 0 <= left["agreement_q05"] <= left["agreement"] + rounding
    assert left["agreement"] - rounding <= left["agreement_q95"] <= 1
    assert -1 <= left["s_score"] <= 1


def test_wilson_interval_is_the_published_one():
    """15 of 148 (Newcombe, 1998, Statistics in Medicine 17:857-872) at 95%: 0.0624 to 0.1605; here at 90%, inside."""
    low, high = wilson(np.array([15 / 148]), np.array([148.0]))
    assert 0.0624 < low[0] < 15 / 148 < high[0] < 0.1605
