"""Random records in which every piece of content carries a token of its own, and what each viewer may read of them.

:func:`readable` says it a second time, in the plainest words there are, from the batches alone: the gate is
compared with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec
from hypothesis import strategies as st

from onrecord.model import Citation, check
from onrecord.model.check import kind_of
from onrecord.model.citation import TextQuoteSelector
from onrecord.model.kinds import (
    Actor,
    Base,
    Consent,
    Correction,
    Decision,
    Event,
    Figure,
    Instrument,
    Membership,
    Name,
    Person,
    Position,
    Promise,
    Quote,
    Sealed,
    Source,
)
from onrecord.model.references import REFERENCES, targets
from onrecord.model.visibility import Visibility, may_see
from onrecord.record import Record


class Tokens:
    """Words that stand nowhere else."""

    def __init__(self) -> None:
        self._numbers = count()

    def __call__(self) -> str:
        return f"q{next(self._numbers):05d}q"


@dataclass
class Planted:
    """A record with the entries and the corrections that were accepted, in their order."""

    record: Record
    first: dict[str, Base] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)

    def add(self, entry: Base) -> None:
        """Take an entry in if a record would: a public person without consent, say, is no part of any."""
        if check.problems(entry):
            return
        if isinstance(entry, Correction):
            outcome = msgspec.structs.replace(_states(self, entry.replaces)[-1], **entry.changes)
            if check.problems(outcome) or isinstance(outcome, Correction):
                return
            self.corrections.append(entry)
        self.first[entry.id] = entry


visibilities: st.SearchStrategy[Visibility] = st.sampled_from(["private", "team", "public", "public"])


@st.composite
def planted(draw: st.DrawFn, record: Record) -> Planted:
    """Fill an empty record with entries of every kind that point to and cite one another."""
    token, made = Tokens(), Planted(record)

    def some(*kinds: str, most: int = 2) -> tuple[str, ...]:
        known = [entry.id for entry in made.first.values() if kind_of(entry) in kinds or not kinds]
        return tuple(draw(st.lists(st.sampled_from(known), unique=True, max_size=most))) if known else ()

    def one(*kinds: str) -> str:
        return draw(st.sampled_from([entry.id for entry in made.first.values() if kind_of(entry) in kinds]))

    def maybe(*kinds: str) -> str | None:
        return next(iter(some(*kinds, most=1)), None)

    def base(kind: str) -> dict[str, Any]:
        cited = some("source")
        return {
            "id": f"{kind}-{token()}",
            "visibility": draw(visibilities),
            "note": token(),
            "sealed": (Sealed(name=token(), readers=(token(),), age=token()),),
            "citations": tuple(
                Citation(source=s, supports=token(), selectors=(TextQuoteSelector(exact=token()),))
                for s in cited
            )
            or (Citation(source=one("source"), supports=token()),)
            if kind != "source"
            else (),
        }

    def consent() -> Consent | None:
        basis = draw(st.sampled_from([None, "given", "already_public", "refused"]))
        return Consent(basis=basis, by=token(), source=one("source")) if basis else None  # type: ignore[arg-type]

    makers: dict[str, Any] = {
        "source": lambda: Source(**base("source"), title=token(), publisher=token(), url=token()),
        "actor": lambda: Actor(**base("actor"), name=token(), type="state", names=(Name(text=token()),)),
        "membership": lambda: Membership(**base("membership"), actor=one("actor"), of=one("actor"), seat=token()),
        "person": lambda: Person(
            **base("person"), names=(Name(text=token()),), summary=token(), from_=token(), consent=consent()
        ),
        "event": lambda: Event(
            **base("event"), date="2020", event_kind="k", title=token(), about=some(), refs=some("event"),
            symbols=(token(),),
        ),
        "instrument": lambda: Instrument(
            **base("instrument"), title=token(), date="2020", body=token(), instrument_kind="letter",
            side="critical", list_status="complete", lead=some("actor"),
        ),
        "position": lambda: Position(
            **base("position"), instrument=one("instrument"), actor=one("actor"), act="sign"
        ),
        "promise": lambda: Promise(
            **base("promise"), promise_class="ask", made_on="2020", by=token(), what=token(), words=token(),
            kept_on="2021", kept_by=maybe("event"), blocked_by=maybe("event"),
        ),
        "figure": lambda: Figure(
            **base("figure"), value="1", unit=token(), of_what=token(), date="2020", about=some(),
            derived_from=some(),
        ),
        "quote": lambda: Quote(**base("quote"), speaker=token(), text=token(), date="2020", event=maybe("event")),
        "decision": lambda: Decision(
            **base("decision"), subject=(one(*_SUBJECTS), *some(most=1)), verdict="prefer", reason=token(),
            title=token(), prefers=maybe(*_SUBJECTS),
        ),
    }  # fmt: skip
    order = ["source", "source", "actor", "event", "person", "instrument", "position"]
    more = draw(st.lists(st.sampled_from(list(makers)), max_size=8))
    for kind in (*order, *more):
        made.add(makers[kind]())
    for _ in range(draw(st.integers(0, 5))):
        made.add(_correction(draw, made, token))
    record.enter(list(made.first.values()))  # type: ignore[arg-type]
    return made


_SUBJECTS = ("source", "actor", "event", "person", "instrument")


def _correction(draw: st.DrawFn, made: Planted, token: Tokens) -> Correction:
    target = draw(st.sampled_from(sorted(made.first)))
    changes: dict[str, Any] = {"note": token()}
    if draw(st.booleans()):
        changes["visibility"] = draw(visibilities)
    return Correction(
        id=f"correction-{token()}",
        replaces=target,
        reason=token(),
        note=token(),
        changes=changes,
        withdraw=draw(st.booleans()),
        conceal=draw(st.booleans()),
        visibility=draw(visibilities),
        citations=(
            Citation(
                source=next(e.id for e in made.first.values() if kind_of(e) == "source"), supports=token()
            ),
        ),
    )


def readable(made: Planted, clearance: Visibility) -> tuple[set[str], set[str]]:
    """The ids that a viewer may see, and every token that the viewer may read."""
    states = {entry_id: _states(made, entry_id) for entry_id in made.first}
    seen = {entry_id for entry_id in made.first if _allowed(made, states[entry_id], entry_id, clearance)}
    while lost := {e for e in seen if not set(_required(states[e][-1])) <= seen}:
        seen -= lost
    tokens: set[str] = set()
    for entry_id in seen:
        fixes = [fix for fix in made.corrections if fix.replaces == entry_id]
        for at, state in enumerate(states[entry_id]):
            concealed = any(fix.conceal for fix in fixes[at:])
            if at == len(fixes) or (_open(state, clearance) and not concealed):
                tokens |= set(_tokens(_without_hidden(state, seen, clearance)))
    return seen, tokens


def everything(made: Planted) -> set[str]:
    """Every token of the record."""
    return {word for entry in made.first.values() for word in _tokens(msgspec.to_builtins(entry))}


def _states(made: Planted, entry_id: str) -> list[Base]:
    states = [made.first[entry_id]]
    for fix in made.corrections:
        if fix.replaces == entry_id:
            states.append(msgspec.structs.replace(states[-1], **fix.changes))
    return states


def _allowed(made: Planted, states: list[Base], entry_id: str, clearance: Visibility) -> bool:
    fixes = [fix for fix in made.corrections if fix.replaces == entry_id]
    gone = bool(fixes) and fixes[-1].withdraw and any(fix.withdraw and fix.conceal for fix in fixes)
    return _open(states[-1], clearance) and not gone


def _open(state: Base, clearance: Visibility) -> bool:
    if clearance == "public" and isinstance(state, Person):
        consent = state.consent.basis if state.consent else None
        return state.visibility == "public" and consent in ("given", "already_public")
    return may_see(clearance, state.visibility)


def _required(state: Base) -> Iterator[str]:
    for reference in REFERENCES[kind_of(state)]:
        if reference.required:
            yield from targets(state, reference)


def _without_hidden(state: Base, seen: set[str], clearance: Visibility) -> dict[str, Any]:
    """An entry as plain values without citations of, and ids of, what is not seen."""
    fields = msgspec.to_builtins(state)
    fields["citations"] = [c for c in fields.get("citations", ()) if c["source"] in seen]
    for reference in REFERENCES[kind_of(state)]:
        fields[reference.field] = [t for t in targets(state, reference) if t in seen]
    if "consent" in fields:
        fields["consent"] = {
            name: value
            for name, value in fields["consent"].items()
            if not (name == "by" and clearance == "public") and not (name == "source" and value not in seen)
        }
    fields.pop("changes", None)
    fields.pop("sealed", None)
    return fields  # type: ignore[no-any-return]


def _tokens(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for part in value.values():
                yield from _tokens(part)
        case list() | tuple():
            for part in value:
                yield from _tokens(part)
        case str():
            yield from (word for word in value.split("-") if len(word) == 7 and word[0] == word[-1] == "q")
