"""Opening an original where it lies, for its bytes to be taken in; and why that is not done, or cannot be."""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onrecord.ingest.reading import Outcome
from onrecord.ingest.walking import Found

_MENDED = {
    errno.EACCES: "the system does not let you read it; give yourself the right, then add it again",
    errno.EPERM: "the system does not let you read it; give yourself the right, then add it again",
    errno.ENOENT: "it was gone when its turn came",
    errno.EIO: "the disk does not give it out; copy what can be copied, then add the copy",
}
_CHANGED = "it changed while it was read: what was read is kept; add it again once nothing writes to it"


class NotTaken(Exception):
    """Bytes are not taken in, or not whole. The message says why."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


class Original(io.BufferedReader):
    """A file being taken in. What keeps it from being read is no OSError: the archive would take it for its own disk."""

    def read(self, size: int | None = -1, /) -> bytes:
        """As any file does.

        Raises:
            NotTaken: its disk or its system refused.
        """
        try:
            return super().read(size)
        except OSError as cause:
            raise _unreadable(cause) from cause


@contextmanager
def opened(found: Found) -> Iterator[Original]:
    """A found file, open for reading; never through a link, and never waiting for a pipe.

    Raises:
        NotTaken: it is not to be taken in, or cannot be read; or, when the block ends, somebody wrote to it meanwhile.
    """
    if found.refused:
        raise NotTaken(Outcome.REFUSED, found.refused)
    if found.cause:
        raise NotTaken(Outcome.FAILED, f"it cannot be {found.tried}: {_in_words(found.cause)}")
    try:
        with Original(io.FileIO(os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK))) as file:
            before = _state(file)
            yield file
            if _state(file) != before:
                raise NotTaken(Outcome.FAILED, _CHANGED)
    except OSError as cause:
        raise _unreadable(cause) from cause


def must_fit(file: Original, record: Path) -> None:
    """Nothing, where the record's disk has room for a file: a sparse one may say it has more bytes than any disk.

    Raises:
        NotTaken: it has not.
    """
    size, room = os.fstat(file.fileno()).st_size, shutil.disk_usage(record).free
    if size > room:
        raise NotTaken(
            Outcome.REFUSED,
            f"limit free space: it has {size} bytes, the disk of the record has room for {room}",
        )


def _state(file: Original) -> tuple[int, int]:
    at = os.fstat(file.fileno())
    return at.st_size, at.st_mtime_ns


def _unreadable(cause: OSError) -> NotTaken:
    return NotTaken(Outcome.FAILED, f"its bytes cannot be read: {_in_words(cause)}")


def _in_words(cause: OSError) -> str:
    return _MENDED.get(cause.errno or 0, cause.strerror or type(cause).__name__)
