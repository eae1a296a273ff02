"""The archive in numbers: outcomes, kinds, scripts and sizes of what was taken in. For the record's owner alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing

import polars as pl

from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.reading import Outcome
from onrecord.pages import addresses, charts
from onrecord.pages.answers.documents import THREAD
from onrecord.pages.blocks import Block, Figure
from onrecord.pages.evidence import Evidence
from onrecord.pages.page import Asked, Page
from onrecord.pages.words import plural
from onrecord.search.words import SCRIPTS

_SIZES = (
    ("under 1 kB", 1_000),
    ("1 to 10 kB", 10_000),
    ("10 to 100 kB", 100_000),
    ("100 kB to 1 MB", 1_000_000),
    ("1 to 10 MB", 10_000_000),
    ("10 to 100 MB", 100_000_000),
    ("100 MB and more", None),
)

Counted = list[tuple[str, int, dict[str, str]]]
"""Label, how many, and what the list or, by ``q``, the search is asked for to show them; nothing where none can be."""


def answer(evidence: Evidence, asked: Asked, _key: str) -> Page:
    """Four pictures with their data: what became of the files, their kinds, scripts and sizes."""
    files = evidence.shelf.files(evidence.record)
    outcomes = Counter(file.row.outcome for file in files)
    kinds = Counter(file.row.kind for file in files)
    scripts = _scripts(evidence)
    sizes = _sizes(evidence)
    read = outcomes[Outcome.READ]
    groups: tuple[tuple[str, str, str, Counted], ...] = (
        (
            "outcomes",
            f"{read:,} of {plural(len(files), 'file was', 'files were')} read whole.",
            "files, members included",
            [(each, outcomes[each], {"outcome": each}) for each in Outcome if outcomes[each]],
        ),
        (
            "kinds",
            f"The files are of {plural(len(kinds), 'kind', 'kinds')}, by their bytes.",
            "files, members included",
            [(kind, count, {"kind": kind}) for kind, count in kinds.most_common()],
        ),
        (
            "scripts",
            "Scripts in which text was read; a document with several counts in each.",
            "documents, the same bytes counted once",
            [(script, scripts[script], {"q": f"script:{script}"}) for script in SCRIPTS],
        ),
        (
            "sizes",
            f"{plural(sum(sizes.values()), 'original is', 'originals are')} kept, of these sizes.",
            "originals, the same bytes counted once",
            [(label, sizes[label], {}) for label, _ in _SIZES],
        ),
    )
    link = asked.links(addresses.DOCUMENT_STATISTICS)
    figures = [
        _figure(name, says, unit, counted, asked, lambda query: link(_page_for(query), **query))
        for name, says, unit, counted in groups
    ]
    return Page(
        path=addresses.DOCUMENT_STATISTICS,
        template="blocks.html",
        title="The archive in numbers",
        finding=groups[0][1],
        thread=THREAD,
        content=tuple[Block, ...](figures),
        tables={name: _frame(counted) for name, _, _, counted in groups},
        pictures={figure.name: figure.svg for figure in figures},
        section="Documents",
        partial="A file that lies at several places counts at each of them in the first two pictures.",
    )


def _page_for(query: Mapping[str, str]) -> str:
    return addresses.DOCUMENT_SEARCH if "q" in query else addresses.DOCUMENTS


def _scripts(evidence: Evidence) -> dict[str, int]:
    with evidence.shelf.collection(evidence.record) as collection:
        return {script: collection.count(f"script:{script}") for script in SCRIPTS}


def _sizes(evidence: Evidence) -> Counter[str]:
    with closing(open_catalogue(evidence.record)) as catalogue:
        return Counter(map(_band, catalogue.sizes().values()))


def _band(size: int) -> str:
    return next(label for label, below in _SIZES if below is None or size < below)


def _figure(
    name: str, says: str, unit: str, counted: Counted, asked: Asked, way: Callable[[dict[str, str]], str]
) -> Figure:
    rows = [
        charts.Bar(label, count, f"{count:,}", href=way(query) if query else None)
        for label, count, query in counted
    ]
    svg = charts.bars(rows, picture_id=name, title=says, as_of=asked.when, unit=unit)
    return Figure(name, svg, says)


def _frame(counted: Iterable[tuple[str, int, dict[str, str]]]) -> pl.DataFrame:
    rows = [(label, count) for label, count, _ in counted]
    return pl.DataFrame(rows, schema={"what": pl.String, "count": pl.Int64}, orient="row")
