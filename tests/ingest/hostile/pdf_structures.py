"""PDF again: trees and tables that lead back, functions and patterns that multiply, locks of every age, files in files."""

from __future__ import annotations

import io
import zlib
from functools import partial

from pypdf import PdfReader, PdfWriter

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, NEEDS_OCR, READ, REFUSED, Case
from tests.ingest.making import pdf, stream, text_page, zipped

ANY = (READ, IN_PART, FAILED, NEEDS_OCR, REFUSED)
SEEN = (READ, IN_PART)
_DRAWN = b"BT /F1 12 Tf 72 700 Td (kept) Tj ET "


def _page(
    *more: bytes, drawn: bytes = b"", resources: bytes = b"", page: bytes = b"", root: bytes = b""
) -> bytes:
    """A page that shows *kept* and, before it, what is drawn; further objects are numbered from 6."""
    objects = list(text_page(b"kept", root, page))
    objects[2] = objects[2].replace(b"/Resources <<", b"/Resources << " + resources)
    objects[3] = stream(drawn + _DRAWN)
    return pdf(*objects, *more)


def _boxed(box: bytes) -> bytes:
    return pdf(*[o.replace(b"[0 0 612 792]", box) for o in text_page(b"kept")])


def _parents_in_a_ring() -> bytes:
    """A page whose branch is its own branch's branch, so that what a page inherits is looked for without end."""
    objects = list(text_page(b"kept"))
    objects[1] = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 6 0 R >>"
    objects[2] = objects[2].replace(b"/MediaBox [0 0 612 792]", b"")
    return pdf(*objects, b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>")


def _deep_tree(levels: int) -> bytes:
    objects = list(text_page(b"kept"))
    objects[1] = b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>"
    branches = [
        b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (n + 1, n - 1)
        for n in range(6, 6 + levels)
    ]
    return pdf(*objects, *branches, objects[2])


def _kids(kids: bytes) -> bytes:
    objects = list(text_page(b"kept"))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count 4 >>" % kids
    return pdf(*objects)


def _type_3(glyph: bytes) -> bytes:
    """A font whose sign is a drawing, which may use the font."""
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [.1 0 0 .1 0 0] /FirstChar 97 /LastChar 97 "
        b"/Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a 7 0 R >> "
        b"/Resources << /Font << /T 6 0 R >> /XObject << /T 7 0 R >> >> >>"
    )
    return _page(font, stream(glyph), drawn=b"BT /T 9 Tf (aaaa) Tj ET ", resources=b"/Font << /T 6 0 R >> ")


def _fonts_in_fonts(levels: int) -> bytes:
    """Fonts each of whose signs writes ten signs of the next font."""
    objects: list[bytes] = []
    for level in range(levels):
        at = 6 + 2 * level
        objects += [
            b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 "
            b"/Widths [1] /Encoding << /Differences [97 /a] >> /CharProcs << /a %d 0 R >> "
            b"/Resources << /Font << /T %d 0 R >> >> >>" % (at + 1, at + 2),
            stream(b"1 0 d0 BT /T 1 Tf (aaaaaaaaaa) Tj ET"),
        ]
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    built = list(text_page(b"kept"))
    built[2] = built[2].replace(b"/F1 5 0 R", b"/F1 5 0 R /T 6 0 R")
    built[3] = stream(b"BT /T 9 Tf (aaaaaaaaaa) Tj ET " + _DRAWN)
    return pdf(*built, *objects, font)


def _pattern(step: bytes, box: bytes = b"[0 0 1 1]", cell: bytes = b"0 0 1 1 re f") -> bytes:
    tile = stream(
        cell,
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox %s /XStep %s /YStep %s "
        b"/Resources << /Pattern << /P 6 0 R >> >>" % (box, step, step),
    )
    return _page(
        tile,
        drawn=b"/Pattern cs /P scn 0 0 612 792 re f ",
        resources=b"/Pattern << /P 6 0 R >> ",
    )


def _shading(function: bytes, kind: int = 1) -> bytes:
    """A page filled by a shading whose colours this function computes."""
    shade = b"<< /ShadingType %d /ColorSpace /DeviceGray /Domain [0 1 0 1] /Matrix [612 0 0 792 0 0] /Function 7 0 R >>"
    return _page(shade % kind, function, drawn=b"/S sh ", resources=b"/Shading << /S 6 0 R >> ")


def _calculator(program: bytes) -> bytes:
    return stream(program, b"/FunctionType 4 /Domain [0 1 0 1] /Range [0 1]")


def _mesh(kind: int, size: int) -> bytes:
    """A mesh of patches or triangles with so many bytes of noise for corners."""
    shade = stream(
        zlib.compress(bytes(range(256)) * (size // 256)),
        b"/ShadingType %d /ColorSpace /DeviceGray /BitsPerCoordinate 8 /BitsPerComponent 8 /BitsPerFlag 8 "
        b"/VerticesPerRow 2 /Decode [0 612 0 792 0 1] /Filter /FlateDecode" % kind,
    )
    return _page(shade, drawn=b"/S sh ", resources=b"/Shading << /S 6 0 R >> ")


def _image(data: bytes, attributes: bytes) -> bytes:
    held = stream(
        data, b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 " + attributes
    )
    return _page(held, drawn=b"q 9 0 0 9 0 0 cm /X Do Q ", resources=b"/XObject << /X 6 0 R >> ")


def _chain(filters: bytes) -> bytes:
    objects = list(text_page(b"x"))
    objects[3] = stream(_DRAWN, b"/Filter [%s]" % filters)
    return pdf(*objects)


def _state_of_itself() -> bytes:
    """A soft mask whose group draws with the mask."""
    state = b"<< /Type /ExtGState /SMask << /S /Luminosity /G 7 0 R >> >>"
    group = stream(
        b"/G gs 0 0 9 9 re f",
        b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Group << /S /Transparency /CS /DeviceGray >> "
        b"/Resources << /ExtGState << /G 6 0 R >> >>",
    )
    return _page(state, group, drawn=b"/G gs 0 0 612 792 re f ", resources=b"/ExtGState << /G 6 0 R >> ")


def _colours(space: bytes) -> bytes:
    return _page(space, drawn=b"/C cs 1 scn 0 0 9 9 re f ", resources=b"/ColorSpace << /C 6 0 R >> ")


def _locked(method: str, user: str) -> bytes:
    """A page that opens with this password, locked by one of the ways PDF had since 1994."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(*text_page(b"behind a lock")))))
    writer.encrypt(user, "owner", algorithm=method)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _files(count: int, body: bytes = b"a member", root: bytes = b"") -> bytes:
    """A PDF with so many files put into it, all of the same name."""
    names = b" ".join(b"(f%06d) 6 0 R" % n for n in range(count))
    spec = b"<< /Type /Filespec /F (list.txt) /UF (list.txt) /EF << /F 7 0 R >> >>"
    return _page(
        spec,
        stream(body, b"/Type /EmbeddedFile"),
        root=b"/Names << /EmbeddedFiles << /Names [%s] >> >> %s" % (names, root),
    )


def _names_in_a_ring() -> bytes:
    return _page(b"<< /Kids [6 0 R 6 0 R] >>", root=b"/Names << /EmbeddedFiles 6 0 R >>")


def _form(fields: bytes, *more: bytes) -> bytes:
    return _page(*more, root=b"/AcroForm << /Fields [%s] >>" % fields)


def _field(page: bytes = b"/Annots [6 0 R]") -> bytes:
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (what was filled in) /Rect [9 9 99 99] "
        b"/AA << /K << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9'\\)) >> >> >>"
    )
    return _page(field, root=b"/AcroForm << /Fields [6 0 R] /NeedAppearances true >>", page=page)


def _described(xml: bytes) -> bytes:
    """A form described in XML."""
    form = stream(zlib.compress(xml, 9), b"/Filter /FlateDecode")
    return _page(form, root=b"/AcroForm << /Fields [] /XFA 6 0 R >>")


def _bookmarks(count: int) -> bytes:
    marks = [
        b"<< /Title (bookmark %d) /Parent 6 0 R %s >>"
        % (n, b"/Next %d 0 R" % (n + 8) if n + 1 < count else b"")
        for n in range(count)
    ]
    top = b"<< /Type /Outlines /First 7 0 R /Last %d 0 R /Count %d >>" % (6 + count, count)
    return _page(top, *marks, root=b"/Outlines 6 0 R")


def _bookmarks_in_a_ring() -> bytes:
    return _page(
        b"<< /First 7 0 R /Last 7 0 R >>",
        b"<< /Title (the bookmark) /First 7 0 R /Next 7 0 R /Parent 6 0 R >>",
        root=b"/Outlines 6 0 R",
    )


def _layers(state: bytes) -> bytes:
    """Words on a layer that is switched off."""
    group = b"<< /Type /OCG /Name (a layer) >>"
    return _page(
        group,
        drawn=b"/OC /L BDC BT /F1 12 Tf 72 600 Td (on a layer) Tj ET EMC ",
        resources=b"/Properties << /L 6 0 R >> ",
        root=b"/OCProperties << /OCGs [6 0 R] /D << /%s [6 0 R] >> >>" % state,
    )


def _saved(times: int) -> bytes:
    """A PDF saved again so many times, each time with other words on its page and a table that leads to the one before."""
    data = pdf(*text_page(b"state 0"))
    previous = data.rindex(b"xref\n0")
    parts = [data]
    length = len(data)
    for n in range(1, times + 1):
        drawn = b"4 0 obj\n" + stream(b"BT /F1 12 Tf 72 700 Td (state %d) Tj ET" % n) + b"\nendobj\n"
        table = b"xref\n4 1\n%010d 00000 n \ntrailer << /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
            length, previous, length + len(drawn),
        )  # fmt: skip
        previous = length + len(drawn)
        parts.append(drawn + table)
        length += len(parts[-1])
    return b"".join(parts)


def _tables(previous: bytes) -> bytes:
    data = pdf(*text_page(b"kept"))
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R " + previous)


def _linearized() -> bytes:
    head = b"<< /Linearized 1 /L 99 /H [1 99999999] /O 999 /E 4294967295 /N 4294967295 /T 4294967295 >>"
    return pdf(*text_page(b"kept"), head)


def _map(entries: int) -> bytes:
    """A font with a map to letters of so many lines."""
    lines = b"\n".join(b"<%04X> <%04X>" % (n & 0xFFFF, 0x4E00 + n % 5000) for n in range(entries))
    cmap = b"1 begincodespacerange <0000> <FFFF> endcodespacerange %d beginbfchar\n%s\nendbfchar" % (
        entries,
        lines,
    )
    objects = list(text_page(b"kept"))
    objects[4] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    return pdf(*objects, stream(zlib.compress(cmap), b"/Filter /FlateDecode"))


def _noted(kind: bytes, more: bytes = b"") -> bytes:
    note = b"<< /Type /Annot /Subtype /%s /Rect [0 0 99 99] /Contents (said in a note) %s >>" % (kind, more)
    return _page(note, page=b"/Annots [6 0 R]")


def _acts(action: bytes) -> bytes:
    return _page(b"<< %s /Next 6 0 R >>" % action, root=b"/OpenAction 6 0 R", page=b"/AA << /O 6 0 R >>")


def _titled(title: bytes) -> bytes:
    return _page(b"<< /Title %s >>" % title).replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 6 0 R")


CASES: tuple[Case, ...] = (
    Case("branches in a ring.pdf", _parents_in_a_ring, ANY),
    Case("tree 2,000 deep.pdf", lambda: _deep_tree(2000), ANY),
    Case("branch that holds itself and a page.pdf", lambda: _kids(b"2 0 R 3 0 R 2 0 R 3 0 R"), ANY),
    Case("branch that holds all but pages.pdf", lambda: _kids(b"1 0 R 4 0 R 5 0 R 99 0 R"), ANY),
    Case("branch that holds no references.pdf", lambda: _kids(b"null (a) << /Kids [ << >> ] >> 7"), ANY),
    Case("box upside down.pdf", lambda: _boxed(b"[612 792 0 0]"), SEEN, "kept"),
    Case("box of words.pdf", lambda: _boxed(b"[(a) /b null <<>>]"), SEEN, "kept"),
    Case("box a point high and 10^7 wide.pdf", lambda: _boxed(b"[0 0 10000000 1]"), SEEN),
    Case("box a point wide and 10^7 high.pdf", lambda: _boxed(b"[0 0 1 10000000]"), SEEN),
    Case("box far away.pdf", lambda: _boxed(b"[2147483647 2147483647 2147483648 2147483649]"), SEEN),
    Case("turned by 7 degrees.pdf", lambda: _page(page=b"/Rotate 7 /UserUnit 1e30"), SEEN, "kept"),
    Case("sign that writes itself.pdf", lambda: _type_3(b"9 0 d0 BT /T 9 Tf (aaaa) Tj ET"), ANY, "kept"),
    Case("sign that draws itself.pdf", lambda: _type_3(b"9 0 d0 /T Do /T Do"), ANY, "kept"),
    Case("fonts in fonts.pdf", lambda: _fonts_in_fonts(9), ANY),
    Case("tiles of no size.pdf", lambda: _pattern(b"0"), ANY, "kept"),
    Case("tiles of a millionth.pdf", lambda: _pattern(b"0.000001"), ANY, "kept"),
    Case("tiles of a hundredth.pdf", lambda: _pattern(b"0.01", b"[0 0 .01 .01]"), ANY, "kept"),
    Case("tile of tiles.pdf", lambda: _pattern(b"1", b"[0 0 9 9]", b"/Pattern cs /P scn 0 0 9 9 re f"), ANY, "kept"),
    Case("tile of 10^9.pdf", lambda: _pattern(b"1", b"[0 0 1000000000 1000000000]"), ANY, "kept"),
    Case("colours that are computed.pdf", lambda: _shading(_calculator(b"{ pop " + b"dup mul " * 5000 + b"}")), ANY, "kept"),
    Case("calculator 10,000 braces deep.pdf", lambda: _shading(_calculator(b"{" * 10_000 + b"}" * 10_000)), ANY, "kept"),
    Case("calculator that copies.pdf", lambda: _shading(_calculator(b"{ " + b"99 copy " * 500 + b"2147483647 -2147483648 idiv -1 exp roll }")), ANY, "kept"),
    Case("function of itself.pdf", lambda: _shading(b"<< /FunctionType 3 /Domain [0 1] /Functions [7 0 R 7 0 R] /Bounds [.5] /Encode [0 1 0 1] >>", 2),
         ANY, "kept"),
    Case("function of 2^31 samples.pdf", lambda: _shading(stream(b"x", b"/FunctionType 0 /Domain [0 1 0 1] /Range [0 1] /BitsPerSample 32 "
         b"/Size [2147483647 2147483647]")), ANY, "kept"),
    *(Case(f"mesh of kind {kind}.pdf", partial(_mesh, kind, 1_000_000), ANY, "kept") for kind in (4, 5, 6, 7)),
    Case("packed 50 ways.pdf", lambda: _chain(b"/ASCIIHexDecode /LZWDecode /RunLengthDecode /ASCII85Decode /FlateDecode " * 10), ANY),
    Case("packed in a way unheard of.pdf", lambda: _chain(b"/Crypt /Unheard 7 (a) null"), ANY),
    Case("LZW of nothing but codes.pdf", lambda: _image(b"\x80\x0b" + b"\xff" * 100_000, b"/Width 9999 /Height 9999 /Filter /LZWDecode"), ANY, "kept"),
    Case("rows that look back 2^31.pdf", lambda: _image(zlib.compress(b"x" * 99), b"/Width 99 /Height 99 /Filter /FlateDecode /DecodeParms "
         b"<< /Predictor 15 /Columns 2147483647 /Colors 2147483647 /BitsPerComponent 32 >>"), ANY, "kept"),
    Case("picture whose mask it is.pdf", lambda: _image(b"x" * 81, b"/Width 9 /Height 9 /SMask 6 0 R /Mask 6 0 R"), ANY, "kept"),
    Case("dictionary of symbols that lies.pdf", lambda: _image(b"\0\0\0\0\0\1\0\0\0\0\x12" + bytes(8) + b"\xff\xff\xff\xff" * 4, b"/Width 9 /Height 9 /Filter /JBIG2Decode"),
         ANY, "kept"),
    Case("fax of minus one columns.pdf", lambda: _image(b"\xff" * 99, b"/Width 9 /Height 9 /Filter /CCITTFaxDecode /DecodeParms << /K 9 /Columns -1 /Rows -1 >>"),
         ANY, "kept"),
    Case("picture in the words.pdf", lambda: _page(drawn=b"BI /W 65535 /H 65535 /BPC 8 /CS /G /F [/Fl /Fl /Fl] ID x EI "), ANY),
    Case("picture in the words without end.pdf", lambda: _page(drawn=b"BI /W 9 /H 9 /BPC 8 /CS /G ID " + b"x" * 99_999), ANY),
    Case("100,000 states pushed.pdf", lambda: _page(drawn=b"q " * 100_000), ANY),
    Case("mask of itself.pdf", _state_of_itself, ANY, "kept"),
    Case("colours of themselves.pdf", lambda: _colours(b"[/Indexed 6 0 R 255 (a)]"), ANY, "kept"),
    Case("colours of 10^6 inks.pdf", lambda: _colours(b"[/DeviceN [" + b"/a " * 1_000_000 + b"] /DeviceGray << /FunctionType 2 /Domain [0 1] /N 1 >>]"), ANY, "kept"),
    Case("words on a layer not shown.pdf", lambda: _layers(b"OFF"), SEEN, "on a layer"),
    *(Case(f"open lock {name}.pdf", partial(_locked, name, ""), (READ,), "behind a lock")
      for name in ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")),
    *(Case(f"closed lock {name}.pdf", partial(_locked, name, "word"), (ENCRYPTED,))
      for name in ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")),
    Case("3,000 files of one name.pdf", lambda: _files(3000), ANY, "kept"),
    Case("portfolio.pdf", lambda: _files(2, root=b"/Collection << /View /D >>"), SEEN, members=("list.txt", "list.txt")),
    Case("archive put into it.pdf", lambda: _files(1, zipped({"../climbed.txt": "x"})), SEEN, "kept"),
    Case("files in a ring.pdf", _names_in_a_ring, SEEN, "kept"),
    Case("fields in a ring.pdf", lambda: _form(b"6 0 R", b"<< /T (f) /FT /Tx /V (said) /Kids [6 0 R 6 0 R] /Parent 6 0 R >>"), ANY, "kept"),
    Case("field that was filled in.pdf", _field, (READ,), "what was filled in"),
    Case("field on no page.pdf", lambda: _field(b""), (READ,), "kept"),
    Case("form of 200 MB.pdf", lambda: _described(b"<template><text>" + bytes(200_000_000) + b"</text></template>"), (IN_PART,), "kept"),
    Case("form 100,000 deep.pdf", lambda: _described(b"<datasets>" + b"<a>" * 100_000), (IN_PART,), "kept"),
    Case("form that names files.pdf", lambda: _described(b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'><!ENTITY a '&f;&f;'>]>"
         b"<datasets><a>filled in</a><a>&f;&a;</a></datasets>"), (IN_PART,), "filled in"),
    Case("form of a million fields.pdf", lambda: _described(b"<datasets>" + b"<a>x</a>" * 1_000_000 + b"</datasets>"), SEEN, "kept"),
    Case("5,000 bookmarks.pdf", lambda: _bookmarks(5000), SEEN, "bookmark 999"),
    Case("bookmarks in a ring.pdf", _bookmarks_in_a_ring, SEEN, "the bookmark"),
    Case("saved 300 times.pdf", lambda: _saved(300), SEEN, "state 299"),
    Case("table before the first byte.pdf", lambda: _tables(b"/Prev -1 /XRefStm -1"), ANY),
    Case("table at 2^63.pdf", lambda: _tables(b"/Prev 9223372036854775807"), ANY),
    Case("table that is a name.pdf", lambda: _tables(b"/Prev /Name /XRefStm (a)"), ANY),
    Case("fast for the web, it says.pdf", _linearized, SEEN, "kept"),
    Case("font with 100,000 letters.pdf", lambda: _map(100_000), ANY),
    *(Case(f"note of kind {kind.decode()}.pdf", partial(_noted, kind), SEEN, "said in a note")
      for kind in (b"FreeText", b"Stamp", b"Highlight", b"Popup", b"Redact", b"Screen", b"3D", b"Unheard")),
    Case("note that answers itself.pdf", lambda: _noted(b"Text", b"/IRT 6 0 R /Popup 6 0 R /Parent 6 0 R"), SEEN, "said in a note"),
    *(Case(f"acts by {action}.pdf", partial(_acts, b"/S /%s /F (\\\\\\\\127.0.0.1\\\\x) /D [0 /Fit] /JS (x)" % action.encode()), SEEN, "kept")
      for action in ("GoToR", "GoToE", "SubmitForm", "ImportData", "Rendition", "JavaScript", "Launch")),
    Case("title that runs backwards.pdf", lambda: _titled(b"<FEFF202E0066006400700000001B005B0032004A>"), SEEN, "kept"),
    Case("title of half letters.pdf", lambda: _titled(b"<FEFFD800DC>"), SEEN, "kept"),
    Case("page and script.pdf", lambda: b"<html><script>alert(1)</script>\n" + pdf(*text_page(b"kept")), ANY),
    Case("head behind a megabyte.pdf", lambda: bytes(1 << 20) + pdf(*text_page(b"kept")), (*ANY, "unsupported")),
    Case("megabyte behind the end.pdf", lambda: pdf(*text_page(b"kept")) + bytes(1 << 20), ANY, "kept"),
    Case("version 9.9.pdf", lambda: pdf(*text_page(b"kept")).replace(b"%PDF-1.7", b"%PDF-9.9"), SEEN, "kept"),
)  # fmt: skip
