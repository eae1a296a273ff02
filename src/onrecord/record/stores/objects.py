"""Originals in an object store through fsspec: S3 and whatever else it knows. Needs the extra ``onrecord[s3]``.

An object appears as a whole or not at all, which is what a store of this kind promises for one upload; it is read
back and hashed before it counts as kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from typing import BinaryIO, cast

import fsspec

from onrecord.errors import StorageError
from onrecord.record.archive import Kept, copied, filed_at


class ObjectArchive:
    """Originals under an address, each at ``ab/cd/abcd…`` by its hash."""

    def __init__(self, address: str) -> None:
        self.address = address
        with self._reported("the archive"):
            self._files, self._root = fsspec.core.url_to_fs(address, use_listings_cache=False)

    def keep(self, stream: BinaryIO) -> Kept:
        """Take in the bytes of ``stream`` and return what they are filed under.

        Raises:
            StorageError: they could not be read, stored, or read back as they were.
        """
        with tempfile.TemporaryFile() as spool, self._reported("an original"):
            digest, size = copied(stream, spool)
            if digest in self:
                return Kept(digest, size, new=False)
            spool.seek(0)
            with self._files.open(self._path(digest), "wb") as out:
                copied(spool, out)
        if self.actual(digest) != digest:
            raise StorageError(f"Original {digest} came back from {self.address} changed. See to the store.")
        return Kept(digest, size, new=True)

    def open(self, digest: str) -> BinaryIO:
        """The bytes of an original.

        Raises:
            StorageError: it is not in the archive or cannot be read.
        """
        with self._reported(f"original {digest}"):
            return cast("BinaryIO", self._files.open(self._path(digest), "rb"))

    def __contains__(self, digest: str) -> bool:
        with self._reported(f"original {digest}"):
            return bool(self._files.exists(self._path(digest)))

    def digests(self) -> Iterator[str]:
        """Every name in the archive, sorted."""
        with self._reported("the archive"):
            yield from sorted(path.rpartition("/")[2] for path in self._files.find(self._root))

    def actual(self, digest: str) -> str:
        """The SHA-256 of the bytes that lie under a name now.

        Raises:
            StorageError: they cannot be read.
        """
        with self.open(digest) as stream, self._reported(f"original {digest}"):
            return file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # fsspec's files have readinto

    def _path(self, digest: str) -> str:
        return f"{self._root}/{filed_at(digest)}"

    @contextmanager
    def _reported(self, what: str) -> Iterator[None]:
        try:
            yield
        except StorageError:
            raise
        except Exception as cause:  # each store behind fsspec raises errors of its own
            raise StorageError(
                f"{what[0].upper()}{what[1:]} could not be read or kept at {self.address}: {cause}. "
                "What was acknowledged before is kept; see to the store and try again."
            ) from cause
