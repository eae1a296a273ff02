"""What a reader does, click by click, at a live server with a real browser."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..browsing import Visit

pytestmark = pytest.mark.browser


def shown(page: Page, table: str) -> list[list[str]]:
    """The cells of the rows of a table that are not hidden, as a reader sees them."""
    rows = page.locator(f"#{table} tbody tr:visible").all()
    return [[cell.inner_text().strip() for cell in row.locator("th, td").all()] for row in rows]


def test_a_reader_gets_from_the_front_page_to_the_source_of_a_promise(visit: Visit) -> None:
    page = visit.goto("")
    visit.follow(page.get_by_role("link", name="Who promised", exact=True))
    expect(page).to_have_title(re.compile("Who promised, and what came of it"))
    visit.follow(page.locator("#class-ask tbody th a"))
    assert re.fullmatch(r"promises/[^/]+/", visit.path)
    visit.follow(page.locator(".facts a[href*='entries/']"))
    assert re.fullmatch(r"entries/[^/]+/", visit.path)
    expect(page.locator("#proof")).to_be_visible()
    visit.follow(page.locator(".citations a"))
    assert re.fullmatch(r"sources/[^/]+/", visit.path)


def test_a_number_of_days_is_two_clicks_from_its_source(visit: Visit) -> None:
    page = visit.goto("promises/")
    row = page.locator("#class-ask tbody tr").first
    assert re.search(r"\d", row.locator("td.number").inner_text())
    visit.follow(row.locator("a"))
    visit.follow(page.locator(".citations a"))
    assert visit.path.startswith("sources/")


def test_a_figure_is_two_clicks_from_its_source(visit: Visit) -> None:
    page = visit.goto("figures/")
    visit.follow(page.locator("main td.number a, main th a"))
    visit.follow(page.locator(".citations a"))
    assert visit.path.startswith("sources/")


def test_a_sorted_and_filtered_table_stands_in_the_address(visit: Visit) -> None:
    page = visit.goto("states/")
    table = page.locator("main table").first.get_attribute("id")
    assert table
    page.locator(f"#{table}-filter").fill("land")
    head = page.locator(f"#{table} thead button").first
    head.click()
    head.click()
    rows = shown(page, table)
    names = [row[0] for row in rows]
    assert "Finland" in names
    assert all("land" in " ".join(row).lower() for row in rows)
    assert names == sorted(names, reverse=True)
    assert f"{table}.q=land" in visit.path
    assert f"{table}.sort=0.desc" in visit.path
    page.reload()
    assert shown(page, table) == rows


def test_an_abstention_is_shown_as_an_act_and_not_as_a_position_unknown(visit: Visit) -> None:
    page = visit.goto("states/")
    brazil = page.get_by_role("row").filter(has=page.get_by_role("link", name="Brazil", exact=True))
    expect(brazil).to_contain_text("acted, on neither side")
    visit.goto("instruments/hrc51-l6-vote/")
    expect(page.locator("main")).to_contain_text("A state that is not on it had no vote.")
    expect(page.locator("main")).not_to_contain_text("no known position")


def test_numbers_sort_by_size_and_unknown_days_come_last(visit: Visit) -> None:
    page = visit.goto("promises/?class-ask.sort=6.desc")
    days = [row[6] for row in shown(page, "class-ask")]
    counted = [int(re.split(r"\D", day.replace(",", ""))[0]) for day in days if day[:1].isdigit()]
    assert len(counted) > 3
    assert counted == sorted(counted, reverse=True)


def test_the_csv_of_a_page_holds_what_its_table_shows(visit: Visit, tmp_path: Path) -> None:
    page = visit.goto("people/")
    with page.expect_download() as download:
        page.get_by_role("link", name="people.csv").click()
    download.value.save_as(tmp_path / "people.csv")
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    links = page.locator("#people tbody th a").all()
    assert [row["id"] for row in rows] == [
        (link.get_attribute("href") or "").rstrip("/").rsplit("/", 1)[-1] for link in links
    ]
    assert [row["summary"] for row in rows] == [cells[4] for cells in shown(page, "people")]


def test_a_citation_is_copied_with_one_click(visit: Visit) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.goto("states/SOM/")
    page.get_by_role("button", name="Copy the citation").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".citation").inner_text()
    assert re.search(r"as of 22 November 2026.*ledger \d+, root [0-9a-f]{16}", copied)


def test_searching_from_any_page_finds_a_state_without_its_accents(visit: Visit) -> None:
    page = visit.goto("movers/")
    page.get_by_role("searchbox", name="Search the record").fill("cote ivoire")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert visit.path == "search/?q=cote+ivoire"
    visit.follow(page.locator("#hits a", has_text="Ivoire"))
    assert visit.path == "states/CIV/"


def test_a_search_that_finds_nothing_says_so(visit: Visit) -> None:
    page = visit.goto("search/?q=zzzzqqq")
    expect(page.locator(".finding")).to_have_text("0 entries have all of these words.")


def test_the_day_in_the_address_changes_the_board_and_is_carried_along(visit: Visit) -> None:
    page = visit.goto("promises/")
    today = shown(page, "class-ask")
    visit.goto("promises/?as_of=2022-01-01")
    expect(page.locator(".about")).to_contain_text("1 January 2022")
    then = shown(page, "class-ask")
    assert 0 < len(then) < len(today)
    visit.follow(page.locator("#class-ask tbody th a"))
    assert visit.path.endswith("?as_of=2022-01-01")
    expect(page.locator(".about")).to_contain_text("1 January 2022")


def test_a_state_shows_what_it_did_and_each_act_leads_to_its_entry(visit: Visit) -> None:
    page = visit.goto("states/SOM/")
    expect(page.locator(".finding")).to_contain_text("both sides")
    visit.follow(page.locator("main tbody a[href*='entries/']"))
    assert visit.path.startswith("entries/")


def test_the_thread_leads_back_up(visit: Visit) -> None:
    page = visit.goto("people/C-01/")
    visit.follow(page.locator(".thread a", has_text="People"))
    assert visit.path == "people/"
    visit.follow(page.locator(".thread a", has_text="The record"))
    assert visit.path == ""


def test_a_picture_leads_to_what_it_draws(visit: Visit) -> None:
    page = visit.goto("instruments/")
    href = page.locator("main figure svg a").first.get_attribute("href")
    assert href
    visit.page.goto(page.evaluate("href => new URL(href, location.href).href", href))
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("h1")).not_to_have_text("There is no such page")


def test_a_page_that_is_not_there_says_how_to_go_on(visit: Visit) -> None:
    answer = visit.page.goto(visit.home + "states/ATLANTIS/")
    assert answer is not None
    assert answer.status == 404
    expect(visit.page.locator("h1")).to_have_text("There is no such page")
    visit.follow(visit.page.get_by_role("link", name="To the first page"))
    assert visit.path == ""
    visit.said.clear()  # the browser itself reports the 404
