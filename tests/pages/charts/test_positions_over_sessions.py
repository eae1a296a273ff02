"""One to five states on one chart."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.pages import charts
from onrecord.pages.charts.positions_over_sessions import _apart

from .examples import five_positions_over_sessions


def line(name: str) -> charts.StateLine:
    return charts.StateLine(name, (charts.SessionPosition(70, 0.0, -0.1, 0.1),))


@pytest.mark.parametrize("count", [0, 6])
def test_more_lines_than_a_reader_can_tell_apart_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        charts.positions_over_sessions(
            *map(line, "ABCDEF"[:count]), picture_id="p", title="t", as_of=date(2026, 1, 1)
        )


def test_no_two_states_share_a_way_of_drawing_a_line() -> None:
    drawn = str(
        charts.positions_over_sessions(*map(line, "ABCDE"), picture_id="p", title="t", as_of=date(2026, 1, 1))
    )
    dashes = [re.search(r'stroke-dasharray="([^"]+)"', tag) for tag in re.findall(r"<polyline [^>]*>", drawn)]
    assert len({found and found[1] for found in dashes}) == 5


def test_a_state_without_positions_leaves_the_look_of_the_others_alone() -> None:
    drawn = str(five_positions_over_sessions())
    assert "Oman" not in drawn
    assert len(re.findall("<polyline", drawn)) == 4


@given(st.lists(st.floats(0, 300), min_size=1, max_size=5))
def test_names_never_overlap_and_keep_their_order(places: list[float]) -> None:
    moved = _apart(sorted(places))
    assert len(moved) == len(places)
    assert all(b - a >= 18 - 1e-6 for a, b in pairwise(moved))


@given(st.lists(st.integers(0, 10).map(lambda n: n * 30.0), min_size=1, max_size=5, unique=True))
def test_names_with_room_stay_where_their_lines_end(places: list[float]) -> None:
    assert _apart(sorted(places)) == pytest.approx(sorted(places))
