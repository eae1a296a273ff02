"""Office files: XML tricks, far cells, lies about size, loops in OLE2, groups without end."""

from __future__ import annotations

import struct
import zlib

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.making import W, doc, docx, ods, odt, ole, xlsx, zeros_deflated, zip_of_stream, zipped

LAUGHS = (
    "<!DOCTYPE z [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
OUTSIDE = "<!DOCTYPE z [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
FETCHED = "<!DOCTYPE z SYSTEM 'http://127.0.0.1:9/evil.dtd'>"


def _docx_with(prologue: str, text: str) -> bytes:
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": prologue + body})


def _big_part(name: str) -> bytes:
    """A package whose one part unpacks to 512 MiB."""
    return zip_of_stream(name, zeros_deflated(512), 512 << 20, zlib.crc32(b""))


def _strings(claimed: str) -> str:
    return f"<sst count='{claimed}' uniqueCount='{claimed}'><si><t>one</t></si></sst>"


def _record(kind: int, body: bytes, *, container: bool = False, length: int | None = None) -> bytes:
    return struct.pack("<HHI", 0xF if container else 0, kind, len(body) if length is None else length) + body


def _cell(address: str, value: str) -> str:
    row = "".join(c for c in address if c.isdigit())
    return f"<row r='{row}'><c r='{address}'><v>{value}</v></c></row>"


CASES: tuple[Case, ...] = (
    Case("billion laughs.docx", lambda: _docx_with(LAUGHS, "&a9;"), (FAILED,)),
    Case("outside entity.docx", lambda: _docx_with(OUTSIDE, "&x;"), (FAILED,)),
    Case("outside dtd.docx", lambda: _docx_with(FETCHED, "kept"), (READ, FAILED)),
    Case("part of 512 MiB.docx", lambda: _big_part("word/document.xml"), (REFUSED,)),
    Case("no document.docx", lambda: zipped({"[Content_Types].xml": "<Types/>", "word/other.xml": "<a/>"}), (READ,)),
    Case("deep tables.docx", lambda: docx("<w:tbl><w:tr><w:tc>" * 5000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 5000), (FAILED,)),
    Case("not xml.docx", lambda: zipped({"word/document.xml": b"\0\1\2 not xml"}), (FAILED,)),
    Case("broken comments.docx", lambda: docx("<w:p><w:r><w:t>kept</w:t></w:r></w:p>", word__comments="<w:c"), (IN_PART,), "kept"),
    Case("hidden and deleted.docx", lambda: docx(
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>concealed</w:t></w:r><w:del><w:r><w:delText>struck</w:delText></w:r></w:del></w:p>"),
        (READ,), "concealed"),
    Case("million paragraphs.docx", lambda: docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 200_000), (READ, REFUSED)),
    Case("climbing media.docx", lambda: zipped({"word/document.xml": f"<w:document {W}/>", "word/media/../../../x.png": b"p"}), (READ,)),
    Case("locked.docx", lambda: ole({"EncryptedPackage": b"x" * 100, "EncryptionInfo": b"y"}), (ENCRYPTED,)),
    Case("outside entity.xlsx", lambda: xlsx(_cell("A1", "1"), strings=OUTSIDE + "<sst><si><t>&x;</t></si></sst>"), (IN_PART,)),
    Case("far cell.xlsx", lambda: xlsx(_cell("A1", "7") + _cell("XFD1048576", "9")), (READ,), "9"),
    Case("lying dimension.xlsx", lambda: xlsx(_cell("B2", "5"), before="<dimension ref='A1:XFD1048576'/>"), (READ,), "5"),
    Case("string table of 4 billion.xlsx", lambda: xlsx("<row r='1'><c r='A1' t='s'><v>0</v></c></row>",
         strings=_strings("4294967295")), (READ,), "one"),
    Case("string that is not there.xlsx", lambda: xlsx("<row r='1'><c r='A1' t='s'><v>99999</v></c><c r='B1'><v>8</v></c></row>",
         strings=_strings("1")), (READ,), "8"),
    Case("row of many digits.xlsx", lambda: xlsx("<row r='" + "9" * 5000 + "'><c><v>3</v></c></row>"), (READ,), "3"),
    Case("column of many letters.xlsx", lambda: xlsx("<row r='1'><c r='" + "Z" * 5000 + "1'><v>3</v></c></row>"), (READ,), "3"),
    Case("identity number.xlsx", lambda: xlsx(_cell("A1", "653101198001011234")), (READ,), "653101198001011234"),
    Case("very hidden.xlsx", lambda: xlsx(_cell("A1", "77"), sheet="state='veryHidden'"), (READ,), "77"),
    Case("a million merged.xlsx", lambda: xlsx(_cell("A1", "1"), before="<mergeCell ref='A1:XFD1048576'/>" * 100_000), (READ,), "1"),
    Case("part of 512 MiB.xlsx", lambda: _big_part("xl/workbook.xml"), (REFUSED,)),
    Case("diagonal of cells.xlsx", lambda: xlsx("".join(f"<row r='{n}'><c r='{_letters(n)}{n}'><v>1</v></c></row>"
         for n in range(1, 4000))), (REFUSED,)),
    Case("sheet that is not there.xlsx", lambda: zipped({"xl/workbook.xml": "<workbook><sheets><sheet name='a'/></sheets></workbook>"}),
         (FAILED,)),
    Case("date beyond time.xlsx", lambda: xlsx("<row r='1'><c r='A1' t='d'><v>9999-99-99</v></c></row>"), (READ,), "9999-99-99"),
    Case("outside entity.odt", lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.text",
         "content.xml": OUTSIDE + "<a>&x;</a>"}), (FAILED,)),
    Case("two billion spaces.odt", lambda: odt("<text:p>a<text:s text:c='2000000000'/>b</text:p>"), (READ,), "b"),
    Case("repeated cells.ods", lambda: ods("<table:table table:name='t'><table:table-row table:number-rows-repeated='1048576'>"
         "<table:table-cell table:number-columns-repeated='16384' office:value-type='float' office:value='1'/></table:table-row></table:table>"),
         (REFUSED, FAILED, READ)),
    Case("bad slide.pptx", lambda: zipped({"ppt/presentation.xml": "<p/>", "ppt/slides/slide1.xml": "<p:sld"}), (FAILED,)),
    Case("laughing slide.pptx", lambda: zipped({"ppt/presentation.xml": "<p/>", "ppt/slides/slide1.xml": LAUGHS + "<a>&a9;</a>"}),
         (FAILED,)),
    Case("looping chain.doc", lambda: ole({"WordDocument": b"\xec\xa5" + bytes(8000)}, loop=True), (FAILED, READ)),
    Case("no table.doc", lambda: ole({"WordDocument": struct.pack("<HH", 0xA5EC, 0xC1) + bytes(4000)}), (FAILED,)),
    Case("deleted text.doc", lambda: doc("what stays ", deleted="what was struck"), (READ,), "what was struck"),
    Case("piece table that lies.doc", lambda: doc("plain").replace(b"\x05\0\0\0" + b"\0\0\0\4", b"\xff\xff\xff\x7f" + b"\0\0\0\4"),
         (READ, FAILED)),
    Case("directory of noise.doc", lambda: ole({"WordDocument": b"x"})[:1024] + bytes(range(256)) * 8, (FAILED, UNSUPPORTED)),
    Case("header only.doc", lambda: ole({})[:512], (FAILED, UNSUPPORTED)),
    Case("lengths that lie.ppt", lambda: ole({"PowerPoint Document": _record(0x0FA0, b"a\0b\0", length=0xFFFFFFFF)}), (READ,), "ab"),
    Case("containers without end.ppt", lambda: ole({"PowerPoint Document": _record(0x03EE, b"", container=True) * 500}), (READ,)),
    Case("noise.xls", lambda: ole({"Workbook": bytes(range(256)) * 16}), (FAILED, READ)),
    Case("fields of noise.msg", lambda: ole({"__properties_version1.0": bytes(range(256)) * 4,
         "__substg1.0_0037001F": "Mövzu".encode("utf-16-le"), "__substg1.0_10090102": b"LZFu" * 30}), (READ, IN_PART), "Mövzu"),
    Case("groups without end.rtf", lambda: b"{\\rtf1 " + b"{" * 100_000, (REFUSED,)),
    Case("binary that lies.rtf", lambda: b"{\\rtf1 before \\bin999999999 after}", (IN_PART,), "before"),
    Case("digits without end.rtf", lambda: b"{\\rtf1 a\\u" + b"9" * 100_000 + b" b\\fs" + b"1" * 5000 + b"}", (READ,)),
    Case("halves of characters.rtf", lambda: b"{\\rtf1 \\u-10179 ?\\u-8704 ? \\u-10179 ? alone}", (READ,), "alone"),
    Case("hidden text.rtf", lambda: b"{\\rtf1 shown {\\v concealed}}", (READ,), "concealed"),
    Case("object.rtf", lambda: b"{\\rtf1 text {\\object\\objdata " + b"d0cf11e0" * 5000 + b"}}", (IN_PART,), "text"),
)  # fmt: skip


def _letters(column: int) -> str:
    name = ""
    while column:
        column, last = divmod(column - 1, 26)
        name = chr(65 + last) + name
    return name
