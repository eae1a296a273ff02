"""Objects in JSON text as rows: a list of them, one a line (JSON Lines), each behind a separator (RFC 7464), or one
behind the other. Numbers keep every digit they are written with; in a value within a value, white space goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from json import JSONDecodeError, JSONDecoder

import msgspec

Row = dict[str, str | None]
"""An object: its keys with their values as cells of a table."""

SEPARATOR = "\x1e"
_SPACE = re.compile(r"\s*")
_AT_BYTE = re.compile(r"\(byte (\d+)\)")
_MOST_NAMED = 5
_MOST_TRIED = 20

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_objects = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
_string = msgspec.json.Decoder(str)


class NoJson(Exception):
    """The text, or too much of it, is not JSON. The message says where that shows."""


class Rows(msgspec.Struct, frozen=True):
    """The rows of a text, empty where its values are no objects; ``broken`` are the stretches that are no JSON.

    A stretch that is no JSON is an empty row, so that the n-th value is the n-th row.
    """

    rows: list[Row]
    broken: list[tuple[int, int]]


def rows_of(text: str) -> Rows:
    """The objects of a text.

    Raises:
        NoJson: it is neither one value nor values in any of the four ways.
        RecursionError: it nests deeper than can be followed.
    """
    try:
        return Rows([_row(one) for one in _objects.decode(text)], [])
    except msgspec.DecodeError:
        damage = _damage(text)
    if not damage:
        return Rows([], [])
    if parts := _parts(text):
        return _of_parts(text, parts)
    raise NoJson(damage)


def lines_in_words(text: str, broken: list[tuple[int, int]]) -> str:
    """The lines on which stretches begin, for a reader."""
    starts = [start for start, _ in broken[:_MOST_NAMED]]
    numbers, line = [], 1
    for before, start in pairwise([0, *starts]):
        line += text.count("\n", before, start)
        numbers.append(f"{line:,}")
    more = f" and {len(broken) - _MOST_NAMED:,} more" if len(broken) > _MOST_NAMED else ""
    return f"line {numbers[0]}" if len(broken) == 1 else f"lines {', '.join(numbers)}{more}"


def _of_parts(text: str, parts: list[tuple[int, int]]) -> Rows:
    rows: list[Row] = []
    broken: list[tuple[int, int]] = []
    others = 0
    for start, end in parts:
        try:
            rows.append(_row(_object.decode(text[start:end])))
        except msgspec.ValidationError:
            others += 1
        except msgspec.DecodeError:
            broken.append((start, end))
            rows.append({})
    if 2 * len(broken) > len(parts):
        raise NoJson(f"the JSON is not valid in {lines_in_words(text, broken)}")
    return Rows([], broken) if others else Rows(rows, broken)


def _parts(text: str) -> list[tuple[int, int]]:
    """The stretches of a text that should each be a value; none where it is not made of such."""
    if SEPARATOR in text:
        return list(_between(text, SEPARATOR))
    lines = list(_between(text, "\n"))
    first = [not _damage(text[start:end]) for start, end in lines[:_MOST_TRIED]]
    return lines if 2 * sum(first) >= len(first) > 1 else _one_behind_the_other(text)


def _between(text: str, mark: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(text):
        end = text.find(mark, start)
        end = len(text) if end < 0 else end
        if text[start:end].strip():
            yield start, end
        start = end + 1


def _one_behind_the_other(text: str) -> list[tuple[int, int]]:
    """The values of a text that is nothing but values, with or without space between; none where it is not."""
    decoder, parts = JSONDecoder(parse_int=str, parse_float=str), []
    at = _end_of_space(text, 0)
    while at < len(text):
        try:
            _, end = decoder.raw_decode(text, at)
        except JSONDecodeError:
            return []
        parts.append((at, end))
        at = _end_of_space(text, end)
    return parts


def _end_of_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _row(one: dict[str, msgspec.Raw]) -> Row:
    return {key: _cell(bytes(value)) for key, value in one.items()}


def _cell(value: bytes) -> str | None:
    if value == b"null":
        return None
    if value.startswith(b'"'):
        return _string.decode(value)
    if b"\\" in value:  # letters written as escapes are to be found
        try:
            return msgspec.json.encode(msgspec.json.decode(value)).decode()
        except msgspec.DecodeError:
            pass
    return (msgspec.json.format(value, indent=-1) if value[:1] in b"{[" else value).decode()


def _damage(text: str) -> str:
    """Why a text is not one value, or empty where it is."""
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except msgspec.DecodeError as error:
        if "truncated" in str(error):
            return "the JSON ends too soon"
        if found := _AT_BYTE.search(str(error)):
            line = text.encode("utf-8", "surrogatepass").count(b"\n", 0, int(found[1])) + 1
            return f"the JSON is not valid in line {line:,}"
        return "the JSON is not valid"
    return ""
