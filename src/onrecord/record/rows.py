"""Files people keep facts in, CSV and JSON Lines, as rows that remember where they stood."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from onrecord.errors import Problem
from onrecord.model.kinds import KINDS

MAX_CELL = 1_000_000
"""Characters in one cell; a longer one is a broken quote far more often than a fact."""

CITATIONS = "citation"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as found: the kind it is meant to be, its cells, and its place."""

    kind: str
    cells: dict[str, Any]
    file: str
    number: int
    from_json: bool

    def problem(self, message: str, remedy: str, column: str | None = None) -> Problem:
        """A problem with this row."""
        return Problem(message, remedy, self.file, self.number, column)


class RowFile:
    """A file of rows. Its bytes are read once; rows are made as they are asked for, so that few are held at a time.

    Iterating gives rows, and a problem wherever there is none to be had.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = b""
        try:
            self._data = path.read_bytes()
        except OSError as cause:
            message = f"The file cannot be read: {cause.strerror}."
            self._fault: Problem | None = Problem(message, "Mend the path.", str(path))
        else:
            self._fault = _not_text(path, self._data)

    def __iter__(self) -> Iterator[Row | Problem]:
        if self._fault:
            yield self._fault
        elif self._is_json:
            # Lines end at a line feed and nowhere else: a string may hold U+2028 or U+0085, which splitlines() cuts at.
            yield from _read_json_lines(self.path, self._text(newline="\n"))
        else:
            yield from _read_csv(self.path, self._text(newline=""))

    @property
    def may_cite(self) -> bool:
        """False if surely none of its rows is a citation, so that nobody needs to look for one."""
        return self._is_json or kind_from_name(self.path) == CITATIONS or CITATIONS.encode() in self._data

    @property
    def _is_json(self) -> bool:
        return self.path.suffix in (".jsonl", ".ndjson")

    def _text(self, newline: str) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(self._data), encoding="utf-8-sig", newline=newline)


def _not_text(path: Path, data: bytes) -> Problem | None:
    """Why a file is no text in UTF-8, if it is none."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        return Problem(
            f"The file is not UTF-8: byte {cause.start} is {cause.object[cause.start]:#04x}.",
            "Save it as UTF-8 (in a spreadsheet: CSV UTF-8).",
            str(path),
            data[: cause.start].count(b"\n") + 1,
        )
    if b"\0" in data:
        row = data[: data.index(b"\0")].count(b"\n") + 1
        return Problem(
            "The file holds NUL characters; it is not text.", "Save it as CSV in UTF-8.", str(path), row
        )
    return None


@cache
def kind_from_name(path: Path) -> str | None:
    """The kind that a file is named after: positions.csv holds positions. None if the name says nothing."""
    stem = path.stem.lower()
    singular = stem[:-1] if stem.endswith("s") else stem
    return next((name for name in (*KINDS, CITATIONS) if name in (stem, singular)), None)


def _read_csv(path: Path, text: Iterable[str]) -> Iterator[Row | Problem]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(text, strict=True)
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as cause:
            yield Problem(
                f"The table breaks off: {cause}.",
                'Look for a quotation mark that is not doubled ("").',
                str(path),
                line,
            )
            return
        if cells is None:
            break
        if header is None:
            header = cells
            if faults := list(_header_faults(path, header)):
                yield from faults
                return
        elif cells:
            yield _csv_row(path, header, cells, line)
    if header is None:
        yield Problem("The file is empty.", "Give it a header row and at least one row.", str(path))


def _header_faults(path: Path, header: list[str]) -> Iterator[Problem]:
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        yield Problem(f"The header names {', '.join(map(repr, doubled))} twice.", "Rename one.", str(path), 1)
    if kind_from_name(path) is None and "kind" not in header:
        yield Problem(
            "It is not clear what the rows are: the file's name is no kind and there is no column 'kind'.",
            f"Name the file after a kind ({', '.join(KINDS)}) or add the column.",
            str(path),
            1,
        )


def _csv_row(path: Path, header: list[str], cells: list[str], line: int) -> Row | Problem:
    if len(cells) != len(header):
        return Problem(
            f"The row has {len(cells)} cells, the header {len(header)}.",
            "Look for a comma that is not inside quotation marks, or a missing one.",
            str(path),
            line,
        )
    named = {name: text for name, cell in zip(header, cells, strict=True) if (text := cell.strip())}
    kind = named.pop("kind", None) or kind_from_name(path) or ""
    return Row(kind, named, str(path), line, from_json=False)


def _read_json_lines(path: Path, lines: Iterable[str]) -> Iterator[Row | Problem]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = read_json(line)
        except (ValueError, RecursionError) as cause:
            yield Problem(
                f"The line is not JSON: {cause}.", "Write one JSON object a line.", str(path), number
            )
            continue
        if not isinstance(value, dict):
            yield Problem(
                "The line is not a JSON object.", "Write one JSON object a line.", str(path), number
            )
            continue
        kind = value.pop("kind", None) or kind_from_name(path) or ""
        yield Row(str(kind), value, str(path), number, from_json=True)


def read_json(text: str) -> Any:
    """The value of a JSON text in which no name stands twice and every number is one.

    Raises:
        ValueError: the text is not that.
        RecursionError: it is nested too deep.
    """
    return json.loads(text, object_pairs_hook=_distinct, parse_constant=_no_number)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"it names {next(name for name in names if names.count(name) > 1)!r} twice")
    return fields


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not a number that JSON knows")
