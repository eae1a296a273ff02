"""A hit shows its exact place in the original."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest.cells import row_pieces, table_of
from onrecord.ingest.reading import Piece, Word
from onrecord.ingest.source import Options
from onrecord.model.citation import FragmentSelector, TextPositionSelector, TextQuoteSelector
from onrecord.search.query import parse
from onrecord.search.snippets import passages


def test_a_hit_in_text_is_placed_by_its_characters_and_quoted_with_its_surroundings() -> None:
    piece = Piece("他在喀什被拘留。", (TextPositionSelector(start=100, end=108),))
    (passage,) = passages([piece], parse("喀什"))
    assert passage.snippet[slice(*passage.marked)] == "喀什"
    assert passage.selectors == (
        TextPositionSelector(start=102, end=104),
        TextQuoteSelector(exact="喀什", prefix="他在", suffix="被拘留。"),
    )


def test_a_hit_in_a_table_is_placed_by_its_cell() -> None:
    pieces = row_pieces(
        table_of("List", [["a", "b"], ["吐尔逊", "喀什"]], first_row=7), Options(), sheet="List"
    )
    (passage,) = passages(pieces, parse("喀什"))
    assert (passage.cell, passage.piece) == ("List!B8", 1)
    assert passage.selectors[0] == FragmentSelector(value="sheet=List&cells=A8:B8")


def test_a_hit_in_a_picture_is_placed_by_the_box_around_its_words() -> None:
    words = (Word(0, 2, 10, 50, 40, 20), Word(2, 4, 52, 48, 40, 24), Word(5, 7, 9, 90, 40, 20))
    piece = Piece("名单喀什\n张伟", (FragmentSelector(value="xywh=9,48,83,62"),), "OCR", words)
    (passage,) = passages([piece], parse("单喀"))
    assert passage.selectors[0] == FragmentSelector(value="xywh=10,48,82,24")
    (passage,) = passages([piece], parse("张伟"))
    assert passage.selectors[0] == FragmentSelector(value="xywh=9,90,40,20")


def test_a_name_that_the_end_of_a_page_breaks_is_shown_where_it_begins() -> None:
    pieces = [Piece("other"), Piece("名单 阿卜"), Piece("杜拉 1980")]
    (passage,) = passages(pieces, parse("阿卜杜拉"))
    assert (passage.piece, passage.snippet[slice(*passage.marked)]) == (1, "阿卜")


def test_a_hit_in_hidden_text_says_so() -> None:
    (passage,) = passages([Piece("struck out", mark="deleted")], parse("struck"))
    assert passage.mark == "deleted"


def test_what_is_excluded_is_not_shown_and_phrases_match_whole() -> None:
    pieces = [Piece("red green blue"), Piece("green red")]
    assert [p.piece for p in passages(pieces, parse('"red green"'))] == [0]
    assert [p.snippet[slice(*p.marked)] for p in passages(pieces, parse("gre* -blue"))] == ["green", "green"]


@given(st.text(max_size=60), st.text("阿卜杜拉", min_size=2, max_size=4), st.text(max_size=60))
def test_what_was_asked_for_is_marked_wherever_it_stands(before: str, name: str, after: str) -> None:
    text = f"{before} {name} {after}"
    found = passages([Piece(text)], parse(f'"{name}"'), limit=50)
    marked = ["".join(passage.snippet[slice(*passage.marked)].split()) for passage in found]
    assert name in marked
