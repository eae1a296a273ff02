"""Office packages that lie about themselves: relations, names, kinds, indexes, changes, fields, flat files, other dialects."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from functools import partial

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.making import R, S, W, docx, ods, odt, xlsx, zeros_deflated, zip_of_stream

TEXT = "the words that matter"
OUTSIDE = " TargetMode='External'"
PARAGRAPH = f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = " ".join(
    f"xmlns:{name}='{OPEN}{name}:1.0'" for name in ("office", "text", "table", "draw", "style", "script")
)
CELL = f"<table:table-cell office:value-type='string'><text:p>{TEXT}</text:p></table:table-cell>"
ROW = f"<row r='1'><c r='A1' t='inlineStr'><is><t>{TEXT}</t></is></c></row>"
BOMB = (
    f"<!DOCTYPE z [<!ENTITY b0 '{'ha' * 50}'>"
    + "".join(f"<!ENTITY b{n} '{f'&b{n - 1};' * 10}'>" for n in range(1, 9))
    + "]>"
)
MEGABYTES = "x" * 10_000_000


def _document(body: str = PARAGRAPH, names: str = W) -> str:
    return f"<w:document {names}><w:body>{body}</w:body></w:document>"


def _relations(*targets: tuple[str, str, bool]) -> str:
    """Relations of a kind to a target, some of them outside."""
    return "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" + "".join(
        f"<Relationship Id='rId{n}' Type='{TYPE}/{kind}' Target='{target}'{OUTSIDE * outside}/>"
        for n, (kind, target, outside) in enumerate(targets, start=1)
    ) + "</Relationships>"  # fmt: skip


def _parts(*parts: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package whose parts may have the same name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there already
        for name, data in parts:
            package.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def _book(sheets: str, relations: str, *parts: tuple[str, str], more: str = "") -> bytes:
    return _parts(
        ("xl/workbook.xml", f"<workbook {S} {R}>{more}<sheets>{sheets}</sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>"),
        *parts,
    )


def _sheet(rows: str = ROW) -> str:
    return f"<worksheet {S}><sheetData>{rows}</sheetData></worksheet>"


def _many_sheets(count: int) -> bytes:
    return _book(
        "".join(f"<sheet name='{n}' sheetId='{n}' r:id='r{n}'/>" for n in range(count)),
        "".join(f"<Relationship Id='r{n}' Target='worksheets/s{n}.xml'/>" for n in range(count)),
        *[(f"xl/worksheets/s{n}.xml", _sheet()) for n in range(count)],
    )


def _cell(inside: str, attributes: str = "") -> str:
    return f"<row r='2'><c r='A2' {attributes}>{inside}</c></row>"


def _dated(*values: str, base: str = "") -> bytes:
    """A workbook whose cells say that their numbers are days."""
    cells = "".join(
        f"<row r='{n}'><c r='A{n}' s='1'><v>{v}</v></c></row>" for n, v in enumerate(values, start=2)
    )
    styles = f"<styleSheet {S}><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"
    with zipfile.ZipFile(io.BytesIO(xlsx(ROW + cells, book=base))) as package:
        return _parts(*[(name, package.read(name)) for name in package.namelist()], ("xl/styles.xml", styles))


def _slides(count: int, slide: str, *parts: tuple[str, str]) -> bytes:
    return _parts(
        ("ppt/presentation.xml", "<p:presentation xmlns:p='p'/>"),
        *[(f"ppt/slides/slide{n}.xml", slide) for n in range(1, count + 1)],
        *parts,
    )


def _slide(inside: str = "", attributes: str = "") -> str:
    return f"<p:sld xmlns:p='p' xmlns:a='a' xmlns:r='r' {attributes}>{inside}<a:p><a:r><a:t>{TEXT}</a:t></a:r></a:p></p:sld>"


def _flat(kind: str, body: str, before: str = "") -> bytes:
    media = f"application/vnd.oasis.opendocument.{kind}"
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{before}<office:document {NAMES} office:mimetype='{media}'>"
        f"<office:body>{body}</office:body></office:document>"
    ).encode()


def _open(kind: str, body: str, *parts: tuple[str, str]) -> bytes:
    return _parts(
        ("mimetype", f"application/vnd.oasis.opendocument.{kind}"),
        (
            "content.xml",
            f"<office:document-content {NAMES}><office:body>{body}</office:body></office:document-content>",
        ),
        *parts,
    )


def _stored_elsewhere(method: int) -> bytes:
    """A document whose directory says that its main part is packed in another way."""
    data = bytearray(
        _parts(
            ("[Content_Types].xml", "<Types/>"), ("word/document.xml", _document()), method=zipfile.ZIP_STORED
        )
    )
    at = data.rindex(b"PK\1\2")
    data[at + 10 : at + 12] = struct.pack("<H", method)
    return bytes(data)


def _other_sizes(field: int, size: int, data: bytes | None = None) -> bytes:
    """A document whose directory says another size of its main part; the field at 20 is of the packed, at 24 of the bare."""
    data = bytearray(data or _parts(("[Content_Types].xml", "<Types/>"), ("word/document.xml", _document())))
    at = data.rindex(b"PK\1\2")
    data[at + field : at + field + 4] = struct.pack("<I", size)
    return bytes(data)


def _zip64(size: int) -> bytes:
    """A document whose main part says in 64 bits how large it is."""
    name, body = b"word/document.xml", _document().encode()
    extra = struct.pack("<HHQQ", 1, 16, size, len(body))
    local = struct.pack(
        "<4sHHHHHIIIHH", b"PK\3\4", 45, 0, 0, 0, 0, zlib.crc32(body), *[0xFFFFFFFF] * 2, len(name), len(extra)
    )
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 45, 45, 0, 0, 0, 0, zlib.crc32(body), *[0xFFFFFFFF] * 2,
                          len(name), len(extra), 0, 0, 0, 0, 0) + name + extra  # fmt: skip
    start = len(local) + len(name) + len(extra) + len(body)
    return (
        local
        + name
        + extra
        + body
        + central
        + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central), start, 0)
    )


def _one_body() -> bytes:
    """A package of 500 slides that all are the same bytes of the file."""
    data = _parts(("ppt/presentation.xml", "<p/>"), ("ppt/slides/slide1.xml", _slide("<a:t>x</a:t>" * 1000)))
    at, end = data.rindex(b"PK\1\2"), data.rindex(b"PK\5\6")
    first, entry = data[data.index(b"PK\1\2") : at], data[at:end]
    head, tail = entry[:46], entry[46 + len("ppt/slides/slide1.xml") :]
    listed = b""
    for number in range(500):
        name = b"ppt/slides/slide%d.xml" % number
        listed += head[:28] + struct.pack("<H", len(name)) + head[30:] + name + tail
    start = data.index(b"PK\1\2")
    return (
        data[:start]
        + first
        + listed
        + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 501, 501, len(first + listed), start, 0)
    )


def _nested_changes(depth: int) -> str:
    opened = "".join(f"<w:{'ins' if n % 2 else 'del'} w:author='a'>" for n in range(depth))
    closed = "".join(f"</w:{'ins' if n % 2 else 'del'}>" for n in reversed(range(depth)))
    return f"<w:p>{opened}<w:r><w:t>{TEXT}</w:t></w:r>{closed}</w:p>"


def _page_in_page(depth: int) -> bytes:
    """A document that takes in a document, which takes in a document …"""
    data = docx(PARAGRAPH)
    for _ in range(depth):
        data = _parts(
            ("word/document.xml", _document(PARAGRAPH + "<w:altChunk r:id='rId1'/>", f"{W} {R}")),
            ("word/_rels/document.xml.rels", _relations(("aFChunk", "afchunk.docx", False))),
            ("word/afchunk.docx", data),
        )
    return data


def _locked_beside() -> bytes:
    """A document with a picture that is locked."""
    data = bytearray(_parts(("word/document.xml", _document()), ("word/media/image1.png", b"\x89PNG")))
    at = data.rindex(b"PK\1\2")
    data[at + 8] |= 1
    return bytes(data)


FIELD = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> {} </w:instrText></w:r>"
RUN = "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k calc&quot;"
FETCH = "INCLUDETEXT &quot;file:///etc/passwd&quot;"
STRICT = "xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main'"
STRICT_SHEET = "xmlns='http://purl.oclc.org/ooxml/spreadsheetml/main'"

CASES: tuple[Case, ...] = (
    # relations
    Case("relations in a ring.docx", lambda: _parts(("word/document.xml", _document()), ("word/header1.xml", f"<w:hdr {W}/>"),
         ("word/_rels/document.xml.rels", _relations(("header", "header1.xml", False), ("officeDocument", "document.xml", False))),
         ("word/_rels/header1.xml.rels", _relations(("header", "document.xml", False))),
         ("_rels/.rels", _relations(("officeDocument", "_rels/.rels", False)))), (READ,), TEXT),
    Case("relations to everywhere.docx", lambda: _parts(("word/document.xml", _document()), ("word/_rels/document.xml.rels", _relations(
         ("image", "file:///etc/passwd", True), ("frame", "\\\\127.0.0.1\\share\\a.dot", True), ("oleObject", "mhtml:http://127.0.0.1:9/!x-usc:", True),
         ("attachedTemplate", "http://127.0.0.1:9/x.dotm", True), ("hyperlink", "ms-msdt:/id PCWDiagnostic", True)))), (READ,), TEXT),
    Case("relations by the thousand.docx", lambda: _parts(("word/document.xml", _document()), ("word/_rels/document.xml.rels",
         _relations(*[("image", f"../../../../etc/passwd{n}", n % 2 == 0) for n in range(50_000)]))), (READ,), TEXT),
    Case("relations of a bomb.xlsx", lambda: _parts(("xl/workbook.xml", f"<workbook {S} {R}><sheets><sheet name='a' r:id='r1'/></sheets></workbook>"),
         ("xl/_rels/workbook.xml.rels", BOMB + "<R>&b8;</R>"), ("xl/worksheets/sheet1.xml", _sheet())), (IN_PART, FAILED, READ)),
    Case("two sheets under one relation.xlsx", lambda: _book("<sheet name='a' r:id='r1'/><sheet name='b' r:id='r1'/>",
         "<Relationship Id='r1' Target='worksheets/s1.xml'/><Relationship Id='r1' Target='worksheets/s2.xml'/>",
         ("xl/worksheets/s1.xml", _sheet()), ("xl/worksheets/s2.xml", _sheet(_cell("<v>1</v>")))), (READ, IN_PART), TEXT),
    Case("sheet in another case.xlsx", lambda: _book("<sheet name='a' r:id='r1'/>", "<Relationship Id='r1' Target='WORKSHEETS/Sheet1.XML'/>",
         ("xl/worksheets/sheet1.xml", _sheet())), (READ,), TEXT),
    Case("sheet that is a picture.xlsx", lambda: _book("<sheet name='a' r:id='r1'/><sheet name='b' r:id='r2'/>",
         "<Relationship Id='r1' Target='media/a.png'/><Relationship Id='r2' Target='worksheets/s.xml'/>",
         ("xl/media/a.png", "\x89PNG"), ("xl/worksheets/s.xml", _sheet())), (IN_PART,), TEXT),
    # names of parts
    Case("parts that climb.docx", lambda: _parts(("word/document.xml", _document()), ("../../../tmp/climbed.txt", "x"),
         ("/etc/climbed", "x"), ("C:\\climbed.xml", "x"), ("word/../word/header1.xml", "x"), ("word/media/../../../../tmp/climbed.txt", "x")),
         (READ,), TEXT),
    Case("main part twice.docx", lambda: _parts(("word/document.xml", _document()),
         ("word/document.xml", _document("<w:p><w:r><w:t>another</w:t></w:r></w:p>"))), (READ, IN_PART), TEXT),
    Case("main part twice, the last of noise.docx", lambda: _parts(("word/document.xml", _document()), ("word/document.xml", b"\0\xff")), (IN_PART,), TEXT),
    Case("sheet twice.xlsx", lambda: _book("<sheet name='a' r:id='r1'/>", "<Relationship Id='r1' Target='worksheets/s.xml'/>",
         ("xl/worksheets/s.xml", _sheet()), ("xl/worksheets/s.xml", _sheet(_cell("<v>1</v>")))), (READ, IN_PART), TEXT),
    Case("headers to nine digits.docx", lambda: _parts(("word/document.xml", _document()),
         *[(f"word/header{n}.xml", f"<w:hdr {W}/>") for n in (0, 999999999, int("9" * 40), "00000001")]), (READ,), TEXT),
    Case("digits of 60,000 letters.docx", lambda: _parts(("word/document.xml", _document()), ("word/header" + "9" * 60_000 + ".xml", f"<w:hdr {W}/>")),
         (READ, IN_PART), TEXT),
    Case("20,000 headers.docx", lambda: _parts(("word/document.xml", _document()), *[(f"word/header{n}.xml", f"<w:hdr {W}/>") for n in range(20_000)],
         method=zipfile.ZIP_STORED), (READ, REFUSED)),
    # kinds
    Case("kinds that lie.docx", lambda: _parts(("[Content_Types].xml", "<Types><Override PartName='/word/document.xml' ContentType="
         "'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>"), ("word/document.xml", _document())), (READ,), TEXT),
    Case("kinds of a bomb.docx", lambda: _parts(("[Content_Types].xml", BOMB + "<Types>&b8;</Types>"), ("word/document.xml", _document())), (READ,), TEXT),
    Case("three kinds at once.docx", lambda: _parts(("word/document.xml", _document()), ("xl/workbook.xml", "<w/>"), ("ppt/presentation.xml", "<p/>")),
         (READ,), TEXT),
    Case("named a template.dotm", lambda: docx(PARAGRAPH), (READ,), TEXT),
    Case("named a macro book.xltm", lambda: xlsx(ROW), (READ,), TEXT),
    Case("named a show.ppsm", lambda: _slides(1, _slide()), (READ,), TEXT),
    Case("drawing.odg", lambda: _open("graphics", f"<office:drawing><draw:page><draw:text-box><text:p>{TEXT}</text:p></draw:text-box></draw:page></office:drawing>"),
         (READ,), TEXT),
    Case("template.otp", lambda: _open("presentation-template", f"<office:presentation><draw:page><text:p>{TEXT}</text:p></draw:page></office:presentation>"),
         (READ,), TEXT),
    Case("template.ots", lambda: _open("spreadsheet-template", f"<office:spreadsheet><table:table table:name='a'><table:table-row>{CELL}</table:table-row></table:table>"
         "</office:spreadsheet>"), (READ,), TEXT),
    Case("master.odm", lambda: _open("text-master", f"<office:text><text:section><text:p>{TEXT}</text:p></text:section></office:text>"), (READ,), TEXT),
    # custom XML, properties
    Case("custom XML of a bomb.docx", lambda: _parts(("word/document.xml", _document()), ("customXml/item1.xml", BOMB + "<a>&b8;</a>"),
         ("customXml/itemProps1.xml", BOMB + "<a>&b8;</a>")), (READ, IN_PART), TEXT),
    Case("properties of a bomb.docx", lambda: _parts(("word/document.xml", _document()), ("docProps/core.xml", BOMB + "<a>&b8;</a>"),
         ("docProps/app.xml", BOMB + "<a>&b8;</a>")), (READ, IN_PART), TEXT),
    Case("title of 10 MB.docx", lambda: _parts(("word/document.xml", _document()), ("docProps/core.xml", f"<c><title>{MEGABYTES}</title></c>")),
         (READ, IN_PART), TEXT),
    Case("200,000 properties.docx", lambda: _parts(("word/document.xml", _document()), ("docProps/core.xml", f"<c>{'<keyword>secret word</keyword>' * 200_000}</c>")),
         (READ, IN_PART), TEXT),
    Case("properties packed a thousand times.docx", lambda: _parts(("word/document.xml", _document()), ("docProps/core.xml", f"<c>{' ' * 60_000_000}</c>")),
         (READ, IN_PART), TEXT),
    # cells
    Case("indexes that lie.xlsx", lambda: xlsx(ROW + "".join(f"<row><c t='s' s='{v}'><v>{v}</v></c></row>" for v in
         ("-1", "1e3", "0.5", "9" * 5000, "²", "٣", "0x1", " 0", "", "NaN")), strings="<sst><si><t>one</t></si></sst>"), (READ,), TEXT),
    Case("styles that lie.xlsx", lambda: xlsx(ROW + "".join(f"<row><c s='{v}'><v>1</v></c></row>" for v in ("-1", "9" * 5000, "²", "٣", "", "x"))),
         (READ,), TEXT),
    Case("a million cell styles.xlsx", lambda: _parts(("xl/workbook.xml", f"<workbook {S}><sheets><sheet name='a'/></sheets></workbook>"),
         ("xl/worksheets/sheet1.xml", _sheet()), ("xl/styles.xml", f"<styleSheet>{'<numFmt/>' * 200_000}<cellXfs>{'<xf/>' * 1_000_000}</cellXfs></styleSheet>")),
         (READ, REFUSED)),
    Case("format that repeats.xlsx", lambda: _parts(("xl/workbook.xml", f"<workbook {S}><sheets><sheet name='a'/></sheets></workbook>"),
         ("xl/worksheets/sheet1.xml", _sheet()), ("xl/styles.xml", f"<styleSheet><numFmts><numFmt numFmtId='200' formatCode='{'[' * 100_000}'/>"
         f"<numFmt numFmtId='201' formatCode='{'&quot;' * 99_999}'/></numFmts></styleSheet>")), (READ,), TEXT),
    Case("addresses beyond the sheet.xlsx", lambda: xlsx(ROW + "".join(f"<row><c r='{a}'><v>1</v></c></row>" for a in
         ("XFE1", "ZZZ9999999", "A0", "A1048577", "a1", "$A$1", "R1C1", "A-1", "Ａ１"))), (READ,), TEXT),
    Case("days out of time.xlsx", lambda: _dated("1e308", "-1e308", "NaN", "inf", "-1", "0", "60", "2958466", "1e999", "0.9999999999"), (READ,), TEXT),
    Case("days of 1904 out of time.xlsx", lambda: _dated("-700000", "-1", "0", "2957003", "1e15", base="<workbookPr date1904='1'/>"), (READ,), TEXT),
    Case("shared formulas that lie.xlsx", lambda: xlsx(ROW + "".join(f"<row><c><f t='shared' si='{n}' ref='A1:XFD1048576'>A1</f><v>1</v></c></row>"
         for n in (-1, 0, 4294967296, 0))), (READ,), TEXT),
    Case("formula of 8 MB.xlsx", lambda: xlsx(ROW + _cell(f"<f>{'(' * 8_000_000}</f><v>1</v>")), (READ, IN_PART, FAILED)),
    Case("formula without a value.xlsx", lambda: xlsx(_cell(f"<f>CONCATENATE(\"{TEXT}\",WEBSERVICE(\"http://127.0.0.1:9/\"))</f>")), (READ,), TEXT),
    Case("50,000 defined names.xlsx", lambda: xlsx(ROW, book="<definedNames>" + "".join(
         f"<definedName name='n{n}' hidden='1'>n{(n + 1) % 50_000}</definedName>" for n in range(50_000)) + "</definedNames>"), (READ,), TEXT),
    Case("word in a defined name.xlsx", lambda: xlsx(_cell("<v>1</v>"), book=f"<definedNames><definedName name='list' hidden='1'>\"{TEXT}\"</definedName></definedNames>"),
         (READ,), TEXT),
    Case("sheet names that climb.xlsx", lambda: _book("".join(f"<sheet name='{name}' r:id='r{n}'/>" for n, name in enumerate(
         ("../../etc/passwd", "=cmd|&apos; /C calc&apos;!A0", "&lt;script&gt;alert(1)&lt;/script&gt;", "a", "A", "a", "", "x" * 60_000, "&#x202e;gpj", "a&apos;; DROP TABLE t;--"))),
         "".join(f"<Relationship Id='r{n}' Target='worksheets/s{n}.xml'/>" for n in range(10)), *[(f"xl/worksheets/s{n}.xml", _sheet()) for n in range(10)]),
         (READ,), TEXT),
    Case("3,000 very hidden sheets.xlsx", lambda: _book("".join(f"<sheet name='{n}' state='veryHidden' r:id='r{n}'/>" for n in range(3000)),
         "".join(f"<Relationship Id='r{n}' Target='worksheets/s{n}.xml'/>" for n in range(3000)),
         *[(f"xl/worksheets/s{n}.xml", _sheet()) for n in range(3000)]), (IN_PART,), TEXT),
    Case("macro sheet.xlsm", lambda: _book("<sheet name='Macro1' state='veryHidden' r:id='r1'/>", f"<Relationship Id='r1' Type='{TYPE}/xlMacrosheet' Target='macrosheets/sheet1.xml'/>",
         ("xl/macrosheets/sheet1.xml", f"<xm:macrosheet xmlns:xm='x' {S}><sheetData>{ROW}{_cell('<f>EXEC(1)</f><v>0</v>')}</sheetData></xm:macrosheet>"),
         more="<definedNames><definedName name='_xlnm.Auto_Open'>Macro1!$A$2</definedName></definedNames>"), (READ,), TEXT),
    Case("macros of noise.xlsm", lambda: _book("<sheet name='a' r:id='r1'/>", "<Relationship Id='r1' Target='worksheets/s.xml'/>",
         ("xl/worksheets/s.xml", _sheet()), ("xl/vbaProject.bin", "\xd0\xcf\x11\xe0" * 999)), (READ, IN_PART), TEXT),
    Case("link to a program.xlsx", lambda: _book("<sheet name='a' r:id='r1'/>", "<Relationship Id='r1' Target='worksheets/s.xml'/>", ("xl/worksheets/s.xml", _sheet()),
         ("xl/externalLinks/externalLink1.xml", f"<externalLink {S}><ddeLink ddeService='cmd' ddeTopic='/c calc'/></externalLink>"),
         ("xl/connections.xml", f"<connections {S}><connection sourceFile='\\\\127.0.0.1\\x' refreshOnLoad='1'/></connections>")), (READ, IN_PART), TEXT),
    Case("rows in any order.xlsx", lambda: xlsx("".join(f"<row r='{n}'><c r='B{n}'><v>{n}</v></c></row>" for n in (9, 3, 9, 1, 1048576, 3)) + ROW), (READ,), TEXT),
    Case("one row 50,000 times.xlsx", lambda: xlsx(ROW + "<row r='7'><c r='A7'><v>7</v></c></row>" * 50_000), (READ,), TEXT),
    Case("runs by the thousand.xlsx", lambda: xlsx("<row><c t='s'><v>0</v></c></row>", strings=f"<sst><si>{'<r><t/></r>' * 200_000}<r><t>{TEXT}</t></r></si></sst>"), (READ,), TEXT),
    # tracked, nested, endless
    Case("changes in 120 changes.docx", lambda: docx(_nested_changes(120)), (READ,), TEXT),
    Case("changes in 20,000 changes.docx", lambda: docx(PARAGRAPH + _nested_changes(20_000)), (IN_PART,), TEXT),
    Case("tables 10,000 deep.docx", lambda: docx(PARAGRAPH + "<w:tbl><w:tr><w:tc>" * 10_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 10_000), (IN_PART,), TEXT),
    Case("tables 10,000 deep.odt", lambda: odt(f"<text:p>{TEXT}</text:p>" + "<table:table><table:table-row><table:table-cell>" * 10_000
         + "</table:table-cell></table:table-row></table:table>" * 10_000), (IN_PART,), TEXT),
    Case("shapes 10,000 deep.pptx", lambda: _slides(1, _slide("<p:sp><a:p><a:r><a:t>first</a:t></a:r></a:p></p:sp>" + "<p:grpSp>" * 10_000 + "</p:grpSp>" * 10_000)), (IN_PART,), "first"),
    Case("cut in a word.docx", lambda: _parts(("word/document.xml", f"<w:document {W}><w:body>{PARAGRAPH * 50}<w:p><w:r><w:t>cut he")), (IN_PART,), TEXT),
    Case("letter that is none.docx", lambda: docx(PARAGRAPH + "<w:p><w:r><w:t>a\1b</w:t></w:r></w:p>" + PARAGRAPH), (IN_PART,), TEXT),
    Case("entity that nobody defined.docx", lambda: docx("<w:p><w:r><w:t>&nosuch;</w:t></w:r></w:p>" + PARAGRAPH), (IN_PART,), TEXT),
    Case("comments without a place.docx", lambda: docx("<w:p/>", word__comments=f"<w:comments {W}><w:comment w:id='-1'>{PARAGRAPH}</w:comment></w:comments>"), (READ,), TEXT),
    Case("fields without an end.docx", lambda: docx("<w:p>" + FIELD.format(RUN) * 50_000 + "</w:p>" + PARAGRAPH), (READ, REFUSED), TEXT),
    Case("field that includes.docx", lambda: docx(f"<w:p>{FIELD.format(FETCH)}</w:p>{PARAGRAPH}"), (READ,), TEXT),
    Case("document in a document, 12 times.docx", partial(_page_in_page, 12), (READ,), TEXT),
    Case("choices and fallbacks.docx", lambda: docx("<mc:AlternateContent xmlns:mc='m'><mc:Choice/><mc:Fallback>" * 60 + PARAGRAPH + "</mc:Fallback></mc:AlternateContent>" * 60), (READ,), TEXT),
    Case("remark of 10 MB.docx", lambda: docx(f"<!--{MEGABYTES}-->" + PARAGRAPH), (READ, IN_PART)),
    Case("program note of 10 MB.docx", lambda: docx(f"<?x {MEGABYTES}?>" + PARAGRAPH), (FAILED,)),
    Case("word of 11 MB.docx", lambda: docx(f"<w:p><w:r><w:t>{MEGABYTES}{MEGABYTES[:1_000_000]}</w:t></w:r></w:p>" + PARAGRAPH), (READ, IN_PART)),
    # how parts are packed
    *[Case(f"packed by method {method}.docx", partial(_stored_elsewhere, method), (FAILED, READ, IN_PART)) for method in (1, 9, 12, 14, 93, 99)],
    Case("size of nothing.docx", lambda: _other_sizes(24, 0), (FAILED, READ, IN_PART)),
    Case("size of 4 GB.docx", lambda: _other_sizes(24, 0xFFFFFFFE), (FAILED, READ, REFUSED, IN_PART)),
    Case("packed to nothing.docx", lambda: _other_sizes(20, 0), (FAILED, READ, IN_PART)),
    Case("packed to 4 GB.docx", lambda: _other_sizes(20, 0xFFFFFFFE), (FAILED, READ, IN_PART, UNSUPPORTED)),
    Case("size in 64 bits.docx", lambda: _zip64(len(_document())), (READ,), TEXT),
    Case("size of 2^63.docx", lambda: _zip64(1 << 63), (FAILED, REFUSED, READ, IN_PART)),
    Case("checksum that is wrong.docx", lambda: _other_sizes(16, 1), (FAILED, IN_PART)),
    Case("locked part beside.docx", _locked_beside, (READ, IN_PART, ENCRYPTED), TEXT),
    Case("one body of 500 slides.pptx", _one_body, (IN_PART,)),
    Case("program before it.docx", lambda: b"MZ\x90\0" + bytes(4092) + docx(PARAGRAPH), (READ, UNSUPPORTED)),
    Case("without its directory.docx", lambda: docx(PARAGRAPH)[:-60], (IN_PART,), members=("[Content_Types].xml", "word/document.xml")),
    Case("100,000 heads without an end.docx", lambda: b"PK\3\4" + bytes(26) + (b"PK\3\4" + bytes(4) + b"\x08" + bytes(21)) * 100_000, (FAILED, REFUSED, IN_PART)),
    Case("head of 300 MB without a directory.docx", lambda: zip_of_stream("a.txt", zeros_deflated(300), 300 << 20)[:-40], (REFUSED,)),
    # dialects
    Case("strict.docx", lambda: _parts(("word/document.xml", _document(names=STRICT))), (READ,), TEXT),
    Case("strict.xlsx", lambda: _parts(("xl/workbook.xml", f"<workbook {STRICT_SHEET} {R}><workbookPr date1904='true'/><sheets><sheet name='a' r:id='r1'/></sheets></workbook>"),
         ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='r1' Target='/xl/worksheets/sheet1.xml'/></Relationships>"),
         ("xl/worksheets/sheet1.xml", f"<worksheet {STRICT_SHEET}><sheetData>{ROW}</sheetData></worksheet>")), (READ,), TEXT),
    Case("book of Excel 2003.xml", (f"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>"
         f"<Worksheet><Table><Row><Cell><Data>{TEXT}</Data></Cell></Row></Table></Worksheet></Workbook>").encode, (READ,), TEXT),
    Case("letter of Word 2003.doc", (f"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'>"
         f"<w:docSuppData><w:binData w:name='editdata.mso'>QWN0aXZlTWltZQ==</w:binData></w:docSuppData><w:body>{PARAGRAPH}</w:body></w:wordDocument>").encode, (READ,), TEXT),
    Case("package as one page.xml", ("<?xml version='1.0'?><pkg:package xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'><pkg:part pkg:name='/word/document.xml'>"
         f"<pkg:xmlData>{_document()}</pkg:xmlData></pkg:part><pkg:part pkg:name='/x.bin'><pkg:binaryData>{'QUFB' * 100_000}</pkg:binaryData></pkg:part></pkg:package>").encode, (READ,), TEXT),
    # OpenDocument
    Case("flat.fodt", lambda: _flat("text", f"<office:text><text:p>{TEXT}</text:p></office:text>"), (READ,), TEXT),
    Case("flat.fods", lambda: _flat("spreadsheet", f"<office:spreadsheet><table:table table:name='a'><table:table-row>{CELL}</table:table-row></table:table></office:spreadsheet>"),
         (READ,), TEXT),
    Case("flat.fodp", lambda: _flat("presentation", f"<office:presentation><draw:page><text:p>{TEXT}</text:p></draw:page></office:presentation>"), (READ,), TEXT),
    Case("flat bomb.fodt", lambda: _flat("text", f"<office:text><text:p>&b8;</text:p><text:p>{TEXT}</text:p></office:text>", BOMB), (IN_PART,), TEXT),
    Case("flat and scripted.fodt", lambda: _flat("text", f"<office:scripts><office:script script:language='ooo:Basic'>Shell(\"calc\")</office:script></office:scripts>"
         f"<office:text><text:p>{TEXT}</text:p></office:text>"), (READ,), TEXT),
    Case("flat, repeated a million times.fods", lambda: _flat("spreadsheet", "<office:spreadsheet><table:table table:name='a'><table:table-row table:number-rows-repeated='1048576'>"
         "<table:table-cell table:number-columns-repeated='16384' office:value-type='float' office:value='1'/></table:table-row></table:table></office:spreadsheet>"), (REFUSED,)),
    Case("spaces that are none.odt", lambda: odt("<text:p>" + "".join(f"<text:s text:c='{c}'/>" for c in ("-5", "x", "1.5", "9" * 5000, "²", "")) + TEXT + "</text:p>"), (READ,), TEXT),
    Case("sections 120 deep.odt", lambda: odt("<text:section>" * 120 + f"<text:p>{TEXT}</text:p>" + "</text:section>" * 120), (READ,), TEXT),
    Case("spans 240 deep.odt", lambda: odt("<text:p>" + "<text:span>" * 240 + TEXT + "</text:span>" * 240 + "</text:p>"), (READ,), TEXT),
    Case("macros and links.odt", lambda: _open("text", f"<office:text><text:p>{TEXT}</text:p></office:text>", ("Basic/Standard/Module1.xml", "<m>Shell</m>"),
         ("META-INF/manifest.xml", BOMB + "<m>&b8;</m>"), ("Configurations2/x", "x"), ("Object 1/content.xml", BOMB + "<o>&b8;</o>")), (READ, IN_PART), TEXT),
    Case("styles of a bomb.odt", lambda: _open("text", f"<office:text><text:p>{TEXT}</text:p></office:text>", ("styles.xml", BOMB + "<s>&b8;</s>")), (IN_PART,), TEXT),
    Case("claims of a bomb.ods", lambda: _open("spreadsheet", f"<office:spreadsheet><table:table table:name='a'><table:table-row>{CELL}</table:table-row></table:table></office:spreadsheet>",
         ("meta.xml", BOMB + "<s>&b8;</s>")), (READ, IN_PART), TEXT),
    Case("groups of rows 60 deep.ods", lambda: ods("<table:table table:name='a'>" + "<table:table-row-group>" * 60 + f"<table:table-row>{CELL}</table:table-row>"
         + "</table:table-row-group>" * 60 + "</table:table>"), (READ,), TEXT),
    Case("counts that are none.ods", lambda: ods("<table:table table:name='a'>" + "".join(f"<table:table-row table:number-rows-repeated='{c}'>"
         f"<table:table-cell table:number-columns-repeated='{c}'/>{CELL}</table:table-row>" for c in ("-1", "0", "x", "1e9", "²", "9" * 5000)) + "</table:table>"), (READ,), TEXT),
    Case("sheets in cells.ods", lambda: ods("<table:table table:name='a'><table:table-row><table:table-cell>" * 60 + f"<text:p>{TEXT}</text:p>"
         + "</table:table-cell></table:table-row></table:table>" * 60), (READ,), TEXT),
    Case("times out of time.ods", lambda: ods("<table:table table:name='a'><table:table-row>" + "".join(f"<table:table-cell office:value-type='{kind}' office:{name}='{value}'/>"
         for kind, name, value in (("date", "date-value", "99999-99-99"), ("time", "time-value", "PT1e999H"), ("float", "value", "1e999"), ("float", "value", "NaN"),
         ("boolean", "boolean-value", "maybe"), ("void", "value", "1"))) + CELL + "</table:table-row></table:table>"), (READ,), TEXT),
    Case("drawing that runs.odp", lambda: _open("presentation", f"<office:presentation><draw:page><draw:plugin xlink:href='http://127.0.0.1:9/' xmlns:xlink='x'/>"
         f"<script:event-listener script:language='ooo:script'/><text:p>{TEXT}</text:p></draw:page></office:presentation>"), (READ,), TEXT),
    # slides
    Case("3,000 slides.pptx", lambda: _slides(3000, _slide()), (READ, REFUSED), TEXT),
    Case("slides that run programs.pptx", lambda: _slides(1, _slide("<a:hlinkClick action='ppaction://program' r:id='rId1'/>"),
         ("ppt/slides/_rels/slide1.xml.rels", _relations(("hyperlink", "file:///bin/sh", True)))), (READ,), TEXT),
    Case("words in words.pptx", lambda: _slides(1, _slide("<a:p>" * 100 + f"<a:r><a:t>{TEXT}</a:t></a:r>" + "</a:p>" * 100)), (READ, REFUSED), TEXT),
    Case("comments and links of a bomb.pptx", lambda: _slides(1, _slide(), ("ppt/comments/comment1.xml", BOMB + "<c>&b8;</c>"), ("ppt/diagrams/data1.xml", BOMB + "<c>&b8;</c>")),
         (IN_PART,), TEXT),
)  # fmt: skip

SLOW: tuple[Case, ...] = (
    Case("20,000 sheets.xlsx", partial(_many_sheets, 20_000), (IN_PART,)),
    Case("100,000 sheets.xlsx", partial(_many_sheets, 100_000), (IN_PART, REFUSED)),
    Case("300,000 boxes in a paragraph.docx", lambda: docx("<w:p>" + "<w:txbxContent><w:p><w:r><w:t>x</w:t></w:r></w:p></w:txbxContent>" * 300_000 + "</w:p>"), (READ, REFUSED)),
)  # fmt: skip
"""Those that take seconds until they are read or meet a limit."""
