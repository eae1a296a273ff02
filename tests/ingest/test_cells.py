"""Every cell keeps its address, through the text of its row and through Parquet."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest.cells import cell_at, letters, number, row_pieces, table_of
from onrecord.ingest.parquet import Growing, header
from onrecord.ingest.source import Options
from onrecord.ingest.stream import Cells, Rows, Sheet
from onrecord.model.citation import TextPositionSelector
from tests.ingest.reading_here import reading_of

CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\t\r\n"), min_size=1, max_size=5)


@given(st.integers(0, 20_000))
def test_letters_name_one_column(column: int) -> None:
    assert number(letters(column)) == column


@given(
    st.lists(st.lists(st.none() | CELL, min_size=1, max_size=6), min_size=1, max_size=5), st.integers(0, 800)
)
def test_a_character_of_a_row_leads_back_to_its_cell(rows: list[list[str | None]], column: int) -> None:
    table = table_of("A & b", rows, first_row=3, first_column=column)
    values = {
        f"A & b!{letters(column + x)}{3 + y}": value
        for y, row in enumerate(rows)
        for x, value in enumerate(row)
        if value
    }
    found = {}
    for piece in row_pieces(table, Options(), sheet="A & b"):
        at = 0
        for cell in piece.text.split("\t"):
            if cell:
                found[cell_at(piece, at)] = cell
            at += len(cell) + 1
    assert found == values


def test_a_tab_or_line_break_in_a_cell_does_not_shift_its_neighbours() -> None:
    (piece,) = row_pieces(table_of("", [["a\tb\nc", "d"]]), Options(), sheet=None)
    assert (piece.text, cell_at(piece, piece.text.index("d"))) == ("a b c\td", "B1")


def test_a_table_that_is_too_long_is_refused_with_the_rows_that_fit() -> None:
    reading = reading_of(b"a,b\n1,2\n3,4\n", "list.csv", cells=4)
    assert (reading.outcome, reading.reason) == ("refused", "limit cells (4); the first 2 rows were read")
    assert [piece.text for piece in reading.pieces] == ["a\tb", "1\t2"]
    long = reading_of(b"a,b\n1,2\n3,4\n", "list.csv", answer_bytes=350)
    assert (long.outcome, long.reason) == ("refused", "limit answer bytes (350); the first 2 rows were read")
    wordy = reading_of(b"a,b\n1,2\n3,4444\n", "list.csv", characters=11)
    assert (wordy.outcome, wordy.reason) == ("refused", "limit characters (11); the first 2 rows were read")
    assert [piece.text for piece in wordy.pieces] == ["a\tb", "1\t2"]


def test_a_text_that_is_too_long_is_refused_with_its_start() -> None:
    reading = reading_of(b"one two three", "a.txt", characters=7)
    assert (reading.outcome, reading.reason) == ("refused", "limit characters (7); so many were read")
    assert [piece.text for piece in reading.pieces] == ["one two"]


def test_a_json_string_with_escapes_is_read_as_it_is_meant_and_placed_as_it_stands() -> None:
    text = r'{"name": "\u5580\u4ec0\nplain", "note": "as it is"}'
    reading = reading_of(text.encode(), "one.json")
    assert [piece.text for piece in reading.pieces] == ['{"name": ', "喀什\nplain", ', "note": "as it is"}']
    place = reading.pieces[1].selectors[0]
    assert isinstance(place, TextPositionSelector)
    assert text[place.start : place.end] == r'"\u5580\u4ec0\nplain"'


def test_the_first_row_names_the_columns_only_if_it_looks_like_a_header() -> None:
    assert header(["name", "born"], 2) == ["name", "born"]
    assert header(["1", "2"], 2) is None
    assert header(["same", "same"], 2) is None
    assert header(["alone"], 1) is None


def test_parquet_keeps_row_numbers_values_as_text_and_the_letters_of_columns(tmp_path: Path) -> None:
    table = table_of(
        "List", [["Name", "name", ""], ["a", "653101198001011234", "x"]], first_row=5, first_column=1
    )
    growing = Growing(Sheet(table, len(table.rows)), tmp_path / "table.parquet")
    for part in (Rows(table.rows), *(Cells(at, cells) for at, cells in enumerate(table.cells))):
        growing.take(part)
    growing.end()
    made = pq.read_table(tmp_path / "table.parquet")
    assert made.to_pylist() == [{"_row": 6, "Name": "a", "name_C": "653101198001011234", "D": "x"}]
    assert json.loads(made.schema.metadata[b"letters"]) == {"Name": "B", "name_C": "C", "D": "D"}
    assert made.schema.metadata[b"sheet"] == b"List"
