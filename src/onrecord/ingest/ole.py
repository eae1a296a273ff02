"""OLE2 containers ([MS-CFB]) through olefile, with its many errors turned into two of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import olefile

from onrecord.ingest.limits import Damaged

OLE_ERRORS = (OSError, ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError)
"""What olefile raises on damaged files: it checks little before it reads."""


class _Container(olefile.OleFileIO):  # type: ignore[misc]  # olefile has no types
    """A container whose entries cost the same however many there are; olefile compares each with all others."""

    def _find(self, filename: str | Sequence[str]) -> int:
        node = self.root
        for name in filename.split("/") if isinstance(filename, str) else filename:
            known: dict[str, Any] = self._named(node)
            if name.lower() not in known:
                raise OSError("file not found")
            node = known[name.lower()]
        return int(node.sid)

    def _check_duplicate_stream(self, *_stream: object) -> None:
        """Entries may share their bytes: each is read."""

    def _named(self, node: Any) -> dict[str, Any]:
        """The entries below one, by name; of several with one name the first, as olefile has it."""
        known: dict[int, dict[str, Any]] = self.__dict__.setdefault("_known", {})
        if node.sid not in known:
            known[node.sid] = {kid.name.lower(): kid for kid in reversed(node.kids)}
        return known[node.sid]

    def leads_back(self, *path: str) -> bool:
        """Whether the chain of a stream's sectors comes back to one that it had."""
        entry = self.direntries[self._find(path)]
        table = self.minifat if entry.size < self.minisectorcutoff else self.fat
        sector, had = entry.isectStart, set()
        while sector < len(table) and sector not in had:
            had.add(sector)
            sector = table[sector]
        return sector in had


def opened(data: bytes) -> olefile.OleFileIO:
    """The container in the bytes.

    Raises:
        Damaged: its directory cannot be followed.
    """
    try:
        return _Container(data)
    except OLE_ERRORS as error:
        raise Damaged(
            "the container of an old office program cannot be read: its directory is damaged"
        ) from error


def stream(ole: olefile.OleFileIO, *path: str) -> bytes:
    """One stream's bytes.

    Raises:
        Damaged: it is absent, or its chain of sectors is broken or leads back to itself.
    """
    name = "/".join(path)
    if not ole.exists(list(path)):
        raise Damaged(f"the stream {name} is absent")
    try:
        data: bytes = ole.openstream(list(path)).read()
        back: bool = ole.leads_back(*path)
    except OLE_ERRORS as error:
        raise Damaged(f"the stream {name} cannot be read: its chain of sectors is broken") from error
    if back:
        raise Damaged(f"the stream {name} cannot be read: its chain of sectors leads back to itself")
    return data


def claims_of(ole: olefile.OleFileIO) -> tuple[tuple[str, str], ...]:
    """Author, dates and title as the container states them. Times are UTC, as [MS-OLEPS] defines them."""
    try:
        properties = ole.get_metadata()
    except OLE_ERRORS:
        return ()
    claims = []
    for name in ("title", "subject", "author", "last_saved_by", "create_time", "last_saved_time", "company"):
        value = getattr(properties, name, None)
        if value:
            text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            claims.append((name, text))
    return tuple(claims)
