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
    for path in paths:
        yield from _below(os.path.abspath(os.fsencode(path)), os.path.realpath(os.fsencode(record)))


def _below(path: bytes, record: bytes) -> Iterator[Found]:
    try:
        mode = os.lstat(path).st_mode
    except OSError as cause:
        yield Found(path, f"it cannot be looked at: {cause.strerror}")
        return
    if stat.S_ISLNK(mode):
        yield Found(path, "a link is not followed")
    elif stat.S_ISDIR(mode):
        yield from _folder(path, record)
    elif not stat.S_ISREG(mode):
        yield Found(path, "it is a device, socket or pipe, not a file")
    else:
        yield Found(path)


def _folder(path: bytes, record: bytes) -> Iterator[Found]:
    if os.path.realpath(path) == record:
        yield Found(path, "it is this record, which is not taken into itself")
        return
    try:
        names = sorted(os.listdir(path))
    except OSError as cause:
        yield Found(path, f"the folder cannot be listed: {cause.strerror}")
        return
    for name in names:
        yield from _below(os.path.join(path, name), record)


def modified(handle: int) -> str:
    """The time stamp of an open file, RFC 3339 in UTC: a claim of the file system it came on."""
    moment = datetime.fromtimestamp(os.fstat(handle).st_mtime_ns / 1e9, tz=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
