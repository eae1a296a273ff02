"""The page that finds a person by name, and the cluster on a person's page."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from onrecord.pages.blocks import Table
from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked, Page
from onrecord.pages.render import render
from onrecord.pages.routes import page_at
from onrecord.record import PUBLIC, Record
from onrecord.search.named.linking import judge

TODAY = date(2026, 11, 22)


def _asked(record: Record, **query: str) -> Asked:
    return Asked(findings_for(record, record.as_seen_by(PUBLIC), TODAY), query)


def _tables(page: Page) -> dict[str, Table]:
    return {block.id: block for block in page.content if isinstance(block, Table)}


@pytest.mark.parametrize("name", ["Mirzat Taher", "米尔扎提·塔依尔", "مىرزات تاھىر", "Mierzhati Tayi'er"])
def test_the_person_comes_first_whatever_the_script_with_the_alignment(xinjiang: Record, name: str) -> None:
    asked = _asked(xinjiang, q=name)
    page = page_at("find/", asked)
    assert page.title.startswith("Possibly")
    tables = _tables(page)
    assert tables["possible"].rows[0][0].path == "people/C-01/"
    assert len(tables["alignment-1"].rows) > 2
    html = render(page, asked, live=True)
    assert "A name alone decides nothing" in html
    assert "100%" not in html


def test_a_private_case_is_not_found(xinjiang: Record) -> None:
    page = page_at("find/", _asked(xinjiang, q="Suliya Tuerxun"))
    found = _tables(page).get("possible")
    assert "people/C-16/" not in {row[0].path for row in (found.rows if found else ())}


def test_what_else_is_known_is_compared_and_shown(xinjiang: Record) -> None:
    page = page_at("find/", _asked(xinjiang, q="Mirzat Taher", place="Urumqi"))
    assert "Urumqi" in _tables(page)["possible"].rows[0][3]


@pytest.mark.parametrize("query", [{"q": "😀"}, {"q": "x" * 10_000}, {"q": "Mirzat", "born": "1.5.91"}])
def test_what_is_no_name_is_told_on_the_page(xinjiang: Record, query: dict[str, str]) -> None:
    asked = _asked(xinjiang, **query)
    page = page_at("find/", asked)
    assert page.title.startswith("Nobody was looked for")
    assert len(page.title) < 100
    assert "<form" in render(page, asked, live=True)


def test_markup_in_a_name_is_text(xinjiang: Record) -> None:
    asked = _asked(xinjiang, q="<script>Mirzat</script>")
    assert "<script>Mirzat" not in render(page_at("find/", asked), asked, live=True)


def test_a_copy_lists_the_public_people_and_says_that_it_cannot_compare(xinjiang: Record) -> None:
    asked = _asked(xinjiang)
    page = page_at("find/", asked)
    html = render(page, asked, live=False)
    assert len(_tables(page)["people"].rows) == asked.findings.table("person").height
    assert "This copy cannot compare names over scripts" in html
    assert 'name="born"' not in html


def test_the_search_page_leads_here(xinjiang: Record) -> None:
    asked = _asked(xinjiang)
    assert 'href="../find/"' in render(page_at("search/", asked), asked, live=True)


def test_a_person_shows_who_was_judged_the_same_by_whom_and_why_if_that_is_public(
    xinjiang: Record, tmp_path: Path
) -> None:
    record = Record(Path(shutil.copytree(xinjiang.folder, tmp_path / "record")))
    judge(record, "C-01", "C-19", "same", "for the test", by="Ana", public=True)
    judge(record, "C-01", "C-02", "same", "for keepers", by="Ben")
    page = page_at("people/C-01/", _asked(record))
    (row,) = _tables(page)["linked"].rows
    assert (row[0].path, row[1].path, row[2].label, row[3]) == (
        "people/C-01/",
        "people/C-19/",
        "for the test",
        "Ana",
    )
    assert "linked" not in _tables(page_at("people/C-02/", _asked(record)))
