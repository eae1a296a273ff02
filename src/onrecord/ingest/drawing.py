"""A page as pixels, made in the sandbox: what a visitor sees of an original is never the original itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import accumulate

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from onrecord.ingest.kinds import kind_of
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached, NeedsTool
from onrecord.ingest.pdf_beside import begin_forms
from onrecord.ingest.readers import image
from onrecord.ingest.readers.pdf import opened as opened_pdf
from onrecord.ingest.readers.pdf import scanned_at
from onrecord.ingest.source import Source
from onrecord.ingest.tasks import Box, Drawn, Refused, Stretch

_WIDEST = 4000
_MOST_BOXES = 500


def draw(source: Source, page: int, width: int, find: tuple[Stretch, ...]) -> Drawn | Refused:
    """The page as PNG in the spool, with boxes around words in its text layer (PDF only); or why not."""
    kind = kind_of(source.file, source.name)
    try:
        if kind == "pdf":
            return _pdf_page(source, page, min(width, _WIDEST), find)
        if kind in {*image.READER.kinds, *image.HEIC.kinds}:
            return _frame(source, page, min(width, _WIDEST))
    except (LimitReached, Damaged, Encrypted, NeedsTool) as cause:
        return Refused(str(cause))
    except pdfium.PdfiumError:
        return Refused("the page is damaged and does not load")
    except (*image.IMAGE_ERRORS, MemoryError) as cause:
        return Refused(image.why_undecoded(cause))
    return Refused(f"pages of {kind} files are not drawn")


def _pdf_page(source: Source, number: int, width: int, find: tuple[Stretch, ...]) -> Drawn | Refused:
    with opened_pdf(source.whole())[0] as document:
        begin_forms(document)
        if not 1 <= number <= len(document):
            return Refused(f"there is no page {number}; the document has {len(document)}")
        page = document[number - 1]
        scale = width / max(page.get_width(), 1)
        if width * page.get_height() * scale > source.options.pixels:
            raise LimitReached("pixels", source.options.pixels)
        picture = page.render(scale=scale).to_pil()
        boxes = tuple(_boxes(page, find, scale))
        recognised = page.get_width() * scanned_at(page, source)
        return _kept(source, picture, len(document), recognised, boxes)


def _boxes(page: pdfium.PdfPage, find: tuple[Stretch, ...], scale: float) -> Iterator[Box]:
    layer = page.get_textpage()
    text, units = _text_of(layer)
    for words in find:
        end = words.start + len(words.words)
        if words.words and text[words.start : end] == words.words:
            first, last = (
                raw.FPDFText_GetCharIndexFromTextIndex(layer, units[at]) for at in (words.start, end - 1)
            )
            yield from _around(layer, first, last - first + 1, page.get_height(), scale)


def _text_of(layer: pdfium.PdfTextPage) -> tuple[str, list[int]]:
    """The page's text as the reader gives it; and of each character its place in PDFium's, in units of UTF-16."""
    given = layer.get_text_range()
    units = list(accumulate((1 + (character > "\uffff") for character in given), initial=0))
    kept = [
        at for at, character in enumerate(given) if character != "\ufffe" and given[at : at + 2] != "\r\n"
    ]
    return "".join(given[at] for at in kept), [units[at] for at in kept]


def _around(layer: pdfium.PdfTextPage, first: int, count: int, height: float, scale: float) -> Iterator[Box]:
    """A box for each line of a stretch of PDFium's characters."""
    for index in range(min(layer.count_rects(first, count), _MOST_BOXES)):
        left, bottom, right, top = layer.get_rect(index)
        sizes = (left, height - top, right - left, top - bottom)
        yield Box(*(round(size * scale) for size in sizes))


def _frame(source: Source, number: int, width: int) -> Drawn | Refused:
    """The frame; of one that is cut off as much as there is."""
    try:
        return _frame_of(source, number, width)
    except image.IMAGE_ERRORS:
        with image.as_far_as_it_goes():
            return _frame_of(source, number, width, is_damaged=True)


def _frame_of(source: Source, number: int, width: int, *, is_damaged: bool = False) -> Drawn | Refused:
    with image.opened(source.whole()) as picture:
        frames = image.frames_of(picture)
        if not 1 <= number <= frames:
            return Refused(f"there is no page {number}; the file has {frames}")
        if picture.width * picture.height > source.options.pixels:
            raise LimitReached("pixels", source.options.pixels)
        picture.seek(number - 1)
        if is_damaged and not image.shows_anything(picture):
            return Refused("the picture is damaged, and nothing of it can be made out")
        height = max(round(picture.height * width / picture.width), 1)
        drawn = picture.convert("RGB").resize((width, height))
        return _kept(source, drawn, frames, picture.width, ())


def _kept(
    source: Source, picture: Image.Image, pages: int, recognised: float, boxes: tuple[Box, ...]
) -> Drawn:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    child = source.spool.keep("page.png", b"page.png", [buffer.getvalue()])
    return Drawn(child.length, picture.width, picture.height, pages, recognised, boxes)
