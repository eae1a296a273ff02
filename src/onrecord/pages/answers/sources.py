"""What shows it: every source, whether its original is kept, and what rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from onrecord.errors import EntryNotFound
from onrecord.model.kinds import Source
from onrecord.pages import addresses
from onrecord.pages.blocks import Cell, Facts, Links, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.shown import link_to

THREAD = (Link("The record", addresses.FRONT), Link("Evidence", addresses.SOURCES))


def answer(asked: Asked, key: str) -> Page:
    """The list of sources, or one source.

    Raises:
        EntryNotFound: there is no such source that the viewer may see.
    """
    return _one(asked, key) if key else _all(asked)


def keys(findings: Findings) -> Iterator[str]:
    """The list, then every source."""
    yield ""
    yield from findings.table("source")["id"]


def _all(asked: Asked) -> Page:
    findings = asked.findings
    counts = {source: len(citing) for source, citing in findings.cited_by.items()}
    table = (
        findings.table("source")
        .select("id", "title", "publisher", "published", "url", "sha256")
        .with_columns(
            pl.col("id").replace_strict(counts, default=0, return_dtype=pl.Int64).alias("cited_by"),
        )
        .sort("cited_by", "id", descending=[True, False])
    )
    kept = len(table) - table["sha256"].null_count()
    return Page(
        path=addresses.SOURCES,
        template="blocks.html",
        title=f"{len(table):,} sources",
        finding=(
            f"{len(table):,} sources are on record; the original of {kept:,} is kept and can be proved unchanged, "
            f"the other {len(table) - kept:,} are known by their address only."
        ),
        thread=THREAD[:1],
        content=(_table(table.to_dicts()),),
        tables={"sources": table},
        section="Evidence",
        partial="A page known by its address only can change or vanish; what it said then rests on whoever read it.",
    )


def _table(sources: list[dict[str, Any]]) -> Table:
    return Table(
        "sources",
        "Sources, those that carry most entries first",
        (
            ("Source", "head"),
            ("Publisher", "text"),
            ("Published", "date"),
            ("Entries", "number"),
            ("Original", "text"),
        ),
        [
            (
                Cell(s["title"], addresses.page_of("source", s["id"])),
                s["publisher"],
                day(s["published"]),
                s["cited_by"],
                "kept" if s["sha256"] else "known by its address",
            )
            for s in sources
        ],
    )


def _one(asked: Asked, key: str) -> Page:
    findings = asked.findings
    source = findings.entry(key).entry
    if not isinstance(source, Source):
        raise EntryNotFound(f"{key!r} is not a source. See the list of sources.")
    resting: dict[str, list[Link]] = {}
    for entry_id in findings.cited_by.get(key, ()):
        kind = str(findings.view.kind_of(entry_id))
        resting.setdefault(kind, []).append(link_to(entry_id, findings))
    total = sum(map(len, resting.values()))
    return Page(
        path=addresses.page_of("source", key),
        template="blocks.html",
        title=source.title,
        finding=f"{total:,} {'entry rests' if total == 1 else 'entries rest'} on this source; {_kept(source)}.",
        thread=THREAD,
        content=(
            _facts(source),
            *(Links(f"{kind.capitalize()} entries", tuple(links)) for kind, links in sorted(resting.items())),
        ),
        tables={"resting": _resting_table(resting)},
        entries=(key,),
        section="Evidence",
    )


def _facts(source: Source) -> Facts:
    return Facts(
        (
            ("Publisher", source.publisher),
            ("Published", day(source.published)),
            ("Address", Cell(source.url, source.url)),
            ("Copy", Cell(source.found_at, source.found_at) if source.found_at else None),
            ("Language", source.language),
            ("SHA-256 of the original", source.sha256 or Cell("no original is kept")),
            ("Note", source.note),
            ("Entry", Cell(source.id, addresses.entry(source.id))),
        ),
        heading="The source",
    )


def _kept(source: Source) -> str:
    if source.sha256:
        return "its original is kept in the archive"
    return (
        "its original is not in the archive: it is known by its address"
        if source.url
        else "no original is kept"
    )


def _resting_table(resting: dict[str, list[Link]]) -> pl.DataFrame:
    rows = [(kind, link.label, link.path) for kind, links in resting.items() for link in links]
    return pl.DataFrame(rows, schema={"kind": pl.String, "entry": pl.String, "page": pl.String}, orient="row")


ROUTE = Route(addresses.SOURCES, answer, keys)
