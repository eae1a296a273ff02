"""Files that call out, run, pretend or hide: links to elsewhere, scripts, two kinds at once, encodings in disguise."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import struct
import zlib

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, NEEDS_OCR, READ, UNSUPPORTED, Case
from tests.ingest.hostile.floods import ANY
from tests.ingest.hostile.mail_and_web import HEAD
from tests.ingest.making import W, docx, ods, ole, pdf, png, stream, text_page, xlsx, zipped

SEEN = (*ANY, NEEDS_OCR)
ELSEWHERE = "http://127.0.0.1:9/called"
UYGHUR = "ئۇيغۇر ئاپتونوم رايونى"
HAN = "喀什地区 被拘留人员名单 阿卜杜拉"


def _with(data: bytes, **parts: str) -> bytes:
    """A package with more parts, named with ``__`` for ``/``."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    return zipped(
        whole | {name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()}
    )


def _relation(kind: str, target: str) -> str:
    return (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        f"<Relationship Id='rId9' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' "
        f"Target='{target}' TargetMode='External'/></Relationships>"
    )


PARAGRAPH = "<w:p><w:r><w:t>kept</w:t></w:r></w:p>"


def _template() -> bytes:
    """A document that takes its template from elsewhere."""
    return _with(
        docx(PARAGRAPH), word___rels__settings_dot_xml_dot_rels=_relation("attachedTemplate", ELSEWHERE)
    )


def _chunk(name: str, text: str) -> bytes:
    """A document that takes in another file, which is part of it."""
    body = docx(
        "<w:altChunk r:id='rId9' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'/>"
        + PARAGRAPH
    )
    return _with(body, **{f"word__{name}": text}, word___rels__document_dot_xml_dot_rels=_relation("aFChunk", name).replace(
        " TargetMode='External'", ""))  # fmt: skip


def _mail(body: bytes, headers: bytes = b"") -> bytes:
    return HEAD % b"x" + headers + b"\r\n" + body


def _xfa() -> bytes:
    """A PDF whose form is XML that asks for a file."""
    form = stream(
        b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'>&e;</xdp:xdp>"
    )
    return pdf(*text_page(b"kept", b"/AcroForm << /XFA 6 0 R /Fields [] >>"), form)


def _actions() -> bytes:
    extra = (
        b"/OpenAction << /S /SubmitForm /F << /FS /URL /F (http://127.0.0.1:9/called) >> >> "
        b"/AA << /WC << /S /GoToR /F (/etc/passwd) /D [0 /Fit] >> >> "
        b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (this.exportDataObject({cName:'x',nLaunch:2})) >>] >> >>"
    )
    return pdf(*text_page(b"kept", extra))


def _unseen_text() -> bytes:
    """Text drawn in the mode that shows nothing, as OCR lays it under a picture, and outside the page."""
    objects = list(text_page(b""))
    objects[3] = stream(
        b"BT /F1 12 Tf 3 Tr 72 700 Td (drawn unseen) Tj ET BT /F1 12 Tf 0 Tr 5000 5000 Td (far outside) Tj ET"
    )
    return pdf(*objects)


def _outside_strings() -> bytes:
    """A workbook whose sheet and strings are said to lie elsewhere."""
    return _with(
        xlsx("<row r='1'><c r='A1'><v>8</v></c></row>"),
        xl___rels__workbook_dot_xml_dot_rels=_relation("worksheet", "file:///etc/passwd").replace(
            "rId9", "rId1"
        ),
    )


def _climbing_sheet() -> bytes:
    return _with(
        xlsx("<row r='1'><c r='A1'><v>8</v></c></row>"),
        xl___rels__workbook_dot_xml_dot_rels="<Relationships><Relationship Id='rId1' Target='../../../../etc/worksheets/passwd'/></Relationships>",
    )


def _formulas() -> bytes:
    """Cells whose text or formula would run in a spreadsheet."""
    cells = (
        "<c r='A1' t='str'><f>DDE(\"cmd\";\"/C calc\";\"\")</f><v>=cmd|' /C calc'!A0</v></c>"
        "<c r='B1' t='inlineStr'><is><t>@SUM(1)</t></is></c><c r='C1' t='str'><f>HYPERLINK(\"http://127.0.0.1:9\")</f><v>+click</v></c>"
    )
    return xlsx(f"<row r='1'>{cells}</row>")


def _markup_as_names() -> bytes:
    """A workbook whose sheet is called what a page might run."""
    data = xlsx(
        "<row r='1'><c r='A1' t='inlineStr'><is><t>&lt;script&gt;alert(1)&lt;/script&gt;</t></is></c></row>"
    )
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"name='List'", b"name='&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'"
    )
    return zipped(parts)


def _uuencoded(name: bytes, data: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 %s\n" % name + lines + b"`\nend\n"


def _tnef() -> bytes:
    """The head of what Outlook sends as winmail.dat ([MS-OXTNEF]), with a length that lies."""
    return struct.pack("<IH", 0x223E9F78, 1) + b"\1" + struct.pack("<II", 0x00069007, 0xFFFFFFF0) + bytes(20)


def _hz(text: str) -> bytes:
    return text.encode("hz")


def _page(kind: str, body: str, **coded: str) -> bytes:
    return f"<html><head><meta charset='{kind}'></head><body><p>{body}</p></body></html>".encode(
        coded.get("into", kind)
    )


CASES: tuple[Case, ...] = (
    Case("template from elsewhere.docx", _template, (READ,), "kept"),
    Case("page taken in.docx", lambda: _chunk("afchunk.htm", "<html><body><p>in the chunk</p><script>alert(1)</script></body></html>"),
         (READ,), "kept", ("word/afchunk.htm",)),
    Case("field that runs.docx", lambda: docx("<w:p><w:r><w:instrText>DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc\"</w:instrText></w:r>"
         "<w:r><w:t>kept</w:t></w:r></w:p>"), (READ,), "kept"),
    Case("main part by another name.docx", lambda: zipped({"[Content_Types].xml": "<Types/>", "_rels/.rels": "<Relationships><Relationship Id='a' "
         "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='word/document2.xml'/></Relationships>",
         "word/document2.xml": f"<w:document {W}><w:body>{PARAGRAPH}</w:body></w:document>"}), (READ,), "kept"),
    Case("parts in two cases.docx", lambda: zipped({"word/document.xml": f"<w:document {W}><w:body>{PARAGRAPH}</w:body></w:document>",
         "WORD/DOCUMENT.XML": b"\0not xml"}), (READ, IN_PART), "kept"),
    Case("part in two bytes a letter.docx", lambda: zipped({"word/document.xml": f"<?xml version='1.0' encoding='UTF-16'?><w:document {W}>"
         f"<w:body>{PARAGRAPH}</w:body></w:document>".encode("utf-16")}), (READ, FAILED)),
    Case("entity in two bytes a letter.docx", lambda: zipped({"word/document.xml": (f"<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE z [<!ENTITY x SYSTEM "
         f"'file:///etc/passwd'>]><w:document {W}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>").encode("utf-16")}),
         (READ, IN_PART, FAILED)),
    Case("sheet that lies elsewhere.xlsx", _outside_strings, ANY),
    Case("sheet that climbs.xlsx", _climbing_sheet, ANY),
    Case("cells that would run.xlsx", _formulas, (READ,), "@SUM(1)"),
    Case("markup as a sheet.xlsx", _markup_as_names, (READ,), "<script>"),
    Case("link to another book.xlsx", lambda: _with(xlsx("<row r='1'><c r='A1'><v>8</v></c></row>"),
         xl__externalLinks___rels__externalLink1_dot_xml_dot_rels=_relation("externalLinkPath", ELSEWHERE)), (READ,), "8"),
    Case("formula that fetches.ods", lambda: ods("<table:table table:name='t'><table:table-row><table:table-cell office:value-type='string' "
         "table:formula='of:=WEBSERVICE(&quot;http://127.0.0.1:9/&quot;)' office:string-value='=1+1'/></table:table-row></table:table>"), (READ,), "=1+1"),
    Case("picture from elsewhere.rtf", lambda: b"{\\rtf1 kept {\\field{\\*\\fldinst INCLUDEPICTURE \"http://127.0.0.1:9/x.png\" \\\\d}}"
         b"{\\*\\template http://127.0.0.1:9/t.dotm}}", (READ,), "kept"),
    Case("short head.rtf", lambda: b"{\\rt1 kept}", (READ,), "kept"),
    Case("form that asks for a file.pdf", _xfa, (READ, IN_PART), "kept"),
    Case("actions of every kind.pdf", _actions, (READ,), "kept"),
    Case("text that is not seen.pdf", _unseen_text, (READ,), "drawn unseen"),
    Case("refresh to elsewhere.html", lambda: b"<html><head><meta http-equiv=refresh content='0;url=file:///etc/passwd'><base href='http://127.0.0.1:9/'>"
         b"<link rel=stylesheet href=x.css></head><body><p>kept</p></body></html>", (READ,), "kept"),
    Case("page in an address.html", lambda: b"<html><body><p>kept</p><iframe srcdoc='<p>within</p>' src='data:text/html;base64,"
         + base64.b64encode(b"<script>alert(1)</script>") + b"'></iframe><embed src='data:image/svg+xml,<svg onload=alert(1)>'></body></html>", (READ,), "kept"),
    Case("page in a picture.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>"
         b"<p>kept</p><iframe src='file:///etc/passwd'/></body></foreignObject><image href='http://127.0.0.1:9/x'/></svg>", (READ,), "kept"),
    Case("body kept elsewhere.eml", lambda: _mail(b"Content-Type: text/plain\r\n\r\nphantom\r\n",
         b"Content-Type: message/external-body; access-type=local-file; name=\"/etc/passwd\"\r\n"), ANY),
    Case("part of a message.eml", lambda: _mail(b"the second half\r\n", b'Content-Type: message/partial; id="a"; number=2; total=9\r\n'), ANY),
    Case("locked by PGP.eml", lambda: _mail(b'--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n'
         b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n--b--\r\n",
         b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\r\n'), (ENCRYPTED, IN_PART)),
    Case("locked by a certificate.eml", lambda: _mail(base64.encodebytes(bytes(100)),
         b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n'), (ENCRYPTED, IN_PART)),
    Case("names as RFC 2231 says.eml", lambda: _mail(b"--b\r\nContent-Type: application/x\r\nContent-Disposition: attachment; "
         b"filename*0*=gb18030'zh'%C3%FB; filename*1*=%B5%A5; filename*2=.bin\r\n\r\nbody\r\n--b--\r\n",
         b'Content-Type: multipart/mixed; boundary="b"\r\n'), (READ,), members=("名单.bin",)),
    Case("name in an encoding of no one.eml", lambda: _mail(b"--b\r\nContent-Type: application/x\r\nContent-Disposition: attachment; "
         b"filename*=zlib_codec''%78%9C\r\n\r\nbody\r\n--b--\r\n", b'Content-Type: multipart/mixed; boundary="b"\r\n'), (READ, IN_PART)),
    Case("packed as uuencode.eml", lambda: _mail(b"the body\r\n" + _uuencoded(b"../../etc/climbed", b"text packed in the old way")), (READ,), "the body"),
    Case("uuencode that lies.eml", lambda: _mail(b"begin 644 x\r\n\xff\xff\xff~~~~\r\nend\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n"), ANY),
    Case("packed as yEnc.eml", lambda: _mail(b"=ybegin line=128 size=99999999999 name=../x\r\n" + bytes(range(33, 127)) * 4 + b"\r\n=yend size=1\r\n"), ANY),
    Case("winmail.dat", _tnef, (UNSUPPORTED, FAILED)),
    Case("From in the text.mbox", lambda: b"From a@b Thu Jan  1 00:00:00 1970\nSubject: one\n\nFrom here on\n\nFrom me at 10:20 to you\n>From quoted\n\n"
         b"From c@d Thu Jan  1 00:00:01 1970\nSubject: two\n\nend\n", (READ,)),
    Case("code page.eml", lambda: _mail("Кашгар задержан".encode("koi8-r"), b"Content-Type: text/plain; charset=koi8-r\r\n"), (READ,), "Кашгар"),
    Case("seven bits.eml", lambda: _mail(b"+ADw-script+AD4-", b"Content-Type: text/plain; charset=utf-7\r\n"), (READ,)),
    Case("GIF and ZIP.gif", lambda: b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
         + zipped({"inside.txt": "a file behind the picture"}), SEEN, members=("GIF and ZIP (behind).zip",)),
    Case("program that unpacks itself.exe", lambda: b"MZ\x90\0" + bytes(60) + zipped({"inside.txt": "x"}), (UNSUPPORTED,),
         members=("program that unpacks itself (behind).zip",)),
    Case("PNG and HTML.png", lambda: png(4, 4, (b"tEXt", b"Comment\0<script>alert(1)</script>")) + b"<html><body>behind the picture</body></html>", SEEN),
    Case("GIF and script.gif", lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", (FAILED, *SEEN)),
    Case("PDF in a JPEG.jpg", lambda: b"\xff\xd8\xff\xfe\0\x20" + pdf(*text_page(b"within")), SEEN),
    Case("page and archive.html", lambda: b"<html><body><p>kept</p></body></html>" + zipped({"inside.txt": "x"}), (READ, IN_PART)),
    Case("XML that is a page.xml", lambda: b"<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='http://127.0.0.1:9/x.xsl'?>"
         b"<html xmlns='http://www.w3.org/1999/xhtml'><body><p onclick='alert(1)'>kept</p></body></html>", (READ,), "kept"),
    Case("Han without a mark.txt", lambda: (HAN * 3).encode("utf-16-le"), (READ,), "阿卜杜拉"),
    Case("Uyghur without a mark, other way.txt", lambda: (UYGHUR * 4).encode("utf-16-be"), (READ,), "ئۇيغۇر"),
    Case("four bytes a letter.txt", lambda: b"\xff\xfe\0\0" + HAN.encode("utf-32-le"), (READ,), "阿卜杜拉"),
    Case("four bytes a letter without a mark.txt", lambda: (HAN + " list of names").encode("utf-32-le"), (READ, IN_PART, UNSUPPORTED)),
    Case("Uyghur in GB18030.txt", lambda: (HAN + "\n" + UYGHUR * 2).encode("gb18030"), (READ,), "ئۇيغۇر"),
    Case("Uyghur alone in GB18030.txt", lambda: (UYGHUR * 10).encode("gb18030"), (READ, IN_PART)),
    Case("HZ.txt", lambda: _hz("名单 喀什地区"), (READ,)),
    Case("Big5.txt", lambda: ("被拘留人員名單 喀什地區 的是在有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年" * 3).encode("big5"),
         (READ,), "被拘留人員名單"),
    Case("KOI8-R.txt", lambda: ("В лагерях Кашгара содержатся сотни задержанных, их имена известны родственникам. " * 5).encode("koi8-r"), (READ,), "задержанных"),
    Case("Windows Cyrillic.txt", lambda: ("В лагерях Кашгара содержатся сотни задержанных, их имена известны родственникам. " * 5).encode("cp1251"), (READ,),
         "задержанных"),
    Case("Windows Arabic.txt", lambda: ("تم احتجاز مئات الأشخاص في معسكرات كاشغر منذ عام ألفين وسبعة عشر. " * 5).encode("cp1256"), (READ,), "احتجاز"),
    Case("halves of letters.json", lambda: b'[{"a":"\\ud800 x"},{"a":"\\udc00"}]', (READ, IN_PART)),
    Case("numbers beyond numbers.json", lambda: b'[{"a":1e999999,"b":-0,"c":123456789012345678901234567890}]', (READ, IN_PART), "123456789012345678901234567890"),
    Case("no numbers.json", lambda: b'[{"a":NaN,"b":Infinity}]', (READ, IN_PART), "NaN"),
    Case("marks in the middle.csv", lambda: b"\xef\xbb\xbfa,b,c\n1,\xef\xbb\xbf2,3\n4,5,\xe2\x80\xa8\n", (READ,)),
    Case("zeros without end.csv", lambda: b"a,b,c\n" + b"1\x002,3,4\n" * 1000, (READ, UNSUPPORTED)),
    Case("separator told.csv", lambda: b"sep=;\nname;camp\na;b\nc;d\n", (READ,), "camp"),
    Case("packed by zstd.zst", lambda: b"\x28\xb5\x2f\xfd\x04\x58" + bytes(20), (UNSUPPORTED,)),
    Case("drawing.wmf", lambda: b"\xd7\xcd\xc6\x9a" + bytes(40), (UNSUPPORTED, READ, IN_PART, FAILED)),
    Case("packed drawing.svgz", lambda: gzip.compress(b"<svg><text>kept</text></svg>"), (READ,)),
    Case("comment that is packed.png", lambda: png(4, 4, (b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 1000)), (b"iTXt",
         b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(50_000_000), 9))), (*SEEN,)),
    Case("object in an object.doc", lambda: ole({"WordDocument": b"x" * 10, "\x01Ole10Native": struct.pack("<I", 0xFFFFFFFF) + b"\2\0"}), (FAILED, IN_PART)),
)  # fmt: skip
