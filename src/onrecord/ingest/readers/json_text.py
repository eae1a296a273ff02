"""JSON and JSON Lines: the text as it stands, and a table where the file is a list of flat objects.

Many programs write ``\\u5580`` for every letter beyond ASCII. A string with such escapes is a piece of its own, with the
letters it means, so that it is found, and the place of the string as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from onrecord.ingest.cells import table_of
from onrecord.ingest.charset import decode
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.text import cut, encoding_claims, quality
from onrecord.ingest.reading import Finding, Outcome, Piece, Table
from onrecord.ingest.source import Options, Source
from onrecord.model.citation import TextPositionSelector

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)


def read(source: Source) -> Finding:
    """Text pieces with character ranges; row 1 of the table holds the keys, row n + 1 the n-th object."""
    decoded = decode(source.whole(), source.options.encoding)
    outcome, reason = quality(decoded)
    text = decoded.text.removeprefix("\ufeff")
    try:
        table = _table(_values(text), source.options)
    except msgspec.DecodeError as error:
        outcome, table = Outcome.IN_PART, None
        reason = f"missing: the structure, the JSON is not valid ({error})"
    except RecursionError:
        outcome, table = Outcome.IN_PART, None
        reason = "missing: the structure, which nests deeper than can be followed; the text was read"
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=tuple(_pieces(decoded.text)),
        tables=(table,) if table else (),
        claims=encoding_claims(decoded),
    )


def _pieces(text: str) -> Iterator[Piece]:
    """The text as it stands, but for strings with escapes: these as they are meant."""
    done = 0
    for string in _STRING.finditer(text) if "\\" in text else ():
        if "\\" in string[0] and (meant := _meant(string[0])) is not None:
            yield from cut(text[done : string.start()], done)
            if meant.strip():
                yield Piece(meant, (TextPositionSelector(start=string.start(), end=string.end()),))
            done = string.end()
    yield from cut(text[done:], done)


def _meant(string: str) -> str | None:
    try:
        return msgspec.json.decode(string, type=str)
    except msgspec.DecodeError:
        return None


def _values(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [msgspec.json.decode(line) for line in lines]


def _table(values: Any, options: Options) -> Table | None:
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        return None
    keys = list(dict.fromkeys(key for value in values for key in value))
    if len(keys) * len(values) > options.cells or len(keys) > options.columns:
        return None
    return table_of("", [list(keys), *([_cell(value.get(key)) for key in keys] for value in values)])


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


READER = Reader("JSON", package_version(3, "msgspec", "charset-normalizer"), ("json",), read)
