"""Who is possibly meant by a name: people on record and names in documents, each at its place. For the record's owner alone.

Two of them can be judged to be one person, or not. What is looked for is written down nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onrecord.errors import UsageError
from onrecord.model.citation import FragmentSelector, TextQuoteSelector
from onrecord.pages import addresses
from onrecord.pages.answers.find import CARE, being_prepared, given, shortened
from onrecord.pages.blocks import Block, Prose
from onrecord.pages.evidence import Evidence
from onrecord.pages.page import Asked, Link, Page
from onrecord.pages.passage_links import passage_query
from onrecord.pages.words import plural
from onrecord.people import cluster_of, judged
from onrecord.search.named.finding import Hit, percent

_SHOWN = 20

THREAD = (Link("The record", addresses.FRONT), Link("People", addresses.PEOPLE))


@dataclass(frozen=True, slots=True)
class Named:
    """A person on record, or a name at its place in a document, and the way there."""

    id: str
    name: str
    place: str
    path: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Possible:
    """One who is possibly meant, with what speaks for and against it."""

    named: Named
    probability: str
    facts: str
    answers: tuple[str, ...]
    changes: tuple[str, ...]
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PossibleContent:
    """What ``possible_names.html`` shows; ``token`` is the secret of its form."""

    possible: tuple[Possible, ...]
    token: str
    notes: tuple[Block, ...]


def answer(evidence: Evidence, asked: Asked, _key: str) -> Page:
    """Those whose name is possibly the one asked for, the most probable first."""
    name = asked.query.get("q", "").strip()
    if not name:
        return _page(evidence, asked, "Find a person by name", _how_many(evidence), ())
    title = f"Possibly {shortened(name)}"
    try:
        hits = evidence.names.of(evidence.record).find(name, given(asked), _SHOWN)
    except UsageError as unreadable:
        return _page(evidence, asked, f"Nobody was looked for: {shortened(name)}", str(unreadable), ())
    if not hits:
        finding = "Nobody on record and no name in the documents comes near."
        return _page(evidence, asked, title, finding, (Prose((CARE,)),))
    finding = (
        f"{plural(len(hits), 'possibility', 'possibilities')}; the name comes nearest to {hits[0].name}, "
        f"{percent(hits[0].probability)}."
    )
    return _page(evidence, asked, title, finding, (Prose((CARE,)),), hits)


def named(entry_id: str, name: str, document: str | None, locator: str | None, selector: str | None) -> Named:
    """The way to a person's page, or to the place of a name in its document."""
    if document is None:
        return Named(entry_id, name, "on record", addresses.page_of("person", entry_id), {})
    place = (FragmentSelector(value=selector),) if selector else ()
    query = passage_query((*place, TextQuoteSelector(exact=name)))
    return Named(entry_id, name, locator or "in a document", f"{addresses.document(document)}#here", query)


def _how_many(evidence: Evidence) -> str:
    names = len(evidence.names.of(evidence.record))
    return f"{plural(names, 'name', 'names')} of people on record and in documents can be looked for, in any script."


def _page(
    evidence: Evidence,
    asked: Asked,
    title: str,
    finding: str,
    notes: tuple[Block, ...],
    hits: list[Hit] | None = None,
) -> Page:
    possible = tuple(_possible(asked, hit) for hit in hits or ())
    return Page(
        path=addresses.FIND,
        template="possible_names.html",
        title=title,
        finding=finding,
        thread=THREAD,
        content=PossibleContent(possible, evidence.form_token, (*notes, *being_prepared())),
        section="People",
    )


def _possible(asked: Asked, hit: Hit) -> Possible:
    about = hit.about
    judgements = judged(asked.findings.table("decision"), set(asked.findings.table("person")["id"]))
    return Possible(
        named=named(hit.id, hit.name, hit.document, hit.locator, hit.selector),
        probability=percent(hit.probability),
        facts=", ".join(filter(None, (about.born, about.sex, about.place))),
        answers=tuple(match.in_words() for match in hit.explanation.matched),
        changes=_changes(hit),
        same=tuple(other for other in cluster_of(hit.id, judgements) if other != hit.id),
    )


def _changes(hit: Hit) -> tuple[str, ...]:
    if not hit.adjustments:
        return ()
    changes = (f"{change.fact}: {change.reason} ({change.amount:+.1f})" for change in hit.adjustments)
    return (f"the name alone {percent(hit.name_probability)}", *changes)
