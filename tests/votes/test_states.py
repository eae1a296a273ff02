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


def test_only_the_founders_took_their_seats_before_the_first_session():
    table = states().filter(pl.col("status") == "member")
    founders = table.filter(pl.col("change") == "founding")
    assert founders.height == 51
    assert founders["first"].max() < date(1946, 1, 10) < table.filter(change="admitted")["first"].min()


def test_spells_of_one_state_follow_each_other():
    spells = states().filter(pl.col("status") == "member").sort("iso3", "first")
    after = pl.col("first").shift(-1).over("iso3")
    assert spells.filter(after < pl.col("last")).is_empty()


def test_states_named_beside_a_change_are_states_of_the_table():
    table = states()
    assert set(table.filter(pl.col("other") != "")["other"]) <= set(table["iso3"])


# Roll calls of the first sessions carry the right month and a wrong day; one of 1970 a wrong month.
WRONG_MONTH = {("FJI", date(1970, 9, 1))}


def not_yet_members(votes: pl.DataFrame, calls: pl.DataFrame, key: str) -> pl.DataFrame:
    rows = votes.join(calls.select(key, pl.col("date").cast(pl.Date)), on=key).select("iso3", "date")
    return rows.filter(~existed(rows).fill_null(True)).unique()


def test_whoever_voted_in_the_assembly_was_a_member_that_day_or_within_its_month(shared):
    votes, calls = (pl.read_parquet(shared / "unga" / f"{name}.parquet") for name in ("votes", "rollcalls"))
    early = not_yet_members(votes, calls, "rcid")
    by_the_end = early.with_columns(pl.col("date").dt.month_end())
    strange = early.filter(~existed(by_the_end))
    assert set(strange.iter_rows()) == WRONG_MONTH


def test_whoever_voted_in_the_security_council_was_a_member_that_day(shared):
    votes, calls = (
        pl.read_parquet(shared / "unga" / f"sc_{name}.parquet") for name in ("votes", "rollcalls")
    )
    assert not_yet_members(votes, calls, "undl_id").is_empty()


def test_whoever_voted_on_human_rights_was_a_member_that_day(shared):
    votes, calls = (
        pl.read_parquet(shared / "unga" / f"hrc_{name}.parquet") for name in ("votes", "rollcalls")
    )
    strange = not_yet_members(votes, calls, "hrid")
    # The source writes CHN for the Chinese seat before 1971, and ARE for the United Arab Republic.
    assert set(strange["iso3"]) == {"CHN", "ARE"}
    assert strange["date"].max() < date(1971, 10, 25)


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
