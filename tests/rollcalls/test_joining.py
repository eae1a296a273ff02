"""Several imports of one body: a vote counts once whatever its ids, and no two votes become one."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from onrecord.rollcalls.joining import Tables, join
from onrecord.rollcalls.same_votes import repeats

STATES = tuple(f"S{number:02d}" for number in range(20))


def votes(rcid: str, answers: dict[str, int] | None = None, changed: int = 0) -> pl.DataFrame:
    """Twenty answers, the first ones changed."""
    given = answers or {state: 3 if at < changed else 1 + at % 2 for at, state in enumerate(STATES)}
    return pl.DataFrame(
        {"rcid": rcid, "iso3": list(given), "vote": list(given.values()), "file": "a.csv", "row": 1}
    )


def call(rcid: str, symbol: str | None, day: date = date(2011, 12, 19), **more: object) -> pl.DataFrame:
    plain = {"rcid": rcid, "body": "unga", "session": 66, "date": day, "symbol": symbol, "title": None}
    return pl.DataFrame({**plain, "file": "a.csv", "row": 2, **more}, schema_overrides={"symbol": pl.String})


def tables(
    rcid: str, symbol: str | None, links: pl.DataFrame | None = None, changed: int = 0, **more: object
) -> Tables:
    return Tables(votes(rcid, changed=changed), call(rcid, symbol, **more), links)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("R/66/146", "A/RES/66/146"),
        ("A/RES/66/146 A", "R/66/146A"),
        ("R/25/2692", "A/RES/2692(XXV)"),
        ("R/39/148", "A/RES/39/148"),
        ("A/RES/2692 (XXV)", "A/RES/2692(XXV)"),
    ],
)
def test_a_vote_under_two_ids_counts_once(one: str, other: str) -> None:
    joined, aside = join([tables("7", one), tables("3881", other, changed=1)])
    assert joined.rollcalls["rcid"].to_list() == ["7"]
    assert joined.votes.height == len(STATES)
    assert joined.votes.filter(iso3="S00")["vote"].item() == 1
    assert aside.select("rule", "rcid").rows() == [("vote-twice", "3881")]
    assert f"the same as {one} of 2011-12-19 in a.csv, row 2" in aside["detail"].item()


@pytest.mark.parametrize(
    "later",
    [
        tables("9", "A/RES/66/147"),
        tables("9", "A/RES/66/146", day=date(2012, 3, 1)),
        tables("9", "A/RES/66/146", changed=6),
        tables("9", None),
    ],
    ids=["another text", "another day", "other answers", "no symbol"],
)
def test_another_vote_stays_another(later: Tables) -> None:
    joined, aside = join([tables("7", "R/66/146"), later])
    assert joined.rollcalls["rcid"].to_list() == ["7", "9"]
    assert aside.is_empty()


def test_of_votes_on_parts_of_one_text_the_most_alike_is_taken() -> None:
    known = pl.concat([votes("1", changed=2), votes("2")])
    calls = pl.concat([call("1", "R/66/146"), call("2", "R/66/146")])
    found = repeats(calls, known, call("3881", "A/RES/66/146"), votes("3881"))
    assert found.select("rcid", "rcid_known").rows() == [("3881", "2")]


def test_votes_that_both_know_by_the_same_id_are_not_taken_for_each_other() -> None:
    parts = pl.concat([call("1", "R/66/146"), call("2", "R/66/146")])
    answers = pl.concat([votes("1"), votes("2")])
    joined, aside = join([Tables(answers, parts, None), Tables(answers, parts, None)])
    assert joined.rollcalls["rcid"].to_list() == ["1", "2"]
    assert aside.is_empty()


def test_what_was_lacking_is_filled_in_and_what_was_known_stays() -> None:
    first = Tables(votes("7", {"S00": 1, "S01": 3}), call("7", "R/66/146", yes=None), None)
    later = Tables(
        votes("3881", {"S00": 1, "S02": 2}), call("3881", "A/RES/66/146", yes=110, hr=1, row=40), None
    )
    joined, _ = join([first, later])
    assert joined.votes.select("iso3", "vote").rows() == [("S00", 1), ("S01", 3), ("S02", 2)]
    assert joined.rollcalls.select("rcid", "yes", "hr", "row").rows() == [("7", 110, 1, 2)]


def test_repeated_texts_are_named_by_the_ids_that_stay() -> None:
    links = pl.DataFrame({"rcid1": ["7"], "rcid2": ["8"]})
    first = tables("3881", "A/RES/66/146")
    second = Tables(
        pl.concat([votes("7"), votes("8", changed=9)]),
        pl.concat([call("7", "R/66/146"), call("8", "R/67/180", day=date(2012, 12, 20))]),
        links,
    )
    joined, _ = join([first, second])
    assert joined.links is not None
    assert joined.links.rows() == [("3881", "8")]
