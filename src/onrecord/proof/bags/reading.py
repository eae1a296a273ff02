"""Reading a bag that somebody else made: every file is checked before anything in it is believed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path, PurePosixPath

from onrecord.errors import DamageFound, InvalidInput, Problem
from onrecord.proof.bags import layout

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def check(bag: Path) -> None:
    """Compare every file with the manifests, and the manifests with every file.

    Raises:
        InvalidInput: this is no bag with SHA-256 manifests, or it names files outside itself.
        DamageFound: a file is missing, changed or not in the manifest; each is named.
    """
    if not all((bag / name).is_file() for name in ("bagit.txt", layout.MANIFEST, layout.TAG_MANIFEST)):
        remedy = "Name the folder that `onrecord export bag` made; it holds bagit.txt and two manifests."
        raise InvalidInput([Problem("There is no bag with SHA-256 manifests.", remedy, str(bag))])
    tags, payload = _manifest(bag, layout.TAG_MANIFEST), _manifest(bag, layout.MANIFEST)
    there = set(_files(bag))
    wrong = [f"{name} is missing" for name in sorted({**tags, **payload}) if name not in there]
    wrong += [
        f"{name} is in no manifest"
        for name in sorted(there - set(payload) - set(tags))
        if name != layout.TAG_MANIFEST
    ]
    wrong += [
        f"{name} is not what the manifest says"
        for name, digest in sorted({**tags, **payload}.items())
        if name in there and _sha256(bag / name) != digest
    ]
    if wrong:
        raise DamageFound(f"The bag {bag} is damaged: {'; '.join(wrong)}. Ask for it again.")


def _manifest(bag: Path, name: str) -> dict[str, str]:
    entries = {}
    for number, line in enumerate((bag / name).read_bytes().decode(errors="replace").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None or not _inside(match[2]):
            why = f"{line[:80]!r} is not a hash and a name inside the bag."
            raise InvalidInput([Problem(why, "Do not use this bag.", f"{bag}/{name}", number)])
        entries[match[2]] = match[1]
    return entries


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _files(bag: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(bag):
        for name in (*folders, *files):
            path = Path(folder, name)
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                why = "A bag holds files and folders, no links or devices."
                raise InvalidInput([Problem(why, "Do not use this bag.", str(path))])
        for name in files:
            yield Path(folder, name).relative_to(bag).as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
