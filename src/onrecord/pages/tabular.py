"""Tables as files that are safe to open: CSV, JSON, Parquet."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import polars as pl

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet begins a formula with, full-width forms among it (OWASP)."""


def to_csv(frame: pl.DataFrame) -> bytes:
    """A table as CSV in which no cell, and no column's name, can run as a formula; lists are joined with ``;``, structs are JSON."""
    flat = pl.DataFrame([_flat(frame[name]) for name in frame.columns])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(map(inert, frame.columns))
    return (out.getvalue() + flat.write_csv(include_header=False)).encode()


def to_json(frame: pl.DataFrame) -> bytes:
    """A table as a JSON array of objects; dates as ISO text, nothing for a missing value but null."""
    return json.dumps(frame.to_dicts(), ensure_ascii=False, default=str).encode()


def to_parquet(frame: pl.DataFrame) -> bytes:
    """A table as Parquet."""
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def inert(cell: str | None) -> str | None:
    """A cell that no spreadsheet takes for a formula: a leading apostrophe where one would (OWASP)."""
    return "'" + cell if cell and cell.startswith(_FORMULA_STARTS) else cell


def _flat(column: pl.Series) -> pl.Series:
    if column.dtype.is_nested():
        values = [None if value is None else _joined(value) for value in column.to_list()]
        column = pl.Series(column.name, values, dtype=pl.String)
    if column.dtype != pl.String:
        return column
    return pl.Series(column.name, [inert(value) for value in column.to_list()], dtype=pl.String)


def _joined(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)
