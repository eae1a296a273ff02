"""The Council's seats: 47 by 13, 13, 8, 7 and 6 whenever the Assembly has filled them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from onrecord.votes.bodies import council_members, members_on, regional_groups


@pytest.mark.parametrize(
    "day", [date(2006, 6, 29), date(2014, 3, 28), date(2019, 7, 12), date(2022, 10, 6), date(2024, 10, 10)]
)
def test_forty_seven_members_by_the_groups_of_the_founding_resolution(day):
    """A/RES/60/251, paragraph 7."""
    members = members_on(day)
    counts = dict(members.group_by("group").len().iter_rows())
    assert counts == {"AFRICA": 13, "ASIA_PACIFIC": 13, "EEG": 6, "GRULAC": 8, "WEOG": 7}
    assert members["iso3"].n_unique() == 47


def test_terms_change_hands_on_their_days():
    seats = {day: set(members_on(day)["iso3"]) for day in (date(2018, 6, 18), date(2018, 6, 20))}
    assert "USA" in seats[date(2018, 6, 18)]
    assert "USA" not in seats[date(2018, 6, 20)]


def test_every_term_has_a_source_and_every_member_a_group():
    assert council_members()["source_url"].str.starts_with("https://").all()
    assert regional_groups().height == 193
    assert set(council_members()["iso3"]) <= set(regional_groups()["iso3"])
    assert regional_groups()["group"].is_in(["AFRICA", "ASIA_PACIFIC", "EEG", "GRULAC", "WEOG"]).all()
    assert council_members().filter(pl.col("end") < pl.col("start")).is_empty()
