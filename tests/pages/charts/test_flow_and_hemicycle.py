"""Flows balance; chambers hold every seat."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.pages import charts

from .examples import AS_OF

STAGES = [charts.Stage(name, "2020") for name in ("One", "Two", "Three")]


def draw(stages: list[charts.Stage], bands: list[charts.Band]) -> str:
    return str(charts.flow(stages, bands, picture_id="p", title="t", as_of=AS_OF))


def test_a_flow_that_loses_a_state_on_the_way_is_refused() -> None:
    bands = [
        charts.Band(0, "critical", "critical", ("Austria", "Japan")),
        charts.Band(1, "critical", "critical", ("Austria",)),
    ]
    with pytest.raises(ValueError, match="stage 'Two'"):
        draw(STAGES, bands)


def test_a_flow_needs_two_stages_and_bands_within_them() -> None:
    with pytest.raises(ValueError, match="at least two stages"):
        draw(STAGES[:1], [])
    with pytest.raises(ValueError, match="leaves stage 2"):
        draw(STAGES, [charts.Band(2, "critical", "critical", ("Austria",))])


def test_a_band_names_its_states_and_tells_movers_from_those_who_stay() -> None:
    mover = charts.Band(0, "supportive", "critical", ("Somalia",))
    assert mover.words() == "supportive, then critical: 1 state: Somalia"
    assert (
        charts.Band(0, "critical", "critical", ("Fiji", "Japan")).words()
        == "critical still: 2 states: Fiji, Japan"
    )


seats = st.lists(
    st.builds(
        charts.Seat,
        name=st.sampled_from(["Fiji", "Cuba", "India", "Chad"]),
        vote=st.sampled_from(["yes", "abstain", "no", "absent"]),
        probability=st.none() | st.floats(0, 1),
    ),
    max_size=200,
)


@given(seats)
def test_a_chamber_holds_every_seat_once(members: list[charts.Seat]) -> None:
    drawn = str(charts.hemicycle(members, picture_id="p", title="t", as_of=AS_OF))
    assert len(re.findall(r"<g><title>", drawn)) == len(members)


def test_seats_stand_from_yes_to_no_and_the_tally_is_said() -> None:
    votes: list[charts.Vote] = ["no"] * 19 + ["yes"] * 17 + ["abstain"] * 11
    members = [charts.Seat(f"{vote} {i}", vote) for i, vote in enumerate(votes)]
    drawn = str(charts.hemicycle(members, picture_id="p", title="t", as_of=AS_OF, yes_means="critical"))
    order = re.findall(r"<title>(yes|abstain|no) ", drawn)
    assert order == ["yes"] * 17 + ["abstain"] * 11 + ["no"] * 19
    assert "17 in favour, 11 abstaining, 19 against." in drawn


def test_a_bar_refuses_a_value_it_cannot_show() -> None:
    with pytest.raises(ValueError, match="below zero"):
        charts.bars([charts.Bar("x", -1, "-1")], picture_id="p", title="t", as_of=AS_OF, unit="people")


def test_more_cannot_be_filled_than_there_are() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        charts.one_each(2, 3, picture_id="p", title="t")
