"""Finding quoted words again in what was read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.ingest.reading import Piece, Word
from onrecord.model.citation import FragmentSelector, TextPositionSelector, TextQuoteSelector
from onrecord.passages.citing import leading_back
from onrecord.passages.places import Place, in_words, places, the_place, wanted

PAGES = tuple(
    Piece(text, (FragmentSelector(value=f"page={number}&viewrect=0,0,595,842"),))
    for number, text in enumerate(["He was taken.\nNobody was told.", "He was taken  away."], start=1)
)
LETTERS = st.text("ab \n\u202e\u200cئە张", max_size=30)


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "page", "place"),
    [
        ("Nobody was told", "", "", None, Place(0, 14, 29)),
        ("taken. Nobody", "", "", None, Place(0, 7, 20)),
        ("He was taken", "", "away", None, Place(1, 0, 12)),
        ("He was taken", "", "", 2, Place(1, 0, 12)),
        ("was", "He", "", 1, Place(0, 3, 6)),
        ("was", "Nobody ", "", None, Place(0, 21, 24)),
    ],
)
def test_words_are_found_by_what_stands_around_them_and_by_page(exact, prefix, suffix, page, place) -> None:
    assert the_place(PAGES, wanted(exact, prefix, suffix, page)) == place


def test_words_at_several_places_are_refused_and_the_places_named() -> None:
    with pytest.raises(UsageError, match=r"2 places \(page 1: “…He was taken.*; page 2: “…He was taken away"):
        the_place(PAGES, wanted("He was taken"))


def test_places_without_a_name_are_told_by_the_number_of_the_piece() -> None:
    with pytest.raises(UsageError, match=r"2 places \(piece 1: “…one one…”; piece 1: “…one one…”\)"):
        the_place((Piece("one one", mark="OCR"),), wanted("one"))


@pytest.mark.parametrize(
    ("exact", "page"), [("nowhere", None), ("Nobody", 2), ("Nobody", 3), ("told. He was", None)]
)
def test_words_that_do_not_stand_there_are_refused(exact, page) -> None:
    with pytest.raises(UsageError, match="do not stand in the document"):
        the_place(PAGES, wanted(exact, page=page))


@pytest.mark.parametrize("exact", ["", " \n", "\u202e\u200f"])
def test_nothing_cannot_be_cited(exact) -> None:
    with pytest.raises(UsageError, match="no words"):
        wanted(exact)


def test_marks_that_turn_text_and_runs_of_space_do_not_count_but_joiners_do() -> None:
    pieces = (Piece("ئا\u202eبدۇ \n\x00 ر\u200cى"),)
    assert places(pieces, wanted("ئابدۇ ر\u200cى")) == [Place(0, 0, len(pieces[0].text))]
    assert places(pieces, wanted("رى")) == []


def test_a_citation_of_a_page_by_hand_leads_to_that_page() -> None:
    assert places(PAGES, (FragmentSelector(value="page=2"),)) == [Place(1, 0, 0)]
    assert places(PAGES, ()) == []


def test_a_character_range_decides_between_equal_words() -> None:
    pieces = (Piece("one one", (TextPositionSelector(start=100, end=107),)),)
    selectors = (TextPositionSelector(start=104, end=107), TextQuoteSelector(exact="one"))
    assert places(pieces, selectors) == [Place(0, 4, 7)]
    assert in_words(pieces[0], Place(0, 4, 7)) == "characters 104 to 107"


def test_a_region_decides_between_equal_words_of_a_picture() -> None:
    words = (Word(0, 3, 0, 0, 30, 9), Word(4, 7, 40, 0, 30, 9))
    pieces = (Piece("one one", (FragmentSelector(value="xywh=0,0,70,9"),), "OCR", words),)
    second = Place(0, 4, 7)
    assert places(pieces, leading_back(pieces, second)) == [second]
    quoted = (FragmentSelector(value="xywh=40,0,30,9"), TextQuoteSelector(exact="one"))
    assert places(pieces, quoted) == [second]
    assert places(pieces, (FragmentSelector(value="xywh=0,0,70,9"), TextQuoteSelector(exact="one"))) == [
        Place(0, 0, 3),
        second,
    ]


def test_a_place_in_a_table_is_told_by_its_cell() -> None:
    row = Piece("Ali\t650\tKashgar", (FragmentSelector(value="sheet=List&cells=B5:D5"),))
    assert in_words(row, the_place((row,), wanted("Kashgar"))) == "cell List!D5"


@given(st.lists(LETTERS, min_size=1, max_size=4), st.data())
def test_a_citation_leads_back_to_the_words_it_was_made_from(texts: list[str], data: st.DataObject) -> None:
    pieces, start = [], 0
    for text in texts:
        pieces.append(Piece(text, (TextPositionSelector(start=start, end=start + len(text)),)))
        start += len(text)
    letters = [(n, at) for n, text in enumerate(texts) for at, c in enumerate(text) if c in "abئە张"]
    if letters:
        number, first = data.draw(st.sampled_from(letters))
        last = data.draw(st.sampled_from([at for n, at in letters if n == number and at >= first]))
        place = Place(number, first, last + 1)
        assert places(pieces, leading_back(pieces, place)) == [place]
