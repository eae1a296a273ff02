"""The gate: no byte of what is not for a viewer leaves the record by any of its ways out."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import EntryNotFound
from onrecord.model import Citation
from onrecord.model.kinds import KINDS, Base, Consent, Correction, Decision, Entry, Event, Name, Person
from onrecord.model.visibility import Visibility
from onrecord.record import KEEPER, PUBLIC, Record, View, Viewer, merkle
from onrecord.record.allowed import Allowed
from onrecord.record.gate import Seen

from ..making import act, event, source, state, text
from .planted import Planted, everything, planted, readable

TEAM = Viewer("a colleague", "team")


def all_that_leaves(view: View, ids: set[str]) -> str:
    """Every word that a viewer can get out of a view, by any of its doors."""
    words = [table_words(view, kind) for kind in KINDS]
    for entry_id in ids:
        try:
            words.append(repr(view.entry(entry_id)))
            proof = view.proof(entry_id)
            words.append((proof.data or b"").decode())
        except EntryNotFound:
            assert entry_id not in view.ids
    return "\n".join([*words, *view.ids, *filter(None, map(view.kind_of, ids))])


def table_words(view: View, kind: str) -> str:
    return json.dumps(view.table(kind).to_dicts(), default=str, ensure_ascii=False)


@settings(max_examples=30)
@given(data=st.data(), clearance=st.sampled_from(["public", "public", "team"]))
def test_nothing_that_a_viewer_may_not_read_leaves_the_record(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, clearance: Visibility
) -> None:
    nothing_leaves(tmp_path_factory, data, clearance)


@pytest.mark.slow
@settings(max_examples=1000)
@given(data=st.data(), clearance=st.sampled_from(["public", "public", "team"]))
def test_nothing_that_a_viewer_may_not_read_leaves_any_of_a_thousand_records(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, clearance: Visibility
) -> None:
    nothing_leaves(tmp_path_factory, data, clearance)


def nothing_leaves(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, clearance: Visibility
) -> None:
    """Compare what leaves a random record with what the plain rules of planted.py allow."""
    made: Planted = data.draw(planted(Record.create(tmp_path_factory.mktemp("gate") / "record")))
    ids, tokens = readable(made, clearance)
    view = made.record.as_seen_by(Viewer("somebody", clearance))
    assert view.ids == ids
    allowed = Allowed(made.record.ledger, made.record.views, view.viewer, view.state.size)
    alone = {entry_id for entry_id in made.first if allowed.hanging_together(entry_id)}
    assert alone == ids, "entries asked one by one are those seen when all are asked at once"
    left = set(re.findall(r"q\d{5}q", all_that_leaves(view, set(made.first))))
    assert left <= tokens
    assert {word for word in left if word in everything(made)} == left
    current = {word for entry_id in ids for word in re.findall(r"q\d{5}q", entry_id)}
    assert current <= left, "what may be seen is seen"


@settings(max_examples=15)
@given(data=st.data())
def test_a_keeper_sees_everything(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    made: Planted = data.draw(planted(Record.create(tmp_path_factory.mktemp("gate") / "record")))
    view = made.record.as_seen_by(KEEPER)
    assert view.ids == set(made.first)
    left = set(re.findall(r"q\d{5}q", all_that_leaves(view, set(made.first))))
    assert left == everything(made)


def enter(record: Record, *entries: Base) -> None:
    record.enter(list(entries))  # type: ignore[arg-type]


def fix(replaces: str, number: int = 0, **fields: Any) -> Correction:
    return Correction(
        id=f"X{number}", replaces=replaces, reason="a slip", **{"visibility": "public", **fields}
    )


def shared(entry: Base, **fields: Any) -> Base:
    return msgspec.structs.replace(entry, visibility="public", **fields)


def titles(seen: Seen) -> list[str]:
    """The title in every state of an event that is shown."""
    found = []
    for version in seen.history:
        assert isinstance(version.entry, Event)
        found.append(version.entry.title)
    return found


def test_what_is_private_and_what_is_not_there_are_not_told_apart(empty: Record) -> None:
    enter(empty, source("hidden"))
    view = empty.as_seen_by(PUBLIC)
    told = []
    for entry_id in ("hidden", "absent"):
        with pytest.raises(EntryNotFound) as caught:
            view.entry(entry_id)
        with pytest.raises(EntryNotFound):
            view.proof(entry_id)
        told.append(str(caught.value).replace(entry_id, "…"))
        assert view.kind_of(entry_id) is None
    assert told[0] == told[1]


def test_a_position_goes_with_its_instrument_and_a_decision_with_its_subjects(empty: Record) -> None:
    decision = Decision(id="D", subject=("T/AAA/sign",), verdict="sound", reason="r", visibility="public")
    enter(empty, shared(source()), text("T", "2020"), shared(state("AAA")), shared(act("T", "AAA")), decision)
    assert empty.as_seen_by(PUBLIC).ids == {"S", "AAA"}
    enter(empty, fix("T", changes={"visibility": "public"}))
    assert empty.as_seen_by(PUBLIC).ids == {"S", "AAA", "T", "T/AAA/sign", "D", "X0"}


def test_citations_that_are_withheld_are_counted(empty: Record) -> None:
    cited = (Citation(source="S"), Citation(source="S2", supports="secret"))
    enter(empty, shared(source()), source("S2"), shared(event(citations=cited)))
    seen = empty.as_seen_by(PUBLIC).entry("E")
    assert (seen.entry.citations, seen.withheld) == ((Citation(source="S"),), 1)
    assert empty.as_seen_by(PUBLIC).proof("E").data is None
    assert empty.as_seen_by(KEEPER).entry("E").withheld == 0


PERSON: dict[str, Any] = {"id": "C", "names": (Name(text="A name"),), "summary": "taken",
                          "citations": (Citation(source="S"),), "visibility": "public"}  # fmt: skip


def test_who_gave_consent_is_not_for_the_public(empty: Record) -> None:
    enter(empty, shared(source()), Person(**PERSON, consent=Consent(basis="given", by="her sister in Bursa")))
    public, team = empty.as_seen_by(PUBLIC), empty.as_seen_by(TEAM)
    assert "Bursa" not in table_words(public, "person") + repr(public.entry("C"))
    assert public.proof("C").data is None
    assert "Bursa" in table_words(team, "person")


def test_consent_taken_back_closes_the_case_and_its_history(empty: Record) -> None:
    enter(empty, shared(source()), Person(**PERSON, consent=Consent(basis="given")))
    assert "C" in empty.as_seen_by(PUBLIC).ids
    enter(empty, fix("C", changes={"consent": {"basis": "refused"}, "visibility": "team"}))
    assert "C" not in empty.as_seen_by(PUBLIC).ids
    assert "X0" not in empty.as_seen_by(PUBLIC).ids
    assert "C" in empty.as_seen_by(TEAM).ids


def test_a_withdrawn_entry_is_in_no_table_but_can_still_be_looked_up(empty: Record) -> None:
    enter(empty, shared(source()), shared(event()), fix("E", withdraw=True))
    view = empty.as_seen_by(PUBLIC)
    assert view.table("event").is_empty()
    assert view.entry("E").withdrawn


def test_an_entry_withdrawn_and_concealed_is_for_keepers_alone(empty: Record) -> None:
    enter(
        empty, shared(source()), shared(event(title="Where she hides")), fix("E", withdraw=True, conceal=True)
    )
    for viewer in (PUBLIC, TEAM):
        assert "E" not in empty.as_seen_by(viewer).ids
    assert empty.as_seen_by(KEEPER).entry("E").withdrawn


def test_concealed_wording_is_shown_to_keepers_alone(empty: Record) -> None:
    enter(empty, shared(source()), shared(event(title="At her sister's in Bursa")))
    enter(empty, fix("E", changes={"title": "Abroad"}, conceal=True))
    public, keeper = empty.as_seen_by(PUBLIC).entry("E"), empty.as_seen_by(KEEPER).entry("E")
    assert titles(public) == ["Abroad"]
    assert public.hidden_history == 1
    assert empty.as_seen_by(PUBLIC).proof("E").data is None
    assert len(keeper.history) == 2
    assert keeper.hidden_history == 0


def test_the_reason_of_a_hidden_correction_is_not_shown(empty: Record) -> None:
    enter(empty, shared(source()), shared(event()))
    enter(empty, fix("E", changes={"title": "Better"}, visibility="private"))
    seen = empty.as_seen_by(PUBLIC).entry("E")
    assert seen.history[-1].correction is not None
    assert (seen.history[-1].correction.id, seen.history[-1].correction.reason) == (
        "withheld",
        "The reason is not public.",
    )


def test_a_view_shows_one_state_and_nothing_that_was_hidden_since(empty: Record) -> None:
    enter(empty, shared(source()), shared(event("E1")), event("E2", title="secret"))
    view = empty.as_seen_by(PUBLIC)
    assert view.ids == {"S", "E1"}
    enter(empty, fix("E1", 1, changes={"visibility": "private", "title": "now secret"}))
    enter(empty, fix("E2", 2, changes={"visibility": "public", "title": "now open"}), shared(event("E3")))
    empty.views.refresh()
    assert table_words(view, "event") == "[]"
    assert titles(view.entry("E1")) == ["Event E1"]
    late = View(empty.ledger, empty.views, empty.description, PUBLIC)
    assert late.ids == {"S", "E2", "E3", "X2"}


def test_a_view_made_before_an_entry_was_opened_does_not_show_what_it_was(empty: Record) -> None:
    enter(empty, shared(source()), event(title="secret"))
    view = empty.as_seen_by(PUBLIC)
    enter(empty, fix("E", changes={"visibility": "public", "title": "open"}))
    empty.views.refresh()
    with pytest.raises(EntryNotFound):
        view.entry("E")


def test_what_an_entry_said_while_it_was_private_stays_private(empty: Record) -> None:
    enter(empty, shared(source()), event(title="secret"))
    enter(empty, fix("E", changes={"visibility": "public", "title": "open"}))
    seen = empty.as_seen_by(PUBLIC).entry("E")
    assert (titles(seen), seen.hidden_history) == (["open"], 1)
    assert empty.as_seen_by(PUBLIC).proof("E").data is None


def test_a_proof_can_be_checked_by_anybody(empty: Record) -> None:
    enter(empty, shared(source()), shared(event()), source("hidden"))
    view = empty.as_seen_by(PUBLIC)
    for entry_id in view.ids:
        proof = view.proof(entry_id)
        assert proof.data is not None
        assert merkle.leaf_hash(proof.data) == proof.leaf_hash
        assert merkle.verify_inclusion(proof.leaf_hash, proof.seq, proof.size, proof.path, proof.root)


def test_an_entry_is_seen_with_its_place_and_its_recorder(empty: Record) -> None:
    empty.enter([shared(source())], by="A. Keeper")  # type: ignore[list-item]
    seen = empty.as_seen_by(PUBLIC).entry("S")
    assert (seen.seq, seen.recorded_by, seen.withdrawn, seen.withheld) == (0, "A. Keeper", False, 0)
    assert isinstance(seen.entry, Entry)
    assert [version.entry for version in seen.history] == [seen.entry]


@pytest.mark.parametrize("kind", KINDS)
def test_every_viewer_gets_the_same_columns(xinjiang: Record, kind: str) -> None:
    schemas = [xinjiang.as_seen_by(viewer).table(kind).schema for viewer in (PUBLIC, TEAM, KEEPER)]
    assert schemas[0] == schemas[1] == schemas[2]


def test_what_the_shipped_record_keeps_back_is_kept_back(xinjiang: Record) -> None:
    public, keeper = xinjiang.as_seen_by(PUBLIC), xinjiang.as_seen_by(KEEPER)
    hidden = keeper.ids - public.ids
    assert {"F-03", "C-15", "C-16", "C-17", "C-18", "P-28"} <= hidden
    shown = "\n".join(table_words(public, kind) for kind in KINDS)
    names = [name["text"] for names in keeper.table("person").filter(
        [entry in hidden for entry in keeper.table("person")["id"]])["names"] for name in names]  # fmt: skip
    assert names
    assert [name for name in names if name in shown] == []
