"""What a PDF says beside what its pages show: comments, what was filled in, bookmarks, and its own title and dates.

PDFium gives all of these as UTF-16. What is no UTF-16 is kept as far as it goes, with U+FFFD for the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

_NOTES = 2000  # of a page
_BOOKMARKS = 20_000
_DEEPEST = 15
_LONGEST = 1 << 20  # bytes of one string


def begin_forms(document: pdfium.PdfDocument) -> None:
    """Let the fields of forms be read and drawn; to be called before a page is loaded.

    Their scripts are not run: this PDFium is built without an engine for them.
    """
    logging.getLogger("pypdfium2").setLevel(logging.ERROR)  # it logs of XFA, which is not used
    with suppress(pdfium.PdfiumError):
        document.init_forms()


def comments(page: pdfium.PdfPage) -> Iterator[str]:
    """What the annotations of a page say, in their order."""
    for note in _annotations(page):
        text = _told(raw.FPDFAnnot_GetStringValue, note, b"Contents")
        if text.strip():
            yield text


def filled_in(document: pdfium.PdfDocument, page: pdfium.PdfPage) -> Iterator[str]:
    """What stands in the fields of a form on a page, once each, after :func:`begin_forms`."""
    if document.formenv is None:
        return
    seen: set[str] = set()
    for note in _annotations(page):
        if raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_WIDGET:
            text = _told(raw.FPDFAnnot_GetFormFieldValue, document.formenv, note)
            if text.strip() and text not in seen:
                seen.add(text)
                yield text


def bookmarks(document: pdfium.PdfDocument) -> Iterator[tuple[str, int | None]]:
    """Titles of the table of contents that viewers show beside the pages, each with the page it leads to, from 1."""
    for mark in islice(document.get_toc(max_depth=_DEEPEST), _BOOKMARKS):
        title = _told(raw.FPDFBookmark_GetTitle, mark)
        place = mark.get_dest()
        index = place.get_index() if place else None
        if title.strip():
            yield title, None if index is None else index + 1


def metadata(document: pdfium.PdfDocument) -> dict[str, str]:
    """What the PDF says of itself: Title, Author, CreationDate … as far as it says it."""
    told = ((key, _told(raw.FPDF_GetMetaText, document, key.encode())) for key in document.METADATA_KEYS)
    return {key: text for key, text in told if text}


def name_of(attachment: pdfium.PdfAttachment) -> str:
    """The name of a file that was put into the PDF."""
    return _told(raw.FPDFAttachment_GetName, attachment)


def _annotations(page: pdfium.PdfPage) -> Iterator[object]:
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _NOTES)):
        if note := raw.FPDFPage_GetAnnot(page, index):
            yield note
            raw.FPDFPage_CloseAnnot(note)


def _told(ask: Callable[..., Any], *of: object) -> str:
    """A string that PDFium writes into a buffer of so many bytes, once it has said how many it needs."""
    length = min(int(ask(*of, None, 0)), _LONGEST)
    if length <= 2:
        return ""
    buffer = (raw.FPDF_WCHAR * (length // 2))()
    ask(*of, buffer, length)
    return bytes(buffer)[:-2].decode("utf-16-le", errors="replace")
