"""Cells of a table as the fields of an entry.

The written form is meant for people with a spreadsheet: lists are divided by ``;``, a name is
``text@language#role``, a field within a field has a dotted column (``consent.basis``), ``sources`` is a list
of source ids, and a cell that is empty is not set.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import polars as pl

from onrecord.errors import Problem
from onrecord.model import canonical
from onrecord.model.kinds import KINDS, Entry
from onrecord.record.columns import schema
from onrecord.record.rows import Row, read_json

_SHORTHAND = "sources"


class BadCell(ValueError):
    """A cell that cannot be read; ``column`` says which."""

    def __init__(self, column: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.column, self.message, self.remedy = column, message, remedy


def to_entry(row: Row, citations: list[dict[str, Any]]) -> Entry | Problem:
    """The entry that a row describes, with the citations that other rows give it, or what is wrong with it."""
    try:
        fields = dict(row.cells) if row.from_json else _from_cells(row)
        _know_all_columns(row, fields)
        if "id" not in fields:
            fields["id"] = _default_id(row.kind, fields)
        if cited := _cited(fields, citations):
            fields["citations"] = cited
        if why := canonical.inexpressible(fields):
            return row.problem(f"A value cannot be kept: {why}.", "Mend the value.")
        return canonical.from_fields({**fields, "kind": row.kind})
    except BadCell as bad:
        return row.problem(bad.message, bad.remedy, bad.column)
    except msgspec.ValidationError as cause:
        return _explained(row, cause)


def _cited(fields: dict[str, Any], citations: list[dict[str, Any]]) -> list[Any]:
    """All citations of an entry; a bare source gives way to a citation of it that says more."""
    sources = _list_in(fields, _SHORTHAND)
    cited = [*_list_in(fields, "citations"), *citations]
    detailed = [citation.get("source") for citation in cited if isinstance(citation, dict)]
    return cited + [{"source": source} for source in sources if source not in detailed]


def _list_in(fields: dict[str, Any], column: str) -> list[Any]:
    value = fields.pop(column, [])
    if not isinstance(value, list):
        raise BadCell(column, f"{str(value)[:80]!r} is not a list.", "Write a list.")
    return value


def _from_cells(row: Row) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    readers = _cell_readers(row.kind)
    for column, cell in row.cells.items():
        head, _, rest = column.partition(".")
        if not rest:
            fields[column] = readers.get(column, _as_text)(column, cell)
        elif head not in row.cells:
            fields.setdefault(head, {})[rest] = cell
        else:
            raise BadCell(
                column,
                f"There is a column {head!r} as well.",
                f"Leave one of the two out: {head} or {column}.",
            )
    return fields


@cache
def _cell_readers(kind: str) -> dict[str, Callable[[str, str], Any]]:
    readers: dict[str, Callable[[str, str], Any]] = {_SHORTHAND: _as_list}
    for column, dtype in schema(kind).items() if kind in KINDS else ():
        if isinstance(dtype, pl.List):
            readers[column] = _as_names if isinstance(dtype.inner, pl.Struct) else _as_list
        elif dtype == pl.Int64:
            readers[column] = _as_integer
        elif dtype == pl.Boolean:
            readers[column] = _as_boolean
    readers["citations"] = readers["changes"] = readers["sealed"] = _as_json
    return readers


def _as_text(_column: str, cell: str) -> str:
    return cell


def _as_list(_column: str, cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _as_names(column: str, cell: str) -> list[dict[str, str]]:
    names = []
    for part in _as_list(column, cell):
        text, _, role = part.partition("#")
        text, _, language = text.partition("@")
        given = {"text": text.strip(), "language": language.strip(), "role": role.strip()}
        names.append({key: value for key, value in given.items() if value})
    return names


def _as_integer(column: str, cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise BadCell(
            column, f"{cell!r} is not a whole number.", "Write digits only, or leave it empty."
        ) from None


def _as_boolean(column: str, cell: str) -> bool:
    if cell.lower() not in ("true", "false"):
        raise BadCell(column, f"{cell!r} is neither true nor false.", "Write true or false.")
    return cell.lower() == "true"


def _as_json(column: str, cell: str) -> Any:
    try:
        return read_json(cell)
    except (ValueError, RecursionError) as cause:
        raise BadCell(column, f"The cell is not JSON: {cause}.", "Write a JSON value.") from None


def _know_all_columns(row: Row, fields: dict[str, Any]) -> None:
    if row.kind not in KINDS:
        raise BadCell("kind", f"There is no kind {row.kind!r}.", f"Use one of: {', '.join(KINDS)}.")
    known = _fields_of(row.kind)
    unknown = sorted(fields.keys() - known)
    if unknown:
        raise BadCell(
            unknown[0],
            f"The kind {row.kind} has no field {unknown[0]!r}.",
            f"Rename or remove the column; the fields are: {', '.join(sorted(known))}.",
        )


@cache
def _fields_of(kind: str) -> frozenset[str]:
    """The columns that rows of a kind may have; msgspec evaluates every annotation anew when it is asked for them."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(KINDS[kind])) | {_SHORTHAND}


def _default_id(kind: str, fields: dict[str, Any]) -> str:
    parts = {
        "position": ("instrument", "actor", "act"),
        "membership": ("of", "actor", "start"),
    }.get(kind)
    if parts is None or not all(fields.get(part) for part in parts[:2]):
        raise BadCell("id", f"The {kind} has no id.", "Give it an id that stays for ever.")
    values = [str(fields.get(part, "always")) for part in parts]
    return "/".join(values if kind == "position" else ["membership", *values])


def reason_and_column(cause: msgspec.ValidationError) -> tuple[str, str | None]:
    """Why msgspec refused some fields, and in which column (a field within a field as ``consent.basis``)."""
    message, _, path = str(cause).partition(" - at `")
    return message, path.rstrip("`").removeprefix("$.").split("[")[0] or None


def _explained(row: Row, cause: msgspec.ValidationError) -> Problem:
    message, column = reason_and_column(cause)
    if message.startswith("Object missing required field"):
        column = message.split("`")[1]
        return row.problem(f"The {row.kind} has no {column}.", "Fill it in.", column)
    value = row.cells.get(column) if column else None
    shown = f" (found {str(value)[:80]!r})" if value is not None else ""
    return row.problem(
        f"{message}{shown}.", "Mend the value; docs/import-format.md lists what each column takes.", column
    )
