"""What was made of the originals: text as JSON, tables as Parquet, by the original's hash. Deletable.

``derived/ab/abcd…/KEY/`` holds ``reading.json`` and ``table-1.parquet`` …, where KEY names the reader, its
version and the choices made: a better reader writes beside the older derivative and never over it.

A Parquet table has ``_row``, the original row number, then a text column for each column of the sheet, values
as stored. The first row gives the names if it looks like a header (see :func:`header`); the sheet's letters
for the columns are kept in the file's metadata under ``letters``, so that every value has its cell address.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from hashlib import file_digest, sha256
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from onrecord.errors import StorageError
from onrecord.ingest.reading import Piece, Reading, Table
from onrecord.ingest.source import Options

PARTIAL = ".partial-"
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[Reading] = msgspec.json.Decoder(Reading)


def key_of(reading: Reading, options: Options) -> str:
    """What a derivative is filed under: 12 hexadecimal digits over reader, version and choices."""
    said = json.dumps([reading.reader, reading.version, options.encoding, options.ocr])
    return sha256(said.encode()).hexdigest()[:12]


def choices_of(options: Options) -> str:
    """What a person chose for a run, as JSON, so that a derivative can be made again in the same way."""
    return json.dumps([options.encoding, options.ocr, options.second])


def with_choices(choices: str) -> Options:
    """Options with what :func:`choices_of` wrote down."""
    encoding, ocr, second = json.loads(choices)
    return Options(encoding=encoding, ocr=ocr, second=second)


class Derived:
    """The derivatives of one record."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str, key: str) -> Path:
        """Where a derivative lies, whether or not it is there."""
        return self.folder / digest[:2] / digest / key

    def keep(self, digest: str, key: str, reading: Reading) -> str:
        """Write a derivative, whole or not at all, and return what :meth:`sums` says of it.

        One that is there with the same content is left alone.

        Raises:
            StorageError: the disk refused.
        """
        final = self.path(digest, key)
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            partial = Path(tempfile.mkdtemp(prefix=f"{PARTIAL}{os.getpid()}-", dir=self.folder))
            _write(partial, reading)
            partial.chmod(0o755)
            return _put(partial, final)
        except OSError as cause:
            raise StorageError(f"A derivative could not be written to {final}: {cause.strerror}.") from cause

    def reading(self, digest: str, key: str) -> Reading:
        """A reading without the cells of its tables, which are in the Parquet files.

        Raises:
            StorageError: it is not there or damaged; ``onrecord add --retry all`` makes it again.
        """
        path = self.path(digest, key) / "reading.json"
        try:
            return _decoder.decode(path.read_bytes())
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as cause:
            raise StorageError(
                f"The derivative {path} cannot be read: {cause}. Run `onrecord add --retry all` to make it again."
            ) from cause

    def sums(self, digest: str, key: str) -> str:
        """A derivative's files with their SHA-256, one a line, as ``sha256sum`` writes and checks them.

        Raises:
            OSError: one of them cannot be read.
        """
        return _sums(self.path(digest, key))

    @staticmethod
    def sum(file: Path) -> str:
        """The SHA-256 of a file of a derivative.

        Raises:
            OSError: it cannot be read.
        """
        return _sum(file)

    def made(self, reading: Reading) -> str:
        """What :meth:`sums` would say of a derivative of this reading; nothing is kept.

        Raises:
            StorageError: there is no room to make it in.
        """
        try:
            with tempfile.TemporaryDirectory() as folder:
                _write(Path(folder), reading)
                return _sums(Path(folder))
        except OSError as cause:
            raise StorageError(f"A derivative could not be made again: {cause.strerror}.") from cause


def _write(folder: Path, reading: Reading) -> None:
    _write_reading(folder / "reading.json", _without_cells(reading))
    for number, table in enumerate(reading.tables, start=1):
        pq.write_table(arrow(table), folder / f"table-{number}.parquet", compression="zstd")


def _write_reading(file: Path, reading: Reading) -> None:
    """One JSON object with the pieces last, written piece by piece: a long text is not held a second time."""
    rest = _encoder.encode(msgspec.structs.replace(reading, pieces=()))
    with file.open("wb") as out:
        out.write(rest[:-1] + b',"pieces":[')
        for number, piece in enumerate(reading.pieces):
            out.write((b"," if number else b"") + _encoder.encode(piece))
        out.write(b"]}")


def _sums(folder: Path) -> str:
    return "".join(f"{_sum(file)}  {file.name}\n" for file in sorted(folder.iterdir()))


def _sum(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _put(partial: Path, final: Path) -> str:
    """Rename a folder into place. Another run may be doing the same with the same content: either will do."""
    sums = _sums(partial)
    if final.exists() and _sums(final) != sums:
        shutil.rmtree(final)
    try:
        os.rename(partial, final)
    except OSError as cause:
        if cause.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
        shutil.rmtree(partial)
    return sums


def clear_partial(folder: Path) -> None:
    """Remove what a killed run left half written, and leave alone what a living one is writing."""
    for partial in folder.glob(f"{PARTIAL}*"):
        writer = partial.name.removeprefix(PARTIAL).partition("-")[0]
        if not (writer.isdigit() and Path(f"/proc/{writer}").exists()):
            shutil.rmtree(partial, ignore_errors=True)


def _without_cells(reading: Reading) -> Reading:
    tables = tuple(msgspec.structs.replace(table, rows=(), cells=()) for table in reading.tables)
    return msgspec.structs.replace(reading, tables=tables)


def header(table: Table) -> list[str] | None:
    """The first row as column names, or None.

    It is taken for a header if more rows follow, at least half of its cells are filled, and the filled ones are
    text (no number) and all different.
    """
    if len(table.rows) < 2 or not table.columns:
        return None
    names = [(column[0] or "").strip() for column in table.cells]
    filled = [name for name in names if name]
    if len(filled) * 2 < len(names) or len(set(filled)) != len(filled):
        return None
    return None if any(_is_number(name) for name in filled) else names


def arrow(table: Table) -> pa.Table:
    """The table as it is written to Parquet."""
    names = header(table)
    start = 1 if names else 0
    columns = _unique(names or [""] * len(table.columns), table.columns)
    arrays = [pa.array(table.rows[start:], pa.int64())]
    arrays += [pa.array(column[start:], pa.string()) for column in table.cells]
    facts = {"sheet": table.name, "letters": json.dumps(dict(zip(columns, table.columns, strict=True)))}
    return pa.table(arrays, names=["_row", *columns]).replace_schema_metadata(facts)


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


def text_of(pieces: tuple[Piece, ...]) -> str:
    """All text of a reading, piece after piece, for the index."""
    return "\n".join(piece.text for piece in pieces)
