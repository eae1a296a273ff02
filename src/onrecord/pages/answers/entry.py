"""The page every entry has: what it says, where it is cited from, its history, its place in the ledger, its proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from onrecord.model import canonical
from onrecord.model.kinds import Actor, Entry, Event, Figure, Instrument, Person
from onrecord.model.references import REFERENCES, targets
from onrecord.pages import addresses
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.shown import Cited, cited, kind_in_words, link_to, title_of
from onrecord.proof.entries import EntryProof, prove_in
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.gate import Seen

PROOF = "proof.tlog-proof"
"""The name under which the proof is offered in the form of transparency logs (C2SP tlog-proof)."""

_SHOWN_APART = frozenset({"kind", "id", "citations", "visibility", "note", "sealed"})


@dataclass(frozen=True, slots=True)
class Change:
    """One correction in the life of an entry: when, by whom and why, and each field before and after.

    ``recorded`` (RFC 3339, UTC) and ``by`` are empty where the correction itself is not for the viewer.
    """

    recorded: str
    by: str
    reason: str
    fields: tuple[tuple[str, str, str], ...]
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class EntryContent:
    """What ``entry.html`` shows."""

    entry: Entry
    kind: str
    seen: Seen
    fields: tuple[tuple[str, str], ...]
    pointers: tuple[tuple[str, tuple[Link, ...]], ...]
    beside: tuple[Link, ...]
    mentioned: tuple[Link, ...]
    citations: tuple[Cited, ...]
    changes: tuple[Change, ...]
    proof: EntryProof
    said: Checkpoint


def answer(asked: Asked, key: str) -> Page:
    """The page of one entry.

    Raises:
        EntryNotFound: there is none that the viewer may see.
    """
    findings = asked.findings
    seen = findings.entry(key)
    entry = seen.entry
    proof = prove_in(findings.view, key)
    said = Checkpoint.parse(proof.note.text)
    title = title_of(entry, findings)
    return Page(
        path=addresses.entry(key),
        template="entry.html",
        title=title,
        finding=_finding(seen, said.size),
        thread=thread(entry, findings),
        content=EntryContent(
            entry=entry,
            kind=kind_in_words(entry),
            seen=seen,
            fields=tuple(_plain_fields(entry)),
            pointers=tuple(_pointers(entry, findings)),
            beside=tuple(_beside(entry, findings)),
            mentioned=tuple(
                link_to(other, findings) for other in dict.fromkeys(findings.mentions.get(key, ()))
            ),
            citations=cited(entry.citations, findings),
            changes=tuple(_changes(seen, findings)),
            proof=proof,
            said=said,
        ),
        documents={
            "entry.json": canonical.encode(entry),
            PROOF: str(proof).encode(),
            "proof.json": msgspec.json.encode(proof.fields()),
        },
        entries=(key,) if entry.__struct_config__.tag not in ("decision", "correction") else (),
    )


def thread(entry: Entry, findings: Findings) -> tuple[Link, ...]:
    """Where an entry hangs: person ← event ← instrument ← state, as far as it points there."""
    links = [Link("The record", addresses.FRONT)]
    for reference in REFERENCES[str(entry.__struct_config__.tag)]:
        for target in targets(entry, reference)[:3]:
            if isinstance(findings.entry(target).entry, Person | Instrument | Actor | Event):
                links.append(link_to(target, findings))
    return tuple(links)


def keys(findings: Findings) -> Iterator[str]:
    """Every entry that the viewer may see."""
    yield from sorted(findings.view.ids)


def _finding(seen: Seen, size: int) -> str:
    state = "It was withdrawn by a correction and no longer counts. " if seen.withdrawn else ""
    count = len(seen.entry.citations)
    sources = {0: "It cites no source", 1: "It rests on one source"}.get(
        count, f"It rests on {count} sources"
    )
    place = f"line {seen.seq + 1:,} of {size:,} in the ledger, recorded on {seen.recorded[:10]}"
    return f"{state}{sources}; it is {place}."


def _plain_fields(entry: Entry) -> Iterator[tuple[str, str]]:
    pointing = {reference.field for reference in REFERENCES[str(entry.__struct_config__.tag)]}
    for name, value in canonical.to_fields(entry).items():
        if name not in _SHOWN_APART | pointing:
            yield name.replace("_", " ").capitalize(), _in_words(value)


def _in_words(value: Any) -> str:
    match value:
        case str():
            return value
        case dict():
            return "; ".join(f"{key}: {_in_words(part)}" for key, part in value.items())
        case list() | tuple():
            return "; ".join(_in_words(part) for part in value)
    return str(value)


def _pointers(entry: Entry, findings: Findings) -> Iterator[tuple[str, tuple[Link, ...]]]:
    for reference in REFERENCES[str(entry.__struct_config__.tag)]:
        if found := targets(entry, reference):
            yield reference.field.replace("_", " "), tuple(link_to(target, findings) for target in found)


def _beside(entry: Entry, findings: Findings) -> Iterator[Link]:
    """Other figures that answer the same question, each with who stated it."""
    if isinstance(entry, Figure) and entry.series:
        for row in findings.table("figure").filter(series=entry.series).iter_rows(named=True):
            if row["id"] != entry.id:
                other = link_to(row["id"], findings)
                yield Link(f"{row['stated_by'] or 'Not said by whom'}: {other.label}", other.path)


def _changes(seen: Seen, findings: Findings) -> Iterator[Change]:
    for before, after in zip(seen.history, seen.history[1:], strict=False):
        old, new = canonical.to_fields(before.entry), canonical.to_fields(after.entry)
        changed = tuple(
            (name.replace("_", " "), _in_words(old.get(name, "not set")), _in_words(new.get(name, "not set")))
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        )
        assert after.correction is not None, "every state but the first comes from a correction"
        correction = after.correction
        made = findings.entry(correction.id) if findings.view.kind_of(correction.id) else None
        recorded, by = (made.recorded, made.recorded_by) if made else ("", "")
        yield Change(recorded, by, correction.reason, changed, after.withdrawn)


ROUTE = Route(addresses.ENTRIES, answer, keys)
