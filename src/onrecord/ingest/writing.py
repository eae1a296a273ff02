"""A derivative being written to disk, frame after frame: the text is never held as a whole.

``reading.json`` is one JSON object with the pieces last. Everything in it was decoded against a fixed schema and is
encoded again here, so that no byte of it is a worker's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import msgspec

from onrecord.ingest.parquet import Growing
from onrecord.ingest.reading import Outcome, Reading
from onrecord.ingest.stream import Cells, Frame, Malformed, Notes, Pieces, Rows, Sheet

_encoder = msgspec.json.Encoder(order="deterministic")


class _Front(msgspec.Struct, omit_defaults=True):
    """What stands before the tables in ``reading.json``."""

    outcome: Outcome = Outcome.READ
    reason: str = ""


def write(folder: Path, told: Reading, frames: Iterable[Frame]) -> tuple[Sheet, ...]:
    """Write ``reading.json`` and ``table-1.parquet`` … into a folder; the tables they are of.

    Args:
        told: the reading without pieces and tables.
        frames: those.

    Raises:
        Malformed: the frames are not in the order they are written in, or tables are not what was said of them.
        OSError: the disk refused.
    """
    with (folder / "reading.json").open("wb") as out, closing(_Writing(folder, out, told)) as writing:
        for frame in frames:
            writing.take(frame)
        writing.end()
    return tuple(writing.sheets)


class _Writing:
    """Where in a derivative one is: among its tables, or among its pieces."""

    def __init__(self, folder: Path, out: BinaryIO, told: Reading) -> None:
        self._folder, self._out = folder, out
        whole = _encoder.encode(told)[:-1]
        front = _encoder.encode(_Front(told.outcome, told.reason))[:-1]
        self._rest: bytes | None = whole[len(front) :].removeprefix(b",")
        self._table: Growing | None = None
        self._noted = self._pieces = 0
        self.sheets: list[Sheet] = []
        self._out.write(front)
        self._comma = b"," if len(front) > 1 else b""

    def take(self, frame: Frame) -> None:
        match frame:
            case Pieces(pieces=pieces):
                self._leave_tables()
                for piece in pieces:
                    self._out.write((b"," if self._pieces else b"") + _encoder.encode(piece))
                    self._pieces += 1
            case _ if self._rest is None:
                raise Malformed("a table after the text")
            case Sheet():
                self._begin(frame)
            case _ if self._table is None:
                raise Malformed("part of a table that never began")
            case Notes(notes=notes):
                for note in notes:
                    self._out.write((b"," if self._noted else b',"notes":[') + _encoder.encode(note))
                    self._noted += 1
            case Rows() | Cells():
                self._table.take(frame)

    def end(self) -> None:
        self._leave_tables()
        self._out.write(b"]}")

    def close(self) -> None:
        """Let go of the table that was being written, if one was."""
        if self._table is not None:
            self._table.close()

    def _begin(self, sheet: Sheet) -> None:
        self._end_table()
        if sheet.table.rows or sheet.table.cells or sheet.table.notes:
            raise Malformed("a table that is not sent in parts")
        self._out.write(b"," if self.sheets else self._comma + b'"tables":[')
        self._out.write(_encoder.encode(sheet.table)[:-1])
        self.sheets.append(sheet)
        self._table, self._noted = Growing(sheet, self._folder / f"table-{len(self.sheets)}.parquet"), 0

    def _end_table(self) -> None:
        if self._table is not None:
            self._out.write(b"]}" if self._noted else b"}")
            self._table.end()
            self._table = None

    def _leave_tables(self) -> None:
        """Write what stands between tables and pieces, once."""
        if self._rest is not None:
            self._end_table()
            comma = b"]," if self.sheets else self._comma
            self._out.write(comma + self._rest + b',"pieces":[')
            self._rest = None
