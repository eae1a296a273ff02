"""The columns of the views, one table a kind, derived from the model so that the two cannot drift apart.

Every field of a kind is a column of its name. Beside each date field stand ``<field>_first`` and
``<field>_last``, the interval of days it could be. The columns of :data:`LEDGER_COLUMNS` come first.
"""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Any

import msgspec
import polars as pl

from onrecord.model import canonical
from onrecord.model.check import DATE_FIELDS
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import KINDS, Base

LEDGER_COLUMNS: dict[str, pl.DataType] = {
    "seq": pl.Int64(),
    "id": pl.String(),
    "visibility": pl.String(),
    "withdrawn": pl.Boolean(),
    "corrections": pl.Int64(),
    "recorded": pl.String(),
    "recorded_by": pl.String(),
}


@cache
def schema(kind: str) -> dict[str, pl.DataType]:
    """Column name to Polars type for the table of one kind."""
    columns = dict(LEDGER_COLUMNS)
    for field in msgspec.structs.fields(KINDS[kind]):
        columns[field.encode_name] = _column_type(field.type)
    for name in DATE_FIELDS.get(kind, ()):
        columns[f"{name}_first"] = columns[f"{name}_last"] = pl.Date()
    return columns


def row(kind: str, entry: Base, ledger: dict[str, Any]) -> dict[str, Any]:
    """An entry as a row of its kind's table; ``ledger`` holds the ledger's own columns."""
    cells = {**canonical.to_fields(entry), **ledger, "id": entry.id, "visibility": entry.visibility}
    for name, dtype in schema(kind).items():
        value = cells.get(name)
        if dtype == pl.String and isinstance(value, dict):
            cells[name] = msgspec.json.encode(value, order="sorted").decode()
        elif isinstance(dtype, pl.List):
            cells[name] = [_item(item) for item in value or ()]
        elif value is None and name in _defaults(kind):
            cells[name] = _defaults(kind)[name]
    for name in DATE_FIELDS.get(kind, ()):
        span = PartialDate.parse(cells[name]) if cells.get(name) else None
        cells[f"{name}_first"] = span.first if span else None
        cells[f"{name}_last"] = span.last if span else None
    return cells


def frame(kind: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of one kind as a table with that kind's columns, in the ledger's order."""
    columns = schema(kind)
    return pl.DataFrame([[r.get(name) for name in columns] for r in rows], schema=columns, orient="row")


def _item(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in item.items()
    }


@cache
def _defaults(kind: str) -> dict[str, Any]:
    """Fields whose default is a value: leaving them out of the ledger must not leave them out of a table."""
    return {
        field.encode_name: field.default
        for field in msgspec.structs.fields(KINDS[kind])
        if isinstance(field.default, str | bool | int)
    }


def _column_type(annotation: Any) -> pl.DataType:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _column_type(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return _column_type(next(part for part in typing.get_args(annotation) if part is not type(None)))
    if origin is tuple:
        return pl.List(_item_type(typing.get_args(annotation)[0]))
    if annotation is bool:
        return pl.Boolean()
    return pl.Int64() if annotation is int else pl.String()


def _item_type(annotation: Any) -> pl.DataType:
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return pl.Struct({field.encode_name: pl.String() for field in msgspec.structs.fields(annotation)})
    return pl.String()
