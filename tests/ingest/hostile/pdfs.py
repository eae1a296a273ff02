"""PDF: loops in every structure, filters that multiply, scripts, revisions that hide."""

from __future__ import annotations

import zlib

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, NEEDS_OCR, READ, REFUSED, Case
from tests.ingest.making import pdf, stream, text_page, zipped

ANY = (READ, IN_PART, FAILED, NEEDS_OCR, REFUSED)


def _looping_tree() -> bytes:
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"
    )


def _looping_table() -> bytes:
    data = pdf(*text_page(b"kept"))
    at = data.rindex(b"xref\n0")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % at)


def _looping_form() -> bytes:
    """A form that draws itself twice, so that a reader without a guard draws it without end."""
    objects = list(text_page(b"kept", page=b""))
    objects[2] = objects[2].replace(b"/Resources <<", b"/Resources << /XObject << /X 6 0 R >>")
    objects[3] = stream(b"BT /F1 12 Tf 72 700 Td (kept) Tj ET /X Do /X Do")
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    return pdf(*objects, stream(b"/X Do /X Do", form))


def _forms_that_multiply(levels: int) -> bytes:
    """Each form draws the next ten times: 10^levels drawings from a few hundred bytes."""
    objects = list(text_page(b"kept"))
    objects[2] = objects[2].replace(b"/Resources <<", b"/Resources << /XObject << /X 6 0 R >>")
    objects[3] = stream(b"BT /F1 12 Tf 72 700 Td (kept) Tj ET /X Do")
    forms = [
        stream(
            b"/X Do " * 10,
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>" % n,
        )
        for n in range(7, 7 + levels)
    ]
    last = stream(b"0 0 1 1 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return pdf(*objects, *forms, last)


def _filters(times: int, size: int) -> bytes:
    data = b"BT " + bytes(size)
    for _ in range(times):
        data = zlib.compress(data, 9)
    objects = list(text_page(b"x"))
    objects[3] = stream(data, b"/Filter [%s]" % (b"/FlateDecode " * times))
    return pdf(*objects)


def _pages(count: int) -> bytes:
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    )


def _revised() -> bytes:
    """Saved twice: the first state says who, the second, appended to it, does not."""
    first = pdf(*text_page(b"the name that was taken out"))
    drawn = b"4 0 obj\n" + stream(b"BT /F1 12 Tf 72 700 Td (nothing to see) Tj ET") + b"\nendobj\n"
    place = len(first)
    table = b"xref\n4 1\n%010d 00000 n \n" % place
    previous = first.rindex(b"xref\n0")
    trailer = b"trailer << /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        previous,
        place + len(drawn),
    )
    return first + drawn + table + trailer


def _attached(name: bytes) -> bytes:
    extra = b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>"
    spec = b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F 7 0 R >> >>" % (name, name)
    return pdf(*text_page(b"has a file", extra), spec, stream(b"the attached text", b"/Type /EmbeddedFile"))


def _commented() -> bytes:
    note = b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (a note in the margin) >>"
    return pdf(*text_page(b"page", page=b"/Annots [6 0 R]"), note)


def _polyglot() -> bytes:
    return pdf(*text_page(b"both")) + zipped({"inside.txt": "also a ZIP"})


CASES: tuple[Case, ...] = (
    Case("pages that hold themselves.pdf", _looping_tree, ANY),
    Case("table that follows itself.pdf", _looping_table, ANY),
    Case("form that draws itself.pdf", _looping_form, ANY),
    Case("forms that multiply.pdf", lambda: _forms_that_multiply(8), (READ, REFUSED, FAILED)),
    Case("filters that multiply.pdf", lambda: _filters(3, 300_000_000), ANY),
    Case("filter chain of 200.pdf", lambda: _filters(200, 1000), ANY),
    Case("two billion pages.pdf", lambda: _pages(2_000_000_000), (REFUSED, IN_PART, READ, FAILED)),
    Case("minus one pages.pdf", lambda: _pages(-1), ANY),
    Case("name taken out.pdf", _revised, (READ,), "the name that was taken out"),
    Case("climbing attachment.pdf", lambda: _attached(b"../../../../etc/climbed"), (READ,), members=("../../../../etc/climbed",)),
    Case("note in the margin.pdf", _commented, (READ,), "a note in the margin"),
    Case("script.pdf", lambda: pdf(*text_page(b"page", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")), (READ,), "page"),
    Case("launch.pdf", lambda: pdf(*text_page(b"page", b"/OpenAction << /S /Launch /F (/bin/touch) >>")), (READ,), "page"),
    Case("fetch.pdf", lambda: pdf(*text_page(b"page", b"/OpenAction << /S /URI /URI (http://127.0.0.1:9/x) >>")), (READ,), "page"),
    Case("noise.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 50, (FAILED,)),
    Case("cut.pdf", lambda: pdf(*text_page(b"half"))[:300], ANY),
    Case("head only.pdf", lambda: b"%PDF-", (FAILED,)),
    Case("head late.pdf", lambda: b"\n" * 900 + pdf(*text_page(b"late")), ANY),
    Case("arrays without end.pdf", lambda: pdf(b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * 100_000 + b">>"), ANY),
    Case("page of 10^9 points.pdf", lambda: pdf(*[o.replace(b"612 792", b"1000000000 1000000000") for o in text_page(b"large")]),
         (READ,), "large"),
    Case("locked.pdf", lambda: pdf(*text_page(b"x"), extra=b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (" + b"o" * 32 + b") /U ("
         + b"u" * 32 + b") /P -1 >> /ID [(a)(a)]"), (ENCRYPTED, FAILED)),
    Case("locked by a stranger.pdf", lambda: pdf(*text_page(b"x"), extra=b"/Encrypt << /Filter /Unknown >>"), (ENCRYPTED, FAILED)),
    Case("a hundred revisions.pdf", lambda: b"".join(pdf(*text_page(b"state %d" % n)) for n in range(100)), ANY),
    Case("pdf and zip.pdf", _polyglot, ANY),
)  # fmt: skip
