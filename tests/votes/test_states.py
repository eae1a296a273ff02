"""States through time: who sat when, and under which name."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from onrecord.votes.states import cow_codes, existed, names, states


@pytest.mark.parametrize(
    ("state", "day", "seated"),
    [
        ("TWN", date(1971, 10, 24), True),
        ("CHN", date(1971, 10, 24), False),
        ("CHN", date(1971, 10, 25), True),
        ("RUS", date(1950, 1, 1), True),
        ("SYR", date(1960, 1, 1), False),
        ("IDN", date(1965, 6, 1), False),
        ("DDR", date(1990, 10, 4), False),
        ("SSD", date(2011, 7, 14), True),
        ("XKX", date(2020, 1, 1), False),
    ],
)
def test_membership_follows_seats_unions_and_absences(state, day, seated):
    assert existed(pl.DataFrame({"iso3": [state], "date": [day]})).to_list() == [seated]


def test_no_date_gives_no_answer():
    rows = pl.DataFrame({"iso3": ["FRA"], "date": [None]}, schema_overrides={"date": pl.Date})
    assert existed(rows).to_list() == [None]


def test_every_spell_has_a_source_and_ends_after_it_began():
    table = states()
    assert table["source"].str.starts_with("https://").all()
    assert (table["first"] <= table["last"]).all()
    assert table.filter(status="member")["iso3"].n_unique() == 199


def test_today_has_193_members():
    table = states().filter(pl.col("status") == "member", pl.col("until").is_null())
    assert table["iso3"].n_unique() == table.height == 193


def test_names_are_the_latest():
    latest = dict(names().iter_rows())
    assert (latest["TUR"], latest["SWZ"], latest["COD"]) == (
        "Türkiye",
        "Eswatini",
        "Democratic Republic of the Congo",
    )


def test_a_number_never_means_two_states_in_one_year():
    codes = cow_codes()
    pairs = codes.join(codes, on="cow", suffix="_b").filter(pl.col("iso3") < pl.col("iso3_b"))
    overlap = pairs.filter(
        (pl.col("from_year") < pl.col("to_year_b")) & (pl.col("from_year_b") < pl.col("to_year"))
    )
    assert overlap.is_empty()
