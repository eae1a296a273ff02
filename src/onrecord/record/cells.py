"""Cells of a table as the fields of an entry.

The written form is meant for people with a spreadsheet: lists are divided by ``;``, a name is
``text@language#role``, a field within a field has a dotted column (``consent.basis``), ``sources`` is a list
of source ids, and a cell that is empty is not set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

CITATION_COLUMNS = frozenset(
    [
        "entry",
        "source",
        "supports",
        "stance",
        "exact",
        "prefix",
        "suffix",
        "start",
        "end",
        "fragment",
        "conforms_to",
        "xpath",
    ]
)


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
        shorthand = [{"source": source} for source in fields.pop(_SHORTHAND, ())]
        cited = [*fields.get("citations", ()), *citations]
        detailed = {
            citation["source"] for citation in cited if isinstance(citation, dict) and "source" in citation
        }
        cited += [citation for citation in shorthand if citation["source"] not in detailed]
        if cited:
            fields["citations"] = cited
        if why := canonical.inexpressible(fields):
            return row.problem(f"A value cannot be kept: {why}.", "Mend the value.")
        return canonical.from_fields({**fields, "kind": row.kind})
    except BadCell as bad:
        return row.problem(bad.message, bad.remedy, bad.column)
    except msgspec.ValidationError as cause:
        return _explained(row, str(cause))


def to_citation(row: Row) -> tuple[str, dict[str, Any]] | Problem:
    """The id of an entry and one citation for it, from a row of citations.csv."""
    cells = row.cells
    unknown = sorted(set(cells) - CITATION_COLUMNS)
    if unknown:
        return row.problem(
            f"There is no column {unknown[0]!r} for citations.",
            f"Use: {', '.join(sorted(CITATION_COLUMNS))}.",
            unknown[0],
        )
    for needed in ("entry", "source"):
        if needed not in cells:
            return row.problem(f"The citation has no {needed}.", "Fill it in.", needed)
    if not all(str(cells.get(name, "0")).isdigit() for name in ("start", "end")):
        return row.problem(
            "A character range is not whole numbers.", "Write 'start' and 'end' as numbers.", "start"
        )
    return str(cells["entry"]), {
        **{name: cells[name] for name in ("source", "supports", "stance") if name in cells},
        **({"selectors": selectors} if (selectors := list(_selectors(cells))) else {}),
    }


def _selectors(cells: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "exact" in cells:
        yield {
            "type": "TextQuoteSelector",
            **{n: cells[n] for n in ("exact", "prefix", "suffix") if n in cells},
        }
    if "start" in cells and "end" in cells:
        yield {"type": "TextPositionSelector", "start": int(cells["start"]), "end": int(cells["end"])}
    if "fragment" in cells:
        conforms = {"conformsTo": cells["conforms_to"]} if "conforms_to" in cells else {}
        yield {"type": "FragmentSelector", "value": cells["fragment"], **conforms}
    if "xpath" in cells:
        yield {"type": "XPathSelector", "value": cells["xpath"]}


def _from_cells(row: Row) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    readers = _cell_readers(row.kind)
    for column, cell in row.cells.items():
        head, _, rest = column.partition(".")
        if rest:
            fields.setdefault(head, {})[rest] = cell
        else:
            fields[column] = readers.get(column, _as_text)(column, cell)
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
    readers["citations"] = readers["changes"] = _as_json
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
    known = {field.encode_name for field in msgspec.structs.fields(KINDS[row.kind])} | {_SHORTHAND}
    unknown = sorted(set(fields) - known)
    if unknown:
        raise BadCell(
            unknown[0],
            f"A {row.kind} has no field {unknown[0]!r}.",
            f"Rename or remove the column; the fields are: {', '.join(sorted(known))}.",
        )


def _default_id(kind: str, fields: dict[str, Any]) -> str:
    parts = {
        "position": ("instrument", "actor", "act"),
        "membership": ("of", "actor", "start"),
    }.get(kind)
    if parts is None or not all(fields.get(part) for part in parts[:2]):
        raise BadCell("id", f"The {kind} has no id.", "Give it an id that stays for ever.")
    values = [str(fields.get(part, "always")) for part in parts]
    return "/".join(values if kind == "position" else ["membership", *values])


def _explained(row: Row, reason: str) -> Problem:
    message, _, path = reason.partition(" - at `")
    column = path.rstrip("`").removeprefix("$.").split("[")[0] or None
    if message.startswith("Object missing required field"):
        column = message.split("`")[1]
        return row.problem(f"The {row.kind} has no {column}.", "Fill it in.", column)
    value = row.cells.get(column) if column else None
    shown = f" (found {str(value)[:80]!r})" if value is not None else ""
    return row.problem(
        f"{message}{shown}.", "Mend the value; docs/import-format.md lists what each column takes.", column
    )
