"""Dates with precision: read, written, compared and counted as the intervals they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model.dates import PartialDate, between, days_in_words

any_day = st.dates(date(1, 1, 1), date(9999, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(any_day)
    shape = draw(st.sampled_from(["{:04d}", "{:04d}-{:02d}", "{:04d}-{:02d}-{:02d}"]))
    return PartialDate.parse(shape.format(day.year, day.month, day.day))


@given(partial_dates())
def test_reading_what_was_written_gives_the_same_date(day: PartialDate) -> None:
    assert PartialDate.parse(str(day)) == day


@given(any_day)
def test_a_day_lies_in_its_month_and_its_month_in_its_year(day: date) -> None:
    exact, month, year = (PartialDate.parse(text) for text in (str(day), str(day)[:7], str(day)[:4]))
    assert year.first <= month.first <= exact.first == day == exact.last <= month.last <= year.last
    assert (exact.precision, month.precision, year.precision) == ("day", "month", "year")
    assert month.first.day == 1
    if month.last != date.max:
        assert (month.last + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "text",
    [
        "", "18", "2018-", "2018-5", "2018-5-4", "2018-13", "2018-00", "2018-02-29", "2018-02-30", "2018-06-31",
        "0000", "2018-05-24T00:00", " 2018", "2018 ", "2018-05-24\n", "-2018", "２０１８", "2018/05", "24.5.2018",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a d"):
        PartialDate.parse(text)


@given(partial_dates(), partial_dates())
def test_before_is_certain_exactly_when_every_pair_of_days_agrees(a: PartialDate, b: PartialDate) -> None:
    answer = a.before(b)
    always = a.last < b.first
    never = a.first >= b.last
    assert answer is (True if always else False if never else None)


@given(partial_dates(), partial_dates())
def test_two_dates_are_never_both_before_each_other(a: PartialDate, b: PartialDate) -> None:
    assert not (a.before(b) and b.before(a))


@given(partial_dates(), partial_dates(), partial_dates())
def test_before_is_transitive(a: PartialDate, b: PartialDate, c: PartialDate) -> None:
    if a.before(b) and b.before(c):
        assert a.before(c)


def test_the_month_of_a_day_is_neither_before_nor_after_it() -> None:
    month, day = PartialDate.parse("2018-05"), PartialDate.parse("2018-05-24")
    assert month.before(day) is None
    assert day.before(month) is None


@given(partial_dates(), partial_dates())
def test_the_span_between_two_dates_holds_the_span_between_any_two_of_their_days(
    a: PartialDate, b: PartialDate
) -> None:
    least, most = between(a, b)
    assert least <= (b.first - a.first).days <= most
    assert least <= (b.last - a.last).days <= most
    assert most - least == (a.last - a.first).days + (b.last - b.first).days


@given(partial_dates(), any_day)
def test_the_days_until_a_day_are_the_span_to_it(a: PartialDate, day: date) -> None:
    assert a.days_until(day) == between(a, PartialDate.parse(f"{day:%Y-%m-%d}".rjust(10, "0")))


@pytest.mark.parametrize(
    ("text", "words"), [("2018", "2018"), ("2018-05", "May 2018"), ("2018-05-04", "4 May 2018")]
)
def test_a_date_in_words_says_no_more_than_is_known(text: str, words: str) -> None:
    assert PartialDate.parse(text).words() == words


@pytest.mark.parametrize(
    ("span", "words"),
    [((1, 1), "1 day"), ((0, 0), "0 days"), ((31, 61), "31 to 61 days"), ((1543, 1543), "1,543 days"), ((0, 1), "0 to 1 days")],
)  # fmt: skip
def test_a_span_in_words_shows_both_ends_where_they_differ(span: tuple[int, int], words: str) -> None:
    assert days_in_words(*span) == words
