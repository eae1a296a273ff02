"""JSON in its four forms: lists, lines, sequences and values one behind the other, whole and broken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest.json_rows import rows_of
from onrecord.ingest.reading import Reading
from tests.ingest.reading_here import reading_of

PEOPLE = [{"name": "图尔荪", "born": 1971}, {"name": "Аблиз", "camp": ["Kashgar"]}]


def cells(reading: Reading) -> tuple[tuple[str | None, ...], ...]:
    """The columns of the one table of a reading."""
    (table,) = reading.tables
    return table.cells


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(PEOPLE),
        json.dumps(PEOPLE, indent=2, ensure_ascii=False),
        "\n".join(map(json.dumps, PEOPLE)),
        "\r\n\r\n".join(map(json.dumps, PEOPLE)) + "\r\n",
        "".join(f"\x1e{json.dumps(one, indent=1)}\n" for one in PEOPLE),
        "".join(json.dumps(one) for one in PEOPLE),
        " ".join(json.dumps(one, indent=2) for one in PEOPLE),
        "\ufeff" + json.dumps(PEOPLE),
    ],
)
def test_objects_are_the_same_table_in_every_form(written: str) -> None:
    reading = reading_of(written.encode(), "people.json")
    assert (reading.kind, reading.outcome) == ("json", "read")
    assert [column[:2] for column in cells(reading)] == [("name", "图尔荪"), ("born", "1971"), ("camp", None)]
    assert [piece.text.split("\t") for piece in reading.pieces][1:] == [
        ["图尔荪", "1971"], ["Аблиз", "", cells(reading)[2][2]],
    ]  # fmt: skip


def test_the_cells_of_a_list_have_places() -> None:
    reading = reading_of(json.dumps(PEOPLE).encode(), "people.json")
    places = [selector for piece in reading.pieces for selector in piece.selectors]
    assert [getattr(place, "value", "") for place in places] == ["cells=A1:C1", "cells=A2:B2", "cells=A3:C3"]


@pytest.mark.parametrize(
    "number", ["653101198001011234567", "1.10", "1e999999", "-0", "0.1000000000000000055511151231257827"]
)
def test_numbers_keep_every_digit_they_are_written_with(number: str) -> None:
    assert cells(reading_of(f'[{{"n": {number}}}]'.encode())) == (("n", number),)


@pytest.mark.parametrize(
    ("written", "reason", "rows"),
    [
        ('{"a":1}\n{"a":\n{"a":3}\n', "missing: the structure of line 2, where the JSON is not valid", (1, 2, 4)),
        ('\x1e{"a":1}\n\x1e{"a":2', "missing: the structure of line 2, where the JSON is not valid", (1, 2)),
        ('[{"a":1},\n{"a":]', "missing: the structure: the JSON is not valid in line 2; the text was read", None),
        ('{"a": "x', "missing: the structure: the JSON ends too soon; the text was read", None),
        ("[" * 9999, "missing: the structure, which nests deeper than can be followed; the text was read", None),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_by_its_line_and_its_text_is_read(
    written: str, reason: str, rows: tuple[int, ...] | None
) -> None:
    reading = reading_of(written.encode(), "a.json")
    assert (reading.outcome, reading.reason) == ("read in part", reason)
    assert (reading.tables[0].rows if reading.tables else None) == rows
    assert "".join(piece.text for piece in reading.pieces).count('"a":') == (
        1 if rows else written.count('"a":')
    )


def test_a_list_too_long_to_be_told_by_cells_is_a_table_and_its_text() -> None:
    reading = reading_of(b'{"a":"x"}\n' * 3, "a.json", answer_bytes=1000)
    assert (cells(reading), len(reading.pieces)) == ((("a", "x", "x", "x"),), 1)


def test_what_a_reader_was_not_made_for_is_told_in_words_and_the_library_s_own_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(text: str) -> None:
        raise KeyError("mso")

    monkeypatch.setattr("onrecord.ingest.readers.json_text.rows_of", stumble)
    reading = reading_of(b"[]", "a.json")
    assert reading.reason == "the JSON reader met what it was not made for and stopped"
    assert reading.warnings == ("the reader's own words: KeyError: 'mso'",)


SCALARS = st.none() | st.booleans() | st.integers() | st.text()


@given(
    st.lists(st.dictionaries(st.text(), SCALARS | st.lists(SCALARS), min_size=1), min_size=2),
    st.sampled_from(["\n", "", "\x1e"]),
)
def test_every_value_comes_back_from_its_cell(objects: list[dict[str, Any]], between: str) -> None:
    found = rows_of(between.join(map(json.dumps, objects)))
    assert not found.broken
    for meant, row in zip(objects, found.rows, strict=True):
        told = {
            key: json.loads(value) if not isinstance(meant[key], str) and value is not None else value
            for key, value in row.items()
        }
        assert told == meant
