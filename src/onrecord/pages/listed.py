"""Every file and member that was taken in, under its whole path."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass

from onrecord.ingest.catalogue import FileRow, open_catalogue
from onrecord.record import Record


@dataclass(frozen=True, slots=True)
class Listed:
    """A file or member with its whole path, through the files that hold it, and the date it claims."""

    path: str
    row: FileRow
    date: int | None


def every_file(record: Record) -> list[Listed]:
    """Every file and member that was taken in, at each of its places."""
    with closing(open_catalogue(record)) as catalogue:
        rows = list(catalogue.files())
        dates = {digest: date for digest, _, _, date, _ in catalogue.read_files()}
    whole = _whole_paths(rows)
    return [Listed(whole(row), row, dates.get(row.sha256 or "")) for row in rows]


def _whole_paths(rows: Iterable[FileRow]) -> Callable[[FileRow], str]:
    """A function from a row to its path with those of its holders in front; the first holder is named."""
    first: dict[str, FileRow] = {}
    for row in rows:
        if row.sha256:
            first.setdefault(row.sha256, row)

    def whole(row: FileRow, depth: int = 0) -> str:
        holder = first.get(row.member_of or "")
        return f"{whole(holder, depth + 1)}/{row.path}" if holder and depth < 16 else row.path

    return whole
