"""Six appearances, told apart without colour."""

from __future__ import annotations

import re

import pytest

from onrecord.pages import charts
from onrecord.pages.charts.appearance import CRITICAL, PAPER, SUPPORTIVE, fill, mark, textures

from .examples import AS_OF, day, world_map


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_two_sides_stand_out_from_the_paper_and_differ_in_lightness() -> None:
    assert contrast(CRITICAL, PAPER) >= 4.5
    assert contrast(SUPPORTIVE, PAPER) >= 2.8
    assert contrast(CRITICAL, SUPPORTIVE) >= 2.5


def test_every_stance_is_filled_differently() -> None:
    assert len({fill(stance, "p") for stance in charts.STANCES}) == len(charts.STANCES)


def test_every_stance_has_another_shape_as_a_point() -> None:
    shapes = set()
    for stance in charts.STANCES:
        drawn = str(mark(stance, 10, 10, 5, "p"))
        elements = "".join(re.findall(r"<(\w+)", drawn))
        shapes.add((elements, "dasharray" in drawn, fill(stance, "p") if elements == "circle" else ""))
    assert len(shapes) == len(charts.STANCES)


def test_unknown_is_hatched_and_never_a_paler_side() -> None:
    hatch = str(textures("p", {"unknown"}))
    assert 'id="p-unknown"' in hatch
    assert CRITICAL not in hatch
    assert SUPPORTIVE not in hatch
    drawn = str(world_map())
    group = re.search(r'<g fill="([^"]+)"[^>]*class="stance-unknown"', drawn)
    assert group is not None
    assert group[1] == "url(#p-unknown)"


def test_a_member_that_the_data_leave_out_is_drawn_as_unknown() -> None:
    drawn = str(charts.world_map([], picture_id="p", title="Nobody", as_of=AS_OF))
    assert "193 no known position" in drawn
    assert 'class="stance-critical"' not in drawn


@pytest.mark.parametrize("iso3", ["TUV", "NRU", "SMR", "SGP", "MDV", "LIE"])
def test_a_small_state_has_a_dot(iso3: str) -> None:
    state = charts.MapState(iso3, "A small state", "critical", "states/x/")
    drawn = str(charts.world_map([state], picture_id="p", title="One", as_of=AS_OF))
    anchor = drawn.partition("<a ")[2].partition("</a>")[0]
    assert "<circle" in anchor


def test_every_member_of_the_united_nations_can_be_seen_on_the_map() -> None:
    drawn = str(charts.world_map([], picture_id="p", title="Nobody", as_of=AS_OF))
    group = drawn.partition('class="stance-unknown"')[2]
    assert len(re.findall(r"<title>[A-Z]{3}: no known position</title>", group)) == 193


def test_a_badge_says_its_stance_in_words_and_hides_its_sign_from_a_screen_reader() -> None:
    badge = str(charts.stance_badge("not_signed"))
    assert "did not sign (complete list)" in badge
    assert 'aria-hidden="true"' in badge
    assert "signed late" in charts.stance_badge("critical", "signed late")


def test_a_legend_lists_what_is_used_in_a_fixed_order() -> None:
    words = re.findall(r"</span>([^<]+)</span>", str(charts.legend(["unknown", "critical"])))
    assert words == ["critical", "no known position"]


def test_the_day_after_the_chosen_one_is_not_shown() -> None:
    late = charts.StanceMark(day("2026-11-23"), "critical", "Tomorrow", "i/x/")
    drawn = charts.strip([charts.StripRow("Haiti", (late,))], picture_id="p", title="None", as_of=AS_OF)
    assert "Tomorrow" not in drawn
