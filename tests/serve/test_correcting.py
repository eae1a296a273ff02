"""Correcting entries in the browser: old and new side by side, a reason, and nobody's work overwritten unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from onrecord.accounts import SignedIn
from onrecord.errors import InvalidInput
from onrecord.model import Citation
from onrecord.model.citation import FragmentSelector, TextPositionSelector, TextQuoteSelector
from onrecord.model.kinds import Consent, Correction, Name, Person
from onrecord.record import KEEPER, PUBLIC, Record, Viewer
from onrecord.record.gate import Seen
from onrecord.serve.drawing import Drawing
from onrecord.serve.team.entries.target import still, target_of
from onrecord.serve.team.place import Place
from onrecord.serve.team.room import Room

from ..accounts.making import accounts_in
from ..making import event, source
from .team import TODAY, Changes, Team, correct, fill, problems, said, sent_by, team, words

WHY: Changes = {"correction.reason": "Misread the page"}

SELECTED = (
    TextQuoteSelector(exact="We  will", prefix="and\n"),
    TextPositionSelector(start=3, end=9),
    FragmentSelector(value="page=1"),
    FragmentSelector(value="page=2"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Team]:
    """An event that the team sees, which cites and points to what it does not see."""
    record = Record.create(tmp_path / "record", title="A record")
    record.enter(
        [
            source(visibility="public", title="The newspaper"),
            source("S-secret", title="The informant"),
            event("E-secret", title="Where she hides"),
            event("E-other", visibility="team", title="Another"),
            event(
                "E",
                visibility="team",
                title="They spoke",
                date="2021-05",
                place=" Geneva\r\nUN ",
                refs=("E-secret", "E-other"),
                citations=(
                    Citation(source="S", selectors=SELECTED),
                    Citation(source="S-secret", supports="told us"),
                ),
            ),
        ]
    )
    with team(record) as served:
        yield served


@pytest.fixture
def editor(desk: Team) -> httpx.Client:
    """An editor who is signed in."""
    return desk.signed_in("emil", "editor")


def now(desk: Team, entry_id: str = "E") -> Any:
    """An entry as it stands, whole."""
    return desk.record.as_seen_by(KEEPER).entry(entry_id).entry


def seen(desk: Team, entry_id: str = "E") -> Seen:
    return desk.record.as_seen_by(KEEPER).entry(entry_id)


def size(desk: Team) -> int:
    return desk.record.views.refresh().size


def test_old_and_new_stand_side_by_side_before_anything_is_on_record(
    desk: Team, editor: httpx.Client
) -> None:
    before = size(desk)
    look = fill(editor, editor.get("correct/E/"), "correction", {"date": "2021-06-01", **WHY}, "look")
    page = words(look)
    assert "2021-05" in page
    assert "2021-06-01" in page
    assert "Misread the page" in page
    assert size(desk) == before
    done = fill(editor, look, "review", {})
    assert (done.status_code, done.headers["location"]) == (303, "/entries/E/#history")
    assert now(desk).date == "2021-06-01"
    history = words(editor.get("entries/E/"))
    assert "Correction 1: Misread the page" in history
    assert "by emil." in history.partition("Correction 1")[2]
    assert desk.accounts.accesses(who="emil")[1].act == "corrected"


def test_only_what_was_typed_anew_changes_and_nothing_that_is_not_seen_is_lost(
    desk: Team, editor: httpx.Client
) -> None:
    whole = now(desk)
    assert correct(editor, "E", {"title": "They spoke up", "refs": [], **WHY}).status_code == 303
    corrected = now(desk)
    assert corrected.title == "They spoke up"
    assert corrected.refs == ("E-secret",)
    for field in ("date", "place", "citations", "visibility", "detail"):
        assert getattr(corrected, field) == getattr(whole, field)
    fix = desk.record.as_seen_by(KEEPER).table("correction").row(0, named=True)
    assert set(__import__("json").loads(fix["changes"])) == {"title", "refs"}


def test_another_citation_is_added_beside_those_that_are_seen_and_those_that_are_not(
    desk: Team, editor: httpx.Client
) -> None:
    before = now(desk).citations
    assert correct(editor, "E", {"sources": ["S"], **WHY}).status_code == 303
    assert now(desk).citations == (before[0], Citation(source="S"), before[1])
    assert correct(editor, "E", {"citations.0.without": "yes", **WHY}).status_code == 303
    assert now(desk).citations == (Citation(source="S"), before[1])


def test_no_page_of_a_correction_tells_what_its_corrector_may_not_see(
    desk: Team, editor: httpx.Client
) -> None:
    form = editor.get("correct/E/")
    look = fill(editor, form, "correction", {"refs": [], "sources": ["S"], **WHY}, "look")
    refused = fill(editor, form, "correction", {"title": ""}, "look")
    for page in (form, look, refused):
        assert page.status_code in (200, 400)
        for secret in ("S-secret", "E-secret", "informant", "hides", "told us"):
            assert secret not in page.text
    hidden = fill(editor, form, "correction", {"refs": ["E-secret"], **WHY}, "look")
    absent = fill(editor, form, "correction", {"refs": ["E-absent"], **WHY}, "look")
    assert problems(hidden)["refs"].replace("E-secret", "…") == problems(absent)["refs"].replace(
        "E-absent", "…"
    )


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"title": "New"}, "correction-reason", "No reason is given."),
        ({**WHY}, "", "Nothing was changed."),
        ({"title": "", **WHY}, "title", "Title is missing."),
        ({"date": "2021-02-30", **WHY}, "date", "not a day"),
        ({"visibility": "private", **WHY}, "visibility", "It is not said who may see it."),
        ({"title": "New", **WHY, "correction.visibility": "private"}, "correction-visibility", "who may read the reason"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_correction_is_told_and_nothing_is_changed(
    desk: Team, editor: httpx.Client, typed: Changes, field: str, told: str
) -> None:
    before = size(desk)
    for do in ("look", "put"):
        answer = fill(editor, editor.get("correct/E/"), "correction", typed, do)
        assert answer.status_code == 400
        assert told in (problems(answer)[field] if field else said(answer))
        assert size(desk) == before


def test_whoever_is_slower_is_told_what_changed_and_keeps_what_was_typed(
    desk: Team, editor: httpx.Client
) -> None:
    other = desk.signed_in("edda", "editor")
    slow = editor.get("correct/E/")
    assert correct(other, "E", {"title": "They shouted", "detail": "Loudly", **WHY}).status_code == 303
    before = size(desk)
    told = fill(editor, slow, "correction", {"title": "They whispered", "date": "2021-06", **WHY}, "look")
    assert told.status_code == 400
    assert "Somebody corrected this entry" in said(told)
    assert size(desk) == before
    stands = dict(sent_by(told, "correction"))
    assert (stands["title"], stands["date"], stands["detail"]) == ("They whispered", "2021-06", "Loudly")
    assert "They shouted" in told.text
    look = fill(editor, told, "correction", {}, "look")
    assert fill(editor, look, "review", {}).status_code == 303
    assert (now(desk).title, now(desk).date, now(desk).detail) == ("They whispered", "2021-06", "Loudly")
    assert [version.entry.title for version in seen(desk).history] == [
        "They spoke",
        "They shouted",
        "They whispered",
    ]  # type: ignore[union-attr]


def test_a_correction_between_the_look_and_the_last_click_is_noticed_too(
    desk: Team, editor: httpx.Client
) -> None:
    look = fill(editor, editor.get("correct/E/"), "correction", {"title": "They whispered", **WHY}, "look")
    desk.record.enter([Correction(id="X", replaces="E", reason="r", changes={"title": "They shouted"})])
    told = fill(editor, look, "review", {})
    assert told.status_code == 400
    assert "Somebody corrected this entry" in said(told)
    assert now(desk).title == "They shouted"


def test_a_correction_that_arrives_while_another_is_written_is_noticed_within_the_transaction(
    desk: Team,
) -> None:
    drawing = Drawing(desk.record)
    room = Room(desk.record, accounts_in(desk.record), drawing, Place(), lambda: TODAY)
    target = target_of(room, SignedIn("emil", "editor"), "E")
    mine = Correction(id="M", replaces="E", reason="r", changes={"title": "Mine"})
    desk.record.enter([Correction(id="X", replaces="E", reason="r", changes={"title": "Theirs"})])
    before = size(desk)
    with pytest.raises(InvalidInput, match="Somebody corrected"):
        desk.record.enter([mine], first=still(target))
    assert (size(desk), now(desk).title) == (before, "Theirs")


def test_an_entry_is_withdrawn_and_counts_again(desk: Team, editor: httpx.Client) -> None:
    assert correct(editor, "E", {"correction.withdraw": "yes", **WHY}).status_code == 303
    assert seen(desk).withdrawn
    assert "Withdrawn." in editor.get("entries/E/").text
    assert correct(editor, "E", {"title": "Still withdrawn", **WHY}).status_code == 303
    assert seen(desk).withdrawn
    assert correct(editor, "E", {"correction.withdraw": [], **WHY}).status_code == 303
    assert not seen(desk).withdrawn


def test_what_is_concealed_is_kept_from_everybody_but_owners(desk: Team, editor: httpx.Client) -> None:
    assert correct(editor, "E", {"title": "They met", "correction.conceal": "yes", **WHY}).status_code == 303
    assert "They spoke" not in editor.get("entries/E/").text
    assert "They spoke" in desk.signed_in("olga", "owner").get("entries/E/").text


def test_the_reason_is_shown_to_whom_its_writer_chose(desk: Team, editor: httpx.Client) -> None:
    typed: Changes = {"visibility": "public", **WHY, "correction.visibility": "team"}
    assert correct(editor, "E", typed).status_code == 303
    assert "Misread" not in desk.visitor.get("entries/E/").text
    assert "Misread" in editor.get("entries/E/").text


def test_who_gave_consent_stays_on_record_when_somebody_who_does_not_see_the_source_corrects_it(
    desk: Team, editor: httpx.Client
) -> None:
    consent = Consent(basis="given", by="her sister", source="S-secret")
    person = Person(
        id="C", names=(Name(text="王", language="zh", role="alias"), Name(text="Wang")), summary="taken",
        consent=consent, citations=(Citation(source="S"),), visibility="team",
    )  # fmt: skip
    desk.record.enter([person])
    assert correct(editor, "C", {"consent.by": "her brother", **WHY}).status_code == 303
    assert now(desk, "C").consent == Consent(basis="given", by="her brother", source="S-secret")
    assert now(desk, "C").names == person.names


def test_a_correction_is_not_corrected_and_what_is_hidden_has_no_form(
    desk: Team, editor: httpx.Client
) -> None:
    assert correct(editor, "E", {"title": "New", **WHY}).status_code == 303
    table = desk.record.as_seen_by(Viewer("x", "team")).table("correction")
    for entry_id in (table["id"][0], "E-secret", "E-absent"):
        assert editor.get(f"correct/{entry_id}/").status_code == 404
    assert "Correct this entry" in editor.get("entries/E/").text
    assert "Correct this entry" not in editor.get(f"entries/{table['id'][0]}/").text


def test_an_owner_makes_an_entry_public_and_visitors_see_it(desk: Team) -> None:
    owner = desk.signed_in("olga", "owner")
    assert desk.visitor.get("entries/E-secret/").status_code == 404
    assert correct(owner, "E-secret", {"visibility": "public", **WHY}).status_code == 303
    assert "Where she hides" in desk.visitor.get("entries/E-secret/").text
    assert "E-secret" in desk.record.as_seen_by(PUBLIC).ids


@pytest.mark.parametrize("was", ["", "nonsense", "[[1]]", "[]"])
def test_a_form_that_was_tampered_with_is_refused_or_changes_only_what_it_shows(
    desk: Team, editor: httpx.Client, was: str
) -> None:
    page = editor.get("correct/E/")
    answer = fill(
        editor, page, "correction", {"form.was": was, "form.state": "7", "title": "x", **WHY}, "put"
    )
    assert answer.status_code == 400
    assert now(desk).title == "They spoke"
