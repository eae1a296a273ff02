"""Laws of the scales."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onrecord.model.dates import PartialDate
from onrecord.pages.charts.scales import Days, Scale, round_ticks, span

values = st.floats(-1e9, 1e9, allow_nan=False)
dates = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(values, values, values)
def test_a_scale_keeps_the_order_of_values(low: float, high: float, other: float) -> None:
    low, high = sorted((low, high))
    scale = Scale(low, high, 10, 700)
    assert scale(low) <= scale(high)
    if low <= other <= high:
        assert 10 - 1e-6 <= scale(other) <= 700 + 1e-6


@given(values)
def test_a_single_value_sits_in_the_middle(value: float) -> None:
    assert Scale(value, value, 10, 700)(value) == 355


@given(values, values)
def test_ticks_are_even_rising_and_within_the_range(low: float, high: float) -> None:
    low, high = sorted((low, high))
    assume(high - low > 1e-6 * max(abs(low), abs(high)))  # finer than that, a float has no even steps
    ticks = round_ticks(low, high)
    room = (high - low) * 1e-3
    assert all(low - room <= tick <= high + room for tick in ticks)
    steps = [b - a for a, b in pairwise(ticks)]
    assert all(step > 0 and step == pytest.approx(steps[0], rel=1e-3) for step in steps)
    assert len(ticks) <= 11


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0, 10, [0, 2, 4, 6, 8, 10]), (-85, 51, [-50, 0, 50]), (3, 3, [3])],
)
def test_ticks_are_the_numbers_a_person_would_choose(low: float, high: float, ticks: list[float]) -> None:
    assert round_ticks(low, high) == ticks


@pytest.mark.parametrize(("low", "high"), [(2, 1), (0, float("nan")), (0, float("inf"))])
def test_a_range_that_is_none_has_no_ticks(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="no ticks between"):
        round_ticks(low, high)


@given(st.lists(dates, max_size=8), dates)
def test_a_span_holds_every_day_and_the_chosen_one(days: list[date], as_of: date) -> None:
    first, last = span(days, as_of)
    assert all(first < day < last for day in [*days, as_of])


@given(dates, dates, dates)
def test_time_runs_in_one_direction(first: date, last: date, day: date) -> None:
    first, last = sorted((first, last))
    scale = Days(first, last, 0, 700)
    assert (scale(day) <= scale(last)) == (day <= last) or first == last


def test_a_month_stands_in_its_middle_and_a_day_on_itself() -> None:
    scale = Days(date(2020, 1, 1), date(2020, 12, 31), 0, 365)
    assert (
        scale.middle(PartialDate.parse("2020-03")) == (scale(date(2020, 3, 1)) + scale(date(2020, 3, 31))) / 2
    )
    assert scale.middle(PartialDate.parse("2020-03-05")) == scale(date(2020, 3, 5))


def test_years_are_thinned_until_their_labels_have_room() -> None:
    narrow = Days(date(1946, 1, 1), date(2026, 12, 31), 0, 700)
    assert [year for year, _ in narrow.whole_years()] == list(range(1950, 2027, 10))
    wide = Days(date(2019, 6, 1), date(2022, 6, 1), 0, 700)
    assert [year for year, _ in wide.whole_years()] == [2020, 2021, 2022]
