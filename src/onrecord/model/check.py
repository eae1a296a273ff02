"""What makes an entry sound beyond its types: dates that exist, citations, consent. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from onrecord.errors import Problem
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import (
    Base,
    Correction,
    Decision,
    Figure,
    Membership,
    Person,
    Promise,
    Source,
)
from onrecord.model.references import REFERENCES, targets

NO_CITATION_NEEDED = (Source, Decision, Correction)

WITH_RULES = (Person, Promise, Membership, Figure, Correction)
"""The kinds whose fields must fit one another, each checked by a function below."""

DATE_FIELDS: dict[str, tuple[str, ...]] = {
    "source": ("published",),
    "membership": ("start", "end"),
    "person": ("born", "taken"),
    "event": ("date", "end"),
    "instrument": ("date",),
    "position": ("date",),
    "promise": ("made_on", "due", "kept_on", "broken_on", "checked"),
    "figure": ("date",),
    "quote": ("date",),
    "decision": ("decided",),
}


def kind_of(entry: Base) -> str:
    """The kind's name as written in the ledger."""
    return str(entry.__struct_config__.tag)


def problems(entry: Base) -> list[Problem]:
    """Everything wrong with an entry taken by itself, without looking at the rest of the record."""
    return [*_impossible_dates(entry), *_missing_citation(entry), *_by_kind(entry)]


def dangling(entry: Base, kind_by_id: Callable[[str], str | None]) -> Iterator[Problem]:
    """Pointers of an entry to ids that are not on record, or to an entry of the wrong kind."""
    for citation in entry.citations:
        if kind_by_id(citation.source) != "source":
            yield Problem(
                f"{entry.id} cites {citation.source!r}, which is not a source on record.",
                "Enter the source first, or in the same batch.",
                column="citations",
            )
    for reference in REFERENCES[kind_of(entry)]:
        for target in targets(entry, reference):
            found = kind_by_id(target)
            if found is None:
                yield Problem(
                    f"{entry.id} points to {target!r}, which is not on record.",
                    "Enter it first, or in the same batch, or mend the id.",
                    column=reference.field,
                )
            elif reference.kinds and found not in reference.kinds:
                yield Problem(
                    f"{entry.id} points to {target!r}, which is {_one_of((found,))}, not {_one_of(reference.kinds)}.",
                    "Mend the id.",
                    column=reference.field,
                )


def _one_of(kinds: tuple[str, ...]) -> str:
    return " or ".join(f"{'an' if kind[0] in 'aei' else 'a'} {kind}" for kind in kinds)


def _impossible_dates(entry: Base) -> Iterator[Problem]:
    for field in DATE_FIELDS.get(kind_of(entry), ()):
        text = getattr(entry, field)
        if text is None:
            continue
        try:
            PartialDate.parse(text)
        except ValueError as cause:
            yield Problem(f"{cause}.", "Write a date that exists, as precise as it is known.", column=field)


def _missing_citation(entry: Base) -> Iterator[Problem]:
    if not entry.citations and not isinstance(entry, NO_CITATION_NEEDED):
        yield Problem(
            f"{entry.id} cites no source.",
            "Name at least one source in the column 'sources' or in citations.csv.",
            column="sources",
        )


def _by_kind(entry: Base) -> Iterable[Problem]:
    match entry:
        case Person():
            return _person(entry)
        case Promise():
            return _promise(entry)
        case Membership(start=start, end=end):
            return _order(entry.id, (("start", start), ("end", end)))
        case Figure():
            return _figure(entry)
        case Correction():
            return _correction(entry)
    return ()


def _person(entry: Person) -> Iterator[Problem]:
    basis = entry.consent.basis if entry.consent else None
    if entry.visibility == "public" and basis not in ("given", "already_public"):
        yield Problem(
            f"{entry.id} is a person's case marked public without consent on record.",
            "Record the consent (who gave it, when), or the source that made the case public, or make it private.",
            column="consent",
        )
    if entry.consent and basis == "already_public" and not entry.consent.source:
        yield Problem(
            f"{entry.id} is said to be public already, but no source is named for that.",
            "Name the source that made it public.",
            column="consent.source",
        )


def _promise(entry: Promise) -> Iterator[Problem]:
    if entry.broken_on and not entry.broken_by:
        yield Problem(
            f"{entry.id} is said to be broken without evidence.",
            "Name the event that shows it in 'broken_by'.",
            column="broken_by",
        )
    if entry.kept_by and not entry.kept_on:
        yield Problem(f"{entry.id} names what kept it but not when.", "Fill in 'kept_on'.", column="kept_on")
    if entry.due and not entry.due_basis:
        yield Problem(
            f"{entry.id} has a due date without a basis.",
            "Say in 'due_basis' where the date comes from.",
            column="due_basis",
        )
    yield from _order(entry.id, (("made_on", entry.made_on), ("due", entry.due)))


def _figure(entry: Figure) -> Iterator[Problem]:
    if entry.denominator is not None and float(entry.denominator) == 0:
        yield Problem(
            f"{entry.id} has a denominator of zero.", "Leave it out or mend it.", column="denominator"
        )


def _correction(entry: Correction) -> Iterator[Problem]:
    if not entry.changes and not entry.withdraw:
        yield Problem(
            f"{entry.id} changes nothing.", "Give 'changes', or set 'withdraw' to true.", column="changes"
        )
    fixed = sorted({"id", "kind"} & set(entry.changes))
    if fixed:
        yield Problem(
            f"{entry.id} would change {' and '.join(fixed)} of {entry.replaces}.",
            "An id and a kind stay for ever: withdraw the entry and enter another.",
            column="changes",
        )


def _order(entry_id: str, dates: tuple[tuple[str, str | None], ...]) -> Iterator[Problem]:
    known = []
    for field, text in dates:
        try:
            known.append((field, PartialDate.parse(text))) if text else None
        except ValueError:
            return  # the impossible date has its own problem
    for (earlier_field, earlier), (later_field, later) in itertools.pairwise(known):
        if later.before(earlier):
            yield Problem(
                f"{entry_id}: {later_field} ({later}) lies before {earlier_field} ({earlier}).",
                "Mend one of the two dates.",
                column=later_field,
            )
