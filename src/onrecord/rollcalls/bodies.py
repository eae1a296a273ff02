"""The roll calls that a viewer may see, by body, as the tables the questions of ``votes/`` take.

The tables are derived: kept as Parquet under ``derived/rollcalls/``, made again from the originals where they are
missing. Only imports whose event and files the viewer sees are read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl

from onrecord.errors import EntryNotFound
from onrecord.record import Record, View
from onrecord.rollcalls.filing import IMPORT_KIND, key_of
from onrecord.rollcalls.joining import Tables, join
from onrecord.votes.check import FINDING
from onrecord.votes.frames import ANSWERS
from onrecord.votes.importers import import_roll_calls

FORMAT = 1
"""Raised when an importer reads more than before, so that older tables are made anew."""

STRAY = 400
"""Days after the middle of its session from which a roll call's date is taken for an error."""


@dataclass(frozen=True, slots=True)
class Body:
    """One body's roll calls.

    Attributes:
        body: its name in the source, such as unga or hrc.
        votes, rollcalls: columns as in :mod:`onrecord.votes.importers`; rcid as text.
        links: rcid1, rcid2, pairs of repeated texts, or None where no source gives them.
        imports: ids of the events that brought them.
        set_aside: roll calls that are not counted beside those of an earlier import, each with the reason
            (:func:`onrecord.rollcalls.joining.join`).
        until: the last session held where later ones are left out; None for all.
    """

    body: str
    votes: pl.DataFrame
    rollcalls: pl.DataFrame
    links: pl.DataFrame | None
    imports: tuple[str, ...]
    set_aside: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FINDING))
    until: int | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells these roll calls from others, for what is kept of them."""
        return (*self.imports, *(() if self.until is None else (f"until {self.until}",)))


def bodies(record: Record, view: View) -> dict[str, Body]:
    """The roll calls on record that the viewer sees, by body; a roll call imported twice counts once.

    Raises:
        StorageError: an original cannot be read.
    """
    parts: dict[str, list[Body]] = {}
    for part in (part for event, files in _imports(view).items() for part in _tables(record, event, files)):
        parts.setdefault(part.body, []).append(part)
    return {name: _joined(name, found) for name, found in sorted(parts.items())}


def body_named(record: Record, view: View, name: str) -> Body:
    """The roll calls of one body.

    Raises:
        EntryNotFound: none are on record, with what is and what to do.
    """
    found = bodies(record, view)
    if name not in found:
        have = f"On record: {', '.join(found)}." if found else "No roll calls are on record yet."
        raise EntryNotFound(
            f"No roll calls of {name!r} are on record. {have} Bring them with `onrecord votes import FILE…`."
        )
    return found[name]


def _imports(view: View) -> dict[str, dict[str, str]]:
    """Event id to the names and hashes of its files, for imports of which every file is seen."""
    hashes = {
        row["id"]: (row["title"], row["sha256"]) for row in view.table("source").to_dicts() if row["sha256"]
    }
    events = view.table("event").filter(pl.col("event_kind") == IMPORT_KIND)
    return {
        event["id"]: {hashes[source][1]: hashes[source][0] for source in event["about"]}
        for event in events.to_dicts()
        if event["about"]
        and event["id"].endswith(key_of([hashes[s][1] for s in event["about"] if s in hashes]))
    }


def _tables(record: Record, event: str, files: dict[str, str]) -> list[Body]:
    folder = record.folder / "derived" / "rollcalls" / f"{event.rsplit('/', 1)[-1]}-{FORMAT}"
    if not (folder / "done").exists():
        _make(record, folder, files)
    return [_load(folder, name, event) for name in sorted((folder / "done").read_text().split())]


def _make(record: Record, folder: Path, files: dict[str, str]) -> None:
    originals = {}
    for digest, name in files.items():
        with record.archive.open(digest) as stream:
            originals[name] = stream.read()
    folder.mkdir(parents=True, exist_ok=True)
    found = import_roll_calls(originals)
    for part in found:
        part.votes.with_columns(pl.col("rcid").cast(pl.String)).write_parquet(
            folder / f"{part.body}-votes.parquet"
        )
        part.rollcalls.with_columns(pl.col("rcid").cast(pl.String)).write_parquet(
            folder / f"{part.body}-rollcalls.parquet"
        )
        if part.links is not None:
            part.links.with_columns(pl.all().cast(pl.String)).write_parquet(
                folder / f"{part.body}-links.parquet"
            )
    partial = folder / "done.partial"
    partial.write_text("\n".join(part.body for part in found))
    os.replace(partial, folder / "done")


def _load(folder: Path, name: str, event: str) -> Body:
    links = folder / f"{name}-links.parquet"
    return Body(
        body=name,
        votes=pl.read_parquet(folder / f"{name}-votes.parquet"),
        rollcalls=pl.read_parquet(folder / f"{name}-rollcalls.parquet"),
        links=pl.read_parquet(links) if links.exists() else None,
        imports=(event,),
    )


def _joined(name: str, parts: list[Body]) -> Body:
    tables, set_aside = join([Tables(part.votes, part.rollcalls, part.links) for part in parts])
    imports = tuple(event for part in parts for event in part.imports)
    return Body(name, *tables, imports, set_aside)


def over_by(body: Body, when: date) -> Body | None:
    """The roll calls of the sessions that were over on a day; None where none of these divides the members.

    A session is over with its last roll call, days more than :data:`STRAY` after its middle not counted: they are errors.
    """
    days = body.rollcalls.select("session", day=pl.col("date").cast(pl.Date))
    middle = pl.col("day").cast(pl.Int32).median().over("session")
    ends = (
        days.filter(pl.col("day").cast(pl.Int32) <= middle + STRAY)
        .group_by("session")
        .agg(pl.col("day").max())
    )
    open_still = ends.filter(pl.col("day") > when)["session"]
    if open_still.is_empty():
        return body
    calls = body.rollcalls.filter(~pl.col("session").is_in(open_still.implode()))
    votes = body.votes.filter(pl.col("rcid").is_in(calls["rcid"].implode()))
    answered = votes.filter(pl.col("vote").is_in(list(ANSWERS)))
    if answered.group_by("rcid").agg(pl.col("vote").n_unique() > 1)["vote"].sum() == 0:
        return None
    return replace(body, votes=votes, rollcalls=calls, until=int(str(calls["session"].max())))
