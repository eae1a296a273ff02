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
from onrecord.rollcalls.clashes import clashes
from onrecord.rollcalls.filing import IMPORT_KIND, key_of
from onrecord.votes.frames import ANSWERS
from onrecord.votes.importers import import_roll_calls

FORMAT = 1
"""Raised when an importer reads more than before, so that older tables are made anew."""

STRAY = 400
"""Days after the middle of its session from which a roll call's date is taken for an error."""


_NONE = pl.DataFrame(schema=dict.fromkeys(("rcid", "date", "symbol", "title", "file", "row"), pl.String))


@dataclass(frozen=True, slots=True)
class Body:
    """One body's roll calls.

    Attributes:
        body: its name in the source, such as unga or hrc.
        votes, rollcalls: columns as in :mod:`onrecord.votes.importers`; rcid as text.
        links: rcid1, rcid2, pairs of repeated texts, or None where no source gives them.
        imports: ids of the events that brought them.
        clashing: roll calls left out, since an earlier import has another vote under their id
            (:func:`onrecord.rollcalls.clashes.clashes`).
        until: the last session held where later ones are left out; None for all.
    """

    body: str
    votes: pl.DataFrame
    rollcalls: pl.DataFrame
    links: pl.DataFrame | None
    imports: tuple[str, ...]
    clashing: pl.DataFrame = field(default_factory=lambda: clashes(_NONE, _NONE))
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
    if len(parts) == 1:
        return parts[0]
    links = [part.links for part in parts if part.links is not None]
    told, clashing = parts[0], []
    for part in parts[1:]:
        other = clashes(told.rollcalls, part.rollcalls)
        clashing.append(other)
        told = replace(
            told,
            votes=_with(told.votes, _without(part.votes, other), ["rcid", "iso3"]),
            rollcalls=_with(told.rollcalls, _without(part.rollcalls, other), ["rcid"]),
        )
    return Body(
        body=name,
        votes=told.votes,
        rollcalls=told.rollcalls,
        links=pl.concat(links).unique(maintain_order=True) if links else None,
        imports=tuple(event for part in parts for event in part.imports),
        clashing=pl.concat(clashing),
    )


def _without(table: pl.DataFrame, clashing: pl.DataFrame) -> pl.DataFrame:
    return table.join(clashing, on="rcid", how="anti", maintain_order="left")


def _with(told: pl.DataFrame, table: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """A table after another, rows whose key the first has left out; what one repeats within itself stays, for the checker
    to find."""
    fresh = table.join(told, on=key, how="anti", maintain_order="left")
    return pl.concat([told, fresh], how="diagonal_relaxed")


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
