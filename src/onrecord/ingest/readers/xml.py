"""XML and SVG: the text of elements with their path; entities, DTDs and stylesheets are never followed."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from onrecord.ingest.charset import decode
from onrecord.ingest.limits import Damaged, LimitReached
from onrecord.ingest.package import local, parse_xml
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
    tree = root.getroottree()
    for element in root.iter():
        if local(element) in _SKIPPED:
            continue
        own = " ".join([element.text or "", *(child.tail or "" for child in element)]).strip()
        if own:
            yield Piece(own, (XPathSelector(value=str(tree.getpath(element))),))


READER = Reader("XML", package_version(1, "lxml"), ("xml", "svg"), read)
