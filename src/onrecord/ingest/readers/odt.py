"""OpenDocument text, presentations and drawings, packed or flat: paragraphs, notes, annotations, tracked changes, hidden text."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.markup import attribute, local, saved_xml, whole_number
from onrecord.ingest.package import Package, core_claims, kept
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.beside import place
from onrecord.ingest.readers.docx import texts
from onrecord.ingest.reading import Finding, Mark, Piece, in_part
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


_PARTS: tuple[tuple[str, Mark], ...] = (
    (r"content\.xml", ""),
    (r"styles\.xml", ""),
    (r"Object [^/]+/content\.xml", ""),
)


def read(source: Source) -> Finding:
    """Pieces by part (``content.xml``, headers and footers in ``styles.xml``, charts and formulas) and paragraph."""
    package = open_package(source)
    if package.named("content.xml") is None:
        raise Damaged("the part content.xml is absent")
    pieces, missing = texts(package, _PARTS, paragraphs)
    children = kept(package, inside(package), source, missing)
    claims = core_claims(package, "meta.xml", missing)
    outcome, reason = in_part(missing)
    return Finding(outcome=outcome, reason=reason, pieces=tuple(pieces), children=children, claims=claims)


def read_flat(source: Source) -> Finding:
    """The same of a document that is one XML file; the part is named ``content.xml`` all the same.

    Raises:
        Damaged: nothing of the XML can be read.
        LimitReached: it is larger than a part may be.
    """
    root, missing = flat_root(source)
    outcome, reason = in_part(missing)
    return Finding(outcome=outcome, reason=reason, pieces=tuple(paragraphs(root, "content.xml")))


def flat_root(source: Source) -> tuple[etree._Element, list[str]]:
    """The root of a document in one XML file, and what is wrong with it.

    Raises:
        Damaged: nothing of the XML can be read.
        LimitReached: it is larger than a part may be.
    """
    data = source.whole()
    if len(data) > source.options.part_bytes:
        raise LimitReached("XML bytes", source.options.part_bytes)
    root, wrong = saved_xml(data, "the file")
    return root, [wrong] if wrong else []


def open_package(source: Source) -> Package:
    """The parts of an OpenDocument file.

    Raises:
        Encrypted: its manifest says that parts are locked.
    """
    package = Package(source.file, source.options)
    if _is_locked(package):
        raise Encrypted("the document opens only with a password")
    return package


def _is_locked(package: Package) -> bool:
    """Whether the manifest says so; one that is damaged or a bomb says nothing, and the parts will tell."""
    try:
        return b"encryption-data" in package.part("META-INF/manifest.xml")
    except (Damaged, LimitReached):
        return False


def paragraphs(root: etree._Element, part: str, mark: Mark = "") -> Iterator[Piece]:
    """The paragraphs of a part, each with its own mark or else that of the part."""
    found = (element for element in root.iter() if local(element) in {"p", "h"})
    for number, paragraph in enumerate(found, start=1):
        text = "".join(_texts(paragraph))
        if text.strip():
            yield Piece(text, (place(part, number),), _mark(paragraph) or mark)


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
            yield " " * min(whole_number(attribute(child, "c"), 1), 100)
        elif name in {"tab", "line-break"}:
            yield "\t" if name == "tab" else "\n"
        elif name not in {"note", "annotation", "p", "h", "text-box"}:
            yield from _texts(child)
        if child.tail:
            yield child.tail


def inside(package: Package) -> list[str]:
    """The names of pictures and embedded files; an embedded OpenDocument file is a folder and stays part of this one."""
    return package.matching(r"(Pictures|media)/.+|Object [^/]+")


READER = Reader("OpenDocument", package_version(4, "lxml"), ("odt", "odp", "odg"), read)
FLAT = Reader("OpenDocument, flat", package_version(1, "lxml"), ("fodt", "fodp", "fodg"), read_flat)
