"""The page of one roll call, and what the page of a vote on record says beyond its list."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import EntryNotFound
from onrecord.pages.answers.roll_call import turning_in_words
from onrecord.pages.answers.signed_before import differing
from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked, Page
from onrecord.pages.render import render
from onrecord.pages.routes import every_path, page_at
from onrecord.record import KEEPER, Record
from tests.rollcalls.test_forecasts import record

__all__ = ["record"]

DAY = date(2026, 1, 1)


def page(record: Record, path: str) -> tuple[Page, Asked]:
    asked = Asked(findings_for(record, record.as_seen_by(KEEPER), DAY))
    return page_at(path, asked), asked


def test_a_roll_call_shows_everybody_with_the_last_answer_on_the_matter(record: Record) -> None:
    shown, asked = page(record, "votes/hrc/call/A/HRC/RES/5/1/")
    answers = shown.tables["answers"]
    assert answers.height == 7
    assert (answers["answer"] == answers["before"]).all()
    assert answers["before_date"].unique().to_list() == [date(2011, 4, 10)]
    html = render(shown, asked, live=False)
    assert "0 of 7 answered otherwise than the last time" in html
    assert "Who changed since last time" in html
    assert 'href="votes.svg"' in html


def test_the_first_on_a_matter_has_nothing_to_compare_with(record: Record) -> None:
    shown, asked = page(record, "votes/hrc/call/A/HRC/RES/0/1/")
    assert shown.tables["answers"]["before"].is_null().all()
    assert "no earlier vote on the same matter" in shown.finding
    assert "Who changed since last time" not in render(shown, asked, live=False)


def test_a_roll_call_that_is_not_there_is_named(record: Record) -> None:
    with pytest.raises(EntryNotFound, match="A/HRC/RES/99/1"):
        page(record, "votes/hrc/call/A/HRC/RES/99/1/")


def test_every_listed_roll_call_is_among_the_pages_and_leads_there(record: Record) -> None:
    findings = findings_for(record, record.as_seen_by(KEEPER), DAY)
    paths = [path for path in every_path(findings) if path.startswith("votes/hrc/call/")]
    html = render(*page(record, "votes/hrc/"), live=False)
    assert len(paths) == 30
    assert all(f'href="../../{path}"' in html for path in paths)


def carried(yes: int, no: int) -> bool:
    return yes > no


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_changes_named_would_have_turned_it_and_one_less_would_not(
    yes: int, no: int, abstain: int
) -> None:
    said = turning_in_words(yes, no, abstain)
    stood = carried(yes, no)
    assert ("carries" in said) == stood
    swing = int(said.split(". ")[1].split(" ")[0])
    turn = (-1 if stood else 1) * swing
    assert carried(yes + turn, no - turn) != stood
    back = (-1 if stood else 1) * (swing - 1)
    assert carried(yes + back, no - back) == stood
    if "abstentions turned" in said:
        needed = int(said.split(" abstentions turned")[0].split(" of ")[0].split(" ")[-1])
        more = (0, needed) if stood else (needed, 0)
        assert needed <= abstain
        assert carried(yes + more[0], no + more[1]) != stood


def test_the_vote_of_2022_names_who_voted_otherwise_than_it_had_signed(xinjiang: Record) -> None:
    shown, asked = page(xinjiang, "instruments/hrc51-l6-vote/")
    html = render(shown, asked, live=False)
    assert "More no than yes by 2" in html
    assert "2 no votes turned into yes" in html
    text = asked.findings.entry("hrc51-l6-vote").entry
    rows = differing(
        asked.findings, text, asked.findings.stances.filter(pl.col("instrument") == "hrc51-l6-vote")
    )
    moved = {row["actor"]: (row["before"], row["act"]) for row in rows.to_dicts()}
    assert moved["SOM"] == ("supportive", "yes")
    assert all(before != {"yes": "critical", "no": "supportive"}.get(act) for before, act in moved.values())
