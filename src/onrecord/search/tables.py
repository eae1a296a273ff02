"""SQL over every table that was found in the documents: read-only, each row citable.

Each table is a view of its name in the catalogue with ``_document`` (SHA-256 of the original), ``_sheet`` and
``_row`` (row number in the original) before its own columns, all of them text as stored. The view ``tables``
lists them. Beside them stand the entries on record, one table a kind (``position``, ``event`` …), as the
keeper sees them. An answer says where its rows stand, asked for or not (:mod:`onrecord.search.tracing`). The
engine may read the tables' files and nothing else: no network, no other file, no setting. What it cannot hold
in memory it lays in a temporary folder that only the user can open and that goes with the answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import chain, count
from tempfile import TemporaryDirectory
from time import monotonic

import duckdb
import polars as pl
import pyarrow as pa

from onrecord.errors import UsageError
from onrecord.ingest.catalogue import TableRow, open_catalogue
from onrecord.ingest.derived import Derived
from onrecord.model.kinds import KINDS
from onrecord.record import KEEPER, Record
from onrecord.search.tracing import is_placed, traced

_MEMORY, _DISK = "1GB", "10GB"
_LARGEST = 500_000_000
"""Bytes of an answer, as Arrow holds them."""
_TOGETHER = 100_000
_GLANCE = 0.1
"""Seconds after which one looks up from waiting, for the keyboard and the clock."""


def ask(record: Record, query: str, seconds: float | None = None) -> pl.DataFrame:
    """The rows that a query gives, each with its place where it is a row of the tables asked.

    Args:
        seconds: how long the answer may take; as long as it wants by default.

    Raises:
        UsageError: it is not one SELECT, or DuckDB refuses it, then the message is DuckDB's; or the answer takes
            too long or is larger than half a gigabyte.
    """
    catalogue = open_catalogue(record)
    try:
        tables = catalogue.tables()
        keys = {table.name: catalogue.key_of(table.sha256) or "" for table in tables}
    finally:
        catalogue.close()
    derived = Derived(record.folder / "derived")
    with _engine() as engine:
        engine.register("tables", _listing(tables))
        for kind in _kinds(query):
            engine.register(kind, record.as_seen_by(KEEPER).table(kind).to_arrow())
        for table in _named(tables, query):
            file = derived.path(table.sha256, keys[table.name]) / f"table-{table.number}.parquet"
            engine.execute(_view(table, str(file)))
        _lock(engine, str(derived.folder))
        return _answer(engine, query, seconds)


@contextmanager
def _engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with TemporaryDirectory(prefix="onrecord-sql-") as spilled:
        limits = {"memory_limit": _MEMORY, "temp_directory": spilled, "max_temp_directory_size": _DISK}
        with duckdb.connect(":memory:", config={**limits, "threads": "2"}) as engine:
            yield engine


def _in_time(
    engine: duckdb.DuckDBPyConnection, seconds: float | None, wanted: Callable[[], pa.Table]
) -> pa.Table:
    """What the engine gives. It works in a thread of its own, for it does not hear an interruption from the keyboard.

    Raises:
        UsageError: the time was over.
    """
    until = monotonic() + (math.inf if seconds is None else seconds)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(wanted)
        try:
            while not wait([answer], _GLANCE).done:
                if monotonic() > until:
                    raise UsageError(
                        f"The answer took longer than {seconds:g} seconds and was stopped. Ask for less, with where "
                        "or limit; `onrecord sql` waits as long as it takes."
                    )
            return answer.result()
        finally:
            engine.interrupt()


def _answer(engine: duckdb.DuckDBPyConnection, query: str, seconds: float | None) -> pl.DataFrame:
    try:
        statements = engine.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("Only one SELECT at a time can be asked; nothing in a record is changed by SQL.")
        answer = _in_time(engine, seconds, lambda: _held(_placed(engine, query)))
        return pl.DataFrame(answer.rename_columns(_told_apart(answer.column_names)))
    except duckdb.Error as cause:
        why = f"The query cannot be answered: {cause}. See what there is with: select * from tables"  # noqa: S608
        raise UsageError(why) from cause


def _held(answer: duckdb.DuckDBPyRelation) -> pa.Table:
    """All rows of an answer.

    Raises:
        UsageError: they are more than can be held.
    """
    batches, size = [], 0
    reader = answer.to_arrow_reader(_TOGETHER)
    for batch in reader:
        size += batch.nbytes
        if size > _LARGEST:
            raise UsageError(
                f"The answer is larger than {_LARGEST // 1_000_000} megabytes. Ask for fewer rows or columns, or count them."
            )
        batches.append(batch)
    return pa.Table.from_batches(batches, reader.schema)


def _placed(engine: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyRelation:
    """The answer with the places of its rows, as far as these have one."""
    answer = engine.sql(query)
    columns = frozenset(answer.columns)
    told = None if is_placed(columns) else traced(engine.cursor(), query, columns, KINDS.keys())
    try:
        return engine.sql(told) if told else answer
    except duckdb.Error:
        return answer  # it counts rows, or asks something that has no places


def _told_apart(names: list[str]) -> list[str]:
    """Names of columns, with a number where a name stood before, as in what a join of two tables gives."""
    told: dict[str, None] = {}
    for name in names:
        others = chain((name,), (f"{name}_{number}" for number in count(1)))
        told[next(other for other in others if other not in told)] = None
    return list(told)


def _kinds(query: str) -> list[str]:
    """The kinds of entry whose tables the query asks for by name."""
    words = {word.lower() for word in re.findall(r"\w+", query)}
    return [kind for kind in KINDS if kind in words]


def _named(tables: list[TableRow], query: str) -> list[TableRow]:
    """The tables whose names stand in the query: thousands of views would take longer than the answer."""
    words = {word.lower() for word in re.findall(r"\w+", query)}
    return [table for table in tables if table.name.lower() in words]


def _listing(tables: list[TableRow]) -> pl.DataFrame:
    return pl.DataFrame(
        [(t.name, t.sha256, t.sheet, t.rows, t.columns) for t in tables],
        schema={
            "name": pl.String,
            "document": pl.String,
            "sheet": pl.String,
            "rows": pl.Int64,
            "letters": pl.String,
        },
        orient="row",
    )


def _view(table: TableRow, file: str) -> str:
    sheet, path = table.sheet.replace("'", "''"), file.replace("'", "''")
    return (
        f'create view "{table.name}" as '  # noqa: S608 - quoted above; names are made of word characters only
        f"select '{table.sha256}' as _document, '{sheet}' as _sheet, * from read_parquet('{path}')"
    )


def _lock(engine: duckdb.DuckDBPyConnection, folder: str) -> None:
    allowed = folder.replace("'", "''")
    engine.execute(f"set allowed_directories = ['{allowed}/']")
    for setting in (
        "enable_external_access = false",
        "python_enable_replacements = false",
        "lock_configuration = true",
    ):
        engine.execute(f"set {setting}")
