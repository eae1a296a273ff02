"""PDF through PDFium: text by page, what was filled into forms, comments, bookmarks, claims, attached files, and older
revisions still in the file.

An incremental save appends to a PDF and leaves every earlier state readable: the bytes up to each earlier
``%%EOF`` are a whole PDF again. Text that an earlier state has and the last has not is kept as *old revision*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pypdfium2 as pdfium
from pypdfium2 import raw

from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.ocr import recognise
from onrecord.ingest.pdf_beside import begin_forms, bookmarks, comments, filled_in, metadata, name_of
from onrecord.ingest.pdf_damage import damage
from onrecord.ingest.pdf_repair import is_misplaced, mended
from onrecord.ingest.pdf_streams import bursts
from onrecord.ingest.pdf_xfa import form_texts
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Child, Finding, Mark, Outcome, Piece, in_part
from onrecord.ingest.source import Source
from onrecord.model.citation import PDF_FRAGMENTS, FragmentSelector

_REVISIONS = 8
_OCR_SCALE = 300 / 72
_ASKED = 200
_STRETCHES = 10
_LISTED_ANEW = (
    "what only the directory of the PDF named, which is damaged or cut off; the pages were looked for"
)
_NO_TEXT = "without a text layer"
_NO_LETTERS = "whose fonts do not say which letters they show"


def read(source: Source) -> Finding:
    """A piece a page (place: page and its box), its form and comments; then bookmarks, then what older revisions held."""
    data = source.whole()
    document, is_mended = opened(data)
    with document:
        begin_forms(document)
        missing = [_LISTED_ANEW] if is_mended else []
        unread: dict[str, list[int]] = {}
        pieces = list(_pages(document, source, missing, unread))
        pieces += _besides(document, source, pieces, missing)
        texts = {piece.text for piece in pieces}
        pieces += _older(data, texts, source.options.pages)
        children = tuple(_attached(document, data, source, missing))
        missing += damage(data)
        lacking = [*(_lack(numbers, why) for why, numbers in unread.items()), *missing]
        outcome, reason = in_part(lacking)
        unseen = sum(map(len, unread.values()))
        if unseen and not missing and (not pieces or unseen >= len(document)):
            outcome = Outcome.NEEDS_OCR
        elif lacking and not pieces:
            outcome = Outcome.FAILED
        if len(document) > (most := source.options.pages):
            outcome, reason = Outcome.REFUSED, f"{LimitReached('pages', most)}; so many were read"
        return Finding(
            outcome=outcome,
            reason=reason,
            pieces=tuple(pieces),
            children=children,
            claims=_claims(document),
        )


def opened(data: bytes) -> tuple[pdfium.PdfDocument, bool]:
    """The document in the bytes, and whether its directory is damaged and was made anew of the objects that are there.

    Where a directory is there and wrong, the document that has more letters is taken.

    Raises:
        Encrypted: it opens only with a password.
        Damaged: nothing of it can be made sense of.
    """
    try:
        document = _opened(data)
    except Damaged:
        if (whole := mended(data)) is None:
            raise
        return _opened(whole), True
    if is_misplaced(data) and (whole := mended(data)) is not None:
        with suppress(Damaged):
            again = _opened(whole)
            if _letters(again) > _letters(document):
                document.close()
                return again, True
            again.close()
    return document, False


def _letters(document: pdfium.PdfDocument) -> int:
    return sum(len(_loaded_text(document, number)) for number in range(1, min(len(document), _ASKED) + 1))


def _opened(data: bytes) -> pdfium.PdfDocument:
    # PDFium keeps the last error and does not always set one: that a file before this one was locked says nothing
    # of this one, so one is set that says no more than that something is no PDF.
    with suppress(pdfium.PdfiumError):
        pdfium.PdfDocument(b"%PDF-").close()
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise Encrypted("the PDF opens only with a password") from error
        raise Damaged(
            "the PDF cannot be opened: the directory of what it holds is damaged or cut off, and no page was found"
        ) from error


def page_selector(document: pdfium.PdfDocument, number: int) -> FragmentSelector:
    """The place of a whole page, ``number`` from 1, with its box in points."""
    try:
        width, height = document.get_page_size(number - 1)
    except pdfium.PdfiumError:
        return FragmentSelector(value=f"page={number}", conformsTo=PDF_FRAGMENTS)
    return FragmentSelector(
        value=f"page={number}&viewrect=0,0,{width:.0f},{height:.0f}", conformsTo=PDF_FRAGMENTS
    )


def _lack(numbers: list[int], why: str) -> str:
    """Why pages could not be read, neighbours as a stretch."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and stretches[-1][-1] == number - 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    told = [f"{each[0]} to {each[-1]}" if len(each) > 1 else str(each[0]) for each in stretches[:_STRETCHES]]
    more = f" and {len(stretches) - _STRETCHES} more stretches" if len(stretches) > _STRETCHES else ""
    return f"{'page' if len(numbers) == 1 else 'pages'} {', '.join(told)}{more}, {why}"


def _pages(
    document: pdfium.PdfDocument, source: Source, missing: list[str], unread: dict[str, list[int]]
) -> Iterator[Piece]:
    """The pieces of each page; what has none goes to ``missing`` in words, or to ``unread`` by why OCR is needed."""
    for number in range(1, min(len(document), source.options.pages) + 1):
        place = (page_selector(document, number),)
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            missing.append(f"page {number}, which does not load")
            continue
        text, drawn, is_sure = _page_text(page), _draws(page), _says_letters(page)
        layer = [Piece(text, place)] if text.strip() else []
        lack = _NO_LETTERS if layer and not is_sure else _NO_TEXT if drawn and not layer else ""
        seen = list(_ocr(page, place[0], source)) if lack and source.options.ocr else []
        if lack and not seen and (lack == _NO_LETTERS or not source.options.ocr):
            unread.setdefault(lack, []).append(number)
        yield from seen or layer
        yield from (Piece(value, place) for value in filled_in(document, page))
        yield from (Piece(comment, place, "comment") for comment in comments(page))
        page.close()


def _besides(
    document: pdfium.PdfDocument, source: Source, pieces: list[Piece], missing: list[str]
) -> Iterator[Piece]:
    """Texts of a form in XML, and bookmarks with the pages they lead to, whose words stand on no page."""
    shown = "\n".join(piece.text for piece in pieces)
    for text in form_texts(document, source.options.part_bytes, missing):
        if text not in shown:
            yield Piece(text)
    for title, number in bookmarks(document):
        if title not in shown:
            yield Piece(title, (page_selector(document, number),) if number else (), "header")


def _says_letters(page: pdfium.PdfPage) -> bool:
    """Whether the fonts of a page say which letters most of its signs are; else its text may be noise.

    A font without a map from codes to letters gives its codes for them. At most 200 characters are asked for.
    """
    layer = page.get_textpage()
    count = layer.count_chars()
    asked = range(0, count, max(count // _ASKED, 1))
    unknown = sum(raw.FPDFText_HasUnicodeMapError(layer, index) == 1 for index in asked)
    layer.close()
    return bool(unknown * 4 <= len(asked))


def _page_text(page: pdfium.PdfPage) -> str:
    layer = page.get_textpage()
    text: str = layer.get_text_range().replace("\r\n", "\n").replace("\ufffe", "")
    layer.close()
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _draws(page: pdfium.PdfPage) -> bool:
    return bool(raw.FPDFPage_CountObjects(page) > 0)


def _ocr(page: pdfium.PdfPage, place: FragmentSelector, source: Source) -> Iterator[Piece]:
    picture = page.render(scale=scanned_at(page, source), grayscale=True).to_pil()
    yield from recognise(picture, source.options.ocr, place)


def scanned_at(page: pdfium.PdfPage, source: Source) -> float:
    """How many pixels there are to a point in the picture that words of a page are recognised from."""
    width, height = page.get_size()
    return float(min(_OCR_SCALE, (source.options.pixels / max(width * height, 1)) ** 0.5))


def _older(data: bytes, current: set[str], allowed_pages: int) -> Iterator[Piece]:
    ends = [match.end() for match in re.finditer(rb"%%EOF[\r\n]*", data)]
    known = set(current)
    for end in [end for end in ends if end < len(data) - 32][-_REVISIONS:]:
        try:
            document = pdfium.PdfDocument(data[:end])
        except pdfium.PdfiumError:
            continue
        with document:
            for number in range(1, min(len(document), allowed_pages) + 1):
                text = _loaded_text(document, number)
                if text.strip() and text not in known:
                    known.add(text)
                    yield Piece(text, (page_selector(document, number),), _OLD)


_OLD: Mark = "old revision"


def _loaded_text(document: pdfium.PdfDocument, number: int) -> str:
    try:
        return _page_text(document[number - 1])
    except pdfium.PdfiumError:
        return ""


def _attached(
    document: pdfium.PdfDocument, data: bytes, source: Source, missing: list[str]
) -> Iterator[Child]:
    count = min(document.count_attachments(), source.options.members)
    if count and bursts(data, source.options.part_bytes):
        missing.append(
            f"the attached files, where something unpacks to more than {source.options.part_bytes} bytes"
        )
        return
    for index in range(count):
        try:
            attachment = document.get_attachment(index)
            name, data = name_of(attachment), bytes(attachment.get_data())
        except pdfium.PdfiumError:
            missing.append("an attached file, which is damaged or not there")
            continue
        yield source.spool.keep(name, name.encode("utf-8", "surrogatepass"), [data])


def _claims(document: pdfium.PdfDocument) -> tuple[tuple[str, str], ...]:
    return (("pages", str(len(document))), *metadata(document).items())


READER = Reader("PDFium", package_version(5, "pypdfium2"), ("pdf",), read)
