"""Files that are not as they should be: one clear error with its place, nothing changed, and that quickly."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.errors import InvalidInput
from onrecord.record import Record
from tests.proof.making import SOURCE, events

HEADER = "id,date,event_kind,title,sources,visibility\n"
GOOD = "event/9,2018-05,detention,A thing,source/paper,public\n"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    made = Record.create(tmp_path / "record", title="Malformed")
    made.enter([SOURCE, *events(0, 1)])
    return made


@pytest.mark.parametrize(
    ("name", "data", "row", "column"),
    [
        ("events.csv", (HEADER + GOOD).encode("utf-16"), 1, None),
        ("events.csv", (HEADER + GOOD.replace("A thing", "Ürümchi")).encode("latin-1"), 2, None),
        ("events.csv", HEADER.replace("date,", "").encode() + GOOD.replace("2018-05,", "").encode(), 2, "date"),
        ("events.csv", HEADER.encode() + GOOD.replace("2018-05", "2018-02-30").encode(), 2, "date"),
        ("events.csv", HEADER.encode() + GOOD.replace("2018-05", "5.2018").encode(), 2, "date"),
        ("events.csv", HEADER.encode() + GOOD.encode() * 2, 3, "id"),
        ("events.csv", HEADER.encode() + GOOD.replace("event/9", "event/0").encode(), 2, "id"),
        ("events.csv", HEADER.encode() + GOOD.replace("source/paper", "source/none").encode(), 2, "citations"),
        ("events.csv", HEADER.encode() + GOOD.replace(",public", "").encode(), 2, None),
        ("events.csv", HEADER.encode() + GOOD.replace("A thing", '"open').encode(), 2, None),
        ("events.csv", HEADER.encode() + GOOD.replace("A thing", "a" * 1_000_001).encode(), 2, None),
        ("events.csv", HEADER.encode() + GOOD.replace("A thing", "a\0b").encode(), 2, None),
        ("positions.csv", b"instrument,actor,act,sources\nletter,ZZZ,sign,source/paper\n", 2, "instrument"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_row_and_column_and_nothing_is_changed(
    record: Record, tmp_path: Path, name: str, data: bytes, row: int, column: str | None
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(InvalidInput) as refused:
        record.enter_files([file])
    problem = refused.value.problems[0]
    assert (problem.file, problem.row, problem.column) == (str(file), row, column)
    with record.ledger.reading() as reader:
        assert reader.size == 2


def test_a_formula_is_kept_as_words_and_goes_out_so_that_no_spreadsheet_runs_it(
    record: Record, tmp_path: Path
) -> None:
    from onrecord.pages.tabular import to_csv

    file = tmp_path / "events.csv"
    file.write_text(HEADER + GOOD.replace("A thing", '"=HYPERLINK(""http://x"")"'))
    record.enter_files([file])
    table = record.as_seen_by().table("event")
    assert table["title"].to_list()[-1] == '=HYPERLINK("http://x")'
    assert b"\"'=HYPERLINK" in to_csv(table)


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted(
    record: Record, tmp_path: Path
) -> None:
    file = tmp_path / "events.csv"
    file.write_text(HEADER + GOOD.replace("2018-05", "never") * 2000)
    with pytest.raises(InvalidInput) as refused:
        record.enter_files([file])
    assert len(str(refused.value).splitlines()) == 102
    assert str(refused.value).endswith("… and 1900 more.")
    assert (len(refused.value.problems), refused.value.count) == (1000, 2000)
