"""The law of the forms: an entry shown in a form and sent back as it is says what it said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.model.check import kind_of
from onrecord.model.kinds import KINDS
from onrecord.record import Record
from onrecord.serve.guarding import Sent
from onrecord.serve.team.entries.fields import ENTERED, fields_of
from onrecord.serve.team.entries.typed import citations, plain, typed, values

from ..record.planted import Planted, planted

APART = {"id", "kind", "visibility", "sealed", "citations"}


@settings(max_examples=15)
@given(data=st.data())
def test_an_entry_sent_back_as_it_was_shown_says_what_it_said(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    made: Planted = data.draw(planted(Record.create(tmp_path_factory.mktemp("typed") / "record")))
    for entry in made.first.values():
        if kind_of(entry) == "correction":
            continue
        sent = Sent(typed(entry))  # type: ignore[arg-type]
        read, problems = values(fields_of(kind_of(entry)), sent)
        cited, bad = citations(sent)
        assert problems + bad == []
        told = plain(entry)  # type: ignore[arg-type]
        assert without_defaults(entry, read) == {name: once(told[name]) for name in told if name not in APART}
        assert cited == told.get("citations", [])


def once(value: Any) -> Any:
    """Ids that are marked in a form are marked once."""
    return list(dict.fromkeys(value)) if isinstance(value, list) and isinstance(value[0], str) else value


def without_defaults(entry: Any, read: dict[str, Any]) -> dict[str, Any]:
    """The ledger leaves out what a field is anyway; a form's choices say it."""
    default = type(entry).__struct_defaults__
    names = type(entry).__struct_encode_fields__
    known = dict(zip(names[len(names) - len(default) :], default, strict=True))
    return {name: value for name, value in read.items() if known.get(name) != value}


@pytest.mark.parametrize("kind", ENTERED)
def test_every_field_of_a_kind_is_asked(kind: str) -> None:
    asked = {field.name for field in fields_of(kind)}
    assert asked | APART - {"kind"} == set(KINDS[kind].__struct_encode_fields__)
    assert all(field.label for field in fields_of(kind))
