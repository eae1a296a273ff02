"""What became of a promise, on any day, and with the honesty of its dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import promises
from onrecord.promises.outcome import outcomes
from onrecord.record import KEEPER, Record

from ..making import promise, table

TODAY = date(2026, 11, 22)


def found(as_of: date, **fields: Any) -> tuple[str, int | None, int | None]:
    row = outcomes(table("promise", promise(**fields)), as_of).row(0, named=True)
    return row["outcome"], row["days_least"], row["days_most"]


CASES = [
    # as_of, fields, outcome
    ("2022-01-01", {}, ("waiting", 731, 731)),
    ("2020-01-01", {}, ("waiting", 0, 0)),
    ("2020-02-10", {"due": "2020-02-10", "due_basis": "b"}, ("not_due_yet", 0, 0)),
    ("2020-02-01", {"due": "2020-02-10", "due_basis": "b"}, ("not_due_yet", 9, 9)),
    ("2020-02-11", {"due": "2020-02-10", "due_basis": "b"}, ("overdue", 1, 1)),
    ("2020-02-29", {"due": "2020-02", "due_basis": "b"}, ("not_due_yet", 0, 0)),
    ("2020-03-01", {"due": "2020-02", "due_basis": "b"}, ("overdue", 1, 1)),
    ("2021-01-01", {"due": "2020", "due_basis": "b"}, ("overdue", 1, 1)),
    ("2021-01-01", {"kept_on": "2020-03-01"}, ("kept", 60, 60)),
    ("2021-01-01", {"kept_on": "2020-02-10", "due": "2020-02-10", "due_basis": "b"}, ("kept", 40, 40)),
    ("2021-01-01", {"kept_on": "2020-02-11", "due": "2020-02-10", "due_basis": "b"}, ("kept_late", 1, 1)),
    ("2021-01-01", {"kept_on": "2020-10", "due": "2020-08", "due_basis": "b"}, ("kept_late", 31, 61)),
    ("2021-01-01", {"kept_on": "2020-02", "due": "2020-02-10", "due_basis": "b"}, ("kept", 31, 59)),
    ("2020-10-30", {"kept_on": "2020-10", "due": "2020-08", "due_basis": "b"}, ("overdue", 60, 60)),
    ("2021-01-01", {"broken_on": "2020-05-01", "broken_by": "E"}, ("broken", 121, 121)),
    ("2020-04-30", {"broken_on": "2020-05-01", "broken_by": "E"}, ("waiting", 120, 120)),
    ("2021-01-01", {"broken_on": "2020-05-01"}, ("waiting", 366, 366)),
    ("2021-01-01", {"broken_by": "E"}, ("waiting", 366, 366)),
    (
        "2021-01-01",
        {"kept_on": "2020-06-01", "broken_on": "2020-05-01", "broken_by": "E"},
        ("kept", 152, 152),
    ),
    ("2021-01-01", {"unratable": "Too vague."}, ("cannot_be_rated", None, None)),
    ("2020-12-31", {"made_on": "2020"}, ("waiting", 0, 365)),
]


@pytest.mark.parametrize(("as_of", "fields", "outcome"), CASES)
def test_the_outcome_of_a_promise(as_of: str, fields: dict[str, Any], outcome: tuple[str, int, int]) -> None:
    assert found(date.fromisoformat(as_of), **fields) == outcome


def test_before_it_was_surely_made_a_promise_is_not_there() -> None:
    table_ = table("promise", promise(made_on="2020-05"))
    assert outcomes(table_, date(2020, 5, 30)).is_empty()
    assert outcomes(table_, date(2020, 5, 31)).height == 1


def test_what_happened_later_is_not_told() -> None:
    given_ = promise(
        kept_on="2020-06-01", kept_by="E", checked="2020-07-01", broken_on="2020-08-01", broken_by="F"
    )
    row = outcomes(table("promise", given_), date(2020, 5, 31)).row(0, named=True)
    hidden = ("kept_on", "kept_by", "broken_on", "broken_by", "checked")
    assert [row[name] for name in hidden] == [None] * 5


def test_an_open_promise_says_since_when_nobody_has_looked() -> None:
    row = outcomes(table("promise", promise(checked="2020-03-01")), date(2020, 12, 31)).row(0, named=True)
    assert row["sentence"] == "Waiting for 365 days; no due date. Not checked since 1 March 2020."


def test_a_late_promise_with_a_month_for_a_date_is_told_as_a_range() -> None:
    fields = {"due": "2019-08", "due_basis": "one year", "kept_on": "2019-10", "made_on": "2018-08"}
    row = outcomes(table("promise", promise(**fields)), TODAY).row(0, named=True)
    assert row["sentence"] == "Kept in October 2019, 31 to 61 days late."


# The telling gaps of the research note, on 22 November 2026.
SHIPPED = [
    ("P-01", "aspiration", "kept_late", 67, 67),
    ("P-03", "promise", "kept", 352, 352),
    ("P-04", "promise", "kept_late", 222, 222),
    ("P-11", "promise", "broken", 104, 104),
    ("P-16", "obligation", "kept_late", 31, 61),
    ("P-17", "promise", "kept", 114, 114),
    ("P-18", "ask", "overdue", 1543, 1543),
    ("P-21", "ask", "waiting", 1544, 1544),
    ("P-23", "obligation", "overdue", 601, 601),
    ("P-24", "obligation", "overdue", 540, 540),
    ("P-25", "ask", "overdue", 1159, 1159),
    ("P-30", "promise", "kept", 627, 627),
]


@pytest.mark.parametrize("expected", SHIPPED, ids=lambda line: line[0])
def test_the_shipped_promises_have_the_days_that_research_counted(
    xinjiang: Record, expected: tuple[str, str, str, int, int]
) -> None:
    row = promises.outcomes(xinjiang.as_seen_by(KEEPER), as_of=TODAY).row(
        by_predicate=pl.col("id") == expected[0], named=True
    )
    fields = ("promise_class", "outcome", "days_least", "days_most")
    assert tuple(row[name] for name in fields) == expected[1:]


def test_the_assessment_was_still_overdue_the_day_before_it_was_published(xinjiang: Record) -> None:
    row = promises.outcomes(xinjiang.as_seen_by(KEEPER), as_of=date(2022, 8, 30)).row(
        by_predicate=pl.col("id") == "P-04", named=True
    )
    assert (row["outcome"], row["days_least"], row["kept_on"]) == ("overdue", 221, None)


days = st.dates(date(2015, 1, 1), date(2025, 12, 31))


@st.composite
def dated(draw: st.DrawFn) -> dict[str, str]:
    """The dates of a promise in any precision, none before it was made."""
    made = draw(days)

    def some(day: date) -> str:
        return draw(st.sampled_from([f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}"]))

    fields = {"made_on": some(made)}
    for name in ("due", "kept_on", "broken_on"):
        if draw(st.booleans()):
            fields[name] = some(made + timedelta(days=draw(st.integers(400, 1500))))
    if "due" in fields:
        fields["due_basis"] = "basis"
    if draw(st.booleans()):
        fields["broken_by"] = "E"
    return fields


@given(fields=dated(), as_of=days)
def test_outcomes_obey_their_rules_for_any_dates(fields: dict[str, str], as_of: date) -> None:
    rows = outcomes(table("promise", promise(**fields)), as_of).rows(named=True)
    for row in rows:
        outcome, least, most = row["outcome"], row["days_least"], row["days_most"]
        assert least <= most
        assert outcome != "overdue" or ("due" in fields and least > 0)
        assert outcome != "waiting" or "due" not in fields
        assert outcome != "broken" or {"broken_on", "broken_by"} <= set(fields)
        assert outcome not in ("kept_late",) or (least > 0 and "due" in fields)
        assert least >= 0


@given(fields=dated(), as_of=days, more=st.integers(1, 2000))
def test_time_never_unmakes_a_kept_promise(fields: dict[str, str], as_of: date, more: int) -> None:
    table_ = table("promise", promise(**fields))
    now, later = outcomes(table_, as_of), outcomes(table_, as_of + timedelta(days=more))
    assert now.height <= later.height
    if now.height and now["outcome"][0] in ("kept", "kept_late"):
        assert now.drop("broken_on", "broken_by").equals(later.drop("broken_on", "broken_by"))


@given(fields=dated(), as_of=days)
def test_an_overdue_promise_is_one_day_more_overdue_tomorrow(fields: dict[str, str], as_of: date) -> None:
    table_ = table("promise", promise(**fields))
    today, tomorrow = outcomes(table_, as_of), outcomes(table_, as_of + timedelta(days=1))
    if today.height and today["outcome"][0] == tomorrow["outcome"][0] in ("overdue", "waiting"):
        assert tomorrow["days_least"][0] == today["days_least"][0] + 1
        assert tomorrow["days_most"][0] == today["days_most"][0] + 1
