"""What an original hangs together with: entries, what holds it and what it holds, what is nearly or looks the same."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from onrecord.pages import addresses
from onrecord.pages.blocks import Links
from onrecord.pages.evidence import Evidence
from onrecord.pages.findings import Findings
from onrecord.pages.marked import visible
from onrecord.pages.page import Link
from onrecord.pages.shown import link_to
from onrecord.passages.originals import Original
from onrecord.search.collection import Collection

_SHOWN = 200
_NEAR = "Found by the runs of three words that they share; the share is estimated."
_LIKE = "Found by light and dark over the whole picture, in 64 signs; no face is looked for or recognised."


def related(evidence: Evidence, found: Original, findings: Findings) -> tuple[Links, ...]:
    """The groups that there are."""
    with evidence.shelf.collection(evidence.record) as collection:
        groups = (
            Links("Entries that rest on it", tuple(_entries(found.sha256, findings))),
            _documents("What it lies in", _holders(collection, found)),
            _documents("What lies in it", found.members),
            _documents("Documents that are nearly the same", _near(collection, found), _NEAR),
            _documents("Pictures that look the same", _like(collection, found), _LIKE),
        )
    return tuple(group for group in groups if group.links)


def _documents(heading: str, items: Sequence[tuple[str, str]], note: str = "") -> Links:
    """Links to originals by digest and label, as many as a reader looks through."""
    more = (
        f"The first {_SHOWN} of {len(items):,}; the list of documents has all." if len(items) > _SHOWN else ""
    )
    links = tuple(Link(visible(name), addresses.document(digest)) for digest, name in items[:_SHOWN])
    return Links(heading, links, " ".join(filter(None, (note, more))))


def _name(collection: Collection, digest: str) -> str:
    return next(iter(collection.places(digest)), digest)


def _holders(collection: Collection, found: Original) -> list[tuple[str, str]]:
    return [
        (digest, f"{_name(collection, digest).rpartition('/')[2]}, as {name}")
        for digest, name in found.holders
    ]


def _near(collection: Collection, found: Original) -> list[tuple[str, str]]:
    """Documents that share most of their text with this one, and how much of it."""
    if not (found.reading and found.reading.pieces):
        return []
    return [
        (digest, f"{_name(collection, digest)}: {share:.0%} of the text is the same")
        for digest, share in collection.near(found.sha256)
    ]


def _like(collection: Collection, found: Original) -> list[tuple[str, str]]:
    """Pictures that look the same, and by how much they do not."""
    return [
        (
            digest,
            f"{_name(collection, digest)}: {bits} of 64 signs differ" if bits else _name(collection, digest),
        )
        for digest, bits in collection.like(found.sha256)
    ]


def _entries(digest: str, findings: Findings) -> list[Link]:
    sources = findings.table("source").filter(pl.col("sha256") == digest)["id"]
    citing = [entry for source in sources for entry in findings.cited_by.get(source, ())]
    return [link_to(entry, findings) for entry in dict.fromkeys([*sources, *citing])]
