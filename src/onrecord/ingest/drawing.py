"""A page as pixels, made in the sandbox: what a visitor sees of an original is never the original itself."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2 as pdfium
from PIL import Image

from onrecord.ingest.kinds import kind_of
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached, NeedsTool
from onrecord.ingest.readers import image
from onrecord.ingest.readers.pdf import opened as opened_pdf
from onrecord.ingest.source import Source
from onrecord.ingest.tasks import Box, Drawn, Refused

_WIDEST = 4000
_MOST_BOXES = 500


def draw(source: Source, page: int, width: int, find: tuple[str, ...]) -> Drawn | Refused:
    """The page as PNG in the spool, with boxes around the words looked for (PDF only); or why not."""
    kind = kind_of(source.file, source.name)
    try:
        if kind == "pdf":
            return _pdf_page(source, page, min(width, _WIDEST), find)
        if kind in {*image.READER.kinds, *image.HEIC.kinds}:
            return _frame(source, page, min(width, _WIDEST))
    except (LimitReached, Damaged, Encrypted, NeedsTool) as cause:
        return Refused(str(cause))
    except (*image.IMAGE_ERRORS, pdfium.PdfiumError, MemoryError) as cause:
        return Refused(f"{type(cause).__name__}: {cause}")
    return Refused(f"pages of {kind} files are not drawn")


def _pdf_page(source: Source, number: int, width: int, find: tuple[str, ...]) -> Drawn | Refused:
    with opened_pdf(source.whole()) as document:
        if not 1 <= number <= len(document):
            return Refused(f"there is no page {number}; the document has {len(document)}")
        page = document[number - 1]
        scale = width / max(page.get_width(), 1)
        if width * page.get_height() * scale > source.options.pixels:
            raise LimitReached("pixels", source.options.pixels)
        picture = page.render(scale=scale).to_pil()
        boxes = tuple(_boxes(page, find, scale))
        return _kept(source, picture, len(document), boxes)


def _boxes(page: pdfium.PdfPage, find: tuple[str, ...], scale: float) -> Iterator[Box]:
    layer, height, count = page.get_textpage(), page.get_height(), 0
    for words in find:
        search = layer.search(words) if words.strip() else None
        while search is not None and (found := search.get_next()) and count < _MOST_BOXES:
            for index in range(layer.count_rects(*found)):
                left, bottom, right, top = layer.get_rect(index)
                count += 1
                yield Box(
                    round(left * scale),
                    round((height - top) * scale),
                    round((right - left) * scale),
                    round((top - bottom) * scale),
                )


def _frame(source: Source, number: int, width: int) -> Drawn | Refused:
    with image.opened(source.whole()) as picture:
        frames = image.frames_of(picture)
        if not 1 <= number <= frames:
            return Refused(f"there is no page {number}; the file has {frames}")
        if picture.width * picture.height > source.options.pixels:
            raise LimitReached("pixels", source.options.pixels)
        picture.seek(number - 1)
        height = max(round(picture.height * width / picture.width), 1)
        return _kept(source, picture.convert("RGB").resize((width, height)), frames, ())


def _kept(source: Source, picture: Image.Image, pages: int, boxes: tuple[Box, ...]) -> Drawn:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    child = source.spool.keep("page.png", b"page.png", [buffer.getvalue()])
    return Drawn(child.length, picture.width, picture.height, pages, boxes)
