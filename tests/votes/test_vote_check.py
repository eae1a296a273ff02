"""The checker finds what is wrong in public roll calls and leaves out what a stated rule says."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from onrecord.errors import UsageError
from onrecord.votes.check import EXCLUDED, RULES, findings, without
from onrecord.votes.importers import import_roll_calls

DAY = date(2016, 9, 30)


def call(**fields: object) -> pl.DataFrame:
    row = {"rcid": "r1", "session": 71, "date": DAY, "body": "unga", "symbol": "s1", "title": "t", **fields}
    return pl.DataFrame([row])


def votes(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["rcid", "iso3", "vote"], orient="row")


def ids(found: pl.DataFrame) -> list[tuple[str, str | None]]:
    return list(found.select("rule", "iso3").iter_rows())


def test_answers_that_add_up_raise_nothing():
    assert findings(votes(("r1", "FRA", 1), ("r1", "USA", 3)), call(yes=1, no=1, abstain=0)).is_empty()


def test_tally_that_differs_is_told_with_both_counts():
    found = findings(votes(("r1", "FRA", 1), ("r1", "USA", 3)), call(yes=2, no=1, abstain=0))
    assert found.select("rule", "detail").row(0) == (
        "tally-differs",
        "counted 1-1-0, published 2-1-0 (yes-no-abstain)",
    )


def test_voter_that_is_no_member_that_day_and_member_that_is_missing():
    members = pl.DataFrame(
        {
            "iso3": ["FRA", "USA", "MEX"],
            "start": [date(2015, 1, 1)] * 3,
            "end": [None, date(2016, 9, 29), date(2016, 9, 30)],
        }
    )
    found = findings(votes(("r1", "FRA", 1), ("r1", "USA", 3)), call(), membership=members)
    assert found.select("rule", "iso3", "detail").rows() == [
        ("not-a-member", "USA", "listed as voting no"),
        ("member-missing", None, "MEX"),
    ]


def test_state_that_did_not_exist_yet():
    assert ids(
        findings(votes(("r1", "SSD", 1), ("r1", "CHN", 3)), call(date=date(1960, 12, 1), session=15))
    ) == [
        ("no-such-state", "SSD"),
        ("no-such-state", "CHN"),
    ]


def test_state_listed_twice_with_one_answer_and_with_two():
    rows = votes(("r1", "FRA", 1), ("r1", "FRA", 1), ("r1", "USA", 1), ("r1", "USA", 3))
    assert ids(findings(rows, call())) == [("answer-twice", "FRA"), ("answers-differ", "USA")]


def test_roll_call_given_twice_under_two_numbers():
    rows = votes(("r1", "FRA", 1), ("r1", "USA", 3), ("r2", "USA", 3), ("r2", "FRA", 1))
    found = findings(rows, pl.concat([call(), call(rcid="r2")]))
    assert found.select("rule", "rcid", "detail").rows() == [("rollcall-twice", "r2", "same as r1")]


def test_roll_call_given_twice_without_a_symbol_is_known_by_its_title():
    rows = votes(("r1", "FRA", 1), ("r1", "USA", 3), ("r2", "USA", 3), ("r2", "FRA", 1))
    unnamed = {"symbol": None, "title": "Situation of human rights"}
    calls = pl.concat([call(**unnamed), call(rcid="r2", **unnamed), call(rcid="r3", symbol=None, title=None)])
    assert findings(rows, calls).select("rule", "rcid").rows() == [("rollcall-twice", "r2")]


def test_sessions_counted_by_the_year_are_not_held_against_the_assembly_s_numbers():
    assert findings(votes(("r1", "FRA", 1)), call(session=DAY.year)).is_empty()


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"date": None}, "no date"),
        ({"date": date(1940, 1, 1)}, "before the United Nations"),
        ({"date": date(2027, 1, 1), "session": 81}, "yet to come"),
        ({"date": date(2014, 1, 1)}, "session 71 sat in 2016 and 2017"),
    ],
)
def test_dates_that_cannot_be(fields, detail):
    calls = call(**fields).with_columns(pl.col("date").cast(pl.Date))
    found = findings(votes(("r1", "FRA", 1)), calls, as_of=date(2026, 1, 1))
    assert found.filter(rule="impossible-date")["detail"].to_list() == [detail]


@pytest.mark.parametrize(
    ("title", "undoes"),
    [
        ("Discontinuation of the mandate of Special Rapporteur on Eritrea", True),
        ("Motion for no action on draft resolution L.6", True),
        ("Postponement of the renewal of the mandate", True),
        ("Situation of human rights in Eritrea", False),
        ("Mandate of the Special Rapporteur on Belarus", False),
    ],
)
def test_titles_that_undo_something(title, undoes):
    found = findings(votes(("r1", "FRA", 1)), call(title=title))
    assert (found["rule"].to_list() == ["reversed"]) is undoes


def test_exclusion_follows_the_rules_named_and_can_be_switched_off():
    rows = votes(("r1", "FRA", 1), ("r1", "FRA", 1), ("r1", "USA", 1), ("r1", "USA", 3), ("r1", "MEX", 2))
    found = findings(rows, call(yes=9, no=0, abstain=0))
    kept, dropped = without(rows, found)
    assert kept.rows() == [("r1", "FRA", 1), ("r1", "MEX", 2)]
    assert dropped["rule"].to_list() == ["answer-twice", "answers-differ", "answers-differ"]
    assert without(rows, found, ())[0].equals(rows)
    assert without(rows, found, ["tally-differs"])[0].is_empty()
    with pytest.raises(UsageError, match="There is no rule 'tally'"):
        without(rows, found, ["tally"])


def test_default_exclusions_are_the_rules_marked_so():
    assert EXCLUDED == ("not-a-member", "answer-twice", "answers-differ", "no-rollcall")
    assert all(rule.scope in {"vote", "rollcall"} for rule in RULES.values())


def test_known_faults_of_the_council_files_are_found(shared):
    files = {name: (shared / "hrc" / name).read_bytes() for name in ("votes.csv", "resolutions.csv")}
    (council,) = import_roll_calls(files)
    members = pl.read_csv(shared / "hrc" / "membership.csv", try_parse_dates=True)
    found = findings(council.votes, council.rollcalls, membership=members)
    assert found.filter(rule="tally-differs").height == 126
    strangers = found.filter(rule="not-a-member")
    for symbol in ("A/HRC/33/L.34", "A/HRC/33/L.35"):
        assert strangers.filter(rcid=symbol).height == 9
        assert found.filter(rule="member-missing", rcid=symbol)["detail"][0].count(",") == 8
    assert strangers.filter(rcid="A/HRC/50/L.48")["iso3"].to_list() == ["DZA"]
    assert "ARG" in found.filter(rule="member-missing", rcid="A/HRC/50/L.48")["detail"][0]
    assert "BRA" in found.filter(rule="member-missing", rcid="A/HRC/51/L.43")["detail"][0]
    assert "A/HRC/59/L.1/Rev.1" in found.filter(rule="reversed")["rcid"].to_list()
