"""Files with rows: what can be read of them, and what exactly is wrong where it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import Problem
from onrecord.record.rows import MAX_CELL, Row, RowFile, kind_from_name


def read_rows(path: Path) -> tuple[list[Row], list[Problem]]:
    found = list(RowFile(path))
    return [item for item in found if isinstance(item, Row)], [p for p in found if isinstance(p, Problem)]


def problem(path: Path) -> Problem:
    _, problems = read_rows(path)
    assert len(problems) == 1, problems
    assert problems[0].file == str(path)
    assert problems[0].remedy
    return problems[0]


def written(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


MALFORMED = [
    ("sources.csv", b"id,title\nS1,Caf\xe9\n", 2, "not UTF-8: byte 15 is 0xe9"),
    ("sources.csv", "id,title\nS1,One\n".encode("utf-16"), 1, "not UTF-8"),
    ("sources.csv", b"id,title\nS1,a\x00b\n", 2, "NUL characters"),
    ("sources.csv", b"", None, "The file is empty"),
    ("sources.csv", "id,title,id\nS1,One,S2\n", 1, "names 'id' twice"),
    ("things.csv", "id,title\nS1,One\n", 1, "not clear what the rows are"),
    ("sources.csv", "id,title\nS1,One,Two\n", 2, "The row has 3 cells, the header 2"),
    ("sources.csv", "id,title\nS1\n", 2, "The row has 1 cells, the header 2"),
    ("sources.csv", 'id,title\nS1,"One\n', 2, "The table breaks off"),
    ("sources.csv", 'id,title\nS1,"One" two\n', 2, "The table breaks off"),
    ("sources.csv", f"id,title\nS1,{'x' * (MAX_CELL + 1)}\n", 2, "field larger than field limit"),
    ("sources.jsonl", '{"id": "S1", "title": "One"\n', 1, "The line is not JSON"),
    ("sources.jsonl", '\n["S1"]\n', 2, "The line is not a JSON object"),
    ("sources.jsonl", '{"id": "S1", "id": "S2", "title": "One"}\n', 1, "names 'id' twice"),
    ("sources.jsonl", '{"id": "S1", "title": NaN}\n', 1, "The line is not JSON"),
    ("sources.jsonl", "[" * 100_000 + "\n", 1, "The line is not JSON"),
]


@pytest.mark.parametrize(("name", "data", "row", "message"), MALFORMED)
def test_what_is_wrong_with_a_file_is_told_with_its_row_and_a_remedy(
    tmp_path: Path, name: str, data: str | bytes, row: int | None, message: str
) -> None:
    found = problem(written(tmp_path, name, data))
    assert message in found.message
    assert found.row == row


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in problem(tmp_path / "sources.csv").message
    assert "cannot be read: Is a directory" in problem(tmp_path).message


def test_rows_behind_a_bad_row_are_still_read(tmp_path: Path) -> None:
    path = written(tmp_path, "sources.csv", "id,title\nS1,One\nS2\nS3,Three\n")
    rows, problems = read_rows(path)
    assert [(row.cells["id"], row.number) for row in rows] == [("S1", 2), ("S3", 4)]
    assert [problem.row for problem in problems] == [3]


def test_a_row_is_numbered_by_its_first_line_as_a_text_editor_shows_it(tmp_path: Path) -> None:
    path = written(tmp_path, "sources.csv", 'id,title\r\n\r\nS1,"two\r\nlines"\r\nS2,Two\r\n')
    rows, problems = read_rows(path)
    assert problems == []
    assert [(row.cells["id"], row.number) for row in rows] == [("S1", 3), ("S2", 5)]
    assert rows[0].cells["title"] == "two\r\nlines"


def test_a_byte_order_mark_and_spaces_around_cells_do_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path, "sources.csv", "\ufeffid,title,note\n S1 , One ,  \n")
    rows, problems = read_rows(path)
    assert problems == []
    assert rows[0].cells == {"id": "S1", "title": "One"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("positions.csv", "position"), ("Position.CSV", "position"), ("citations.csv", "citation"),
     ("persons.jsonl", "person"), ("memberships.csv", "membership"), ("facts.csv", None), ("sourcess.csv", None)],
)  # fmt: skip
def test_a_file_is_of_the_kind_it_is_named_after(name: str, kind: str | None) -> None:
    assert kind_from_name(Path(name)) == kind


def test_a_column_kind_says_it_for_each_row(tmp_path: Path) -> None:
    path = written(tmp_path, "facts.csv", "kind,id\nsource,S\nevent,E\n")
    assert [row.kind for row in read_rows(path)[0]] == ["source", "event"]


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=4), max_size=6))
def test_json_lines_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, objects: list[dict[str, str]]
) -> None:
    lines = [json.dumps({**fields, "kind": "source"}, ensure_ascii=False) for fields in objects]
    path = written(tmp_path_factory.mktemp("lines"), "facts.jsonl", "\n".join(lines))
    rows, problems = read_rows(path)
    assert problems == []
    assert [row.cells for row in rows] == [{k: v for k, v in o.items() if k != "kind"} for o in objects]


@given(st.binary(max_size=300), st.sampled_from(["sources.csv", "facts.csv", "sources.jsonl"]))
def test_any_bytes_at_all_are_rows_or_problems_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = written(tmp_path_factory.mktemp("junk"), name, data)
    rows, problems = read_rows(path)
    assert all(row.file == str(path) and row.number >= 1 for row in rows)
    assert all(p.file == str(path) and p.message and p.remedy for p in problems)
