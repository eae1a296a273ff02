"""Office files: the text that is shown, and the text that somebody meant to hide."""

from __future__ import annotations

import io
import struct
import zipfile

from onrecord.ingest.reading import Outcome
from tests.ingest.making import doc, docx, ods, odt, ole, xlsx, zipped
from tests.ingest.reading_here import marked, places, reading_and_members, reading_of, text_of

NOT_HIDDEN = '<w:vanish w:val="0"/>'


def run(text: str, properties: str = "") -> str:
    """A run of Word text."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_tracked_and_hidden_words_of_a_docx_are_found_and_marked() -> None:
    body = (
        f"<w:p>{run('shown ')}<w:del><w:r><w:delText>struck</w:delText></w:r></w:del>"
        f"<w:ins>{run('put in')}</w:ins>{run('concealed', '<w:vanish/>')}{run(' not concealed', NOT_HIDDEN)}</w:p>"
    )
    reading = reading_of(docx(body))
    assert (marked(reading, "deleted"), marked(reading, "inserted")) == (["struck"], ["put in"])
    assert (marked(reading, "hidden"), marked(reading, "")) == (["concealed"], ["shown  not concealed"])


def test_paragraphs_of_a_docx_are_placed_by_part_and_number() -> None:
    reading = reading_of(docx(f"<w:p>{run('one')}</w:p><w:p/><w:p>{run('three')}</w:p>"))
    assert places(reading) == ["part=word/document.xml&paragraph=1", "part=word/document.xml&paragraph=3"]


def test_comments_notes_and_headers_of_a_docx_are_read_and_marked() -> None:
    parts = {
        name: f"<w:x xmlns:w='u'><w:p>{run(name)}</w:p></w:x>"
        for name in ("word__comments", "word__footnotes", "word__header1")
    }
    reading = reading_of(docx("", **parts))
    assert [marked(reading, mark) for mark in ("comment", "note", "header")] == [
        ["word__comments"], ["word__footnotes"], ["word__header1"],
    ]  # fmt: skip


def test_pictures_in_a_docx_become_members() -> None:
    data = zipped({"word/document.xml": "<d/>", "word/media/image1.png": b"\x89PNG"})
    reading, members = reading_and_members(data)
    assert ([child.name for child in reading.children], members) == (["word/media/image1.png"], [b"\x89PNG"])


def test_notes_and_hidden_slides_of_a_pptx_are_marked() -> None:
    slide = "<p:sld xmlns:p='p' xmlns:a='a' {}><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>"
    data = zipped(
        {
            "ppt/presentation.xml": "<p/>",
            "ppt/slides/slide2.xml": slide.format("", "second"),
            "ppt/slides/slide10.xml": slide.format("show='0'", "tenth"),
            "ppt/notesSlides/notesSlide1.xml": slide.format("", "say this"),
        }
    )
    reading = reading_of(data)
    assert [(piece.text, piece.mark) for piece in reading.pieces] == [
        ("second", ""), ("tenth", "hidden"), ("say this", "note"),
    ]  # fmt: skip


def test_deletions_and_annotations_of_an_odt_are_marked() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>struck</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>a<text:s text:c='2'/>b<text:tab/>c"
        "<o:annotation><text:p>remark</text:p></o:annotation></text:p>"
    )
    reading = reading_of(odt(body))
    assert (marked(reading, "deleted"), marked(reading, "comment"), marked(reading, "")) == (
        ["struck"], ["remark"], ["a  b\tc"],
    )  # fmt: skip


def test_deleted_words_of_a_word_97_document_are_found_and_marked() -> None:
    reading = reading_of(doc("喀什 kept ", deleted="struck"))
    assert (marked(reading, ""), marked(reading, "deleted")) == (["喀什 kept "], ["struck"])


def test_text_records_of_a_ppt_are_read_and_notes_marked() -> None:
    def record(kind: int, body: bytes, flags: int = 0) -> bytes:
        return struct.pack("<HHI", flags, kind, len(body)) + body

    slide = record(0x03EE, record(0x0FA0, "شىنجاڭ".encode("utf-16-le")), 0xF)
    notes = record(0x03F0, record(0x0FA8, b"say this"), 0xF)
    reading = reading_of(ole({"PowerPoint Document": slide + notes}))
    assert [(piece.text, piece.mark) for piece in reading.pieces] == [("شىنجاڭ", ""), ("say this", "note")]


def test_rtf_is_read_in_unicode_and_code_pages_with_hidden_text_marked() -> None:
    data = (
        b"{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fcharset134 x;}}{\\*\\generator z}\\f0 "
        b"\\'bf\\'a6\\'ca\\'b2 \\u1588 ?\\u-10179 ?\\u-8704 ? {\\v concealed}\\par second}"
    )
    reading = reading_of(data)
    assert marked(reading, "") == ["喀什 ش😀 ", "second"]
    assert marked(reading, "hidden") == ["concealed"]


def test_rtf_that_was_cut_off_says_so_and_keeps_what_came_before() -> None:
    reading = reading_of(b"{\\rtf1 kept {\\b and thi")
    assert (reading.outcome, marked(reading, "")) == (Outcome.IN_PART, ["kept and thi"])
    assert "never closed" in reading.reason


def test_cells_far_apart_take_no_room() -> None:
    rows = "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>2</v></c></row>"
    (table,) = reading_of(xlsx(rows, sheet="")).tables
    assert (table.columns, table.rows, table.cells) == (
        ("A", "XFD"),
        (1, 1048576),
        (("1", None), (None, "2")),
    )


def test_an_identity_number_keeps_its_digits_and_is_marked_rounded() -> None:
    (table,) = reading_of(
        xlsx("<row r='1'><c r='A1'><v>653101198001011234</v></c><c r='B1'><v>12</v></c></row>")
    ).tables
    assert table.cells == (("653101198001011234",), ("12",))
    assert [(note.address, note.note) for note in table.notes] == [("A1", "rounded")]


def test_hidden_sheets_rows_and_columns_of_a_workbook_are_marked() -> None:
    rows = "<row r='1'><c r='A1'><v>1</v></c></row><row r='2' hidden='1'><c r='A2'><v>2</v></c></row>"
    columns = "<cols><col min='2' max='3' hidden='1'/></cols>"
    reading = reading_of(xlsx(rows, before=columns))
    assert [(piece.text, piece.mark) for piece in reading.pieces] == [("1", ""), ("2", "hidden")]
    assert {(note.address, note.note) for note in reading.tables[0].notes} == {
        ("2", "hidden row"),
        ("B:C", "hidden columns"),
    }
    hidden = reading_of(xlsx(rows, sheet="state='veryHidden'"))
    assert (hidden.tables[0].mark, {piece.mark for piece in hidden.pieces}) == ("hidden", {"hidden"})


def test_what_stood_in_a_shared_workbook_before_is_marked_deleted() -> None:
    log = "<revisions><rcc><oc r='B2' t='inlineStr'><is><t>before</t></is></oc><nc r='B2'><v>1</v></nc></rcc></revisions>"
    data = zipped({**_members(xlsx("")), "xl/revisions/revisionLog1.xml": log})
    assert marked(reading_of(data), "deleted") == ["before"]


def test_dates_strings_and_truth_in_a_workbook_are_told_as_text() -> None:
    styles = "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"
    rows = (
        "<row r='1'><c r='A1' s='1'><v>43244</v></c><c r='B1' s='1'><v>43244.5</v></c><c r='C1' t='b'><v>1</v></c>"
        "<c r='D1' t='inlineStr'><is><t>in line</t></is></c><c r='E1' t='s'><v>0</v></c></row>"
    )
    data = xlsx(rows, strings="<sst><si><r><t>in </t></r><r><t>runs</t></r></si></sst>")
    with_styles = zipped({**_members(data), "xl/styles.xml": styles})
    (table,) = reading_of(with_styles).tables
    assert [column[0] for column in table.cells] == [
        "2018-05-24",
        "2018-05-24 12:00:00",
        "TRUE",
        "in line",
        "in runs",
    ]


def test_an_open_document_sheet_becomes_a_table_with_addresses() -> None:
    cell = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    row = f"<table:table-row><table:table-cell/>{cell.format('name')}</table:table-row>"
    reading = reading_of(ods(f"<table:table table:name='List'>{row}</table:table>"))
    assert (places(reading), text_of(reading)) == (["sheet=List&cells=B1:B1"], "name")


def test_a_password_protected_document_is_encrypted_not_failed() -> None:
    assert reading_of(ole({"EncryptedPackage": b"x"}), "a.docx").outcome == Outcome.ENCRYPTED


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
