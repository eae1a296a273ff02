"""Where sources give different numbers, on the page of figures and on the page of each."""

from __future__ import annotations

from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked
from onrecord.pages.render import render
from onrecord.pages.routes import page_at
from onrecord.record import PUBLIC, Record

from .conftest import TODAY


def shown(record: Record, path: str) -> str:
    asked = Asked(findings_for(record, record.as_seen_by(PUBLIC), TODAY))
    return render(page_at(path, asked), asked, live=True)


def test_numbers_of_different_days_are_not_said_of_one(xinjiang: Record) -> None:
    assert "Ekpar Asat in May 2020: 34; Ekpar Asat on 4 January 2025: 40 years of age are in print." in shown(
        xinjiang, "figures/"
    )


def test_a_figure_leads_to_what_others_state_on_the_same_question(xinjiang: Record) -> None:
    page = shown(xinjiang, "entries/F-asat-34/")
    assert "Stated elsewhere on the same question" in page
    assert "entries/F-asat-40/" in page
    assert "Radio Free Asia: 40 years of age" in page


def test_a_figure_that_stands_alone_says_nothing_of_others(xinjiang: Record) -> None:
    assert "Stated elsewhere" not in shown(xinjiang, "entries/F-01/")
