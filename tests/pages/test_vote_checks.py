"""The page on what does not fit in a body's roll calls."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked, Page
from onrecord.pages.render import render
from onrecord.pages.routes import page_at
from onrecord.record import KEEPER, Record
from onrecord.rollcalls import take_in
from onrecord.votes.check import RULES

TWICE = """rollcall,date,body,actor,vote
one,2022-10-06,council,FRA,yes
one,2022-10-06,council,FRA,yes
one,2022-10-06,council,CHN,no
two,2022-10-07,council,FRA,yes
two,2022-10-07,council,XKX,no
"""


def page(record: Record) -> tuple[Page, Asked]:
    asked = Asked(findings_for(record, record.as_seen_by(KEEPER), date(2026, 1, 1)))
    return page_at("votes/council/check/", asked), asked


@pytest.fixture
def faulty(empty: Record, tmp_path: Path) -> Record:
    (tmp_path / "votes.csv").write_text(TWICE)
    take_in(empty, [tmp_path / "votes.csv"])
    return empty


def test_every_rule_is_listed_whether_broken_or_not(faulty: Record) -> None:
    html = render(*page(faulty), live=False)
    assert all(rule.says in html for rule in RULES.values())


def test_each_finding_names_its_file_and_row(faulty: Record) -> None:
    html = render(*page(faulty), live=False)
    assert "votes.csv, row 3" in html
    assert "votes.csv, row 6" in html
    assert page(faulty)[0].finding == "2 findings by 2 rules on 2 of 2 roll calls."


def test_findings_are_counted_by_session_and_offered_as_data(faulty: Record) -> None:
    shown, _ = page(faulty)
    assert shown.tables["sessions"].rows() == [(2022, 2, 5, 2, 2)]
    assert shown.tables["findings"].height == 2
    assert set(shown.pictures) == {"findings"}


def test_where_nothing_is_wrong_it_says_so(empty: Record, tmp_path: Path) -> None:
    clean = "\n".join(line for n, line in enumerate(TWICE.splitlines()) if n not in (2, 5)) + "\n"
    (tmp_path / "votes.csv").write_text(clean + "two,2022-10-07,council,CHN,no\n")
    take_in(empty, [tmp_path / "votes.csv"])
    shown, asked = page(empty)
    assert shown.finding == "No rule finds anything among 2 roll calls."
    assert shown.pictures == {}
    assert "findings.csv" in render(shown, asked, live=False)
