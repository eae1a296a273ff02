"""The data behind a page as files: CSV, JSON and Parquet of its tables, SVG of its pictures, FollowTheMoney."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from onrecord.pages.findings import Findings
from onrecord.pages.ftm import as_ftm
from onrecord.pages.page import Page

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a page offers: its name beside the page, its type, and how its bytes are made."""

    name: str
    media_type: str
    make: Callable[[], bytes]


def downloads(page: Page, findings: Findings) -> Iterator[Download]:
    """Every file that a page offers."""
    for name, table in page.tables.items():
        for suffix, media_type, make in _TABLE_FORMS:
            yield Download(f"{name}.{suffix}", media_type, partial(make, table))
    for name, document in page.documents.items():
        yield Download(name, "application/json", partial(bytes, document))
    for name, picture in page.pictures.items():
        yield Download(f"{name}.svg", "image/svg+xml", partial(str.encode, str(picture)))
    if page.entries:
        yield Download(
            "entities.ftm.json", "application/json+ftm", partial(as_ftm, findings.view, page.entries)
        )


def to_csv(frame: pl.DataFrame) -> bytes:
    """A table as CSV in which no cell can run as a formula; lists are joined with ``;``, structs are JSON."""
    return pl.DataFrame([_flat(frame[name]) for name in frame.columns]).write_csv().encode()


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


_TABLE_FORMS: tuple[tuple[str, str, Callable[[pl.DataFrame], bytes]], ...] = (
    ("csv", "text/csv; charset=utf-8", to_csv),
    ("json", "application/json", to_json),
    ("parquet", "application/vnd.apache.parquet", to_parquet),
)
