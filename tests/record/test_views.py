"""Views: derived tables, the same to the byte however they came about."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.model.kinds import KINDS, Base, Correction
from onrecord.record import Record, columns, views

from ..making import act, event, member, promise, source, state, text


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SEGMENT", 4)


def files(record: Record) -> dict[str, bytes]:
    folder = record.views.folder
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def enter(record: Record, entries: Iterable[Base]) -> None:
    record.enter(list(entries))  # type: ignore[arg-type]


SOME: tuple[Base, ...] = (
    source(), source("S2", published="2018-05"), state("AAA"), state("BBB"), text("T", "2020-01-01"),
    act("T", "AAA"), act("T", "BBB"), event("E1"), event("E2", about=("T",)), promise(), member("AAA", "BBB"),
    event("E3"), event("E4"),
)  # fmt: skip


def fix(number: int, replaces: str, **fields: Any) -> Correction:
    return Correction(id=f"X{number}", replaces=replaces, reason="a slip", **fields)


batches = st.lists(
    st.one_of(
        st.integers(1, 6).map(lambda size: ("entries", size)),
        st.sampled_from(["E1", "T", "S2", "P", "AAA"]).map(lambda entry: ("correct", entry)),
        st.sampled_from(["E1", "E2", "T/AAA/sign"]).map(lambda entry: ("withdraw", entry)),
    ),
    max_size=7,
)


@settings(max_examples=12)
@given(batches)
def test_the_incremental_way_and_the_rebuild_write_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, batches: list[tuple[str, Any]]
) -> None:
    record = Record.create(tmp_path_factory.mktemp("views") / "record")
    enter(record, SOME)
    record.views.refresh()
    for number, (what, value) in enumerate(batches):
        match what:
            case "entries":
                enter(record, [event(f"N{number}-{i}") for i in range(value)])
            case "correct":
                enter(record, [fix(number, value, changes={"note": f"noted {number}"})])
            case "withdraw":
                enter(record, [fix(number, value, withdraw=True)])
        record.views.refresh()
    grown = files(record)
    record.rebuild()
    assert files(record) == grown


def test_an_append_touches_the_last_segment_and_a_correction_that_of_its_entry(empty: Record) -> None:
    enter(empty, SOME)
    empty.views.refresh()
    before = files(empty)
    enter(empty, [fix(0, "S2", changes={"title": "Better"})])
    empty.views.refresh()
    written = {name.split("-")[0] for name, data in files(empty).items() if before.get(name) != data}
    assert written == {"state.json", "source/000000", "correction/000003"}


def test_a_table_shows_entries_as_they_stand_now_in_the_ledgers_order(empty: Record) -> None:
    enter(empty, SOME)
    enter(empty, [fix(0, "E2", changes={"date": "2021", "title": "Better"}), fix(1, "E1", withdraw=True)])
    empty.views.refresh()
    table = empty.views.table("event")
    assert table.select("id", "title", "date", "withdrawn", "corrections").rows() == [
        ("E1", "Event E1", "2020-06-01", True, 1),
        ("E2", "Better", "2021", False, 1),
        ("E3", "Event E3", "2020-06-01", False, 0),
        ("E4", "Event E4", "2020-06-01", False, 0),
    ]
    assert table["seq"].is_sorted()
    assert [str(day) for day in table.select("date_first", "date_last").row(1)] == [
        "2021-01-01",
        "2021-12-31",
    ]


def test_nothing_is_written_where_nothing_changed(empty: Record) -> None:
    enter(empty, SOME)
    empty.views.refresh()
    before = {path: path.stat().st_mtime_ns for path in empty.views.folder.rglob("*")}
    empty.views.refresh()
    assert {path: path.stat().st_mtime_ns for path in empty.views.folder.rglob("*")} == before


def test_views_of_another_ledger_are_thrown_away(tmp_path: Path) -> None:
    one, two = Record.create(tmp_path / "one"), Record.create(tmp_path / "two")
    enter(one, [source("A"), source("B")])
    enter(two, [source("C"), source("D"), source("E")])
    one.views.refresh()
    one.views.folder.rename(two.views.folder)
    two.views.refresh()
    assert two.views.table("source")["id"].to_list() == ["C", "D", "E"]


@pytest.mark.parametrize("damage", [b"", b"{", b'{"size": 1}', b'{"size":2,"root":"","format":0}'])
def test_a_state_that_cannot_be_relied_on_is_made_anew(empty: Record, damage: bytes) -> None:
    enter(empty, SOME)
    empty.views.refresh()
    expected = files(empty)
    (empty.views.folder / "state.json").write_bytes(damage)
    assert empty.views.state() is None
    empty.views.refresh()
    assert files(empty) == expected


def test_an_interrupted_refresh_is_made_good_by_the_next(
    empty: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(empty, SOME[:6])
    empty.views.refresh()
    enter(empty, SOME[6:])
    with monkeypatch.context() as patch:
        patch.setattr(columns, "frame", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            empty.views.refresh()
    empty.views.refresh()
    grown = files(empty)
    empty.rebuild()
    assert files(empty) == grown


def test_many_who_refresh_and_append_at_once_leave_what_a_rebuild_would(empty: Record) -> None:
    enter(empty, SOME)

    def work(name: str) -> None:
        record = Record(empty.folder)
        for number in range(6):
            enter(record, [event(f"{name}-{number}")])
            record.views.refresh()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    empty.views.refresh()
    grown = files(empty)
    assert empty.views.table("event").height == 4 + 18
    empty.rebuild()
    assert files(empty) == grown


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_is_a_column_and_an_empty_table_has_them_all(empty: Record, kind: str) -> None:
    empty.views.refresh()
    table = empty.views.table(kind)
    fields = {field.encode_name for field in msgspec.structs.fields(KINDS[kind])}
    assert fields <= set(table.columns)
    assert table.is_empty()
    assert table.schema == pl.Schema(columns.schema(kind))
