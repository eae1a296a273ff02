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

from onrecord.model.check import DATE_FIELDS
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import KINDS

LEDGER_COLUMNS: dict[str, pl.DataType] = {
    "seq": pl.Int64(),
    "id": pl.String(),
    "visibility": pl.String(),
    "withdrawn": pl.Boolean(),
    "corrections": pl.Int64(),
    "recorded": pl.String(),
    "recorded_by": pl.String(),
}

_encoder = msgspec.json.Encoder()


@cache
def schema(kind: str) -> dict[str, pl.DataType]:
    """Column name to Polars type for the table of one kind."""
    columns = dict(LEDGER_COLUMNS)
    for field in msgspec.structs.fields(KINDS[kind]):
        columns[field.encode_name] = _column_type(field.type)
    for name in DATE_FIELDS.get(kind, ()):
        columns[f"{name}_first"] = columns[f"{name}_last"] = pl.Date()
    return columns


def frame(kind: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Entries of one kind as a table with that kind's columns, in the ledger's order.

    Args:
        rows: of each entry its fields as plain JSON values and the ledger's own columns.
    """
    columns = {name: _column(kind, name, dtype, rows) for name, dtype in schema(kind).items()}
    for name in DATE_FIELDS.get(kind, ()):
        spans = [PartialDate.parse(text) if (text := r.get(name)) else None for r in rows]
        columns[f"{name}_first"] = pl.Series([span and span.first for span in spans], dtype=pl.Date())
        columns[f"{name}_last"] = pl.Series([span and span.last for span in spans], dtype=pl.Date())
    return pl.DataFrame(columns)


def _column(kind: str, name: str, dtype: pl.DataType, rows: list[dict[str, Any]]) -> pl.Series:
    """One field of every row, as it is kept in its column."""
    if isinstance(dtype, pl.List):
        cells = [[_item(item) for item in r[name]] if r.get(name) else () for r in rows]
        # Polars takes lists of structs from JSON twenty times faster than from Python.
        texts = _encoder.encode_lines(cells).decode().split("\n")[:-1]
        return pl.Series(texts, dtype=pl.String()).str.json_decode(dtype)
    default = _defaults(kind).get(name)
    values = [default if (value := r.get(name)) is None else value for r in rows]
    if dtype == pl.String and any(isinstance(value, dict) for value in values):
        values = [_as_json(value) if isinstance(value, dict) else value for value in values]
    return pl.Series(values, dtype=dtype)


def _as_json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


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
