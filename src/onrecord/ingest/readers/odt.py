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
    "previous": "deleted",
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
    package = open_package(source)
    pieces = list(paragraphs(package.xml("content.xml"), "content.xml"))
    missing = []
    if "styles.xml" in package.names:
        try:
            pieces += paragraphs(package.xml("styles.xml"), "styles.xml")
        except Damaged as damage:
            missing.append(str(damage))
    outcome, reason = in_part(missing)
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=tuple(pieces),
        children=tuple(pictures(package, source)),
        claims=core_claims(package, "meta.xml"),
    )


def open_package(source: Source) -> Package:
    """The parts of an OpenDocument file.

    Raises:
        Encrypted: its manifest says that parts are locked.
    """
    package = Package(source.file, source.options)
    manifest = "META-INF/manifest.xml"
    if manifest in package.names and b"encryption-data" in package.part(manifest):
        raise Encrypted("the document opens only with a password")
    return package


def paragraphs(root: etree._Element, part: str) -> Iterator[Piece]:
    """The paragraphs of a part, each with its mark."""
    found = (element for element in root.iter() if local(element) in {"p", "h"})
    for number, paragraph in enumerate(found, start=1):
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


def pictures(package: Package, source: Source) -> Iterator[Child]:
    """Pictures and embedded files, as members; an embedded OpenDocument file is a folder and stays part of this one."""
    for name in package.matching(r"(Pictures|media)/.+|Object [^/]+"):
        yield source.spool.keep(name, name.encode(), [package.part(name)])


READER = Reader("OpenDocument", package_version(3, "lxml"), ("odt", "odp"), read)
