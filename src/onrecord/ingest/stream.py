"""A reading's text and tables on their way from the worker to the record: frames in the spool, after the members.

However long a text is, either side holds one frame of it at a time. A frame is eight bytes of length and msgpack that
is decoded against a fixed schema. Tables come first: a :class:`Sheet`, then its notes, then block after block of its
rows: their numbers and their cells, column after column. Then come the pieces.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sized
from typing import IO, BinaryIO, TypeAlias, TypeVar

import msgspec

from onrecord.ingest.limits import MIB, LimitReached
from onrecord.ingest.reading import CellNote, Piece, Reading, Table
from onrecord.ingest.wire import NOT_SAID

LONGEST = 256 * MIB
"""Bytes of a frame; only a piece or cell that is very long itself comes near."""

_COUNT, _WEIGHT = 2000, 1_000_000
_BLOCK_ROWS, _BLOCK_WEIGHT = 100_000, 16_000_000
_LENGTH = struct.Struct("<Q")
_T = TypeVar("_T")


class Pieces(msgspec.Struct, frozen=True, tag=True):
    """Some pieces of text, in order."""

    pieces: tuple[Piece, ...]


class Sheet(msgspec.Struct, frozen=True, tag=True):
    """A table begins: it without its rows, cells and notes, and how many rows will come."""

    table: Table
    rows: int


class Notes(msgspec.Struct, frozen=True, tag=True):
    """Some notes of the table that began last."""

    notes: tuple[CellNote, ...]


class Rows(msgspec.Struct, frozen=True, tag=True):
    """Some row numbers of the table that began last."""

    rows: tuple[int, ...]


class Cells(msgspec.Struct, frozen=True, tag=True):
    """Some cells of a column, counted from 0, of the table that began last."""

    column: int
    cells: tuple[str | None, ...]


Frame: TypeAlias = Pieces | Sheet | Notes | Rows | Cells

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Frame] = msgspec.msgpack.Decoder(Frame)


class Malformed(Exception):
    """The frames are not what a worker of ours writes."""


def write(file: BinaryIO, reading: Reading, most: int) -> int:
    """Write a reading's tables and pieces where the file stands; how many bytes that took.

    Raises:
        LimitReached: they are more than ``most`` bytes.
    """
    written = 0
    for frame in _frames(reading):
        message = _encoder.encode(frame)
        written += _LENGTH.size + len(message)
        if written > most:
            raise LimitReached("answer bytes", most)
        file.write(_LENGTH.pack(len(message)))
        file.write(message)
    return written


def read(file: IO[bytes]) -> Iterator[Frame]:
    """The frames of a file from where it stands to its end.

    Raises:
        Malformed: they are cut short, too long, or say something else than frames do.
    """
    while length := file.read(_LENGTH.size):
        if len(length) < _LENGTH.size or (announced := _LENGTH.unpack(length)[0]) > LONGEST:
            raise Malformed("a frame has no length, or one that no frame may have")
        message = file.read(announced)
        if len(message) < announced:
            raise Malformed("the last frame is cut short")
        yield _decoded(message)


def _decoded(message: bytes) -> Frame:
    try:
        return _decoder.decode(message)
    except NOT_SAID as cause:
        raise Malformed(str(cause)) from cause


def _frames(reading: Reading) -> Iterator[Frame]:
    for table in reading.tables:
        yield Sheet(msgspec.structs.replace(table, rows=(), cells=(), notes=()), len(table.rows))
        yield from (Notes(notes) for notes in _bunches(table.notes))
        for start, stop in _blocks(table):
            yield from (Rows(rows) for rows in _bunches(table.rows[start:stop]))
            for number, column in enumerate(table.cells):
                yield from (Cells(number, cells) for cells in _bunches(column[start:stop]))
    yield from (Pieces(pieces) for pieces in _bunches(reading.pieces))


def _blocks(table: Table) -> Iterator[tuple[int, int]]:
    """Stretches of rows of a bounded weight: at most 100,000, or 16 million characters and what a row is over."""
    count, start, weight = len(table.rows), 0, 0
    if not table.cells or (count <= _BLOCK_ROWS and sum(map(_letters, table.cells)) <= _BLOCK_WEIGHT):
        yield from [(0, count)] if count else []
        return
    for at, row in enumerate(zip(*table.cells, strict=True), start=1):
        weight += _letters(row)
        if at - start >= _BLOCK_ROWS or weight >= _BLOCK_WEIGHT or at == count:
            yield start, at
            start, weight = at, 0


def _letters(cells: Iterable[str | None]) -> int:
    return sum(map(len, filter(None, cells)))


def _bunches(items: Iterable[_T]) -> Iterator[tuple[_T, ...]]:
    """Items in bunches of a bounded weight: at most 2,000, or a million characters."""
    bunch: list[_T] = []
    weight = 0
    for item in items:
        bunch.append(item)
        weight += _weight(item)
        if len(bunch) >= _COUNT or weight >= _WEIGHT:
            yield tuple(bunch)
            bunch, weight = [], 0
    if bunch:
        yield tuple(bunch)


def _weight(item: object) -> int:
    if isinstance(item, Piece):
        return len(item.text) + 40 * len(item.words)
    return len(item) if isinstance(item, Sized) else 0
