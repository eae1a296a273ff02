"""SQL over the tables found in documents and the entries on record. For the record's owner alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from onrecord.errors import UsageError
from onrecord.pages import addresses
from onrecord.pages.answers.documents import THREAD
from onrecord.pages.blocks import Cell, Table
from onrecord.pages.evidence import Evidence
from onrecord.pages.marked import visible
from onrecord.pages.page import Asked, Page
from onrecord.pages.words import plural
from onrecord.search.tables import ask

_EVERYTHING = "select * from tables"
_SHOWN = 500
_DOCUMENTS = frozenset({"_document", "document"})


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
        content=SqlContent(query, None if frame is None else _table(frame)),
        tables={} if frame is None else {"answer": frame},
        section="Documents",
    )


def _asked(evidence: Evidence, query: str) -> tuple[pl.DataFrame | None, str]:
    """The answer and a sentence about it; no answer where the query cannot be answered, and why."""
    try:
        frame = ask(evidence.record, query)
    except UsageError as problem:
        return None, visible(str(problem))
    shown = f"; the first {_SHOWN} are shown, the files below hold all" if len(frame) > _SHOWN else ""
    return frame, f"{plural(len(frame), 'row', 'rows')}{shown}."


def _table(frame: pl.DataFrame) -> Table:
    return Table(
        "answer",
        "The answer",
        tuple((visible(name), "text") for name in frame.columns),
        [list(_cells(row)) for row in frame.head(_SHOWN).iter_rows(named=True)],
    )


def _cells(row: dict[str, Any]) -> Iterator[Cell]:
    """The cells of a row; a document is shown by the first digits of its hash and leads to its page."""
    for name, value in row.items():
        if name in _DOCUMENTS and isinstance(value, str) and len(value) == 64:
            yield Cell(f"{visible(value[:16])}…", addresses.document(value))
        else:
            yield Cell("" if value is None else visible(str(value)))
