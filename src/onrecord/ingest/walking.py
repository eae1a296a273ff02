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
    """A path as bytes; why it is not taken in, or empty; what could not be done with it (tried) and why (cause)."""

    path: bytes
    refused: str = ""
    tried: str = ""
    cause: OSError | None = None

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
        named = os.path.abspath(os.fsencode(start))
        if _within(named, own):
            yield Found(named, "it is part of this record, which is not taken into itself")
            continue
        waiting = [named]  # no recursion: folders may nest a thousand deep
        while waiting:
            path = waiting.pop()
            found, inside = _looked_at(path, own)
            if found is not None:
                yield found
            waiting += reversed(inside)


def below(path: str, starts: Iterable[Path]) -> bool:
    """Whether a path, as :attr:`Found.shown` has it, is one of these or lies below one."""
    named = [Found(os.path.abspath(os.fsencode(start))).shown for start in starts]
    return any(path == start or path.startswith(f"{start.rstrip('/')}/") for start in named)


def _identity(folder: Path | bytes) -> tuple[int, int] | None:
    try:
        at = os.stat(folder)
    except OSError:
        return None
    return at.st_dev, at.st_ino


def _within(path: bytes, record: tuple[int, int] | None) -> bool:
    """Whether a path lies somewhere in the record's folder, links followed."""
    above = os.path.dirname(os.path.realpath(path))
    while record is not None and _identity(above) != record:
        if above == os.path.dirname(above):
            return False
        above = os.path.dirname(above)
    return record is not None


def _looked_at(path: bytes, record: tuple[int, int] | None) -> tuple[Found | None, list[bytes]]:
    """What a path is, or the paths in it if it is a folder."""
    try:
        at = os.lstat(path)
    except OSError as cause:
        return Found(path, tried="looked at", cause=cause), []
    if stat.S_ISLNK(at.st_mode):
        return Found(path, "a link is not followed; add what it leads to"), []
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
        return Found(path, tried="listed as a folder", cause=cause), []


def modified(handle: int) -> str:
    """The time stamp of an open file, RFC 3339 in UTC: a claim of the file system it came on."""
    moment = datetime.fromtimestamp(os.fstat(handle).st_mtime_ns / 1e9, tz=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
