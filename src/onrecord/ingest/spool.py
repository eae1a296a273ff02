"""An original as a file of this machine, wherever the archive keeps it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from onrecord.errors import StorageError
from onrecord.record.archive import copied


@contextmanager
def on_disk(kept: BinaryIO, digest: str, folder: Path | None) -> Iterator[IO[bytes]]:
    """The original as a file that a worker can be handed: itself, or a nameless copy if its store is elsewhere.

    Raises:
        StorageError: the store did not give it out whole, or gave out something else.
    """
    try:
        kept.fileno()
    except OSError:
        with tempfile.TemporaryFile(dir=folder) as copy:
            _fetch(kept, digest, copy)
            yield copy
    else:
        yield kept


def _fetch(kept: BinaryIO, digest: str, copy: BinaryIO) -> None:
    try:
        found, _ = copied(kept, copy)
        copy.flush()
    except Exception as cause:  # each store behind fsspec raises errors of its own
        raise StorageError(
            f"Original {digest} could not be fetched from its store: {cause}. See to the store."
        ) from cause
    if found != digest:
        raise StorageError(
            f"Original {digest} came back from its store with bytes that give {found}. Run `onrecord verify` to see what "
            "rests on it."
        )
