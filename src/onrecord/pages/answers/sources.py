"""What shows it: every source, whether its original is kept, and what rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from onrecord.errors import EntryNotFound
from onrecord.model.kinds import Source
from onrecord.pages import addresses
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.shown import link_to

THREAD = (Link("The record", addresses.FRONT), Link("Evidence", addresses.SOURCES))


@dataclass(frozen=True, slots=True)
class SourceContent:
    """What ``source.html`` shows: the source and what rests on it, by kind."""

    source: Source
    resting: tuple[tuple[str, tuple[Link, ...]], ...]
    decisions: tuple[Link, ...]


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
    kept = table["sha256"].is_not_null().sum()
    return Page(
        path=addresses.SOURCES,
        template="sources.html",
        title=f"{len(table):,} sources",
        finding=(
            f"{len(table):,} sources are on record; the original of {kept:,} is kept and can be proved unchanged, "
            f"the other {len(table) - kept:,} are known by their address only."
        ),
        thread=THREAD[:1],
        content=table.to_dicts(),
        tables={"sources": table},
        section="Evidence",
        partial="A page known by its address only can change or vanish; what it said then rests on whoever read it.",
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
        template="source.html",
        title=source.title,
        finding=f"{total:,} {'entry rests' if total == 1 else 'entries rest'} on this source; {_kept(source)}.",
        thread=THREAD,
        content=SourceContent(
            source,
            tuple((kind, tuple(links)) for kind, links in sorted(resting.items())),
            tuple(link_to(other, findings) for other in findings.mentions.get(key, ())),
        ),
        tables={"resting": _table(resting)},
        entries=(key,),
        section="Evidence",
    )


def _kept(source: Source) -> str:
    if source.sha256:
        return "its original is kept in the archive"
    return (
        "its original is not in the archive: it is known by its address"
        if source.url
        else "no original is kept"
    )


def _table(resting: dict[str, list[Link]]) -> pl.DataFrame:
    rows = [(kind, link.label, link.path) for kind, links in resting.items() for link in links]
    return pl.DataFrame(rows, schema={"kind": pl.String, "entry": pl.String, "page": pl.String}, orient="row")


ROUTE = Route(addresses.SOURCES, answer, keys)
