"""Originals, by their SHA-256: written once, never rewritten, the same bytes kept once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Protocol

from onrecord.errors import StorageError
from onrecord.record.files import sync_folder

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """An original in the archive. ``new`` is False if the same bytes were there already."""

    sha256: str
    size: int
    new: bool


class Originals(Protocol):
    """Where the originals of a record lie."""

    def keep(self, stream: BinaryIO) -> Kept:
        """Take in the bytes of a stream; StorageError if that cannot be done."""

    def open(self, digest: str) -> BinaryIO:
        """The bytes of an original; StorageError if it is not there or cannot be read."""

    def __contains__(self, digest: str) -> bool:
        """True if something lies under that name."""

    def digests(self) -> Iterator[str]:
        """Every name, sorted; whether the bytes match is for :meth:`actual` to say."""

    def actual(self, digest: str) -> str:
        """The SHA-256 of the bytes that lie under a name now; StorageError if they cannot be read."""


def filed_at(digest: str) -> str:
    """Where an original lies within any archive."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


class Archive:
    """A folder of originals, each at ``ab/cd/abcd…`` by its hash.

    Bytes go to a temporary name, are synced, renamed and the folder synced: a name that is there is whole.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, stream: BinaryIO) -> Kept:
        """Take in the bytes of ``stream`` and return what they are filed under.

        Raises:
            StorageError: they could not be read or written; nothing is left behind.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            handle, name = tempfile.mkstemp(prefix=".incoming-", dir=self.folder)
            temporary = Path(name)
            try:
                with os.fdopen(handle, "wb") as out:
                    digest, size = copied(stream, out)
                    out.flush()
                    os.fsync(out.fileno())
                return self._file(temporary, digest, size)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as cause:
            raise StorageError(
                f"An original could not be kept in {self.folder}: {cause.strerror}. "
                "Nothing was added; free some space or mend the disk and add it again."
            ) from cause

    def _file(self, temporary: Path, digest: str, size: int) -> Kept:
        final = self.path(digest)
        if final.exists():
            return Kept(digest, size, new=False)
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary.chmod(0o444)
        os.replace(temporary, final)
        for folder in (final.parent, final.parent.parent, self.folder):
            sync_folder(folder)
        return Kept(digest, size, new=True)

    def path(self, digest: str) -> Path:
        """Where an original lies, whether or not it is there."""
        return self.folder / filed_at(digest)

    def open(self, digest: str) -> BufferedReader:
        """The bytes of an original.

        Raises:
            StorageError: it is not in the archive or cannot be read.
        """
        try:
            return open(self.path(digest), "rb", opener=_at_once)
        except OSError as cause:
            raise StorageError(
                f"Original {digest} cannot be read: {cause.strerror}. Run `onrecord verify` to see what rests on it."
            ) from cause

    def __contains__(self, digest: str) -> bool:
        return self.path(digest).exists()

    def digests(self) -> Iterator[str]:
        """Every name in the archive, sorted; whether the bytes match is for :meth:`actual` to say."""
        if not self.folder.exists():
            return
        for outer in sorted(p for p in self.folder.iterdir() if p.is_dir()):
            for inner in sorted(p for p in outer.iterdir() if p.is_dir()):
                yield from sorted(p.name for p in inner.iterdir())

    def actual(self, digest: str) -> str:
        """The SHA-256 of the bytes that lie under a name now.

        Raises:
            StorageError: they cannot be read.
        """
        with self.open(digest) as stream:
            try:
                return file_digest(stream, "sha256").hexdigest()
            except OSError as cause:
                raise StorageError(f"Original {digest} cannot be read: {cause.strerror}.") from cause


def _at_once(path: str, flags: int) -> int:
    """Open without waiting, which a pipe that somebody put into the place of an original would have us do for ever."""
    return os.open(path, flags | os.O_NONBLOCK)


def copied(stream: BinaryIO, out: BinaryIO) -> tuple[str, int]:
    """Copy a stream and return the SHA-256 and the number of its bytes."""
    digest, size = sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        out.write(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
