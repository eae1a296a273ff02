"""XLS, PPT, DOC and RTF: what they hide, what people remarked, and the files inside them."""

from __future__ import annotations

import io
from typing import Any

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest.container import container
from onrecord.ingest.embedded import packed_file
from onrecord.ingest.reading import CellNote
from tests.ingest.making import ods, ole
from tests.ingest.old_office import (
    biff,
    hidden_columns,
    number,
    packed,
    ppt_with,
    remark,
    row,
    rtf_with,
    workbook,
    xls,
)
from tests.ingest.reading_here import marked, places, reading_and_members, reading_of

NAMES = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters="/\\:!"), min_size=1, max_size=12
)
STREAMS = st.dictionaries(
    st.tuples(NAMES) | st.tuples(NAMES.map("s".__add__), NAMES), st.binary(max_size=200) | st.binary(min_size=4096, max_size=9000),
    max_size=8,
).filter(lambda streams: len({tuple(part.lower() for part in path) for path in streams}) == len(streams)
         and not {path[:1] for path in streams if len(path) == 2} & set(streams))  # fmt: skip


def test_hidden_rows_and_columns_of_an_xls_are_found_and_marked() -> None:
    shown, hidden = row(0, hidden=False) + number(0, 0, 1.0), row(1, hidden=True) + number(1, 2, 2.0)
    (table,) = reading_of(xls(("List", hidden_columns(1, 2) + shown + hidden))).tables
    assert table.notes == (CellNote("B:C", "hidden columns"), CellNote("2", "hidden row"))
    reading = reading_of(xls(("List", shown + hidden)))
    assert (marked(reading, ""), marked(reading, "hidden")) == (["1"], ["2"])


def test_remarks_in_an_xls_are_read_and_placed_at_their_cell() -> None:
    reading = reading_of(xls(("名单", number(0, 0, 1.0) + remark(4, 2, "شۇ ئادەم"))))
    assert marked(reading, "comment") == ["شۇ ئادەم"]
    assert places(reading)[-1] == "sheet=%E5%90%8D%E5%8D%95&cells=C5:C5"


def test_an_identity_number_in_an_xls_is_marked_rounded() -> None:
    (table,) = reading_of(xls(("List", number(0, 0, 653101198001011234.0) + number(0, 1, 12.0)))).tables
    assert table.notes == (CellNote("A1", "rounded"),)


def test_an_xls_with_a_password_is_encrypted_whatever_else_it_says() -> None:
    reading = reading_of(xls(("List", number(0, 0, 1.0)), head=biff(0x002F, bytes(54))))
    assert reading.outcome == "encrypted"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (container({("Workbook",): workbook(("a", b"")), ("MBD1", "\x01Ole10Native"): b"\0\0\0\0" + packed(b"list.txt", b"inside")}),
         "list.txt"),
        (container({("Workbook",): workbook(("a", b"")), ("MBD1", "CONTENTS"): b"inside", ("MBD1", "\x01Ole"): b"x"}), "MBD1"),
        (container({("Workbook",): workbook(("a", b"")), ("MBD1", "Package"): b"inside"}), "MBD1"),
        (rtf_with(b"Package", packed(b"list.txt", b"inside")), "list.txt"),
        (rtf_with(b"Acro", container({("CONTENTS",): b"inside"})), "object 1"),
        (ppt_with(container({("Package",): b"inside"})), "object 1"),
    ],
    ids=["packed in xls", "pdf in xls", "docx in xls", "packed in rtf", "pdf in rtf", "docx in ppt"],
)  # fmt: skip
def test_a_file_inside_an_old_office_file_comes_out_as_it_was_put_in(data: bytes, name: str) -> None:
    reading, members = reading_and_members(data)
    assert (reading.children[0].name, members[0]) == (name, b"inside")


def test_an_object_that_is_not_wrapped_comes_out_as_a_container_that_its_reader_reads() -> None:
    inner = {("MBD1", "Workbook"): workbook(("inner", number(0, 0, 7.0))), ("MBD1", "\x01CompObj"): b"x" * 80}
    _, (member,) = reading_and_members(container({("Workbook",): workbook(("a", b"")), **inner}))
    assert reading_of(member).tables[0].cells == (("7",),)
    assert reading_and_members(container({("Workbook",): workbook(("a", b"")), **inner}))[1] == [member]


def test_pictures_in_ppt_and_rtf_become_members() -> None:
    for data in (ppt_with(container({("Package",): b"x"})), rtf_with(b"Package", packed(b"a", b"b"))):
        reading, members = reading_and_members(data)
        assert (reading.children[-1].name[-4:], members[-1]) == (".png", b"\x89PNG")


def test_text_around_an_object_in_rtf_is_read_and_the_object_is_not() -> None:
    assert marked(reading_of(rtf_with(b"Package", packed(b"a", b"b"))), "") == ["text  end"]


def test_an_object_that_lies_about_its_length_is_named_as_missing() -> None:
    reading = reading_of(b"{\\rtf1 text {\\object{\\*\\objdata 0105000002000000ffffffff}}}")
    assert (reading.outcome, "the object object 1 is cut" in reading.reason) == ("read in part", True)


def test_a_packed_file_that_is_cut_is_handed_on_as_it_is() -> None:
    assert packed_file(b"\2\0no end", "object 1") == ("object 1", b"\2\0no end")


def sheet(body: str, **names: Any) -> bytes:
    """An ODS with one sheet."""
    return ods(f"<table:table table:name='List'>{body}</table:table>")


CELL = "<table:table-cell office:value-type='float' office:value='{}'/>"


def test_hidden_rows_columns_and_sheets_of_an_ods_are_found_and_marked() -> None:
    body = (
        "<table:table-column/><table:table-column table:number-columns-repeated='2' table:visibility='collapse'/>"
        f"<table:table-row>{CELL.format(1)}</table:table-row>"
        f"<table:table-row table:visibility='filter' table:number-rows-repeated='2'>{CELL.format(2)}</table:table-row>"
    )
    reading = reading_of(sheet(body))
    assert reading.tables[0].notes == (
        CellNote("B:C", "hidden columns"), CellNote("2", "hidden row"), CellNote("3", "hidden row"),
    )  # fmt: skip
    assert (marked(reading, ""), marked(reading, "hidden")) == (["1"], ["2", "2"])
    style = "<style style:name='ta1'><properties/></style>".replace("style:name", "table:name")
    unseen = ods(
        style.replace("properties/", "table:table-properties table:display='false'/")
        + f"<table:table table:name='a' table:style-name='ta1'><table:table-row>{CELL.format(3)}</table:table-row></table:table>"
    )
    assert marked(reading_of(unseen), "hidden") == ["3"]


def test_remarks_and_deletions_on_record_in_an_ods_are_read_and_marked() -> None:
    body = (
        "<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-table-cell>"
        "<text:p>old</text:p></table:change-track-table-cell></table:previous></table:cell-content-change></table:tracked-changes>"
        "<table:table table:name='List'><table:table-row><table:table-cell/><table:table-cell office:value-type='string'>"
        "<office:annotation><text:p>remark</text:p></office:annotation><text:p>new</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    reading = reading_of(ods(body))
    assert (marked(reading, "comment"), marked(reading, "deleted"), marked(reading, "")) == (
        ["remark"],
        ["old"],
        ["new"],
    )
    assert places(reading)[:2] == ["sheet=List&cells=B1:B1", "sheet=List&cells=B1:B1"]


def test_a_cell_of_an_ods_keeps_its_value_as_stored_and_its_address() -> None:
    number = CELL.format("653101198001011234")
    date = "<table:table-cell office:value-type='date' office:date-value='2018-05-24'><text:p>24.05.</text:p></table:table-cell>"
    gap = "<table:table-cell table:number-columns-repeated='1000'/>"
    empty = "<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
    (table,) = reading_of(sheet(f"{empty}<table:table-row>{number}{gap}{date}</table:table-row>")).tables
    assert (table.columns, table.rows) == (("A", "ALN"), (1048001,))
    assert table.cells == (("653101198001011234",), ("2018-05-24",))
    assert table.notes == (CellNote("A1048001", "rounded"),)


def test_cells_that_repeat_beyond_the_limit_are_refused_before_they_are_made() -> None:
    row = "<table:table-row table:number-rows-repeated='1048576'>{}</table:table-row>"
    filled = (
        "<table:table-cell table:number-columns-repeated='16384' office:value-type='float' office:value='1'/>"
    )
    reading = reading_of(sheet(row.format(filled)))
    assert (reading.outcome, reading.reason) == ("refused", "limit cells (4000000)")


@given(STREAMS)
def test_a_container_gives_back_its_streams(streams: dict[tuple[str, ...], bytes]) -> None:
    with olefile.OleFileIO(io.BytesIO(container(streams))) as read:
        assert {tuple(path): read.openstream(path).read() for path in read.listdir()} == streams


def test_the_file_maker_of_these_tests_agrees_with_the_writer() -> None:
    with (
        olefile.OleFileIO(ole({"Workbook": b"x" * 5000})) as one,
        olefile.OleFileIO(container({("Workbook",): b"x" * 5000})) as two,
    ):
        assert one.openstream("Workbook").read(5000) == two.openstream("Workbook").read()
