"""A names index kept in a file beside a list of names that grows at its end."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from onrecord.errors import StorageError
from onrecord.names import Index, IndexFileError
from onrecord.record.files import write_whole


class Chunk(msgspec.Struct, frozen=True):
    """A run of names: a stamp that changes with them, and how to get them."""

    stamp: str
    names: Callable[[], Sequence[str]]


def kept_index(path: Path, chunks: Sequence[Chunk]) -> Index:
    """The index over the names of all chunks, in their order.

    What the file has of them is taken from it, the rest is added and the file written anew, as it is where the tables
    of names have changed since. A file that is damaged, or holds other names, is made again from nothing.

    Raises:
        StorageError: the file cannot be written.
    """
    with alone(path.with_suffix(".lock")):
        wanted = [chunk.stamp for chunk in chunks]
        index, held = _load(path)
        if held != wanted[: len(held)]:
            index, held = Index.build(()), []
        if held == wanted and path.exists() and not index.renewed:
            return index
        names = [name for chunk in chunks[len(held) :] for name in chunk.names()]
        grown = index.add(names) if held else Index.build(names)
        _save(grown, path, wanted)
        return grown


def _load(path: Path) -> tuple[Index, list[str]]:
    try:
        held = msgspec.json.decode(_stamps(path).read_bytes(), type=list[str])
        return Index.load(path), held
    except (OSError, ValueError, IndexFileError):  # what is not even UTF-8 is no DecodeError of msgspec
        return Index.build(()), []


def _save(index: Index, path: Path, stamps: list[str]) -> None:
    """The stamps go first and come last: names without stamps are never relied on."""
    _stamps(path).unlink(missing_ok=True)
    index.save(path)
    write_whole(_stamps(path), msgspec.json.encode(stamps))


def _stamps(path: Path) -> Path:
    return path.with_suffix(".json")


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """The right to write beside a lock file, held by one process at a time; its folder is made where it is missing.

    Raises:
        StorageError: the disk refused.
    """
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        with lock.open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except OSError as cause:
        raise StorageError(
            f"{lock.parent} could not be written: {cause.strerror or cause}. It is derived: free some space or mend the "
            "disk and ask again."
        ) from cause
