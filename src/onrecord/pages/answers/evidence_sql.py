"""SQL over the tables found in documents and the entries on record. For the record's owner alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import polars as pl

from onrecord.errors import UsageError
from onrecord.ingest.catalogue import open_catalogue
from onrecord.pages import addresses
from onrecord.pages.answers.documents import THREAD
from onrecord.pages.blocks import Cell, Table
from onrecord.pages.evidence import Evidence
from onrecord.pages.marked import visible
from onrecord.pages.page import Asked, Page
from onrecord.pages.words import plural
from onrecord.search.tables import ask
from onrecord.search.tracing import NO_PLACES, leads_back

_EVERYTHING = "select * from tables"
_SHOWN = 500
_SECONDS = 30
_ROW = re.compile(r"_row(|_\d+)")
_DOCUMENT = re.compile(r"(?:_document|document)(?:|_\d+)")
_ENTRY = re.compile(r"_entry(?:|_\d+)")
_HASH = re.compile("[0-9a-f]{64}")

TableNumbers = Mapping[tuple[str, str], int]
"""The number of each table, counted from 1 in its document, by the document's hash and the sheet's name."""


@dataclass(frozen=True, slots=True)
class SqlContent:
    """What ``evidence_sql.html`` shows: the query and its rows, none if it could not be answered."""

    query: str
    rows: Table | None


def answer(evidence: Evidence, asked: Asked, _key: str) -> Page:
    """The rows that one SELECT gives; without a query the list of tables."""
    query = asked.query.get("q", "").strip() or _EVERYTHING
    frame, finding = _asked(evidence, query)
    return Page(
        path=addresses.DOCUMENT_SQL,
        template="evidence_sql.html",
        title="Ask the tables",
        finding=finding,
        thread=THREAD,
        content=SqlContent(query, None if frame is None else _table(frame, asked, _numbers(evidence))),
        tables={} if frame is None else {"answer": frame},
        section="Documents",
        partial=None if frame is None or leads_back(frame.columns) else NO_PLACES,
    )


def _asked(evidence: Evidence, query: str) -> tuple[pl.DataFrame | None, str]:
    """The answer and a sentence about it; no answer where the query cannot be answered, and why."""
    try:
        frame = ask(evidence.record, query, _SECONDS)
    except UsageError as problem:
        return None, visible(str(problem))
    shown = f"; the first {_SHOWN} are shown, the files below hold all" if len(frame) > _SHOWN else ""
    return frame, f"{plural(len(frame), 'row', 'rows')}{shown}."


def _numbers(evidence: Evidence) -> TableNumbers:
    with closing(open_catalogue(evidence.record)) as catalogue:
        return {(table.sha256, table.sheet): table.number for table in catalogue.tables()}


def _table(frame: pl.DataFrame, asked: Asked, numbers: TableNumbers) -> Table:
    ids = asked.findings.view.ids
    return Table(
        "answer",
        "The answer",
        tuple((visible(name), "number" if _ROW.fullmatch(name) else "text") for name in frame.columns),
        [list(_cells(row, numbers, ids)) for row in frame.head(_SHOWN).iter_rows(named=True)],
    )


def _cells(row: Mapping[str, Any], numbers: TableNumbers, ids: Collection[str]) -> Iterator[Cell]:
    """The cells of a row. What says where it stands leads there: to the row, its document, the entry."""
    for name, value in row.items():
        if place := _ROW.fullmatch(name):
            yield _row(row, value, place[1], numbers)
        elif _DOCUMENT.fullmatch(name) and isinstance(value, str) and _HASH.fullmatch(value):
            yield Cell(f"{value[:16]}…", addresses.document(value))
        elif _ENTRY.fullmatch(name) and value in ids:
            yield Cell(visible(value), addresses.entry(value))
        else:
            yield Cell("" if value is None else visible(str(value)))


def _row(row: Mapping[str, Any], value: Any, apart: str, numbers: TableNumbers) -> Cell:
    """The number of a row, which leads to it in its document's table where the other columns say which that is."""
    document = row.get(f"_document{apart}")
    number = numbers.get((document, row.get(f"_sheet{apart}") or "")) if isinstance(document, str) else None
    if document is None or number is None or not isinstance(value, int):
        return Cell("" if value is None else visible(str(value)))
    path = f"{addresses.document_table(document, number)}#here"
    return Cell(f"row {value}", path, sort=value, query={"row": str(value)})
