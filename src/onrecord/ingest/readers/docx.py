"""Word documents (OOXML): every paragraph of every text part, tracked and hidden text seen and marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from lxml import etree

from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.markup import attribute, local, parse_xml
from onrecord.ingest.package import Package, core_claims, kept, named
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.beside import beside, embedded, place
from onrecord.ingest.reading import Finding, Mark, Piece, in_part
from onrecord.ingest.source import Source

_PARTS: tuple[tuple[str, Mark], ...] = (
    (r"word/document\d*\.xml", ""),
    (r"word/header\d*\.xml", "header"),
    (r"word/footer\d*\.xml", "header"),
    (r"word/footnotes\.xml", "note"),
    (r"word/endnotes\.xml", "note"),
    (r"word/comments\.xml", "comment"),
    (r"word/glossary/document\.xml", "hidden"),
)
_STYLES = "word/styles.xml"
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read(source: Source) -> Finding:
    """Pieces by part and paragraph; a paragraph with tracked or hidden runs gives one piece for each mark."""
    package = Package(source.file, source.options)
    return read_parts(package, source, _PARTS, partial(_paragraphs, _unseen_styles(package)), "word")


def read_parts(
    package: Package,
    source: Source,
    parts: tuple[tuple[str, Mark], ...],
    paragraphs: Callable[[etree._Element, str, Mark], Iterator[Piece]],
    folder: str,
) -> Finding:
    """The paragraphs of an office package, part by part in the order given; what is damaged is told as missing.

    Args:
        parts: patterns of part names with the mark of their text.
        paragraphs: the pieces of one part, given its root, its name and its mark.
        folder: the package's own folder, which holds what is embedded.

    Raises:
        Damaged, Encrypted, LimitReached: no text could be read, because of the first part that could not.
    """
    pieces, missing = texts(package, parts, paragraphs)
    pieces += beside(package, folder, missing)
    children = kept(package, embedded(package, folder), source, missing)
    claims = core_claims(package, "docProps/core.xml", missing)
    outcome, reason = in_part(missing)
    return Finding(outcome=outcome, reason=reason, pieces=tuple(pieces), children=children, claims=claims)


def texts(
    package: Package,
    parts: tuple[tuple[str, Mark], ...],
    paragraphs: Callable[[etree._Element, str, Mark], Iterator[Piece]],
) -> tuple[list[Piece], list[str]]:
    """The paragraphs of all parts that match, as in :func:`read_parts`, and what is damaged.

    Raises:
        Damaged, Encrypted, LimitReached: no text could be read, because of the first part that could not.
    """
    pieces: list[Piece] = []
    missing: list[str] = []
    withheld: list[Exception] = []
    for pattern, mark in parts:
        for part in package.matching(pattern):
            try:
                root, wrong = package.saved(part)
            except (Damaged, Encrypted, LimitReached) as why:
                withheld.append(why)
                missing.append(named(part, why))
                continue
            missing += [wrong] if wrong else []
            pieces += paragraphs(root, part, mark)
    if missing and not pieces:
        raise withheld[0] if withheld else Damaged("; ".join(missing))
    return pieces, missing


def _unseen_styles(package: Package) -> frozenset[str]:
    """The names of styles whose text Word does not show, also those that take it from another style."""
    try:
        data = package.part(_STYLES)
        styles = list(parse_xml(data, _STYLES).iterfind("{*}style")) if b"vanish" in data else []
    except (Damaged, Encrypted, LimitReached):
        return frozenset()  # the text is read all the same, and seen
    unseen = {attribute(style, "styleId") or "" for style in styles if _vanishes(style)}
    for style in styles:
        base = style.find("{*}basedOn")
        if base is not None and attribute(base, "val") in unseen:
            unseen.add(attribute(style, "styleId") or "")
    return frozenset(unseen - {""})


def _paragraphs(unseen: frozenset[str], root: etree._Element, part: str, mark: Mark) -> Iterator[Piece]:
    again = _shown_already(root)
    for number, paragraph in enumerate(root.iter("{*}p"), start=1):
        if paragraph in again:
            continue
        runs: dict[Mark, list[str]] = {}
        shown = "hidden" if unseen and _styled(paragraph, "pPr", "pStyle", unseen) else mark
        for own, text in _runs(paragraph, shown, unseen):
            runs.setdefault(own, []).append(text)
        for own, texts in runs.items():
            if (text := "".join(texts)).strip():
                yield Piece(text, (place(part, number),), own)


def _shown_already(root: etree._Element) -> set[etree._Element]:
    """The paragraphs that repeat, for old programs, what stands beside them for new ones."""
    return {
        paragraph
        for fallback in root.iter("{*}Fallback")
        if _chosen(fallback.getparent()) is not fallback
        for paragraph in fallback.iter("{*}p")
    }


def _chosen(alternatives: etree._Element | None) -> etree._Element | None:
    """Of several ways to show the same (ISO 29500-3, 7.3) the first that has text, or none where none has."""
    ways = (
        way for way in (() if alternatives is None else alternatives) if local(way) in {"Choice", "Fallback"}
    )
    return next((way for way in ways if any(text.text for text in way.iter("{*}t"))), None)


def _runs(element: etree._Element, mark: Mark, unseen: frozenset[str]) -> Iterator[tuple[Mark, str]]:
    """Text below an element with its mark; a paragraph in a text box inside is left to its own turn."""
    for child in element:
        name = local(child)
        if name in {"t", "delText", "instrText"}:
            if name != "instrText" and child.text:
                yield ("deleted" if name == "delText" else mark), child.text
        elif name in _BREAKS:
            yield mark, _BREAKS[name]
        elif name == "AlternateContent":
            if (way := _chosen(child)) is not None:
                yield from _runs(way, mark, unseen)
        elif name not in {"p", "txbxContent", "rPr", "pPr"}:
            yield from _runs(child, _own_mark(child, name, mark, unseen), unseen)


def _own_mark(element: etree._Element, name: str, mark: Mark, unseen: frozenset[str]) -> Mark:
    if name in {"del", "moveFrom"}:
        return "deleted"
    if name in {"ins", "moveTo"}:
        return mark or "inserted"
    if name == "r" and (_vanishes(element) or (unseen and _styled(element, "rPr", "rStyle", unseen))):
        return "hidden"
    return mark


def _styled(element: etree._Element, properties: str, style: str, names: frozenset[str]) -> bool:
    """Whether a run or paragraph has one of these styles."""
    found = element.find(f"{{*}}{properties}/{{*}}{style}")
    return found is not None and attribute(found, "val") in names


def _vanishes(run: etree._Element) -> bool:
    for properties in run:
        if local(properties) == "rPr":
            for flag in properties:
                if local(flag) == "vanish" and attribute(flag, "val") not in {"0", "false", "off"}:
                    return True
    return False


READER = Reader("DOCX", package_version(4, "lxml"), ("docx",), read)
