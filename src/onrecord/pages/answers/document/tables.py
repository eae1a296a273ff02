"""The tables of an original: their first rows on the document's page, more of them on a page of their own."""

from __future__ import annotations

import json
from contextlib import closing

import polars as pl
import pyarrow.parquet as pq

from onrecord.errors import EntryNotFound, StorageError
from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.derived import Derived
from onrecord.pages import addresses
from onrecord.pages.answers.documents import THREAD
from onrecord.pages.blocks import Cell, Facts, Table
from onrecord.pages.evidence import Evidence
from onrecord.pages.marked import visible
from onrecord.pages.page import Asked, Link, Page
from onrecord.passages.originals import Original, original

_FIRST = 20
_SHOWN = 1000


def first_rows(evidence: Evidence, found: Original) -> tuple[tuple[str, Table], ...]:
    """Each table's address and its first rows."""
    if found.reading is None:
        return ()
    return tuple(
        (
            addresses.document_table(found.sha256, number),
            _table(_rows(evidence, found, number).head(_FIRST), number, table.name),
        )
        for number, table in enumerate(found.reading.tables, start=1)
    )


def page_of_table(evidence: Evidence, asked: Asked, digest: str, number: int) -> Page:
    """One table, all of it to take away.

    Raises:
        EntryNotFound: the original has no such table.
    """
    found = original(evidence.record, digest)
    tables = found.reading.tables if found.reading else ()
    if not 1 <= number <= len(tables):
        raise EntryNotFound(f"{found.name} has no table {number}.")
    rows = _rows(evidence, found, number).collect()
    name = visible(tables[number - 1].name) or f"Table {number}"
    shown = (
        f"the first {_SHOWN:,} are shown; the files below hold all" if len(rows) > _SHOWN else "all are shown"
    )
    return Page(
        path=addresses.document_table(found.sha256, number),
        template="blocks.html",
        title=f"{name}: {len(rows):,} rows",
        finding=f"{visible(found.name)} holds a table of {len(rows):,} rows; {shown}. Values are as stored.",
        thread=(*THREAD, Link(visible(found.name), addresses.document(found.sha256))),
        content=(_table(rows.lazy().head(_SHOWN), number, name), _how_to_ask(evidence, found, number)),
        tables={f"table-{number}": rows},
        section="Documents",
    )


def _rows(evidence: Evidence, found: Original, number: int) -> pl.LazyFrame:
    return pl.scan_parquet(_file(evidence, found, number))


def _file(evidence: Evidence, found: Original, number: int) -> str:
    assert found.key is not None, "a reading has a key"
    folder = Derived(evidence.record.folder / "derived").path(found.sha256, found.key)
    file = folder / f"table-{number}.parquet"
    if not file.is_file():
        raise StorageError(
            f"The derivative {file} is missing. Run `onrecord add --retry all` to make it again."
        )
    return str(file)


def _table(rows: pl.LazyFrame, number: int, name: str) -> Table:
    frame = rows.collect()
    return Table(
        f"table-{number}",
        visible(name) or f"Table {number}",
        (("Row", "number"), *((visible(column), "text") for column in frame.columns[1:])),
        [[row[0], *(Cell(visible(value or "")) for value in row[1:])] for row in frame.iter_rows()],
    )


def _how_to_ask(evidence: Evidence, found: Original, number: int) -> Facts:
    """What the table is called in SQL, and the original's letters of its columns."""
    with closing(open_catalogue(evidence.record)) as catalogue:
        names = {(table.sha256, table.number): table.name for table in catalogue.tables()}
    metadata = pq.read_schema(_file(evidence, found, number)).metadata or {}
    letters = json.loads(metadata.get(b"letters", b"{}"))
    return Facts(
        (
            ("In SQL", names.get((found.sha256, number))),
            (
                "Columns in the original",
                ", ".join(f"{letter}: {visible(name)}" for name, letter in letters.items()),
            ),
        ),
        heading="How to ask it",
    )
