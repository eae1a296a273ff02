"""What a worker found comes back in frames, is written part by part, and is what it was."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest import stream, writing
from onrecord.ingest.derived import Derived
from onrecord.ingest.limits import LimitReached
from onrecord.ingest.reading import CellNote, Outcome, Piece, Reading, Table, Word
from onrecord.model.citation import FragmentSelector

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20) | st.sampled_from(
    ['},{"text":', '"pieces":[', "]}", '\\"}', '{"text":"']
)
PIECES = st.builds(
    Piece,
    TEXT,
    st.lists(st.builds(FragmentSelector, value=TEXT.filter(bool)), max_size=2).map(tuple),
    st.sampled_from(["", "hidden", "OCR"]),
    st.lists(st.builds(Word, *[st.integers(0, 9)] * 6), max_size=2).map(tuple),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table of some rows and columns."""
    rows = draw(st.lists(st.integers(1, 2**40), max_size=4, unique=True).map(tuple))
    column = st.lists(st.none() | TEXT, min_size=len(rows), max_size=len(rows)).map(tuple)
    columns = draw(st.lists(column, max_size=3).map(tuple))
    notes = draw(st.lists(st.builds(CellNote, TEXT, TEXT), max_size=2).map(tuple))
    return Table(draw(TEXT), tuple("ABC"[: len(columns)]), rows, columns, notes=notes)


READINGS = st.builds(
    Reading,
    outcome=st.sampled_from(list(Outcome)),
    reason=TEXT,
    pieces=st.lists(PIECES, max_size=4).map(tuple),
    tables=st.lists(tables(), max_size=2).map(tuple),
    claims=st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple),
    warnings=st.lists(TEXT, max_size=2).map(tuple),
    kind=TEXT,
    reader=TEXT,
    version=TEXT,
)


def told(reading: Reading) -> Reading:
    """A reading without what travels in frames."""
    return Reading(
        outcome=reading.outcome,
        reason=reading.reason,
        claims=reading.claims,
        warnings=reading.warnings,
        kind=reading.kind,
        reader=reading.reader,
        version=reading.version,
    )


def sent(reading: Reading, most: int = 1 << 20) -> io.BytesIO:
    """The frames of a reading, ready to be read."""
    file = io.BytesIO()
    assert stream.write(file, reading, most) == file.tell()
    file.seek(0)
    return file


@given(READINGS)
def test_what_is_read_back_is_what_was_found(
    tmp_path_factory: pytest.TempPathFactory, found: Reading
) -> None:
    derived = Derived(tmp_path_factory.mktemp("derived"))
    sums, sheets = derived.keep("ab", "key", told(found), stream.read(sent(found)))
    kept = derived.reading("ab", "key")
    assert tuple(derived.pieces("ab", "key")) == kept.pieces == found.pieces
    assert [table.notes for table in kept.tables] == [table.notes for table in found.tables]
    assert (kept.outcome, kept.reason, kept.claims) == (found.outcome, found.reason, found.claims)
    assert [(each.table.name, each.rows) for each in sheets] == [(t.name, len(t.rows)) for t in found.tables]
    assert sums.count("\n") == 1 + len(found.tables)
    for number, table in enumerate(found.tables, start=1):
        kept_rows = pq.read_table(derived.path("ab", "key") / f"table-{number}.parquet")["_row"].to_pylist()
        assert table.rows[len(table.rows) - len(kept_rows) :] == tuple(kept_rows)


def test_a_long_text_and_a_long_table_are_the_same_in_many_frames(tmp_path: Path) -> None:
    cells = tuple(tuple(f"{name}{n}" if n % 7 else None for n in range(5000)) for name in "ab")
    long = Reading(
        pieces=tuple(Piece(f"{n} " * 500) for n in range(3000)),
        tables=(Table("t", ("A", "B"), tuple(range(1, 5001)), cells),),
        kind="csv",
        reader="r",
        version="1",
    )
    frames = list(stream.read(sent(long, 1 << 24)))
    assert sum(isinstance(frame, stream.Pieces) for frame in frames) > 5
    assert sum(isinstance(frame, stream.Cells) for frame in frames) == 6
    writing.write(tmp_path, told(long), frames)
    assert json.loads((tmp_path / "reading.json").read_text())["pieces"][2999]["text"] == "2999 " * 500
    table = pq.read_table(tmp_path / "table-1.parquet")
    assert tuple(table["A"].to_pylist()) == cells[0]
    assert tuple(table["_row"].to_pylist()) == tuple(range(1, 5001))


@pytest.mark.parametrize(
    ("rows", "columns", "groups"),
    [(250_000, 2, [99_999, 100_000, 50_000]), (40, 1, [8, 8, 8, 8, 7])],
    ids=["many rows", "long cells"],
)
def test_a_table_of_any_size_is_sent_and_written_in_blocks_of_bounded_weight(
    tmp_path: Path, rows: int, columns: int, groups: list[int]
) -> None:
    names = tuple("AB"[:columns])
    long = "x" * (2_000_000 if rows < 100 else 1)
    cells = tuple((f"name {name}", *(f"{n}{long}" for n in range(1, rows))) for name in names)
    found = Reading(
        tables=(Table("t", names, tuple(range(rows)), cells),), kind="csv", reader="r", version="1"
    )
    writing.write(tmp_path, told(found), stream.read(sent(found, 1 << 28)))
    kept = pq.ParquetFile(tmp_path / "table-1.parquet")
    assert [kept.metadata.row_group(at).num_rows for at in range(kept.num_row_groups)] == groups
    table = kept.read()
    assert table["_row"].to_pylist() == list(range(1, rows))
    assert [tuple(table[f"name {name}"].to_pylist()) for name in names] == [column[1:] for column in cells]


def test_more_than_may_be_sent_is_a_limit() -> None:
    with pytest.raises(LimitReached, match="answer bytes"):
        stream.write(
            io.BytesIO(), Reading(pieces=(Piece("x" * 100),), kind="", reader="", version=""), most=90
        )


FRAME = sent(Reading(pieces=(Piece("x"),), kind="", reader="", version="")).getvalue()


@pytest.mark.parametrize(
    "data",
    [
        FRAME[:-1],
        FRAME[:5],
        struct.pack("<Q", 0),
        struct.pack("<Q", 1 << 40) + FRAME,
        FRAME[:8] + b"\xc1" * 99,
    ],
    ids=["cut short", "half a length", "empty", "too long", "no message"],
)
def test_frames_that_are_none_are_refused(data: bytes) -> None:
    with pytest.raises(stream.Malformed):
        list(stream.read(io.BytesIO(data)))


SHEET = stream.Sheet(Table("t", ("A",), (), ()), 1)
WHOLE = (SHEET, stream.Rows((1,)), stream.Cells(0, ("a",)))


@pytest.mark.parametrize(
    "frames",
    [
        (stream.Rows((1,)),),
        (stream.Notes((CellNote("A1", "rounded"),)),),
        (SHEET,),
        WHOLE[:2],
        (*WHOLE, stream.Cells(0, ("b",))),
        (*WHOLE, stream.Rows((2,)), stream.Cells(0, ("b",))),
        (*WHOLE, stream.Rows((2,))),
        (SHEET, stream.Rows((2**63,))),
        (*WHOLE[:2], stream.Cells(7, ("a",))),
        (*WHOLE[:2], stream.Cells(-1, ("a",))),
        (*WHOLE[:2], stream.Cells(-1, (None,))),
        (stream.Pieces((Piece("x"),)), *WHOLE),
        (stream.Sheet(Table("t", (), (1,), ()), 1),),
    ],
)
def test_frames_that_make_no_derivative_leave_nothing_behind(
    tmp_path: Path, frames: tuple[stream.Frame, ...]
) -> None:
    derived = Derived(tmp_path)
    with pytest.raises(stream.Malformed):
        derived.keep("ab", "key", Reading(kind="", reader="", version=""), frames)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
