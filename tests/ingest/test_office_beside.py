"""Office files: what lies beside the text that is shown, and what is left of a file that is damaged."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile

from onrecord.ingest.container import container
from onrecord.ingest.kinds import kind_of
from onrecord.ingest.reading import Outcome
from tests.ingest.making import R, S, W, doc, docx, ods, odt, ole, xlsx, zipped
from tests.ingest.old_office import biff, number, packed, workbook, xls
from tests.ingest.reading_here import marked, places, reading_and_members, reading_of, text_of

PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
ROW = "<row r='1'><c r='A1'><v>7</v></c></row>"


def _with(data: bytes, *parts: tuple[str, str | bytes]) -> bytes:
    """The package with more parts, also such as it has."""
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there already
        for name, body in parts:
            package.writestr(zipfile.ZipInfo(name), body)
    return buffer.getvalue()


def _put(data: bytes, at: int, field: bytes) -> bytes:
    """The bytes with others at a place."""
    return data[:at] + field + data[at + len(field) :]


def _flipped(data: bytes, mark: bytes) -> bytes:
    """The package with another checksum for the part whose entry in the directory holds these bytes."""
    at = data.rindex(b"PK\1\2", 0, data.rindex(mark))
    return data[: at + 16] + bytes(4) + data[at + 20 :]


def test_of_a_document_that_breaks_off_what_stands_before_is_read_in_part() -> None:
    cut = zipped({"word/document.xml": f"<w:document {W}><w:body>{PARAGRAPH.format('kept')}<w:p><w:r"})
    reading = reading_of(cut)
    assert (reading.outcome, text_of(reading)) == (Outcome.IN_PART, "kept")
    assert re.fullmatch(
        r"missing: the XML of word/document\.xml breaks at line 1, character \d+: it ends too soon",
        reading.reason,
    )


def test_a_document_that_defines_entities_is_read_without_them() -> None:
    bomb = "<!DOCTYPE a [<!ENTITY x 'expanded'>]>"
    body = f"<w:document {W}><w:body>{PARAGRAPH.format('before &x; after')}{PARAGRAPH.format('kept')}</w:body></w:document>"
    reading = reading_of(zipped({"word/document.xml": bomb + body}))
    assert (reading.outcome, "kept" in text_of(reading), "expanded" in text_of(reading)) == (
        "read in part",
        True,
        False,
    )


def test_a_part_with_a_wrong_checksum_is_read_in_part() -> None:
    reading = reading_of(_flipped(docx(PARAGRAPH.format("kept")), b"word/document.xml"))
    assert (reading.outcome, text_of(reading)) == (Outcome.IN_PART, "kept")
    assert reading.reason == "missing: the part word/document.xml cannot be unpacked: its checksum is wrong"


def test_a_damaged_picture_does_not_cost_the_text() -> None:
    data = _with(docx(PARAGRAPH.format("kept")), ("word/media/a.png", b"one"), ("word/media/b.png", b"two"))
    reading, members = reading_and_members(_flipped(data, b"word/media/a.png"))
    assert (reading.outcome, text_of(reading), members) == (Outcome.IN_PART, "kept", [b"two"])


def test_more_members_than_there_may_be_do_not_cost_the_text() -> None:
    pictures = [(f"word/media/{n}.png", b"p") for n in range(4)]
    reading, members = reading_and_members(_with(docx(PARAGRAPH.format("kept")), *pictures), members=3)
    assert (text_of(reading), len(members)) == ("kept", 3)
    assert reading.reason == "missing: what is inside after the first 3: limit members (3)"


def test_a_part_that_stands_twice_is_read_both_times() -> None:
    other = docx(PARAGRAPH.format("second"))
    with zipfile.ZipFile(io.BytesIO(other)) as package:
        body = package.read("word/document.xml")
    reading = reading_of(_with(docx(PARAGRAPH.format("first")), ("word/document.xml", body)))
    assert sorted(text_of(reading).split()) == ["first", "second"]


def test_names_of_parts_are_compared_without_case_and_with_either_slash() -> None:
    document = f"<w:document {W}>{PARAGRAPH.format('kept')}</w:document>"
    for name in ("WORD/Document.XML", "word\\document.xml", "/word/document.xml"):
        assert text_of(reading_of(zipped({name: document}))) == "kept", name


def test_numbers_of_5000_digits_and_of_odd_digits_are_no_numbers() -> None:
    cells = "".join(f"<c s='{v}' t='s'><v>{v}</v></c>" for v in ("9" * 5000, "²", "-1"))
    assert reading_of(xlsx(f"<row>{cells}</row>{ROW}")).outcome == Outcome.READ
    assert text_of(reading_of(odt("<text:p>a<text:s text:c='x'/>b</text:p>"))) == "a b"


def test_what_is_repeated_for_old_programs_is_read_once() -> None:
    box = "<w:txbxContent>" + PARAGRAPH.format("boxed") + "</w:txbxContent>"
    both = f"<m:AlternateContent xmlns:m='m'><m:Choice>{box}</m:Choice><m:Fallback>{box}</m:Fallback></m:AlternateContent>"
    old = both.replace(f"<m:Choice>{box}</m:Choice>", "<m:Choice><new/></m:Choice>")
    for body in (both, old):
        assert text_of(reading_of(docx(f"<w:p><w:r>{body}</w:r></w:p>"))) == "boxed"


def test_a_sign_that_only_old_programs_have_letters_for_stands_in_its_place() -> None:
    sign = "<m:AlternateContent xmlns:m='m'><m:Choice><sym/></m:Choice><m:Fallback><w:t>☺</w:t></m:Fallback></m:AlternateContent>"
    run = f"<w:p><w:r><w:t>a</w:t>{sign}<w:t>b</w:t></w:r></w:p>"
    assert text_of(reading_of(docx(run))) == "a☺b"


def test_charts_diagrams_data_and_links_of_a_document_are_found() -> None:
    drawn = "<a:p xmlns:a='a'><a:r><a:t>{}</a:t></a:r></a:p>"
    series = "<c:ser><c:cat><c:pt><c:v>Kashgar</c:v></c:pt></c:cat><c:val><c:pt><c:v>12</c:v></c:pt></c:val></c:ser>"
    links = "<R><Relationship Target='http://a.example/' TargetMode='External'/><Relationship Target='b.xml'/></R>"
    reading = reading_of(_with(
        docx(PARAGRAPH.format("text")),
        ("word/charts/chart1.xml", f"<c:chart xmlns:c='c'>{drawn.format('title')}{series}</c:chart>"),
        ("word/diagrams/data1.xml", f"<d>{drawn.format('box')}</d>"),
        ("customXml/item1.xml", "<form><name>Tursun</name></form>"),
        ("word/_rels/document.xml.rels", links),
    ))  # fmt: skip
    assert marked(reading, "") == ["text", "title", "Kashgar\t12", "box"]
    assert marked(reading, "hidden") == ["Tursun", "http://a.example/"]


def test_what_a_workbook_keeps_around_its_sheets_is_found() -> None:
    data = _with(
        xlsx(ROW, book="<definedNames><definedName name='secret'>\"word\"</definedName></definedNames>"),
        ("xl/drawings/drawing1.xml", "<x><a:p xmlns:a='a'><a:r><a:t>in a box</a:t></a:r></a:p></x>"),
        ("xl/externalLinks/externalLink1.xml", "<x><sheetData><row r='1'><cell><v>elsewhere</v></cell></row></sheetData></x>"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", "<x><cacheField name='name'><sharedItems><s v='Ali'/><s v='Amina'/>"
         "</sharedItems></cacheField><cacheField name='age'><sharedItems/></cacheField></x>"),
        ("xl/pivotCache/pivotCacheRecords1.xml", "<x><r><x v='1'/><n v='31'/></r></x>"),
    )  # fmt: skip
    reading = reading_of(data)
    assert marked(reading, "") == ["7", "in a box"]
    assert marked(reading, "hidden") == [
        'secret = "word"',
        "elsewhere",
        "name\tAli\tAmina",
        "age",
        "Amina\t31",
    ]


def test_a_sheet_that_the_workbook_does_not_list_is_read_as_hidden() -> None:
    sheet = f"<worksheet {S} {R}><sheetData><row r='3'><c r='B3'><v>99</v></c></row></sheetData></worksheet>"
    listed, unlisted = reading_of(_with(xlsx(ROW), ("xl/worksheets/sheet9.xml", sheet))).tables
    assert (listed.mark, unlisted.mark, unlisted.name, unlisted.cells) == (
        "",
        "hidden",
        "sheet9.xml",
        (("99",),),
    )
    assert unlisted.notes[0].note == "sheet state not listed in the workbook"


def test_headers_of_a_sheet_are_read_also_of_a_large_one() -> None:
    header = "<headerFooter><oddHeader>&amp;C secret</oddHeader></headerFooter>"
    for filler in ("", "<x>" + " " * 9_000_000 + "</x><x>" + " " * 9_000_000 + "</x>"):
        assert marked(reading_of(xlsx(ROW, before=header + filler), expansion=10**6), "header") == [
            "&C secret"
        ]


def test_a_formula_that_was_never_counted_is_shown_and_one_that_gave_nothing_is_not() -> None:
    rows = "<row r='1'><c r='A1'><f>A2&amp;\"x\"</f></c><c r='B1' t='str'><f>IF(1,\"\")</f><v></v></c></row>"
    (table,) = reading_of(xlsx(rows)).tables
    assert table.cells == (('=A2&"x"',),)
    assert [(note.address, note.note) for note in table.notes] == [
        ("A1", "a formula whose value the file does not hold")
    ]


def test_a_sheet_that_breaks_off_keeps_the_rows_before() -> None:
    whole = xlsx(ROW)
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        parts["xl/worksheets/sheet1.xml"].split(b"</row>")[0] + b"</row><row><c"
    )
    reading = reading_of(zipped(parts))
    assert (reading.outcome, text_of(reading)) == (Outcome.IN_PART, "7")


def test_properties_come_out_cut_to_what_somebody_may_read() -> None:
    core = f"<c><title>{'x' * 20_000}</title></c>"
    reading = reading_of(_with(docx(PARAGRAPH.format("kept")), ("docProps/core.xml", core)))
    assert (reading.outcome, len(dict(reading.claims)["title"])) == (Outcome.IN_PART, 10_000)


def _flat(kind: str, body: str) -> bytes:
    open_document = "urn:oasis:names:tc:opendocument:xmlns:"
    names = " ".join(f"xmlns:{name}='{open_document}{name}:1.0'" for name in ("office", "text", "table"))
    media = f"application/vnd.oasis.opendocument.{kind}"
    return f"<?xml version='1.0'?><office:document {names} office:mimetype='{media}'>{body}</office:document>".encode()


def test_flat_open_documents_are_read_as_the_packed_ones() -> None:
    text = reading_of(_flat("text", "<office:text><text:p>kept</text:p></office:text>"))
    assert (text.kind, text_of(text)) == ("fodt", "kept")
    sheet = "<table:table table:name='a'><table:table-row><table:table-cell><text:p>kept</text:p></table:table-cell></table:table-row></table:table>"
    (table,) = reading_of(_flat("spreadsheet", f"<office:spreadsheet>{sheet}</office:spreadsheet>")).tables
    assert (table.name, table.cells) == ("a", (("kept",),))


def test_templates_and_drawings_of_open_document_are_known_by_their_media_type() -> None:
    for said, kind in (
        ("graphics", "odg"),
        ("presentation-template", "odp"),
        ("text-master", "odt"),
        ("spreadsheet-template", "ods"),
    ):
        media = f"application/vnd.oasis.opendocument.{said}"
        assert (
            kind_of(io.BytesIO(zipped({"mimetype": media, "content.xml": "<a/>"}, zipfile.ZIP_STORED)))
            == kind
        )


def test_a_damaged_manifest_does_not_cost_an_open_document_its_text() -> None:
    for data in (
        odt("<text:p>kept</text:p>"),
        ods(
            "<table:table><table:table-row><table:table-cell><text:p>kept</text:p></table:table-cell></table:table-row></table:table>"
        ),
    ):
        whole = _with(data, ("META-INF/manifest.xml", b"x" * 50))
        assert text_of(reading_of(_flipped(whole, b"META-INF/manifest.xml"))) == "kept"


def test_a_stream_whose_sectors_lead_back_is_damaged_and_not_repeated() -> None:
    reading = reading_of(ole({"WordDocument": struct.pack("<HH", 0xA5EC, 0xC1) + bytes(8000)}, loop=True))
    assert (
        reading.reason == "the stream WordDocument cannot be read: its chain of sectors leads back to itself"
    )


def test_a_letter_of_word_95_is_decoded_by_the_language_it_names() -> None:
    text = "图尔荪江".encode("gbk")
    word = struct.pack("<HHHH", 0xA5DC, 0x65, 0, 0x0804).ljust(0x400, b"\0") + text
    word = word[:0x18] + struct.pack("<II", 0x400, 0x400 + len(text)) + word[0x20:]
    assert text_of(reading_of(ole({"WordDocument": word}))) == "图尔荪江"


def test_a_locked_document_is_not_told_as_named_wrongly() -> None:
    assert reading_of(ole({"EncryptedPackage": b"x"}), "a.docx").warnings == ()
    assert reading_of(doc("x"), "a.docx").warnings == ("named as docx, but the bytes are doc",)


def test_a_file_that_an_object_in_a_package_wraps_comes_out_of_it() -> None:
    for streams in (
        {("CONTENTS",): b"%PDF-inside"},
        {("Package",): b"%PDF-inside"},
        {("\x01Ole10Native",): b"\0\0\0\0" + packed(b"a.pdf", b"%PDF-inside")},
    ):
        wrapped = container({**streams, ("\x01CompObj",): b"x" * 80})
        reading, members = reading_and_members(_with(docx(""), ("word/embeddings/oleObject1.bin", wrapped)))
        assert [child.name for child in reading.children] == ["word/embeddings/oleObject1.bin"]
        assert reading_and_members(members[0], "oleObject1.bin")[1] == [b"%PDF-inside"]


def test_a_container_that_wraps_a_container_gives_back_the_inner_one() -> None:
    inner = container({("Workbook",): workbook(("a", number(0, 0, 7.0)))})
    _, members = reading_and_members(container({("Package",): inner}), "oleObject1.bin")
    assert members == [inner]


def test_a_container_of_a_program_not_known_here_says_so_and_a_damaged_one_that_it_is_damaged() -> None:
    unknown = reading_of(container({("VisioDocument",): b"x" * 80}))
    assert (unknown.outcome, unknown.reason) == (
        "unsupported", "it is a container of an old office program and holds no document of a kind known here",
    )  # fmt: skip
    damaged = reading_of(_put(container({("VisioDocument",): b"x" * 80}), 30, b"\xff\xff"))
    assert (damaged.outcome, damaged.reason) == (
        "failed", "the container of an old office program cannot be read: its directory is damaged",
    )  # fmt: skip


def test_rtf_ends_a_paragraph_at_a_backslash_before_a_line_end() -> None:
    assert marked(reading_of(b"{\\rtf1 one\\\ntwo\\\rthree}"), "") == ["one", "two", "three"]


def test_what_an_rtf_says_of_itself_is_no_part_of_its_text() -> None:
    data = b"{\\rtf1{\\info{\\title Secret list}{\\author A. B.}}{\\mmathPr\\mmathFont34}text}"
    assert (marked(reading_of(data), "claim"), marked(reading_of(data), "")) == (
        ["Secret list", "A. B."],
        ["text"],
    )


def test_words_that_somebody_put_on_a_layout_are_read_and_instructions_are_not() -> None:
    shape = "<p:sp>{}<p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>"
    own = shape.format("<p:nvSpPr><p:nvPr/></p:nvSpPr>", "For inner use")
    told = shape.format("<p:nvSpPr><p:nvPr><p:ph type='title'/></p:nvPr></p:nvSpPr>", "Click to edit")
    layout = f"<p:sldLayout xmlns:p='p' xmlns:a='a'>{own}{told}</p:sldLayout>"
    reading = reading_of(
        zipped({"ppt/presentation.xml": "<p/>", "ppt/slideLayouts/slideLayout1.xml": layout})
    )
    assert (marked(reading, "header"), text_of(reading)) == (["For inner use"], "For inner use")


def test_texts_in_boxes_and_charts_of_an_xls_are_read() -> None:
    box = biff(0x005D, struct.pack("<HHHHHIII", 0x15, 0x12, 6, 7, 0, 0, 0, 0))
    said = biff(0x01B6, struct.pack("<HH6xHHI", 0, 0, 6, 0, 0)) + biff(0x003C, b"\0in box")
    title = biff(0x100D, struct.pack("<HBB", 0, 8, 0) + b"in chart")
    chart = biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x20, 0, 0, 0, 6)) + title + biff(0x000A)
    assert text_of(reading_of(xls(("List", number(0, 0, 1.0) + box + said + chart)))) == "1\nin chart\nin box"


def test_a_letter_of_word_95_in_a_foreign_script_is_decoded_whatever_language_its_program_had() -> None:
    text = "Четыре балла и семь лет".encode("cp1251")
    word = struct.pack("<HHHH", 0xA5DC, 0x65, 0, 0x0409).ljust(0x400, b"\0") + text
    word = word[:0x18] + struct.pack("<II", 0x400, 0x400 + len(text)) + word[0x20:]
    assert text_of(reading_of(ole({"WordDocument": word}))) == "Четыре балла и семь лет"


def test_of_more_sheets_than_there_may_be_tables_the_text_is_read() -> None:
    reading = reading_of(xls(*[(f"s{n}", number(0, 0, float(n))) for n in range(4)]), tables=3)
    assert (len(reading.tables), text_of(reading)) == (3, "0\n1\n2\n3")
    assert (reading.outcome, reading.reason) == (
        "read in part", "missing: tables of the sheets after the first 3, whose text was read",
    )  # fmt: skip


def test_shapes_of_an_open_document_sheet_are_read_where_they_hang() -> None:
    cell = "<table:table-cell><text:p>7</text:p><x:shape xmlns:x='x'><text:p>at a cell</text:p></x:shape></table:table-cell>"
    page = "<table:shapes><x:frame xmlns:x='x'><text:p>on the page</text:p></x:frame></table:shapes>"
    reading = reading_of(
        ods(f"<table:table table:name='a'>{page}<table:table-row>{cell}</table:table-row></table:table>")
    )
    assert [piece.text for piece in reading.pieces] == ["7", "on the page", "at a cell"]
    assert places(reading)[2] == "sheet=a&cells=A1:A1"


def test_text_in_a_style_that_is_not_shown_is_marked_hidden() -> None:
    styles = (
        f"<w:styles {W}><w:style w:styleId='Ghost'><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:styleId='Child'><w:basedOn w:val='Ghost'/></w:style><w:style w:styleId='Plain'/></w:styles>"
    )
    run = "<w:r><w:rPr><w:rStyle w:val='{}'/></w:rPr><w:t>{}</w:t></w:r>"
    line = "<w:p><w:pPr><w:pStyle w:val='Child'/></w:pPr><w:r><w:t>third</w:t></w:r></w:p>"
    body = f"<w:p>{run.format('Plain', 'first')}{run.format('Ghost', 'second')}</w:p>{line}"
    reading = reading_of(docx(body, word__styles=styles))
    assert (marked(reading, ""), marked(reading, "hidden")) == (["first"], ["second", "third"])


def test_a_large_number_with_an_exponent_is_told_in_digits_and_marked_rounded() -> None:
    cells = "".join(f"<c><v>{v}</v></c>" for v in ("6.5310119800101094E+17", "6.5E+300", "1.5E-7", "12"))
    (table,) = reading_of(xlsx(f"<row r='1'>{cells}</row>")).tables
    assert [column[0] for column in table.cells] == ["653101198001010940", "6.5E+300", "1.5E-7", "12"]
    assert [(note.address, note.note) for note in table.notes] == [("A1", "rounded"), ("B1", "rounded")]
