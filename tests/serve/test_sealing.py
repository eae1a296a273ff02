"""A text typed for named readers alone: sealed at once, in clear nowhere, and never sent back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from onrecord.record import KEEPER, Record
from onrecord.record.sealing import new_key, unseal

from ..making import source
from .team import Team, enter, problems, team, words
from .test_entering import EVENT, entry_id

SECRET = "the neighbour at number 7 saw it"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Team]:
    """A record with two readers to seal for."""
    made = Record.create(tmp_path / "record", title="A record")
    keys = "\n".join(f'{name} = "{new_key(tmp_path / name)}"' for name in ("lawyer", "doctor"))
    toml = made.folder / "record.toml"
    toml.write_text(f"{toml.read_text()}\n[readers]\n{keys}\n")
    record = Record(made.folder)
    record.enter([source(visibility="public", title="The newspaper")])
    with team(record) as served:
        yield served


@pytest.fixture
def editor(desk: Team) -> httpx.Client:
    return desk.signed_in("Emil", "editor")


TYPED = {"sealed.name": "witness", "sealed.text": SECRET, "sealed.for.lawyer": "yes"}


def test_what_was_typed_is_opened_by_its_reader_alone_and_is_in_clear_nowhere(
    desk: Team, editor: httpx.Client, tmp_path: Path
) -> None:
    made = entry_id(enter(editor, "event", {**EVENT, **TYPED}))
    (sealed,) = desk.record.as_seen_by(KEEPER).entry(made).entry.sealed
    assert (sealed.name, sealed.readers) == ("witness", ("lawyer",))
    assert unseal(sealed, tmp_path / "lawyer") == SECRET
    desk.record.rebuild()
    everything = b"".join(path.read_bytes() for path in desk.record.folder.rglob("*") if path.is_file())
    assert SECRET.encode() not in everything
    for client in (editor, desk.signed_in("Olga", "owner"), desk.signed_in("Rosa", "reader")):
        for path in (f"entries/{made}/", f"correct/{made}/", "data/event.csv", "account/"):
            assert SECRET not in words(client.get(path))


def test_for_nobody_in_particular_means_for_all_readers(desk: Team, editor: httpx.Client) -> None:
    made = entry_id(enter(editor, "event", {**EVENT, "sealed.name": "contact", "sealed.text": SECRET}))
    assert desk.record.as_seen_by(KEEPER).entry(made).entry.sealed[0].readers == ("lawyer", "doctor")


def test_with_a_fault_elsewhere_it_is_not_sent_back_and_cannot_be_forgotten(editor: httpx.Client) -> None:
    answer = enter(editor, "event", {**EVENT, **TYPED, "date": "yesterday"})
    assert answer.status_code == 400
    assert SECRET not in words(answer)
    assert "What you typed was not kept: type it again." in words(answer)
    again = enter(editor, "event", {**EVENT, "sealed.name": "witness", "sealed.text": " "})
    assert (again.status_code, set(problems(again))) == (400, {"sealed-text"})


def test_looking_for_a_source_does_not_send_it_back_either(editor: httpx.Client) -> None:
    from .team import fill

    answer = fill(editor, editor.get("enter/event/"), "entry", {**EVENT, **TYPED}, act="find")
    assert SECRET not in words(answer)


def test_what_is_sealed_needs_a_word_for_it(editor: httpx.Client) -> None:
    answer = enter(editor, "event", {**EVENT, "sealed.text": SECRET})
    assert (answer.status_code, set(problems(answer))) == (400, {"sealed-name"})
    assert SECRET not in words(answer)


def test_a_record_without_readers_asks_for_nothing_to_be_sealed(tmp_path: Path) -> None:
    record = Record.create(tmp_path / "bare", title="A record")
    record.enter([source(visibility="public", title="The newspaper")])
    with team(record) as served:
        client = served.signed_in("Emil", "editor")
        assert "sealed." not in client.get("enter/event/").text
        answer = enter(client, "event", {**EVENT, **TYPED})
        assert answer.status_code == 400
        assert SECRET not in words(answer)
