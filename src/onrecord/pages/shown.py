"""Entries as pages show them: titles, citations with their place in the source, disagreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from onrecord.model.citation import Citation, locator_in_words
from onrecord.model.kinds import (
    Actor,
    Base,
    Correction,
    Decision,
    Entry,
    Event,
    Figure,
    Instrument,
    Membership,
    Person,
    Position,
    Promise,
    Quote,
    Source,
)
from onrecord.pages import addresses
from onrecord.pages.findings import Findings
from onrecord.pages.page import Link
from onrecord.pages.passage_links import passage_query

ACT_WORDS = {
    "sign": "signed",
    "join_late": "joined later",
    "withdraw": "withdrew",
    "yes": "voted yes",
    "no": "voted no",
    "abstain": "abstained",
    "absent": "was absent",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation for a reader: the source, what it shows, the place in it, and whether the original is kept.

    ``document`` is the page of the original and ``passage`` the parameters that lead to the place there; None where
    this reader is not shown documents.
    """

    source: Source
    supports: str | None
    place: str | None
    disputes: bool
    path: str
    proved: bool
    document: str | None = None
    passage: Mapping[str, str] = field(default_factory=dict)


def cited(citations: Iterable[Citation], findings: Findings) -> tuple[Cited, ...]:
    """Citations of an entry as the viewer sees it, in the entry's order."""
    return tuple(_cited(citation, findings) for citation in citations)


def _cited(citation: Citation, findings: Findings) -> Cited:
    source = findings.source(citation.source)
    shown = source.sha256 in findings.documents
    return Cited(
        source=source,
        supports=citation.supports,
        place=locator_in_words(citation),
        disputes=citation.stance == "disputes",
        path=addresses.page_of("source", source.id),
        proved=source.sha256 is not None,
        document=f"{addresses.document(source.sha256)}#here" if shown and source.sha256 else None,
        passage=passage_query(citation.selectors) if shown else {},
    )


def title_of(entry: Entry, findings: Findings) -> str:
    """What an entry says, in one line."""
    match entry:
        case Source(title=title) | Event(title=title) | Instrument(title=title):
            return title
        case Actor(name=name):
            return name
        case Person(names=names):
            return names[0].text
        case Promise(by=by, what=what):
            return f"{by}: {what}"
        case Position(actor=actor, act=act, instrument=instrument):
            return f"{findings.name_of(actor)} {ACT_WORDS[act]}: {label_of(instrument, findings)}"
        case Membership(actor=actor, of=of):
            return f"{findings.name_of(actor)}: member of {findings.name_of(of)}"
        case Figure(qualifier=qualifier, value=value, unit=unit, of_what=of_what):
            return f"{qualifier + ' ' if qualifier else ''}{value} {unit}: {of_what}"
        case Quote(speaker=speaker, text=text):
            return f"{speaker}: “{text}”"
        case Decision(title=title, verdict=verdict):
            return title or f"Decision: {verdict.replace('_', ' ')}"
        case Correction(replaces=replaces):
            return f"Correction of {replaces}"


def label_of(entry_id: str, findings: Findings) -> str:
    """The title of an entry by its id; the id itself where the viewer does not see the entry."""
    kind = findings.view.kind_of(entry_id)
    return title_of(findings.entry(entry_id).entry, findings) if kind else entry_id


def link_to(entry_id: str, findings: Findings) -> Link:
    """The page that tells most about an entry, under its title."""
    kind = findings.view.kind_of(entry_id)
    assert kind is not None, "only entries that are seen are linked"
    return Link(label_of(entry_id, findings), page_path(entry_id, kind, findings))


def page_path(entry_id: str, kind: str, findings: Findings) -> str:
    """Where the page of an entry lies; states have their own."""
    actor = findings.rows("actor").get(entry_id) if kind == "actor" else None
    if actor and actor["type"] in (
        "state",
        "observer",
    ):  # one that was withdrawn has no page among the states
        return addresses.state(entry_id)
    return addresses.page_of(kind, entry_id)


def kind_in_words(entry: Base) -> str:
    """The kind of an entry as a heading."""
    return str(entry.__struct_config__.tag).capitalize()
