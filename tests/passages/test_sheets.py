"""Cells of a row as the place of a citation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.ingest.cells import row_selector
from onrecord.ingest.reading import Piece
from onrecord.passages.citing import leading_back
from onrecord.passages.places import Place, in_words, places, wanted
from onrecord.passages.sheets import Cells, cells_in, typed_cells

ROWS = (
    Piece("name\tid\tname", (row_selector("List 1", "B", "D", 1),)),
    Piece("张伟\t651\t张伟", (row_selector("List 1", "B", "D", 2),)),
    Piece("ئابلىز\t\tx", (row_selector("نام", "B", "D", 2),)),
    Piece("张伟", (row_selector("List 1", "D", "D", 2),), "comment"),
)
CELLS = st.builds(
    lambda sheet, row, ends: Cells(sheet, row, *sorted(ends)),
    st.none() | st.text("ab !&=%:ئ", max_size=8),
    st.integers(1, 10**6),
    st.tuples(st.integers(0, 16_383), st.integers(0, 16_383)),
)


@given(CELLS)
def test_cells_are_read_as_they_are_written(cells: Cells) -> None:
    assert cells_in(cells.selector()) == cells
    assert typed_cells(str(cells)) == cells


@pytest.mark.parametrize("typed", ["", "B", "5", "B5:", "B5:D6", "!B5:6", "ABCDE1", "B5 D5"])
def test_what_names_no_cells_of_one_row_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match=r"names no cells|several rows"):
        typed_cells(typed)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("List 1!D2", "张伟"),
        ("C2:B2", None),
        ("List 1!C2:Z2", "651\t张伟"),
        ("نام!B2", "ئابلىز"),
        ("E2", None),
    ],
)
def test_the_place_of_cells_is_their_text(typed: str, words: str | None) -> None:
    found = [ROWS[p.piece].text[p.start : p.end] for p in places(ROWS, wanted(cells=typed))]
    assert found == ([words] if words else ["张伟\t651", "ئابلىز\t"] if typed == "C2:B2" else [])


def test_equal_words_are_told_apart_by_their_cell_and_a_citation_names_it_alone() -> None:
    place = Place(1, 7, 9)
    assert places(ROWS, wanted("张伟", cells="List 1!D2")) == [place]
    selectors = leading_back(ROWS, place)
    assert selectors[0].value == "sheet=List%201&cells=D2:D2"  # type: ignore[union-attr]
    assert places(ROWS, selectors) == [place]
    assert (in_words(ROWS[1], place), in_words(ROWS[1], Place(1, 0, 6))) == (
        "cell List 1!D2",
        "cells List 1!B2:C2",
    )


def test_words_cited_in_a_whole_row_are_found_as_before() -> None:
    selectors = (row_selector("List 1", "B", "D", 2), *wanted("651"))
    assert places(ROWS, selectors) == [Place(1, 3, 6)]


def test_words_of_a_remark_on_a_cell_are_found_there_where_the_cell_has_others() -> None:
    remark = Piece("ask him", (row_selector("List 1", "D", "D", 2),), "comment")
    assert places((*ROWS, remark), wanted("ask him", cells="List 1!D2")) == [Place(4, 0, 7)]
