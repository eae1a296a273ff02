"""Cells of XLS workbooks read record by record: the same as the library reads, and more than it does."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest.biff_cells import Cells, sheets
from onrecord.ingest.cells import number as column_of
from onrecord.ingest.container import container
from onrecord.ingest.readers.sheets import as_text
from tests.ingest.old_office import biff, number, workbook, xls
from tests.ingest.reading_here import places, reading_of, text_of


def label(row: int, column: int, text: str) -> bytes:
    """A cell with words of its own."""
    return biff(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def packed(row: int, column: int, value: int, style: int = 0) -> bytes:
    """A cell with a number in 30 bits."""
    return biff(0x027E, struct.pack("<HHHI", row, column, style, value))


def formula(row: int, column: int, result: bytes) -> bytes:
    """A cell with a formula and what it last gave."""
    return biff(0x0006, struct.pack("<HHH", row, column, 0) + result + bytes(8))


def cells(records: bytes, head: bytes = b"") -> dict[int, dict[int, object]]:
    """The values of a workbook with one sheet."""
    (sheet,) = sheets(workbook(("List", records), head=head))
    return sheet.values


PLACES = st.tuples(st.integers(0, 60), st.integers(0, 30))
VALUES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.text("aٱ图\U0001f600", min_size=1, max_size=9)
)


@given(st.dictionaries(PLACES, VALUES, min_size=1, max_size=30))
def test_the_same_cells_are_found_as_the_library_finds(values: dict[tuple[int, int], float | str]) -> None:
    records = b"".join(
        label(row, column, value) if isinstance(value, str) else number(row, column, value)
        for (row, column), value in sorted(values.items())
    )
    (by_library,) = reading_of(xls(("List", records))).tables
    found = {
        (row, column): as_text(value)
        for row, line in cells(records).items()
        for column, value in line.items()
    }
    told = {
        (row, column_of(name)): value
        for name, column in zip(by_library.columns, by_library.cells, strict=True)
        for row, value in zip(by_library.rows, column, strict=True)
        if value
    }
    assert found == told


def test_a_sheet_that_begins_below_row_1_keeps_its_addresses() -> None:
    reading = reading_of(xls(("List", number(2, 1, 7.0) + number(4, 3, 8.0))))
    assert places(reading) == ["sheet=List&cells=B3:B3", "sheet=List&cells=D5:D5"]


def test_packed_numbers_are_whole_or_halves_of_floats_and_perhaps_hundredths() -> None:
    half = struct.unpack("<Q", struct.pack("<d", 1.5))[0] >> 32
    many = biff(0x00BD, struct.pack("<HHHIHIH", 1, 4, 0, 8 << 2 | 2, 0, (9 << 2) | 3, 5))
    records = (
        packed(0, 0, 7 << 2 | 2)
        + packed(0, 1, (-7 << 2 | 2) & 0xFFFFFFFF)
        + packed(0, 2, half)
        + packed(0, 3, 7 << 2 | 3)
        + many
    )
    assert cells(records) == {1: {0: 7.0, 1: -7.0, 2: 1.5, 3: 0.07}, 2: {4: 8.0, 5: 0.09}}


def test_a_formula_gives_what_it_gave_when_it_was_last_counted() -> None:
    words = struct.pack("<HB", 4, 0) + b"told"
    records = (
        formula(0, 0, struct.pack("<d", 2.5)) + formula(0, 1, bytes(6) + b"\xff\xff") + biff(0x0207, words)
        + formula(0, 2, b"\1\0\1\0\0\0\xff\xff") + formula(0, 3, b"\2\0\x07\0\0\0\xff\xff") + formula(0, 4, b"\3\0\0\0\0\0\xff\xff")
    )  # fmt: skip
    assert cells(records) == {1: {0: 2.5, 1: "told", 2: True, 3: "#DIV/0!"}}


@pytest.mark.parametrize(("since_1904", "date"), [(0, "2018-05-24"), (1, "2022-05-25")])
def test_days_are_counted_from_the_year_that_the_workbook_says(since_1904: int, date: str) -> None:
    styles = [biff(0x00E0, struct.pack("<HH", 0, format_) + bytes(16)) for format_ in (0, 14, 200)]
    own = biff(0x041E, struct.pack("<HHB", 200, 10, 0) + b"yyyy-mm-dd")
    head = biff(0x0022, struct.pack("<H", since_1904)) + own + b"".join(styles)
    records = b"".join(packed(0, style, 43244 << 2 | 2, style) for style in range(3))
    assert cells(records, head) == {1: {0: 43244.0, 1: date, 2: date}}


def test_a_shared_string_goes_on_in_the_next_record_in_another_width() -> None:
    first = struct.pack("<II", 2, 2) + struct.pack("<HB", 6, 0) + b"abc"
    second = b"\1" + "图尔荪".encode("utf-16-le") + struct.pack("<HBH", 1, 8, 1) + b"z" + bytes(4)
    used = b"".join(biff(0x00FD, struct.pack("<HHHI", 0, n, 0, n)) for n in range(3))
    assert cells(used, biff(0x00FC, first) + biff(0x003C, second)) == {1: {0: "abc图尔荪", 1: "z"}}


def test_a_code_page_of_no_one_is_taken_for_the_western_one_and_told() -> None:
    reading = reading_of(xls(("List", label(0, 0, "kept")), head=biff(0x0042, b"\xff\xff")))
    assert (text_of(reading), reading.reason) == (
        "kept", "missing: what damaged records held; the workbook was read record by record",
    )  # fmt: skip


def test_a_workbook_of_excel_4_is_one_sheet_without_a_container() -> None:
    text = "Список".encode("cp1251")
    cell = biff(0x0204, struct.pack("<HHHH", 0, 1, 0, len(text)) + text)
    reading = reading_of(biff(0x0409, bytes(6)) + biff(0x0042, struct.pack("<H", 1251)) + cell + biff(0x000A))
    assert (reading.kind, places(reading), text_of(reading)) == (
        "xls",
        ["sheet=Sheet1&cells=B1:B1"],
        "Список",
    )


def test_far_cells_in_many_sheets_take_no_room() -> None:
    far = number(0, 0, 1.0) + number(65535, 255, 2.0)
    reading = reading_of(xls(*[(f"s{n}", far) for n in range(40)]))
    assert (reading.outcome, len(reading.tables), reading.tables[39].cells) == (
        "read",
        40,
        (("1", None), (None, "2")),
    )


def test_hidden_sheets_stay_hidden_when_they_are_read_record_by_record() -> None:
    stream = bytearray(workbook(("List", number(0, 0, 1.0))))
    stream[stream.index(struct.pack("<H", 0x0085)) + 8] = 2
    assert sheets(bytes(stream)) == [Cells("List", hidden=True, values={1: {0: 1.0}})]


def test_a_workbook_of_which_nothing_can_be_read_is_damaged() -> None:
    reading = reading_of(
        container({("Workbook",): biff(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6)) + b"\xff" * 99})
    )
    assert (reading.outcome, reading.reason) == (
        "failed",
        "the workbook's records are damaged, and no cell can be read",
    )
