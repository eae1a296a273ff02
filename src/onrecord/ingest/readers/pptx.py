"""PowerPoint presentations (OOXML): slides, their notes and comments; hidden slides marked."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from onrecord.ingest.markup import attribute, local
from onrecord.ingest.package import Package
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.beside import place
from onrecord.ingest.readers.docx import read_parts
from onrecord.ingest.reading import Finding, Mark, Piece
from onrecord.ingest.source import Source

_PARTS: tuple[tuple[str, Mark], ...] = (
    (r"ppt/slides/slide\d*\.xml", ""),
    (r"ppt/notesSlides/notesSlide\d*\.xml", "note"),
    (r"ppt/comments/.+\.xml", "comment"),
    (r"ppt/slideMasters/slideMaster\d*\.xml", "header"),
    (r"ppt/slideLayouts/slideLayout\d*\.xml", "header"),
)


def read(source: Source) -> Finding:
    """Pieces by part (a slide is a part) and paragraph."""
    return read_parts(Package(source.file, source.options), source, _PARTS, _paragraphs, "ppt")


def _paragraphs(root: etree._Element, part: str, mark: Mark) -> Iterator[Piece]:
    own: Mark = "hidden" if attribute(root, "show") in {"0", "false"} else mark
    paragraphs = (element for element in root.iter() if local(element) in {"p", "text"})
    for number, paragraph in enumerate(paragraphs, start=1):
        text = "".join(_texts(paragraph))
        if text.strip() and not (own == "header" and _is_instruction(paragraph)):
            yield Piece(text, (place(part, number),), own)


def _is_instruction(paragraph: etree._Element) -> bool:
    """Whether it stands where a slide is to be filled in (``Click to edit …``), and so on no slide."""
    shape = next(paragraph.iterancestors("{*}sp"), None)
    return shape is not None and shape.find("{*}nvSpPr/{*}nvPr/{*}ph") is not None


def _texts(paragraph: etree._Element) -> Iterator[str]:
    if local(paragraph) == "text" and paragraph.text:
        yield paragraph.text
    for element in paragraph.iter():
        name = local(element)
        if name == "t" and element.text:
            yield element.text
        elif name in {"br", "tab"}:
            yield "\n" if name == "br" else "\t"


READER = Reader("PPTX", package_version(3, "lxml"), ("pptx",), read)
