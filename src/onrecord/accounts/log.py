"""The access log: who saw or took what is not public, who changed what, and when. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from onrecord.record.leaf import timestamp
from onrecord.record.stores import Session

_COLUMNS = "seq, at, who, role, act, address, what, size"


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the log.

    Attributes:
        at: RFC 3339, UTC.
        act: what was done, as a word: opened, took, entered, corrected, signed in …
        address: the page or file, within the site, without what was asked for in it; empty where there is none.
        what: ids of entries that are not public, or SHA-256 of originals.
        size: lines of the ledger at that time, so that what the address showed can be computed again.
    """

    seq: int
    at: str
    who: str
    role: str
    act: str
    address: str
    what: tuple[str, ...]
    size: int


def write(
    db: Session,
    now: datetime,
    who: str,
    role: str,
    act: str,
    address: str = "",
    what: Sequence[str] = (),
    size: int = 0,
) -> None:
    """Add a line."""
    row = db.one("select coalesce(max(seq), 0) + 1 from accesses")
    assert row is not None, "an aggregate has one row"
    line = (row[0], timestamp(now), who, role, act, address, msgspec.json.encode(what).decode(), size)
    db.do(f"insert into accesses ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)", line)  # noqa: S608 no foreign text


def read(db: Session, *, who: str = "", before: int | None = None, most: int | None = None) -> list[Access]:
    """Lines, the newest first.

    Args:
        who: only those of this name; of everybody if empty.
        before: only lines with a lower number.
        most: no more than these; all of them if None.
    """
    conditions = [("who = ?", who)] if who else []
    conditions += [("seq < ?", before)] if before is not None else []  # type: ignore[list-item]
    where = f" where {' and '.join(sql for sql, _ in conditions)}" if conditions else ""
    some = f" limit {most:d}" if most is not None else ""
    sql = f"select {_COLUMNS} from accesses{where} order by seq desc{some}"  # noqa: S608 no foreign text
    return [_access(row) for row in db.all(sql, [value for _, value in conditions])]


def _access(row: tuple[Any, ...]) -> Access:
    seq, at, who, role, act, address, what, size = row
    return Access(seq, at, who, role, act, address, msgspec.json.decode(what, type=tuple[str, ...]), size)
