"""OpenDocument text and presentations: paragraphs, notes, annotations, tracked changes and hidden text."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from onrecord.ingest.limits import Damaged, Encrypted
from onrecord.ingest.package import Package, attribute, core_claims, local
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.docx import place
from onrecord.ingest.reading import Child, Finding, Mark, Piece, in_part
from onrecord.ingest.source import Source

_MARKS: dict[str, Mark] = {
    "deletion": "deleted",
    "note": "note",
    "annotation": "comment",
    "hidden-text": "hidden",
    "hidden-paragraph": "hidden",
    "notes": "note",
    "header": "header",
    "footer": "header",
}


def read(source: Source) -> Finding:
    """Pieces by part (``content.xml``, then headers and footers in ``styles.xml``) and paragraph."""
    package = Package(source.file, source.options)
    if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.part(
        "META-INF/manifest.xml"
    ):
        raise Encrypted("the document opens only with a password")
    pieces = list(_paragraphs(package.xml("content.xml"), "content.xml"))
    missing = []
    if "styles.xml" in package.names:
        try:
            pieces += _paragraphs(package.xml("styles.xml"), "styles.xml")
        except Damaged as damage:
            missing.append(str(damage))
    outcome, reason = in_part(missing)
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=tuple(pieces),
        children=tuple(_pictures(package, source)),
        claims=core_claims(package, "meta.xml"),
    )


def _paragraphs(root: etree._Element, part: str) -> Iterator[Piece]:
    paragraphs = (element for element in root.iter() if local(element) in {"p", "h"})
    for number, paragraph in enumerate(paragraphs, start=1):
        text = "".join(_texts(paragraph))
        if text.strip():
            yield Piece(text, (place(part, number),), _mark(paragraph))


def _mark(paragraph: etree._Element) -> Mark:
    for element in (paragraph, *paragraph.iterancestors()):
        if local(element) in _MARKS:
            return _MARKS[local(element)]
        if local(element) == "section" and attribute(element, "display") == "none":
            return "hidden"
    return ""


def _texts(element: etree._Element) -> Iterator[str]:
    """Text of a paragraph; notes and annotations inside it have paragraphs, and so a turn, of their own."""
    if element.text:
        yield element.text
    for child in element:
        name = local(child)
        if name == "s":
            yield " " * min(int(attribute(child, "c") or 1), 100)
        elif name in {"tab", "line-break"}:
            yield "\t" if name == "tab" else "\n"
        elif name not in {"note", "annotation", "p", "h", "text-box"}:
            yield from _texts(child)
        if child.tail:
            yield child.tail


def _pictures(package: Package, source: Source) -> Iterator[Child]:
    for name in package.matching(r"(Pictures|media)/.+"):
        yield source.spool.keep(name, name.encode(), [package.part(name)])


READER = Reader("OpenDocument", package_version(1, "lxml"), ("odt", "odp"), read)
