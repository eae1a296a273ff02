"""Foreign text as pages show it, in parts a browser can hold, and the addresses of passages in it."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import OnrecordError
from onrecord.ingest.reading import Piece, Reading, Word
from onrecord.ingest.sandbox import DrawnPage
from onrecord.ingest.tasks import Box, Stretch
from onrecord.model.citation import FragmentSelector, TextPositionSelector, TextQuoteSelector
from onrecord.pages.answers.document.picture import picture_of
from onrecord.pages.answers.document.text import part_of, text_of_page
from onrecord.pages.evidence import Evidence
from onrecord.pages.marked import language_of, marked, visible
from onrecord.pages.passage_links import passage_query, passage_selectors
from onrecord.passages.originals import Original
from onrecord.passages.places import UNSEEN, Place
from onrecord.record import Record

TEXT = st.text(alphabet="ab<>&\"' \n\u202e\x00ئە张", max_size=40)


@given(TEXT, st.data())
def test_marking_escapes_everything_hides_nothing_and_loses_no_word(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = str(marked(text, [(start, end)], "here"))
    tags = re.sub(
        r'</?mark(?: id="here")?>|<span class="unseen" title="U\+\w+" data-code="U\+\w+"></span>', "", shown
    )
    assert "<" not in tags
    assert ">" not in tags
    assert html.unescape(tags) == UNSEEN.sub("", text)
    assert shown.count("data-code") == len(UNSEEN.findall(text))
    inside = re.sub("<[^>]*>", "", shown.partition('<mark id="here">')[2].partition("</mark>")[0])
    assert html.unescape(inside) == UNSEEN.sub("", text[start:end])


def test_a_name_cannot_pass_for_another() -> None:
    assert visible("photo\u202egpj.exe\x00") == "photo⟨U+202E⟩gpj.exe⟨U+0000⟩"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ئابدۇراخمان ھەسەن", "ug-Arab"),
        ("محمد بن عبدالله", "und-Arab"),
        ("名单 2018: 张伟", "zh"),
        ("Список задержанных", "und-Cyrl"),
        ("Mirzat Taher, born 1985, called 米", None),
        ("650103", None),
    ],
)
def test_a_language_is_told_only_as_far_as_the_letters_say_it(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_a_long_text_comes_in_parts_and_the_one_with_the_passage_is_shown() -> None:
    pieces = [Piece(f"line {number}") for number in range(1000)]
    place = Place(700, 0, 4)
    part = part_of(pieces, [place], wanted=1)
    assert (part.number, part.count) == (4, 5)
    assert [str(piece.text) for piece in part.pieces if "mark" in piece.text] == [
        '<mark id="here">line</mark> 700'
    ]
    shown = [piece.number for number in range(1, 6) for piece in part_of(pieces, [], number).pieces]
    assert shown == list(range(1, 1001))
    assert part_of(pieces, [], 99).number == 5
    assert part_of([], [], None).pieces == ()


def test_the_text_of_a_page_is_shown_alone_with_the_part_it_begins_in() -> None:
    pieces = [
        Piece(f"line {number}", (FragmentSelector(value=f"page={number // 2 + 1}&viewrect=0,0,9,9"),))
        for number in range(1000)
    ]
    part = text_of_page(pieces, 400)
    assert [str(piece.text) for piece in part.pieces] == ["line 798", "line 799"]
    assert (part.number, part.count, part.page) == (4, 5, 400)
    assert text_of_page(pieces, 501).pieces == ()


@pytest.mark.parametrize(
    "selectors",
    [
        (FragmentSelector(value="page=3&viewrect=0,0,612,792"), TextQuoteSelector(exact="a & b", prefix="x")),
        (TextPositionSelector(start=7, end=7), TextQuoteSelector(exact="名", suffix=" ؟\u200c")),
        (FragmentSelector(value="sheet=List%201&cells=B5:F5"), TextQuoteSelector(exact="650")),
        (FragmentSelector(value="page=3"),),
    ],
)
def test_the_address_of_a_passage_says_what_its_selectors_say(selectors) -> None:
    assert passage_selectors(passage_query(selectors)) == selectors


def test_of_a_long_quotation_the_address_carries_the_beginning() -> None:
    query = passage_query((TextQuoteSelector(exact="x" * 5000, prefix="before", suffix="after"),))
    assert query == {"exact": "x" * 800, "prefix": "before"}


@pytest.mark.parametrize(
    "query", [{}, {"page": "0x1"}, {"start": "-1"}, {"exact": " \n"}, {"part": "2"}, {"page": ""}]
)
def test_an_address_that_names_no_passage_leads_to_none(query: dict[str, str]) -> None:
    assert passage_selectors(query) == ()


def test_recognised_words_of_a_passage_are_boxed_on_the_page_as_drawn(tmp_path: Path) -> None:
    place = (FragmentSelector(value="page=2&viewrect=0,0,600,800"), FragmentSelector(value="xywh=0,0,9,9"))
    words = (Word(0, 3, 100, 200, 50, 25), Word(4, 10, 1250, 2500, 250, 125), Word(11, 15, 0, 0, 9, 9))
    pieces = (Piece("not marked, far", place, "OCR", words),)
    reading = Reading(kind="pdf", reader="PDFium", version="1", pieces=pieces)
    found = Original("0" * 64, ("/scan.pdf",), reading, "key", (), ())
    asked = []

    def draw(*request: object) -> DrawnPage:
        asked.append(request)
        return DrawnPage(b"PNG", 900, 1200, 3, 2500, (Box(1, 2, 3, 4),))

    evidence = Evidence(Record.create(tmp_path / "record", title="A record"), draw, "token")
    picture = picture_of(evidence, found, pieces, [Place(0, 4, 10)], None)
    assert asked == [("0" * 64, "scan.pdf", 2, ())]
    assert picture
    assert (picture.number, picture.count, picture.png) == (2, 3, "UE5H")
    assert picture.boxes == (Box(1, 2, 3, 4), Box(450, 900, 90, 45))


def test_recognised_words_are_boxed_on_a_picture_that_is_a_file_of_its_own(tmp_path: Path) -> None:
    pieces = (
        Piece("one two", (FragmentSelector(value="xywh=0,0,9,9"),), "OCR", (Word(4, 7, 10, 20, 30, 40),)),
    )
    reading = Reading(kind="jpeg", reader="picture", version="1", pieces=pieces)
    found = Original("0" * 64, ("/scan.jpg",), reading, "key", (), ())

    def draw(*_request: object) -> DrawnPage:
        return DrawnPage(b"PNG", 900, 1200, 1, 1800, ())

    evidence = Evidence(Record.create(tmp_path / "record", title="A record"), draw, "token")
    picture = picture_of(evidence, found, pieces, [Place(0, 4, 7)], None)
    assert picture
    assert picture.boxes == (Box(5, 10, 15, 20),)


def test_what_is_boxed_is_the_passages_on_the_page_drawn_and_in_its_own_text(tmp_path: Path) -> None:
    first, second = (FragmentSelector(value=f"page={number}&viewrect=0,0,600,800") for number in (1, 2))
    pieces = (
        Piece("the name, the name", (first,)), Piece("a name", (second,)), Piece("a name", (first,), "comment"),
    )  # fmt: skip
    reading = Reading(kind="pdf", reader="PDFium", version="1", pieces=pieces)
    found = Original("0" * 64, ("/a.pdf",), reading, "key", (), ())
    asked = []

    def draw(*request: object) -> DrawnPage:
        asked.append(request)
        return DrawnPage(b"PNG", 900, 1200, 2, 2500, ())

    evidence = Evidence(Record.create(tmp_path / "record", title="A record"), draw, "token")
    here = [Place(0, 4, 8), Place(0, 14, 18), Place(1, 2, 6), Place(2, 2, 6)]
    picture_of(evidence, found, pieces, here, None)
    assert asked == [("0" * 64, "a.pdf", 1, (Stretch(4, "name"), Stretch(14, "name")))]


def test_a_page_that_cannot_be_drawn_says_why(tmp_path: Path) -> None:
    def draw(*_request: object) -> DrawnPage:
        raise OnrecordError("Page 1 of a.pdf could not be drawn: it is locked.")

    reading = Reading(kind="pdf", reader="PDFium", version="1")
    evidence = Evidence(Record.create(tmp_path / "record", title="A record"), draw, "token")
    picture = picture_of(evidence, Original("0" * 64, (), reading, "key", (), ()), (), [], None)
    assert picture
    assert picture.refused.endswith("it is locked.")
