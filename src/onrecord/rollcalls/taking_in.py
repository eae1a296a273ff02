"""Putting files of roll calls on record: the bytes in the archive, a source for each, an event that binds them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from onrecord.errors import InvalidInput, Problem
from onrecord.model import Citation, Visibility
from onrecord.model.kinds import Entry, Event, Source
from onrecord.record import KEEPER, Record
from onrecord.rollcalls.bodies import bodies
from onrecord.rollcalls.filing import IMPORT_KIND, key_of, source_id
from onrecord.rollcalls.same_votes import clashes
from onrecord.votes.importers import import_roll_calls
from onrecord.votes.importers.format import Imported

TOOL = "onrecord votes import"


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import brought: the id of its event, and for each body how many roll calls and answers."""

    event: str
    new: bool
    counts: tuple[tuple[str, str, int, int], ...]
    """Body, format, roll calls, answers."""


def take_in(
    record: Record, paths: Iterable[Path], *, by: str | None = None, visibility: Visibility = "private"
) -> Taken:
    """Import files that belong together (answers, roll calls, repeated texts), all of them or none.

    Everything is read and checked before anything is kept. The same files a second time add nothing.

    Raises:
        InvalidInput: a file cannot be read or is in no known format, or a roll call has the id of another vote on
            record; nothing was changed.
        StorageError: archive or ledger could not keep them.
    """
    files = {path.name: _read(path) for path in sorted(paths)}
    found = import_roll_calls(files)
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    event_id = f"rollcalls/{key_of(list(digests.values()))}"
    counts = tuple((part.body, part.format, part.rollcalls.height, part.votes.height) for part in found)
    with record.ledger.reading() as reader:
        if reader.find(event_id):
            return Taken(event_id, new=False, counts=counts)
    _refuse_clashes(record, found)
    for name, data in files.items():
        if digests[name] not in record.archive:
            record.keep(io.BytesIO(data), tool=TOOL, by=by, path=name)
    record.enter(_entries(record, event_id, digests, found, visibility), by=by)
    return Taken(event_id, new=True, counts=counts)


def _refuse_clashes(record: Record, found: list[Imported]) -> None:
    """Refuse an id that stands for another vote on record.

    Raises:
        InvalidInput: naming each such roll call with its file and row, and the vote that has its id.
    """
    known = bodies(record, record.as_seen_by(KEEPER))
    remedy = "Give the roll calls of this file ids of their own, or name the body otherwise."
    problems = [
        Problem(
            f"roll call {row['rcid']} of {row['date']} has the id of another vote on record, {row['detail']}.",
            remedy,
            file=row["file"],
            row=row["row"],
        )
        for part in found
        if part.body in known
        for row in clashes(known[part.body].rollcalls, part.rollcalls).to_dicts()
    ]
    if problems:
        raise InvalidInput(problems)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        raise InvalidInput(
            [Problem(f"The file cannot be read: {cause.strerror}.", "Mend the path.", str(path))]
        ) from cause


def _entries(
    record: Record, event_id: str, digests: dict[str, str], found: list[Imported], visibility: Visibility
) -> list[Entry]:
    with record.ledger.reading() as reader:
        new = {name: digest for name, digest in digests.items() if reader.find(source_id(digest)) is None}
    sources: list[Entry] = [
        Source(id=source_id(digest), title=name, sha256=digest, visibility=visibility)
        for name, digest in new.items()
    ]
    cited = tuple(Citation(source=source_id(digest), supports=name) for name, digest in digests.items())
    bodies = ", ".join(sorted({part.body for part in found}))
    event = Event(
        id=event_id,
        event_kind=IMPORT_KIND,
        title=f"Roll calls of {bodies} are imported",
        date=record.clock().date().isoformat(),
        citations=cited,
        about=tuple(citation.source for citation in cited),
        visibility=visibility,
    )
    return [*sources, event]
