"""What the index is: which state of the catalogue it shows, what it was built from, and the hash of each of its files.

``index/onrecord.json`` says so, and bears a seal over what it says. An index without one, or of another version of
the program, is made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path

import msgspec

from onrecord.record.files import write_whole

NAME = "onrecord.json"
VERSION = 2
"""Of the index's fields and of how text is cut into words; to be raised with every change to either."""

_PASSING = (".lock", ".tmp")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was written about an index when it was last changed.

    Attributes:
        changes: the state of the catalogue that it shows.
        documents: how many documents are in it.
        built_from: SHA-256 over every document's key and the stamp of what its text was made by.
        files: each file of the index with its size and SHA-256.
        seal: SHA-256 over the rest.
    """

    version: int = VERSION
    changes: int
    documents: int
    built_from: str
    files: dict[str, tuple[int, str]]
    seal: str = ""


def read(folder: Path) -> Manifest | None:
    """The manifest of an index, None where there is none that holds."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return manifest if manifest.seal == _seal(manifest) and manifest.version == VERSION else None


class Contents:
    """What an index was built from, as one hash over keys and stamps; to be taken in order of key."""

    def __init__(self) -> None:
        self.documents = 0
        self._whole = sha256()

    def take(self, key: str, stamp: str) -> None:
        """Take one document more."""
        self.documents += 1
        self._whole.update(f"{key} {stamp}\n".encode())

    def hash(self) -> str:
        """SHA-256 over all that was taken, in hexadecimal digits."""
        return self._whole.hexdigest()


def write(folder: Path, changes: int, contents: Contents, before: Manifest | None) -> Manifest:
    """Write down what an index is now; files that were there before, which tantivy never changes, keep their hash.

    Raises:
        StorageError: the disk refused.
    """
    known = before.files if before else {}
    manifest = Manifest(
        changes=changes,
        documents=contents.documents,
        built_from=contents.hash(),
        files={file.name: _described(file, known.get(file.name)) for file in files_of(folder)},
    )
    sealed = msgspec.structs.replace(manifest, seal=_seal(manifest))
    write_whole(folder / NAME, msgspec.json.format(msgspec.json.encode(sealed), indent=1))
    return sealed


def built_from(stamps: Iterable[tuple[str, str]]) -> str:
    """One hash over keys and stamps, whatever their order."""
    contents = Contents()
    for key, stamp in sorted(stamps):
        contents.take(key, stamp)
    return contents.hash()


def files_of(folder: Path) -> Iterator[Path]:
    """The files of an index, in order of name; not the manifest, nor what only lasts while somebody writes."""
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name != NAME and not file.name.endswith(_PASSING):
            yield file


def hash_of(file: Path) -> str:
    """The SHA-256 of a file's bytes now."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _described(file: Path, known: tuple[int, str] | None) -> tuple[int, str]:
    size = file.stat().st_size
    is_segment = not file.name.endswith(".json")
    return known if known and is_segment and known[0] == size else (size, hash_of(file))


def _seal(manifest: Manifest) -> str:
    return sha256(msgspec.json.encode(msgspec.structs.replace(manifest, seal=""), order="sorted")).hexdigest()
