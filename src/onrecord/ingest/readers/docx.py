"""Word documents (OOXML): every paragraph of every text part, tracked and hidden text seen and marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

from lxml import etree

from onrecord.ingest.limits import Damaged
from onrecord.ingest.package import Package, attribute, core_claims, local
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Child, Finding, Mark, Piece, in_part
from onrecord.ingest.source import Source
from onrecord.model.citation import FragmentSelector

_PARTS: tuple[tuple[str, Mark], ...] = (
    (r"word/document\d*\.xml", ""),
    (r"word/header\d*\.xml", "header"),
    (r"word/footer\d*\.xml", "header"),
    (r"word/footnotes\.xml", "note"),
    (r"word/endnotes\.xml", "note"),
    (r"word/comments\.xml", "comment"),
    (r"word/glossary/document\.xml", "hidden"),
)
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read(source: Source) -> Finding:
    """Pieces by part and paragraph; a paragraph with tracked or hidden runs gives one piece for each mark."""
    return read_parts(source, _PARTS, _paragraphs, "word")


def read_parts(
    source: Source,
    parts: tuple[tuple[str, Mark], ...],
    paragraphs: Callable[[etree._Element, str, Mark], Iterator[Piece]],
    folder: str,
) -> Finding:
    """The paragraphs of an office package, part by part in the order given; damaged parts are told as missing.

    Args:
        parts: patterns of part names with the mark of their text.
        paragraphs: the pieces of one part, given its root, its name and its mark.
        folder: the package's own folder, which holds what is embedded.

    Raises:
        Damaged: no part could be read.
    """
    package = Package(source.file, source.options)
    pieces: list[Piece] = []
    missing: list[str] = []
    for pattern, mark in parts:
        for part in package.matching(pattern):
            try:
                pieces += paragraphs(package.xml(part), part, mark)
            except Damaged as damage:
                missing.append(str(damage))
    if not pieces and missing:
        raise Damaged("; ".join(missing))
    outcome, reason = in_part(missing)
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=tuple(pieces),
        children=tuple(embedded(package, source, folder)),
        claims=core_claims(package, "docProps/core.xml"),
    )


def embedded(package: Package, source: Source, folder: str) -> Iterator[Child]:
    """Pictures, embedded files and pages taken in (``altChunk``) of an OOXML package, as members."""
    for name in package.matching(
        rf"{folder}/((media|embeddings)/.+|[^/]+\.(html?|mht|mhtml|xhtml|rtf|txt|docx))"
    ):
        yield source.spool.keep(name, name.encode(), [package.part(name)])


def place(part: str, paragraph: int) -> FragmentSelector:
    """The place of a paragraph, counted from 1, in a part."""
    return FragmentSelector(value=f"part={quote(part)}&paragraph={paragraph}")


def _paragraphs(root: etree._Element, part: str, mark: Mark) -> Iterator[Piece]:
    paragraphs = (element for element in root.iter() if local(element) == "p")
    for number, paragraph in enumerate(paragraphs, start=1):
        runs: dict[Mark, list[str]] = {}
        for own, text in _runs(paragraph, mark):
            runs.setdefault(own, []).append(text)
        for own, texts in runs.items():
            if (text := "".join(texts)).strip():
                yield Piece(text, (place(part, number),), own)


def _runs(element: etree._Element, mark: Mark) -> Iterator[tuple[Mark, str]]:
    """Text below an element with its mark; a paragraph in a text box inside is left to its own turn."""
    for child in element:
        name = local(child)
        if name in {"t", "delText", "instrText"}:
            if name != "instrText" and child.text:
                yield ("deleted" if name == "delText" else mark), child.text
        elif name in _BREAKS:
            yield mark, _BREAKS[name]
        elif name not in {"p", "txbxContent", "rPr", "pPr", "Fallback"}:
            yield from _runs(child, _own_mark(child, name, mark))


def _own_mark(element: etree._Element, name: str, mark: Mark) -> Mark:
    if name in {"del", "moveFrom"}:
        return "deleted"
    if name in {"ins", "moveTo"}:
        return mark or "inserted"
    if name == "r" and _vanishes(element):
        return "hidden"
    return mark


def _vanishes(run: etree._Element) -> bool:
    for properties in run:
        if local(properties) == "rPr":
            for flag in properties:
                if local(flag) == "vanish" and attribute(flag, "val") not in {"0", "false", "off"}:
                    return True
    return False


READER = Reader("DOCX", package_version(2, "lxml"), ("docx",), read)
