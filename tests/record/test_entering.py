"""Putting entries on record: everything checked first, then all of it or nothing, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onrecord.errors import InvalidInput, Problem
from onrecord.model.kinds import Base, Correction, Name, Person, Source
from onrecord.record import Record

from ..making import act, event, promise, source, state, text

Write = Callable[..., list[Path]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def files(**contents: str) -> list[Path]:
        paths = []
        for stem, content in contents.items():
            path = tmp_path / f"{stem}.{'jsonl' if content.startswith('{') else 'csv'}"
            path.write_text(content)
            paths.append(path)
        return paths

    return files


SOURCES = "id,title\nS1,First\nS2,Second\n"
EVENTS = (
    "id,date,event_kind,title,sources\nE1,2018-05,statement,Said,S1\nE2,2019,statement,Said again,S1;S2\n"
)


def size(record: Record) -> int:
    with record.ledger.reading() as reader:
        return reader.size


def problems(record: Record, *entries: Base) -> list[Problem]:
    before = size(record)
    with pytest.raises(InvalidInput) as caught:
        record.enter(entries)  # type: ignore[arg-type]
    assert size(record) == before
    return caught.value.problems


def test_rows_of_several_files_are_put_on_record_together(empty: Record, write: Write) -> None:
    entered = empty.enter_files(write(events=EVENTS, sources=SOURCES))
    assert (entered.added, entered.already) == (4, 0)
    assert entered.head is not None
    assert entered.head.size == size(empty) == 4


def test_entering_the_same_rows_again_adds_nothing(empty: Record, write: Write) -> None:
    files = write(sources=SOURCES, events=EVENTS)
    first = empty.enter_files(files)
    again = empty.enter_files(files)
    assert (again.added, again.already, again.head) == (0, 4, None)
    with empty.ledger.reading() as reader:
        assert reader.head() == first.head


def test_only_what_is_new_in_a_batch_is_added(empty: Record, write: Write) -> None:
    empty.enter_files(write(sources=SOURCES))
    entered = empty.enter_files(write(sources=SOURCES + "S3,Third\n"))
    assert (entered.added, entered.already) == (1, 2)


def test_a_dry_run_checks_everything_and_changes_nothing(empty: Record, write: Write) -> None:
    tried = empty.enter_files(write(sources=SOURCES, events=EVENTS), dry_run=True)
    assert (tried.added, tried.already, tried.head) == (4, 0, None)
    assert size(empty) == 0
    with pytest.raises(InvalidInput):
        empty.enter_files(write(events=EVENTS), dry_run=True)


def test_every_problem_of_every_file_is_told_and_nothing_is_added(empty: Record, write: Write) -> None:
    files = write(
        sources="id,title\nS1,First\nS1,Once more\nS2\n",
        events="id,date,event_kind,title\nE1,May,statement,Said\n,2018,statement,Said\n",
        notes='{"kind": "song", "id": "X"}\n',
    )
    with pytest.raises(InvalidInput) as caught:
        empty.enter_files(files)
    told = [(Path(p.file or "").name, p.row, p.column) for p in caught.value.problems]
    assert told == [
        ("sources.csv", 4, None),
        ("events.csv", 2, "date"),
        ("events.csv", 3, "id"),
        ("notes.jsonl", 1, "kind"),
    ]
    assert all(p.remedy for p in caught.value.problems)
    assert str(caught.value).startswith("4 problems found; nothing was changed.\n")
    assert size(empty) == 0


def test_one_bad_row_among_many_keeps_all_of_them_out(empty: Record, write: Write) -> None:
    rows = "".join(f"S{number},Title {number}\n" for number in range(500))
    with pytest.raises(InvalidInput) as caught:
        empty.enter_files(write(sources="id,title\n" + rows, events=EVENTS.replace("S1;S2", "S1;S9999")))
    [problem] = caught.value.problems
    assert (problem.row, problem.column) == (3, "citations")
    assert "'S9999', which is not a source on record" in problem.message
    assert size(empty) == 0


def test_an_id_used_twice_is_told_with_the_place_of_the_first(empty: Record, write: Write) -> None:
    files = write(sources="id,title\nS1,First\nS2,Second\nS1,Third\n")
    with pytest.raises(InvalidInput) as caught:
        empty.enter_files(files)
    [problem] = caught.value.problems
    assert problem.message == f"The id 'S1' is used twice (first at {files[0]}, row 2)."
    assert (problem.row, problem.column) == (4, "id")


def test_an_id_on_record_with_other_words_is_refused_and_a_correction_suggested(empty: Record) -> None:
    empty.enter([source("S1")])
    [problem] = problems(empty, source("S1", title="Another title"))
    assert "on record already and says something else" in problem.message
    assert "enter a correction" in problem.remedy


def test_citations_of_a_file_of_their_own_join_their_entries(empty: Record, write: Write) -> None:
    citations = "entry,source,supports,exact\nE1,S2,the words,said so\n"
    empty.enter_files(write(sources=SOURCES, events=EVENTS, citations=citations))
    with empty.ledger.reading() as reader:
        leaf = reader.find("E1")
        assert leaf is not None
        assert [citation.source for citation in leaf.entry().citations] == ["S2", "S1"]


def test_a_citation_for_an_entry_that_is_not_in_the_batch_is_told(empty: Record, write: Write) -> None:
    citations = "entry,source\nE9,S1\n"
    with pytest.raises(InvalidInput) as caught:
        empty.enter_files(write(sources=SOURCES, citations=citations))
    [problem] = caught.value.problems
    assert (problem.row, problem.column) == (2, "entry")


def test_who_entered_what_is_kept(empty: Record) -> None:
    empty.enter([source("S1")], by="A. Keeper")
    empty.enter([source("S2")])
    with empty.ledger.reading() as reader:
        assert [leaf.envelope["by"] for leaf in reader.leaves()] == ["A. Keeper", "keeper"]


UNCHECKED: list[tuple[Base, str, str]] = [
    (Source(id="a b", title="T"), "matching regex", "id"),
    (Source(id="S", title=""), "length >= 1", "title"),
    (Source(id="S", title=7), "Expected `str`", "title"),  # type: ignore[arg-type]
    (Source(id="S", title="T", visibility="secret"), "Invalid enum value", "visibility"),  # type: ignore[arg-type]
    (Source(id="S", title="half \ud800"), "half of a character", ""),
    (Person(id="C", names=(Name(text="N", language="english"),), summary="s"), "matching regex", "names"),
    (Correction(id="X", replaces="S0", reason="r", changes={"title": 1.5}), "not an integer", ""),
]


@pytest.mark.parametrize(("entry", "message", "column"), UNCHECKED)
def test_an_entry_made_by_a_program_is_checked_as_one_from_a_file_is(
    empty: Record, entry: Base, message: str, column: str
) -> None:
    empty.enter([source("S0")])
    [problem] = problems(empty, entry)
    assert message in problem.message
    assert (problem.column or "") == column


@pytest.fixture
def begun(empty: Record) -> Record:
    empty.enter([source(), state("AAA"), text("T", "2020-01-01"), act("T", "AAA"), event()])
    empty.enter([promise(made_on="2020", due="2022", due_basis="said so")])
    return empty


def fix(entry_id: str = "X", replaces: str = "P", **fields: Any) -> Correction:
    return Correction(id=entry_id, replaces=replaces, reason="a slip", **fields)


REFUSED = [
    (fix(replaces="Q", withdraw=True), "'Q', which is not on record"),
    (fix(), "changes nothing"),
    (fix(changes={"made_on": None}), "would spoil P"),
    (fix(changes={"made_on": "May"}), "would spoil P"),
    (fix(changes={"made_on": 2020}), "would spoil P"),
    (fix(changes={"made_on": "2020-02-30"}), "not a day that a calendar has"),
    (fix(changes={"made_on": "2023"}), "lies before made_on"),
    (fix(changes={"due_basis": None}), "due date without a basis"),
    (fix(changes={"colour": "red"}), "no field 'colour' to change"),
    (fix(changes={"id": "P2"}), "would change id"),
    (fix(changes={"kept_by": "E9", "kept_on": "2021"}), "'E9', which is not on record"),
    (fix(changes={"kept_by": "T", "kept_on": "2021"}), "'T', which is an instrument, not an event"),
    (fix(changes={"citations": []}), "cites no source"),
]


@pytest.mark.parametrize(("correction", "message"), REFUSED)
def test_a_correction_that_would_spoil_an_entry_is_refused(
    begun: Record, correction: Correction, message: str
) -> None:
    [problem] = problems(begun, correction)
    assert message in problem.message


def test_a_correction_is_not_corrected_but_followed_by_another(begun: Record) -> None:
    begun.enter([fix(changes={"what": "something else"})])
    [problem] = problems(begun, fix("X2", replaces="X", withdraw=True))
    assert "corrects a correction" in problem.message
    assert "of P" in problem.remedy


def test_corrections_of_one_batch_are_checked_one_upon_the_other(begun: Record) -> None:
    first = fix("X1", changes={"made_on": "2021-06"})
    [problem] = problems(begun, first, fix("X2", changes={"due": "2021-05"}))
    assert "lies before made_on" in problem.message
    assert begun.enter([first, fix("X2", changes={"due": "2021-07"})]).added == 2


def test_a_correction_may_be_in_the_batch_of_what_it_corrects(begun: Record) -> None:
    assert begun.enter([event("E2"), fix(replaces="E2", changes={"title": "Better"})]).added == 2


def test_corrections_on_record_add_nothing_when_entered_again(begun: Record) -> None:
    batch = [
        fix("X1", changes={"due": "2021"}),
        fix("X2", changes={"made_on": "2022", "due": "2023"}),
    ]
    begun.enter(batch)
    assert begun.enter(batch).already == 2
    assert begun.enter(batch[:1]).already == 1
