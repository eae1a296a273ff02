"""What was made of the originals: text as JSON, tables as Parquet, by the original's hash. Deletable.

``derived/ab/abcd…/KEY/`` holds ``reading.json`` and ``table-1.parquet`` …, where KEY names the reader, its
version and the choices made: a better reader writes beside the older derivative and never over it. What becomes of the
older one is told in :mod:`onrecord.ingest.leftovers`.
A Parquet table is told of in :mod:`onrecord.ingest.parquet`. Texts are written and read a bounded part at a time.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO

import msgspec

from onrecord.errors import StorageError
from onrecord.ingest import writing
from onrecord.ingest.reading import Piece, Reading
from onrecord.ingest.source import Options
from onrecord.ingest.stream import Frame, Malformed, Sheet

PARTIAL = ".partial-"
_PIECES, _BOUNDARY = b'"pieces":[', b'},{"text":'
_BLOCK = 1 << 18
_HEX = "[0-9a-f]"
_piece_decoder = msgspec.json.Decoder(Piece)
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

    def keep(
        self, digest: str, key: str, told: Reading, frames: Iterable[Frame]
    ) -> tuple[str, tuple[Sheet, ...]]:
        """Write a derivative, whole or not at all; what :meth:`sums` says of it, and its tables.

        One that is there with the same content is left alone.

        Raises:
            StorageError: the disk refused.
            Malformed: the frames are not what a worker of ours writes; nothing is kept.
        """
        final = self.path(digest, key)
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            partial = Path(tempfile.mkdtemp(prefix=f"{PARTIAL}{os.getpid()}-", dir=self.folder))
            try:
                sheets = writing.write(partial, told, frames)
            except Malformed:
                shutil.rmtree(partial)
                raise
            partial.chmod(0o755)
            return _put(partial, final), sheets
        except OSError as cause:
            raise StorageError(
                f"A derivative could not be written to {final}: {cause.strerror}. "
                "Free some space or mend the disk, and run the same again."
            ) from cause

    def reading(self, digest: str, key: str) -> Reading:
        """A reading without the cells of its tables, which are in the Parquet files.

        Raises:
            StorageError: it is not there or damaged; ``onrecord add --retry all`` makes it again.
        """
        path = self.path(digest, key) / "reading.json"
        try:
            return _decoder.decode(path.read_bytes())
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as cause:
            raise _unreadable(path, cause) from cause

    def pieces(self, digest: str, key: str) -> KeptPieces:
        """The text of a reading, to be gone through piece by piece, however long it is."""
        return KeptPieces(self.path(digest, key) / "reading.json")

    def sums(self, digest: str, key: str) -> str:
        """A derivative's files with their SHA-256, one a line, as ``sha256sum`` writes and checks them.

        Raises:
            OSError: one of them cannot be read.
        """
        return _sums(self.path(digest, key))

    def faults(self, digest: str, key: str, sums: str) -> Iterator[tuple[str, str]]:
        """The name of each file of a derivative that is not as :meth:`sums` once said, and what is wrong with it."""
        folder, wanted = self.path(digest, key), _by_name(sums)
        for name, made in wanted.items():
            try:
                found = _sum(folder / name)
            except OSError as cause:
                yield name, f"it cannot be read: {cause.strerror}"
            else:
                if found != made:
                    yield name, f"its bytes give {found}, not {made}"
        there = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
        for name in sorted(there - wanted.keys()):
            yield name, "nobody wrote it there"

    def keys(self) -> Iterator[tuple[str, str]]:
        """Digest and key of every derivative that lies there."""
        for path in self.folder.glob(f"{_HEX * 2}/{_HEX * 64}/{_HEX * 12}"):
            yield path.parent.name, path.name

    def made(self, told: Reading, frames: Iterable[Frame]) -> str:
        """What :meth:`sums` would say of a derivative of this reading; nothing is kept.

        Raises:
            StorageError: there is no room to make it in.
            Malformed: the frames are not what a worker of ours writes.
        """
        try:
            with tempfile.TemporaryDirectory() as folder:
                writing.write(Path(folder), told, frames)
                return _sums(Path(folder))
        except OSError as cause:
            raise StorageError(f"A derivative could not be made again: {cause.strerror}.") from cause


@dataclass(frozen=True, slots=True)
class KeptPieces:
    """The pieces in a ``reading.json``. Each time it is gone through, the file is read anew.

    Going through it raises StorageError where the file is gone or damaged.
    """

    path: Path

    def __iter__(self) -> Iterator[Piece]:
        try:
            with self.path.open("rb") as file:
                yield from map(_piece_decoder.decode, _parts(file))
        except (OSError, EOFError, msgspec.DecodeError, UnicodeDecodeError) as cause:
            raise _unreadable(self.path, cause) from cause


def _unreadable(path: Path, cause: Exception) -> StorageError:
    return StorageError(
        f"The derivative {path} cannot be read: {cause}. Run `onrecord add --retry all` to make it again."
    )


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    """The JSON of each piece.

    Both marks stand only where they mean something: a quotation mark inside a string has a backslash before it.

    Raises:
        EOFError: there are no pieces, or their list does not end.
    """
    rest = b""
    while (at := rest.find(_PIECES)) < 0:
        block = file.read(_BLOCK)
        if not block:
            raise EOFError("it has no pieces")
        rest = rest[-len(_PIECES) :] + block
    rest = rest[at + len(_PIECES) :]
    opening = _BOUNDARY[2:]
    while True:
        *whole, rest = rest.split(_BOUNDARY)
        for part in whole:
            yield opening + part.removeprefix(opening) + b"}"
        block = file.read(max(_BLOCK, len(rest)))
        if not block:
            break
        rest += block
    if not rest.endswith(b"]}"):
        raise EOFError("its list of pieces does not end")
    if last := rest[:-2]:
        yield opening + last.removeprefix(opening)


def _by_name(sums: str) -> dict[str, str]:
    """The SHA-256 of each file of a derivative, from what :meth:`Derived.sums` says."""
    return {name: digest for digest, _, name in (line.partition("  ") for line in sums.splitlines())}


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
