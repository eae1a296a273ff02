"""What OOXML documents hold beside their own text: charts, diagrams, text boxes, data, links to the outside, members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from lxml import etree

from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.markup import local
from onrecord.ingest.package import Package, named
from onrecord.ingest.reading import Mark, Piece
from onrecord.model.citation import FragmentSelector


def place(part: str, paragraph: int) -> FragmentSelector:
    """The place of a paragraph, counted from 1, in a part."""
    return FragmentSelector(value=f"part={quote(part)}&paragraph={paragraph}")


def embedded(package: Package, folder: str) -> list[str]:
    """The names of pictures, embedded files and pages taken in (``altChunk``)."""
    return package.matching(rf"{folder}/((media|embeddings)/.+|[^/]+\.(html?|mht|mhtml|xhtml|rtf|txt|docx))")


def beside(package: Package, folder: str, missing: list[str]) -> Iterator[Piece]:
    """Text by part and place in it; a part that cannot be read is named in ``missing``.

    Args:
        folder: the package's own folder, as ``word``.
    """
    for pattern, texts, mark in _BESIDE:
        for part in package.matching(pattern.format(folder=folder)):
            try:
                root, wrong = package.saved(part)
            except (Damaged, Encrypted, LimitReached) as why:
                missing.append(named(part, why))
                continue
            missing += [wrong] if wrong else []
            for number, text in enumerate(texts(root), start=1):
                if text.strip():
                    yield Piece(text, (place(part, number),), mark)


def _drawn(root: etree._Element) -> Iterator[str]:
    """Each paragraph of a drawing."""
    for paragraph in root.iter("{*}p"):
        yield "".join(_broken_into_lines(paragraph))


def _broken_into_lines(paragraph: etree._Element) -> Iterator[str]:
    for element in paragraph.iter():
        if local(element) == "t" and element.text:
            yield element.text
        elif local(element) == "br":
            yield "\n"


def _charted(root: etree._Element) -> Iterator[str]:
    """Each paragraph of a chart, then of each series what the chart keeps of names, labels and numbers."""
    yield from _drawn(root)
    for series in root.iter("{*}ser"):
        yield "\t".join(value.text or "" for value in series.iter("{*}v"))


def _held(root: etree._Element) -> Iterator[str]:
    """The text of all elements that have any, one on a line."""
    yield "\n".join(text for element in root.iter("*") if (text := (element.text or "").strip()))


def _outside(root: etree._Element) -> Iterable[str]:
    """Where relations lead outside the package, each place once: links, templates, pictures that would be fetched."""
    return dict.fromkeys(each.get("Target", "") for each in root if each.get("TargetMode") == "External")


_BESIDE: tuple[tuple[str, Callable[[etree._Element], Iterable[str]], Mark], ...] = (
    (r"{folder}/charts/chart[^/]*\.xml", _charted, ""),
    (r"{folder}/diagrams/data[^/]*\.xml", _drawn, ""),
    (r"{folder}/drawings/drawing[^/]*\.xml", _drawn, ""),
    (r"customXml/item\d*\.xml", _held, "hidden"),
    (r"([^/]+/)*_rels/[^/]*\.rels", _outside, "hidden"),
)
