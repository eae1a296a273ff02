"""Where everybody stands: net of what was signed, joined and taken back by a day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import positions
from onrecord.model.kinds import Base
from onrecord.positions.stance import absences, stance_matrix, stances
from onrecord.record import KEEPER, Record

from ..making import act, state, table, text

LATE = date(2026, 1, 1)


def stood(as_of: date, *entries: Base) -> dict[tuple[str, str], str]:
    found = stances(table("instrument", *entries), table("position", *entries), as_of)
    return {(row["instrument"], row["actor"]): row["stance"] for row in found.iter_rows(named=True)}


@pytest.mark.parametrize(
    ("side", "what", "stance"),
    [
        ("critical", "sign", "critical"),
        ("critical", "join_late", "critical"),
        ("critical", "withdraw", "withdrew"),
        ("supportive", "sign", "supportive"),
        ("neutral", "sign", "neutral"),
        ("critical", "yes", "critical"),
        ("critical", "no", "supportive"),
        ("supportive", "yes", "supportive"),
        ("supportive", "no", "critical"),
        ("neutral", "no", "neutral"),
        ("critical", "abstain", "abstained"),
        ("critical", "absent", "absent"),
    ],
)
def test_the_side_of_an_act_belongs_to_the_text(side: str, what: str, stance: str) -> None:
    entries = (text("T", "2020-01-01", side), act("T", "AAA", what))
    assert stood(LATE, *entries) == {("T", "AAA"): stance}


def test_a_signature_taken_back_is_withdrawn_from_that_day_on() -> None:
    entries = (
        text("T", "2019-07-12"),
        act("T", "AAA"),
        act("T", "AAA", "withdraw", date="2019-07-18"),
    )
    assert stood(date(2019, 7, 11), *entries) == {}
    assert stood(date(2019, 7, 12), *entries) == {("T", "AAA"): "critical"}
    assert stood(date(2019, 7, 17), *entries) == {("T", "AAA"): "critical"}
    assert stood(date(2019, 7, 18), *entries) == {("T", "AAA"): "withdrew"}


def test_on_one_day_joining_comes_before_withdrawing_whatever_was_recorded_first() -> None:
    entries = (
        text("T", "2021-06-22"),
        act("T", "AAA", "withdraw", date="2021-06-24"),
        act("T", "AAA", "join_late", date="2021-06-24", date_is="by"),
    )
    assert stood(LATE, *entries) == {("T", "AAA"): "withdrew"}


def test_a_latest_possible_date_leaves_the_days_before_it_open() -> None:
    entries = (
        text("T", "2019-07-12"),
        act("T", "AAA", "join_late", date="2019-07-26", date_is="by"),
    )
    before = stances(table("instrument", *entries), table("position", *entries), date(2019, 7, 20))
    assert before.select("stance", "open_entries").row(0) == ("no_known_position", ["T/AAA/join_late"])
    assert stood(date(2019, 7, 11), *entries) == {}
    assert stood(date(2019, 7, 26), *entries) == {("T", "AAA"): "critical"}


def test_an_act_in_a_month_counts_from_the_end_of_the_month() -> None:
    entries = (text("T", "2025-11"), act("T", "AAA"))
    assert stood(date(2025, 11, 29), *entries) == {("T", "AAA"): "no_known_position"}
    assert stood(date(2025, 11, 30), *entries) == {("T", "AAA"): "critical"}


def test_the_entries_that_count_and_the_confidence_of_the_last_one_are_named() -> None:
    entries = (
        text("T", "2019-07-12"),
        act("T", "AAA"),
        act("T", "AAA", "withdraw", date="2019-07-18", confidence="unverified"),
    )
    row = stances(table("instrument", *entries), table("position", *entries), LATE).row(0, named=True)
    assert row["acts"] == ["sign", "withdraw"]
    assert row["entries"] == ["T/AAA/sign", "T/AAA/withdraw"]
    assert row["confidence"] == "unverified"
    assert (row["date"], row["date_is"]) == ("2019-07-18", "on")


def absent(*entries: Base, as_of: date = LATE) -> dict[tuple[str, str], str]:
    instruments, acts, actors = (table(kind, *entries) for kind in ("instrument", "position", "actor"))
    found = absences(instruments, acts, actors, as_of)
    return {(row["instrument"], row["actor"]): row["stance"] for row in found.iter_rows(named=True)}


@pytest.mark.parametrize(
    ("status", "kind", "meaning"),
    [
        ("complete", "letter", "did_not_sign"),
        ("complete", "vote", "had_no_vote"),
        ("partial", "letter", "no_known_position"),
        ("unverified", "letter", "no_known_position"),
        ("partial", "vote", "no_known_position"),
    ],
)
def test_only_absence_from_a_complete_list_is_a_fact(status: str, kind: str, meaning: str) -> None:
    entries = (
        text("T", "2020-01-01", status=status, instrument_kind=kind),
        act("T", "AAA", "yes" if kind == "vote" else "sign"),
        state("AAA"),
        state("BBB"),
    )
    assert absent(*entries) == {("T", "BBB"): meaning}


def test_nobody_is_absent_from_a_letter_that_no_state_could_sign() -> None:
    entries = (text("T", "2020-01-01"), state("AAA"))
    assert absent(*entries) == {}


def test_bodies_and_groups_are_never_absent() -> None:
    entries = (text("T", "2020-01-01"), act("T", "AAA"), state("AAA"), state("COUNCIL", type="body"))
    assert absent(*entries) == {}


def test_a_list_has_no_absentees_before_its_day() -> None:
    entries = (text("T", "2020-01-01"), act("T", "AAA"), state("AAA"), state("BBB"))
    assert absent(*entries, as_of=date(2019, 12, 31)) == {}


def test_whoever_may_have_joined_already_is_not_said_to_be_absent() -> None:
    entries = (
        text("T", "2019-07-12"),
        act("T", "AAA", "join_late", date="2019-07-26", date_is="by"),
        state("AAA"),
    )
    assert absent(*entries, as_of=date(2019, 7, 20)) == {}


def test_the_matrix_has_a_word_in_every_cell_of_every_list_on_record(xinjiang: Record) -> None:
    matrix = positions.stance_matrix(xinjiang.as_seen_by(KEEPER), as_of=date(2026, 11, 22), topics=())
    assert matrix.select(pl.all().is_null().any()).row(0) == (False,) * matrix.width
    somalia = matrix.row(by_predicate=pl.col("actor") == "SOM", named=True)
    assert somalia["hrc41-letter-37"] == "supportive"
    assert somalia["hrc51-l6-vote"] == "critical"
    assert somalia["unga78-3c-gbr-51"] == "did_not_sign"
    assert somalia["hrc50-cub-69"] == "no_known_position"
    assert "ngo-230-2022-06-08" not in matrix.columns


days = st.dates(date(2019, 1, 1), date(2024, 12, 31))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Base, ...]:
    """A text and what one state did on it, dates of every precision and kind."""
    on = draw(days)
    what = draw(st.lists(st.sampled_from(["sign", "join_late", "withdraw"]), unique=True, max_size=3))

    def later() -> str:
        day = on + timedelta(days=draw(st.integers(0, 400)))
        return draw(st.sampled_from([f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}"]))

    acts = [
        act("T", "AAA", name, date=later(), date_is=draw(st.sampled_from(["on", "by"])))
        if name != "sign"
        else act("T", "AAA", name)
        for name in what
    ]
    return (text("T", on.isoformat()), *acts)


@given(entries=histories(), as_of=days)
def test_a_stance_never_rests_on_an_act_that_may_lie_after_the_day(
    entries: tuple[Base, ...], as_of: date
) -> None:
    found = stances(table("instrument", *entries), table("position", *entries), as_of)
    for row in found.iter_rows(named=True):
        assert set(row["entries"]).isdisjoint(row["open_entries"])
        assert row["date_last"] is None or row["date_last"] <= as_of
        assert (row["stance"] == "no_known_position") == (not row["entries"])


@given(entries=histories(), as_of=days, more=st.integers(0, 500))
def test_what_has_been_done_stays_done(entries: tuple[Base, ...], as_of: date, more: int) -> None:
    tables = table("instrument", *entries), table("position", *entries)
    earlier = stances(*tables, as_of)["entries"].explode().drop_nulls()
    later = stances(*tables, as_of + timedelta(days=more))["entries"].explode().drop_nulls()
    assert set(earlier) <= set(later)


def test_the_matrix_of_no_texts_has_the_states_alone() -> None:
    matrix = stance_matrix(table("instrument"), table("position"), table("actor", state("AAA")), LATE)
    assert matrix.rows() == [("AAA", "Aaa")]
