"""The files below what a person named: in a fixed order, never through a link, never into the record itself."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """A path as bytes, and why it cannot be taken in, or empty where it can."""

    path: bytes
    refused: str = ""

    @property
    def shown(self) -> str:
        """The path as text; bytes that are not UTF-8 are shown as ``\\xb4``."""
        return self.path.decode("utf-8", "backslashreplace")

    @property
    def name(self) -> str:
        """The last step of the path."""
        return self.shown.rpartition("/")[2]

    @property
    def hexadecimal(self) -> str | None:
        """The path's bytes in hexadecimal where they are not UTF-8, else None."""
        try:
            self.path.decode()
        except UnicodeDecodeError:
            return self.path.hex()
        return None


def files(paths: Iterable[Path], record: Path) -> Iterator[Found]:
    """Every file at or below the paths, sorted by bytes within each folder.

    ``record`` is the record's own folder, which is never taken into itself.
    """
    own = _identity(record)
    for start in paths:
        waiting = [os.path.abspath(os.fsencode(start))]  # no recursion: folders may nest a thousand deep
        while waiting:
            path = waiting.pop()
            found, inside = _looked_at(path, own)
            if found is not None:
                yield found
            waiting += reversed(inside)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        at = folder.stat()
    except OSError:
        return None
    return at.st_dev, at.st_ino


def _looked_at(path: bytes, record: tuple[int, int] | None) -> tuple[Found | None, list[bytes]]:
    """What a path is, or the paths in it if it is a folder."""
    try:
        at = os.lstat(path)
    except OSError as cause:
        return Found(path, f"it cannot be looked at: {cause.strerror}"), []
    if stat.S_ISLNK(at.st_mode):
        return Found(path, "a link is not followed"), []
    if stat.S_ISDIR(at.st_mode):
        if (at.st_dev, at.st_ino) == record:
            return Found(path, "it is this record, which is not taken into itself"), []
        return _folder(path)
    if not stat.S_ISREG(at.st_mode):
        return Found(path, "it is a device, socket or pipe, not a file"), []
    return Found(path), []


def _folder(path: bytes) -> tuple[Found | None, list[bytes]]:
    try:
        return None, [os.path.join(path, name) for name in sorted(os.listdir(path))]
    except OSError as cause:
        return Found(path, f"the folder cannot be listed: {cause.strerror}"), []


def modified(handle: int) -> str:
    """The time stamp of an open file, RFC 3339 in UTC: a claim of the file system it came on."""
    moment = datetime.fromtimestamp(os.fstat(handle).st_mtime_ns / 1e9, tz=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
