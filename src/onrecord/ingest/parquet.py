"""A table as Parquet, written while a worker sends it: one block of rows at a time is held, and becomes a row group.

It has ``_row``, the original row number, then a text column for each column of the sheet, values as stored. The first
row gives the names if it looks like a header (see :func:`header`); the sheet's letters for the columns are kept in the
file's metadata under ``letters``, so that every value has its cell address.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from onrecord.ingest.stream import Cells, Malformed, Rows, Sheet


class Growing:
    """A table that comes in blocks of rows, each column by column with the row numbers before them.

    Cells are kept as Arrow keeps them, in a fraction of what Python needs; a column that is whole is joined at once,
    because its parts have more room than they fill.
    """

    def __init__(self, sheet: Sheet, path: Path) -> None:
        self.sheet = sheet
        self._path, self._rows = path, 0
        self._whole: list[pa.Array] = []
        self._parts: list[pa.Array] = []
        self._writer: pq.ParquetWriter | None = None

    def take(self, frame: Rows | Cells) -> None:
        """Put row numbers, or cells of one column, behind those that came before.

        Raises:
            Malformed: another column is due, or no file has a row of that number.
            OSError: the disk refused.
        """
        column = 0 if isinstance(frame, Rows) else frame.column + 1
        if isinstance(frame, Cells) and frame.column < 0:
            raise Malformed("a column before the first")
        if self._parts and column == (len(self._whole) + 1) % (len(self.sheet.table.columns) + 1):
            self._join()
        if column == 0 and self._whole and not self._parts:
            self._end_block()
        if column != len(self._whole):
            raise Malformed(f"part of column {column} of a table, where {len(self._whole)} is due")
        values = frame.rows if isinstance(frame, Rows) else frame.cells
        try:
            self._parts.append(pa.array(values, pa.string() if self._whole else pa.int64()))
        except (OverflowError, pa.ArrowException) as cause:
            raise Malformed(f"no part of a table: {cause}") from cause

    def end(self) -> None:
        """Write what is left, and close the file.

        Raises:
            Malformed: it does not have as many columns or rows as was said.
            OSError: the disk refused.
        """
        if self._parts:
            self._join()
        elif not self.sheet.rows:
            self._whole = [
                pa.array([], pa.int64()),
                *(pa.array([], pa.string()) for _ in self.sheet.table.columns),
            ]
        self._end_block()
        if self._rows != self.sheet.rows:
            raise Malformed(f"a table has {self._rows} rows, not {self.sheet.rows}")
        self.close()

    def close(self) -> None:
        """Let go of the file, whole or not."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()

    def _join(self) -> None:
        joined = pa.concat_arrays(self._parts)
        if self._whole and len(joined) != len(self._whole[0]):
            raise Malformed(f"a column of a table has {len(joined)} cells, not {len(self._whole[0])}")
        self._whole.append(joined)
        self._parts.clear()

    def _end_block(self) -> None:
        """Write the block as a row group; the header of the first block is in the names."""
        width = len(self.sheet.table.columns) + 1
        if len(self._whole) != width:
            raise Malformed(f"a table has {len(self._whole)} columns, not {width}")
        self._rows += len(self._whole[0])
        if self._writer is None:
            schema, has_header = self._schema()
            self._whole = [column[1:] for column in self._whole] if has_header else self._whole
            self._writer = pq.ParquetWriter(self._path, schema, compression="zstd")
        self._writer.write_table(pa.table(self._whole, schema=self._writer.schema))
        self._whole = []

    def _schema(self) -> tuple[pa.Schema, bool]:
        """Names, types and facts; and whether the first row of the first block gave the names."""
        table = self.sheet.table
        first = [column[0].as_py() for column in self._whole[1:]] if len(self._whole[0]) else []
        names = header(first, self.sheet.rows)
        columns = _unique(names or [""] * len(table.columns), table.columns)
        fields = [pa.field("_row", pa.int64()), *(pa.field(column, pa.string()) for column in columns)]
        facts = {"sheet": table.name, "letters": json.dumps(dict(zip(columns, table.columns, strict=True)))}
        return pa.schema(fields, metadata=facts), names is not None


def header(first: Sequence[str | None], rows: int) -> list[str] | None:
    """The first of so many rows as column names, or None.

    It is taken for a header if more rows follow, at least half of its cells are filled, and the filled ones are
    text (no number) and all different.
    """
    if rows < 2 or not first:
        return None
    names = [(cell or "").strip() for cell in first]
    filled = [name for name in names if name]
    if len(filled) * 2 < len(names) or len(set(filled)) != len(filled):
        return None
    return None if any(_is_number(name) for name in filled) else names


def _unique(names: list[str], letters: tuple[str, ...]) -> list[str]:
    """Column names that differ even when case is ignored, as SQL needs; a nameless column has its letter."""
    taken = {"_row", "_document", "_sheet"}
    unique = []
    for name, letter in zip(names, letters, strict=True):
        wanted = " ".join(name.split())[:100] or letter
        if wanted.lower() in taken:
            wanted = f"{wanted}_{letter}"
        taken.add(wanted.lower())
        unique.append(wanted)
    return unique


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
