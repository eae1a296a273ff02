"""The data behind a page as files: CSV, JSON and Parquet of its tables, SVG of its pictures, FollowTheMoney."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import polars as pl

from onrecord.pages.findings import Findings
from onrecord.pages.ftm import as_ftm
from onrecord.pages.page import Page, Rows, made
from onrecord.pages.tabular import to_csv, to_json, to_parquet


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
            yield Download(f"{name}.{suffix}", media_type, partial(_as_file, make, table))
    for name, document in page.documents.items():
        yield Download(name, _media_type(name), partial(bytes, document))
    for name, picture in page.pictures.items():
        yield Download(f"{name}.svg", "image/svg+xml", partial(str.encode, str(picture)))
    if page.entries:
        yield Download(
            "entities.ftm.json", "application/json+ftm", partial(as_ftm, findings.view, page.entries)
        )


def _as_file(make: Callable[[pl.DataFrame], bytes], rows: Rows) -> bytes:
    return make(made(rows))


def _media_type(name: str) -> str:
    return "application/json" if name.endswith(".json") else "text/plain; charset=utf-8"


_TABLE_FORMS: tuple[tuple[str, str, Callable[[pl.DataFrame], bytes]], ...] = (
    ("csv", "text/csv; charset=utf-8", to_csv),
    ("json", "application/json", to_json),
    ("parquet", "application/vnd.apache.parquet", to_parquet),
)
