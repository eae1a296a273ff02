"""A list of names to look for: a CSV file in any encoding and with any of the usual delimiters."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import click

from onrecord.cli.plain import plain
from onrecord.errors import UsageError
from onrecord.ingest.charset import decode
from onrecord.ingest.readers.delimited import delimiter_of
from onrecord.search.words import split

_TOLD = 20
"""So many lines without a word are told one by one."""


def names_in(path: Path, column: str = "") -> list[str]:
    """The names of a list, each once however it is written; lines without a word to look for are told and passed.

    Args:
        column: the name of the column they stand in, by the list's first line; the first field of every line if empty.

    Raises:
        UsageError: the list has no such column, or no name.
    """
    text = decode(path.read_bytes()).text.removeprefix("\ufeff").replace("\0", "\ufffd")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    field = _field(rows, column) if column else 0
    names: dict[str, str] = {}
    wordless = []
    for row in rows:
        name = row[field].strip() if field < len(row) else ""
        if words := " ".join(split(name).split()).casefold():
            names.setdefault(words, name)
        elif name:
            wordless.append((rows.line_num, name))
    if not names:
        raise UsageError(f"There is no name to look for in {path.name}.")
    _tell(wordless)
    return list(names.values())


def _field(rows: Iterator[list[str]], column: str) -> int:
    header = [name.strip() for name in next(rows, [])]
    if column not in header:
        raise UsageError(
            f"The list has no column {column!r}. Its first line names: {', '.join(header) or 'nothing'}."
        )
    return header.index(column)


def _tell(wordless: list[tuple[int, str]]) -> None:
    for number, name in wordless[:_TOLD]:
        click.echo(plain(f"Line {number} of the list has no word to look for: {name}"), err=True)
    if len(wordless) > _TOLD:
        click.echo(f"So have {len(wordless) - _TOLD:,} more lines.", err=True)
