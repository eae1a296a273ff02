"""JSON in its four forms (:mod:`onrecord.ingest.json_rows`): a table of its objects, or else the text as it stands.

Many programs write ``\\u5580`` for every letter beyond ASCII. In text, a string with such escapes is a piece of its own,
with the letters it means, so that it is found, and the place of the string as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from onrecord.ingest.cells import row_pieces, table_of
from onrecord.ingest.charset import decode
from onrecord.ingest.json_rows import NoJson, Row, Rows, lines_in_words, rows_of
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.text import cut, encoding_claims, quality
from onrecord.ingest.reading import Finding, Outcome, Piece, Table
from onrecord.ingest.source import Options, Source
from onrecord.model.citation import TextPositionSelector

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)
_PLACE = 150
"""Bytes of a row's place in the answer."""


def read(source: Source) -> Finding:
    """Rows of cells: row 1 holds the keys, row n + 1 the n-th object. What is no table is text with character ranges."""
    decoded = decode(source.whole(), source.options.encoding)
    outcome, reason = quality(decoded)
    before = len(decoded.text) - len(text := decoded.text.removeprefix("\ufeff"))
    found, lack = _found(text)
    if lack:
        outcome, reason = Outcome.IN_PART, "; ".join(filter(None, (reason, f"missing: {lack}")))
    table = _table(found.rows, source.options)
    by_cells = table is not None and _is_told_by_cells(table, len(text), source.options)
    pieces = row_pieces(table, source.options, sheet=None) if table and by_cells else []
    unread = found.broken if by_cells else [(-before, len(text))]
    for start, end in unread:
        pieces += _pieces(decoded.text[before + start : before + end], before + start)
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=tuple(pieces),
        tables=(table,) if table else (),
        claims=encoding_claims(decoded),
    )


def _found(text: str) -> tuple[Rows, str]:
    """The rows of a text, and what is missing of its structure."""
    try:
        found = rows_of(text)
    except NoJson as damage:
        return Rows([], []), f"the structure: {damage}; the text was read"
    except RecursionError:
        return Rows([], []), "the structure, which nests deeper than can be followed; the text was read"
    if not found.broken:
        return found, ""
    return found, f"the structure of {lines_in_words(text, found.broken)}, where the JSON is not valid"


def _pieces(text: str, before: int) -> Iterator[Piece]:
    """The text as it stands, ``before`` characters into the file, but for strings with escapes: these as they are meant."""
    done = 0
    for string in _STRING.finditer(text) if "\\" in text else ():
        if "\\" in string[0] and (meant := _meant(string[0])) is not None:
            yield from cut(text[done : string.start()], before + done)
            if meant.strip():
                yield Piece(
                    meant, (TextPositionSelector(start=before + string.start(), end=before + string.end()),)
                )
            done = string.end()
    yield from cut(text[done:], before + done)


def _meant(string: str) -> str | None:
    try:
        return msgspec.json.decode(string, type=str)
    except msgspec.DecodeError:
        return None


def _table(rows: list[Row], options: Options) -> Table | None:
    keys = list(dict.fromkeys(key for row in rows for key in row))
    if not keys or len(keys) * len(rows) > options.cells or len(keys) > options.columns:
        return None
    return table_of("", [list(keys), *([row.get(key) for key in keys] for row in rows)])


def _is_told_by_cells(table: Table, characters: int, options: Options) -> bool:
    """Whether the answer has room for every row with its place; a longer list is told as its text, which takes less."""
    return characters <= options.characters and _PLACE * len(table.rows) <= options.answer_bytes // 2


READER = Reader("JSON", package_version(4, "msgspec", "charset-normalizer"), ("json",), read)
