"""What makes an entry sound beyond its types."""

from __future__ import annotations

from typing import Any

import pytest

from onrecord.model import Citation, check
from onrecord.model.kinds import (
    KINDS,
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
    Source,
)
from onrecord.model.references import REFERENCES

CITED: dict[str, Any] = {"citations": (Citation(source="S"),)}
A_PERSON: dict[str, Any] = {"id": "C", "names": (Name(text="A name"),), "summary": "taken", **CITED}
A_PROMISE: dict[str, Any] = {"id": "P", "promise_class": "promise", "by": "b", "what": "w", **CITED}
A_FIGURE: dict[str, Any] = {"id": "F", "value": "1", "unit": "u", "of_what": "w", "date": "2018", **CITED}

UNSOUND = [
    (Event(id="E", date="2018", event_kind="k", title="t"), "cites no source", "sources"),
    (
        Event(id="E", date="2018-02-30", event_kind="k", title="t", **CITED),
        "not a day that a calendar has",
        "date",
    ),
    (Source(id="S", title="t", published="2018-13"), "not a day that a calendar has", "published"),
    (Quote(id="Q", speaker="s", text="t", date="2018-00", **CITED), "not a day", "date"),
    (Person(**A_PERSON, visibility="public"), "public without consent", "consent"),
    (Person(**A_PERSON, visibility="public", consent=Consent(basis="refused")), "without consent", "consent"),
    (Person(**A_PERSON, consent=Consent(basis="already_public")), "no source is named", "consent.source"),
    (Promise(**A_PROMISE, made_on="2020", broken_on="2021"), "broken without evidence", "broken_by"),
    (Promise(**A_PROMISE, made_on="2020", kept_by="E"), "what kept it but not when", "kept_on"),
    (Promise(**A_PROMISE, made_on="2020", due="2021"), "due date without a basis", "due_basis"),
    (Promise(**A_PROMISE, made_on="2020-06", due="2020-05", due_basis="b"), "lies before", "due"),
    (Membership(id="M", actor="A", of="B", start="2020", end="2019", **CITED), "lies before", "end"),
    (Figure(**A_FIGURE, denominator="0.00"), "denominator of zero", "denominator"),
    (Correction(id="X", replaces="E", reason="r"), "changes nothing", "changes"),
    (Correction(id="X", replaces="E", reason="r", changes={"id": "F"}), "would change id", "changes"),
    (
        Correction(id="X", replaces="E", reason="r", changes={"kind": "event", "id": "F"}),
        "id and kind",
        "changes",
    ),
]


@pytest.mark.parametrize(("entry", "message", "column"), UNSOUND)
def test_an_unsound_entry_is_told_with_its_column_and_remedy(entry: Base, message: str, column: str) -> None:
    [problem] = check.problems(entry)
    assert message in problem.message
    assert problem.column == column
    assert problem.remedy.endswith(".")


SOUND = [
    Source(id="S", title="t"),
    Decision(id="D", subject=("A",), verdict="same", reason="r"),
    Correction(id="X", replaces="E", reason="r", withdraw=True),
    Person(**A_PERSON),
    Person(**A_PERSON, visibility="public", consent=Consent(basis="given", by="the family")),
    Person(**A_PERSON, visibility="public", consent=Consent(basis="already_public", source="S")),
    Promise(**A_PROMISE, made_on="2020-06-15", due="2020-06", due_basis="within the month"),
    Promise(**A_PROMISE, made_on="2020", broken_on="2021", broken_by="E"),
    Membership(id="M", actor="A", of="B", end="2019", **CITED),
    Figure(**A_FIGURE, denominator="0.1"),
]


@pytest.mark.parametrize("entry", SOUND, ids=lambda entry: f"{check.kind_of(entry)} {entry.id}")
def test_a_sound_entry_has_no_problems(entry: Base) -> None:
    assert check.problems(entry) == []


KNOWN = {"S": "source", "T": "instrument", "AAA": "actor", "E": "event"}
POSITION: dict[str, Any] = {"id": "T/AAA/sign", "instrument": "T", "actor": "AAA", "act": "sign", **CITED}


@pytest.mark.parametrize(
    ("entry", "message", "column"),
    [
        (Position(**{**POSITION, "citations": (Citation(source="S9"),)}), "'S9', which is not a source", "citations"),
        (Position(**{**POSITION, "citations": (Citation(source="E"),)}), "'E', which is not a source", "citations"),
        (Position(**{**POSITION, "actor": "BBB"}), "'BBB', which is not on record", "actor"),
        (Position(**{**POSITION, "instrument": "E"}), "'E', which is an event, not an instrument", "instrument"),
        (Decision(id="D", subject=("E", "X"), verdict="same", reason="r"), "'X', which is not on record", "subject"),
        (
            Instrument(id="T2", title="t", date="2020", body="b", instrument_kind="letter", side="critical",
                       list_status="partial", lead=("AAA", "E"), **CITED),
            "'E', which is an event, not an actor", "lead",
        ),
    ],
)  # fmt: skip
def test_a_pointer_that_leads_nowhere_or_to_another_kind_is_told(
    entry: Base, message: str, column: str
) -> None:
    [problem] = check.dangling(entry, KNOWN.get)
    assert message in problem.message
    assert problem.column == column


def test_pointers_that_hold_are_no_problem() -> None:
    assert list(check.dangling(Position(**POSITION), KNOWN.get)) == []


def test_every_field_named_for_checking_is_a_field_of_its_kind() -> None:
    for kind, cls in KINDS.items():
        fields = set(cls.__struct_fields__)
        assert set(check.DATE_FIELDS.get(kind, ())) <= fields
        assert {reference.field for reference in REFERENCES[kind]} <= fields


def test_every_date_of_every_kind_is_checked() -> None:
    for kind, cls in KINDS.items():
        dated = {name for name, hint in cls.__annotations__.items() if "DateText" in str(hint)}
        assert dated == set(check.DATE_FIELDS.get(kind, ()))
