"""The owner finds names in documents, and judges in the browser who is one person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from onrecord.ingest.taking_in import take_in
from onrecord.record import KEEPER, Record
from onrecord.serve.app import make_app
from onrecord.serve.drawing import Drawing
from onrecord.serve.owner import make_owner_app

from ..browsing import asking

KEY = "a-key-for-tests"
LIST = """序号,姓名,性别,出生日期,家庭住址
1,米尔扎提·塔依尔,男,1991-03-12,乌鲁木齐市
2,帕提古丽·依明,女,1972-02-02,阿图什市
"""
LETTER = "My husband: Mirzat Taher.\nHis friend <b>Patigul</b>: Patigul Emin.\n"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    leak = tmp_path / "leak"
    leak.mkdir()
    (leak / "list.csv").write_text(LIST)
    (leak / "letter.txt").write_text(LETTER)
    made = Record.create(tmp_path / "record", title="A record")
    take_in(made, [leak], workers=1)
    return made


@pytest.fixture
def owner(record: Record) -> Iterator[httpx.Client]:
    with closing(Drawing(record)) as drawing, asking(make_owner_app(record, KEY, drawing)) as client:
        client.get("/", params={"key": KEY}, follow_redirects=True)
        yield client


def options(page: str) -> dict[str, str]:
    """Id of each name that can be judged, by the words of its option."""
    return {words: entry for entry, words in re.findall(r'<option value="(mention/[^"]+)">([^<]+)', page)}


def form(page: str, a: str, b: str, verdict: str, reason: str) -> dict[str, str]:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found
    return {"token": found[1], "a": a, "b": b, "verdict": verdict, "reason": reason}


def test_a_name_is_found_in_documents_and_leads_to_its_place(owner: httpx.Client) -> None:
    page = owner.get("/find/", params={"q": "Mirzat Taher"}).text
    assert "mi = 米, r = 尔, za = 扎, t = 提" in page
    way = re.search(r'<a href="\.\./(documents/[^"]+)"><bdi>米尔扎提·塔依尔', page)
    assert way
    place = owner.get("/" + way[1].replace("&amp;", "&")).text
    row = place.partition('id="here"')[2].partition("</tr>")[0]
    assert "<mark>米尔扎提·塔依尔</mark>" in row


def test_what_else_is_known_is_told(owner: httpx.Client) -> None:
    page = owner.get("/find/", params={"q": "Mirzat Taher", "born": "1991"}).text
    assert "birth year: both were born in 1991 (+3.0)" in page


def test_two_names_are_judged_shown_and_the_judgement_undone(owner: httpx.Client, record: Record) -> None:
    page = owner.get("/find/", params={"q": "Mirzat Taher"}).text
    a, b = list(options(page).values())[:2]
    answer = owner.post("/people/to-judge/", data=form(page, a, b, "same", "his wife named him so"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/people/judged/")
    judged = owner.get("/people/judged/").text
    assert "2 entries stand for 1 person" in judged
    assert "his wife named him so" in judged
    decision = record.as_seen_by(KEEPER).table("decision").row(0, named=True)
    assert (decision["verdict"], set(decision["subject"]), decision["visibility"]) == (
        "same",
        {a, b},
        "private",
    )
    owner.post("/people/judged/", data=form(judged, a, b, "", "the wrong sheet"))
    assert "2 entries stand for 2 people" in owner.get("/people/judged/").text


def test_pairs_to_judge_are_proposed_and_leave_the_list_when_judged(owner: httpx.Client) -> None:
    page = owner.get("/people/to-judge/").text
    a, b = re.findall(r'name="[ab]" value="([^"]+)"', page)[:2]
    before = page.count("Judge them")
    owner.post("/people/to-judge/", data=form(page, a, b, "unsure", "one list alone"))
    after = owner.get("/people/to-judge/").text
    assert before >= 2
    assert after.count("Judge them") == before - 1


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"token": "0" * 64}, 403, "not from this server"),
        ({"verdict": "perhaps"}, 400, "Choose two names"),
        ({"a": ""}, 400, "Choose two names"),
        ({"reason": "  "}, 400, "Say why"),
        ({"a": "mention/0000000000000000/0000000000000000"}, 404, "no person and no mention"),
    ],
)
def test_a_form_that_does_not_say_all_changes_nothing(
    owner: httpx.Client, record: Record, change: dict[str, str], status: int, words: str
) -> None:
    page = owner.get("/find/", params={"q": "Mirzat Taher"}).text
    a, b = list(options(page).values())[:2]
    before = record.views.refresh()
    answer = owner.post("/people/to-judge/", data=form(page, a, b, "same", "a reason") | change)
    assert answer.status_code == status
    assert words in answer.text
    assert record.views.refresh() == before


@pytest.mark.parametrize("path", ["people/to-judge/", "people/judged/"])
def test_the_public_finds_nobody_in_documents_and_judges_nobody(record: Record, path: str) -> None:
    with asking(make_app(record)) as client:
        assert "米尔扎提" not in client.get("/find/", params={"q": "Mirzat Taher"}).text
        assert client.get(f"/{path}").status_code == 404
        assert client.post(f"/{path}", data={"a": "x"}).status_code in {404, 405}


def test_words_of_a_document_stay_text(owner: httpx.Client) -> None:
    assert "<b>Patigul" not in owner.get("/find/", params={"q": "Patigul"}).text
