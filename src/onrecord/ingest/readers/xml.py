"""XML and SVG: the text of elements with their path; entities, DTDs and stylesheets are never followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from onrecord.ingest.charset import decode
from onrecord.ingest.limits import Damaged, LimitReached
from onrecord.ingest.markup import local, parse_xml
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.text import cut, encoding_claims
from onrecord.ingest.reading import Finding, Outcome, Piece
from onrecord.ingest.source import Source
from onrecord.model.citation import XPathSelector

_SKIPPED = frozenset({"script", "style"})


def read(source: Source) -> Finding:
    """Pieces by element; where the XML is broken or defines entities, the source text instead, in part."""
    data = source.whole()
    if len(data) > source.options.part_bytes:
        raise LimitReached("XML bytes", source.options.part_bytes)
    try:
        root = parse_xml(data, "the file")
    except Damaged as damage:
        decoded = decode(data, source.options.encoding)
        reason = f"missing: the structure: {damage}"
        pieces = tuple(cut(decoded.text))
        return Finding(outcome=Outcome.IN_PART, reason=reason, pieces=pieces, claims=encoding_claims(decoded))
    return Finding(pieces=tuple(_pieces(root)))


def _pieces(root: etree._Element) -> Iterator[Piece]:
    """Depth first. Places are counted on the way, because lxml's own counts from the first sibling each time."""
    waiting = [(root, f"/{_step(root)}")]
    while waiting:
        element, path = waiting.pop()
        own = " ".join([element.text or "", *(child.tail or "" for child in element)]).strip()
        if own and local(element) not in _SKIPPED:
            yield Piece(own, (XPathSelector(value=path),))
        seen: Counter[str] = Counter()
        below = []
        for child in element:
            step = _step(child)
            seen[step] += 1
            below.append((child, f"{path}/{step}[{seen[step]}]"))
        waiting += reversed(below)


def _step(element: etree._Element) -> str:
    """An element's name as a step of a path that holds with and without namespaces."""
    name = local(element)
    return name if name == element.tag else f"*[local-name()='{name}']" if name else "node()"


READER = Reader("XML", package_version(4, "lxml"), ("xml", "svg"), read)
