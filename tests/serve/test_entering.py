"""Adding entries in the browser: checked as by `enter`, told beside the field, nothing changed on error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from onrecord.accounts.accounts import LIMITS
from onrecord.errors import InvalidInput
from onrecord.record import KEEPER, Record
from onrecord.serve.team.entries.fields import ENTERED

from ..accounts.making import Clock, accounts_in
from ..making import event, source, state, text
from .team import Changes, Team, enter, fill, problems, said, team, words


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Team]:
    """A record with something open to the team and something that is not."""
    record = Record.create(tmp_path / "record", title="A record")
    record.enter(
        [
            source(visibility="public", title="The newspaper"),
            source("S-secret", title="The informant"),
            state("SOM", visibility="public", name="Somalia"),
            text("L", "2019-07-08", visibility="public", title="The letter"),
            event("E-secret", title="Where she hides"),
        ]
    )
    with team(record) as served:
        yield served


EVENT: Changes = {"date": "2021-05", "event_kind": "statement", "title": "They spoke", "sources": ["S"]}
FIGURE: Changes = {
    "value": "12",
    "unit": "people",
    "of_what": "taken",
    "date": "2020",
    "sources": ["S"],
    "series": "taken",
}


def size(desk: Team) -> int:
    """Lines of the ledger."""
    return desk.record.views.refresh().size


def entry_id(answer: httpx.Response) -> str:
    """The id of the entry that was just put on record."""
    assert answer.status_code == 303, problems(answer) or answer.text
    return str(answer.headers["location"]).removeprefix("/entries/").rstrip("/")


def test_an_entry_is_on_record_under_the_name_of_whoever_entered_it(desk: Team) -> None:
    client = desk.signed_in("Emil Editor", "editor")
    made = entry_id(
        enter(client, "event", {**EVENT, "detail": "Two lines\r\nof it", "symbols": "A/1\r\nA/2"})
    )
    seen = desk.record.as_seen_by(KEEPER).entry(made)
    assert seen.recorded_by == "Emil Editor"
    entry = seen.entry
    assert (entry.date, entry.title, entry.visibility, entry.detail, entry.symbols) == (  # type: ignore[union-attr]
        "2021-05",
        "They spoke",
        "team",
        "Two lines\nof it",
        ("A/1", "A/2"),
    )
    assert [citation.source for citation in entry.citations] == ["S"]
    assert "by Emil Editor" in words(client.get(f"entries/{made}/"))
    line = desk.accounts.accesses(who="Emil Editor")[1]
    assert (line.act, line.what) == ("entered", (made,))


def test_every_fault_is_told_beside_its_field_and_nothing_is_changed(desk: Team) -> None:
    client, before = desk.signed_in("emil", "editor"), size(desk)
    wrong: Changes = {
        "date": "yesterday",
        "title": "",
        "end": "2021-13",
        "event_kind": "<b>x</b>",
        "id": "a b",
    }
    answer = enter(client, "event", wrong)
    assert answer.status_code == 400
    told = problems(answer)
    assert (
        told["date"]
        == "Date: 'yesterday' is not a date. Write 2018, 2018-05 or 2018-05-24, as precise as it is known."
    )
    assert told["title"] == "Title is missing. Fill it in."
    assert set(told) == {"date", "title"}
    assert size(desk) == before
    assert 'value="yesterday"' in answer.text
    assert "&lt;b&gt;x&lt;/b&gt;" in answer.text
    assert "<b>x</b>" not in answer.text
    assert "Date: 'yesterday' is not a date." in said(answer)


@pytest.mark.parametrize(
    ("kind", "typed", "field", "told"),
    [
        ("event", {**EVENT, "sources": []}, "sources", "The entry cites no source."),
        ("event", {**EVENT, "date": "2021-02-30"}, "date", "not a day that a calendar has"),
        ("event", {**EVENT, "id": "a b"}, "id", ""),
        ("event", {**EVENT, "refs": ["L"]}, "refs", "which is an instrument, not an event"),
        ("promise", {"promise_class": "promise", "made_on": "2020", "by": "A", "what": "b", "due": "2021", "sources": ["S"]},
         "due_basis", "a due date without a basis"),
        ("promise", {"promise_class": "promise", "made_on": "2020", "by": "A", "what": "b", "due": "2019", "due_basis": "x",
                     "sources": ["S"]}, "due", "lies before"),
        ("person", {"names.0.text": "A", "summary": "taken", "visibility": "public", "sources": ["S"]}, "consent-basis", "without consent"),
        ("person", {"names.0.language": "ug", "summary": "taken", "sources": ["S"]}, "names-0-text", "no letters"),
        ("person", {"summary": "taken", "sources": ["S"]}, "names-0-text", "Names are missing."),
        ("figure", {**FIGURE, "value": "about 12"}, "value", "is not a number"),
        ("source", {"title": "T", "sha256": "123"}, "sha256", "is not a SHA-256"),
        ("instrument", {"title": "T", "date": "2020", "body": "B", "sources": ["S"], "stated_count": "many"},
         "stated_count", "is not a whole number"),
        ("event", {**EVENT, "visibility": "private"}, "visibility", "It is not said who may see it."),
        ("event", {**EVENT, "visibility": "everybody"}, "visibility", "It is not said who may see it."),
    ],
)  # fmt: skip
def test_what_enter_refuses_is_refused_beside_the_field(
    desk: Team, kind: str, typed: Changes, field: str, told: str
) -> None:
    client, before = desk.signed_in("emil", "editor"), size(desk)
    answer = enter(client, kind, typed)
    assert answer.status_code == 400
    assert told in problems(answer)[field]
    assert size(desk) == before


def test_what_is_hidden_and_what_is_not_there_get_the_same_answer(desk: Team) -> None:
    client = desk.signed_in("emil", "editor")
    for field, hidden in (("sources", "S-secret"), ("about", "E-secret"), ("refs", "E-secret")):
        told = []
        for target in (hidden, "X-absent"):
            answer = enter(client, "event", {**EVENT, field: [target]})
            assert answer.status_code == 400
            told.append(problems(answer)[field].replace(target, "…"))
            assert "hides" not in answer.text
            assert "informant" not in answer.text
        assert told[0] == told[1]


def test_looking_for_something_offers_only_what_may_be_seen_and_changes_nothing(desk: Team) -> None:
    client, before = desk.signed_in("emil", "editor"), size(desk)
    page = client.get("enter/event/")
    found = fill(client, page, "entry", {"find.sources": "the", "find.about": "s", "title": "Kept"}, "find")
    assert found.status_code == 200
    assert "The newspaper" in found.text
    assert 'value="Kept"' in found.text
    assert "informant" not in found.text
    assert "hides" not in found.text
    marked = fill(client, found, "entry", {"sources": ["S"]}, "find")
    assert 'name="citations.0.source" value="S"' in marked.text
    exact = fill(client, page, "entry", {"find.about": "E-secret"}, "find")
    assert "Nothing that you may see" in exact.text
    assert size(desk) == before
    owner = desk.signed_in("olga", "owner")
    found = fill(owner, owner.get("enter/event/"), "entry", {"find.sources": "informant"}, "find")
    assert "The informant" in found.text
    line = desk.accounts.accesses(who="olga", most=1)[0]
    assert (line.act, line.address, line.what) == ("opened", "enter/event/", ("S-secret",))


def test_a_citation_carries_the_place_that_was_typed(desk: Team) -> None:
    client = desk.signed_in("emil", "editor")
    place: Changes = {
        "citations.0.source": "S",
        "citations.0.supports": "what they said",
        "citations.0.exact": "We will",
        "citations.0.fragment": "page=3",
        "citations.1.source": "S",
        "citations.1.stance": "disputes",
    }
    made = entry_id(enter(client, "event", {**EVENT, "sources": [], **place}))
    first, second = desk.record.as_seen_by(KEEPER).entry(made).entry.citations
    assert (first.supports, len(first.selectors), first.stance) == ("what they said", 2, "supports")
    assert second.stance == "disputes"
    bad = enter(client, "event", {**EVENT, "citations.0.source": "S", "citations.0.start": "7"})
    assert problems(bad) == {
        "citations-0-end": "A character range has one end only. Write both 'start' and 'end'."
    }


def test_the_same_form_sent_twice_is_one_entry(desk: Team) -> None:
    client = desk.signed_in("emil", "editor")
    page = client.get("enter/event/")
    first = entry_id(fill(client, page, "entry", EVENT))
    before = size(desk)
    assert entry_id(fill(client, page, "entry", EVENT)) == first
    assert size(desk) == before
    changed = fill(client, page, "entry", {**EVENT, "title": "Something else"})
    assert changed.status_code == 400
    assert "says something else" in said(changed)


def test_two_editors_who_differ_are_both_kept_and_shown_side_by_side(desk: Team) -> None:
    one, other = desk.signed_in("emil", "editor"), desk.signed_in("edda", "editor")
    pages = one.get("enter/figure/"), other.get("enter/figure/")
    first = entry_id(fill(one, pages[0], "entry", {**FIGURE, "value": "1200"}))
    second = entry_id(fill(other, pages[1], "entry", {**FIGURE, "value": "900"}))
    assert first != second
    shown = one.get("figures/").text
    assert f"entries/{first}/" in shown
    assert f"entries/{second}/" in shown
    assert "entered by emil" in shown
    assert "entered by edda" in shown
    assert "on 1 question the sources give different ones" in shown
    view = desk.record.as_seen_by(KEEPER)
    assert [view.entry(i).recorded_by for i in (first, second)] == ["emil", "edda"]


def test_two_editors_who_differ_on_one_act_are_both_kept(desk: Team) -> None:
    act: Changes = {"instrument": "L", "actor": "SOM", "act": "sign", "sources": ["S"]}
    clients = desk.signed_in("emil", "editor"), desk.signed_in("edda", "editor")
    ids = [
        entry_id(enter(c, "position", {**act, "date": f"2019-07-{day}"}))
        for c, day in zip(clients, ("08", "12"), strict=True)
    ]
    assert ids[0] == "L/SOM/sign"
    assert ids[1].startswith("L/SOM/sign/")
    table = desk.record.as_seen_by(KEEPER).table("position")
    assert sorted(zip(table["date"], table["recorded_by"], strict=True)) == [
        ("2019-07-08", "emil"),
        ("2019-07-12", "edda"),
    ]
    again = entry_id(enter(clients[0], "position", {**act, "date": "2019-07-08"}))
    assert again == "L/SOM/sign", "word for word the same adds nothing"


def test_every_kind_can_be_entered(desk: Team) -> None:
    client = desk.signed_in("olga", "owner")
    typed: dict[str, Changes] = {
        "source": {"title": "Another"},
        "actor": {"name": "An office", "type": "office", "names.0.text": "办公室", "names.0.language": "zh-Hans"},
        "membership": {"actor": "SOM", "of": "SOM", "start": "2019"},
        "person": {"names.0.text": "A name", "names.1.text": "王", "names.1.language": "zh", "summary": "taken",
                   "consent.basis": "given", "consent.by": "her sister"},
        "event": EVENT,
        "instrument": {"title": "T", "date": "2020", "body": "B", "instrument_kind": "letter", "side": "critical",
                       "list_status": "partial", "lead": ["SOM"], "stated_count": "22"},
        "position": {"instrument": "L", "actor": "SOM", "act": "yes"},
        "promise": {"promise_class": "promise", "made_on": "2020", "by": "An office", "what": "something"},
        "figure": FIGURE,
        "quote": {"speaker": "Somebody", "text": "Words", "date": "2020-01-01"},
        "decision": {"subject": ["L"], "verdict": "sound", "reason": "because"},
    }  # fmt: skip
    assert set(typed) == set(ENTERED)
    view_before = desk.record.as_seen_by(KEEPER).ids
    for kind, fields in typed.items():
        cited: Changes = {} if kind == "source" else {"sources": ["S"]}
        made = entry_id(enter(client, kind, {**fields, **cited}))
        view = desk.record.as_seen_by(KEEPER)
        assert view.kind_of(made) == kind
        assert view.entry(made).entry.visibility == "private"
        assert client.get(f"entries/{made}/").status_code == 200
    assert len(desk.record.as_seen_by(KEEPER).ids) == len(view_before) + len(ENTERED)


@pytest.mark.parametrize("path", ["enter/", "enter/event/", "correct/S/"])
def test_readers_enter_and_correct_nothing_and_visitors_are_sent_to_sign_in(desk: Team, path: str) -> None:
    reader, before = desk.signed_in("rosa", "reader"), size(desk)
    assert reader.get(path).status_code == 403
    assert desk.visitor.get(path).status_code == 303
    token = client_token(reader)
    sent = reader.post(path, data={"token": token, **{k: v for k, v in EVENT.items() if isinstance(v, str)}})
    assert sent.status_code in (403, 405)
    assert desk.visitor.post(path, data={"title": "x"}).status_code in (403, 405)
    assert size(desk) == before


def client_token(client: httpx.Client) -> str:
    from .team import token

    return token(client.get("account/").text)


def test_a_kind_that_is_none_has_no_form(desk: Team) -> None:
    client = desk.signed_in("emil", "editor")
    for kind in ("correction", "custody", "x"):
        assert client.get(f"enter/{kind}/").status_code == 404


def test_forms_sent_too_fast_are_refused_with_the_time_to_wait(tmp_path: Path) -> None:
    record, clock = Record.create(tmp_path / "record", title="A record"), Clock()
    record.enter([source(visibility="public")])
    with team(record, accounts_in(record, clock)) as desk:
        client = desk.signed_in("emil", "editor")
        page = client.get("enter/event/")
        answers = [fill(client, page, "entry", EVENT, "find") for _ in range(LIMITS.form.times + 1)]
        assert [a.status_code for a in answers] == [200] * LIMITS.form.times + [429]
        clock.turn(seconds=int(answers[-1].headers["retry-after"]))
        assert fill(client, page, "entry", EVENT).status_code == 303


def test_a_form_that_is_too_large_is_refused(desk: Team) -> None:
    client, before = desk.signed_in("emil", "editor"), size(desk)
    assert enter(client, "event", {**EVENT, "detail": "x" * 300_000}).status_code == 400
    page = client.get("enter/event/")
    assert fill(client, page, "entry", {"about": ["S"] * 600}).status_code == 400
    assert size(desk) == before


def test_a_form_says_the_same_as_a_file_does(desk: Team, tmp_path: Path) -> None:
    file = tmp_path / "promises.csv"
    file.write_text("id,promise_class,made_on,by,what,due,sources\nP,promise,2020,A,b,2019,S\n")
    with pytest.raises(InvalidInput) as refused:
        desk.record.enter_files([file], dry_run=True)
    told = {
        problem.column: problem.message.replace("P: ", "").replace("P ", "The entry ")
        for problem in refused.value.problems
    }
    client = desk.signed_in("emil", "editor")
    typed: Changes = {
        "promise_class": "promise",
        "made_on": "2020",
        "by": "A",
        "what": "b",
        "due": "2019",
        "sources": ["S"],
    }
    shown = problems(enter(client, "promise", typed))
    assert {field: words.split(". ")[0] + "." for field, words in shown.items()} == told


def test_an_entry_that_an_owner_keeps_private_is_not_seen_by_an_editor(desk: Team) -> None:
    owner, editor = desk.signed_in("olga", "owner"), desk.signed_in("emil", "editor")
    made = entry_id(enter(owner, "event", {**EVENT, "title": "For owners"}))
    assert owner.get(f"entries/{made}/").status_code == 200
    assert editor.get(f"entries/{made}/").status_code == 404
    assert editor.get(f"correct/{made}/").status_code == 404
