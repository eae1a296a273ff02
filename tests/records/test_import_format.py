"""The page on the import format says what the program takes."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from onrecord.model.kinds import KINDS
from onrecord.record import Record
from onrecord.record.citing import CITATION_COLUMNS

PAGE = (Path(__file__).parents[2] / "docs" / "import-format.md").read_text(encoding="utf-8")
EVERY_KIND = {"id", "visibility", "note", "citations", "sealed"}


def section(kind: str) -> str:
    """What the page says of one kind."""
    return PAGE.split(f"\n### {kind}\n", 1)[1].split("\n#", 1)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_kind_is_on_the_page(kind: str) -> None:
    named = set(re.findall(r"`([a-z0-9_.]+)`", section(kind)))
    fields = {field.encode_name for field in msgspec.structs.fields(KINDS[kind])}
    assert fields - EVERY_KIND - named == set()


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_that_must_be_filled_in_are_bold(kind: str) -> None:
    bold = set(re.findall(r"\*\*`([a-z0-9_]+)`\*\*", section(kind)))
    required = {field.encode_name for field in msgspec.structs.fields(KINDS[kind]) if field.required}
    assert bold == required - {"id"}


def test_every_column_of_citations_is_on_the_page() -> None:
    table = PAGE.split("| column of `citations.csv` |", 1)[1].split("\n\n", 1)[0]
    assert set(re.findall(r"`([a-z_]+)`", table)) >= CITATION_COLUMNS


def test_the_example_can_be_entered_as_it_stands(tmp_path: Path) -> None:
    tables = re.findall(r"`([a-z]+\.csv)`\n\n```csv\n(.*?)```", PAGE, re.DOTALL)
    files = []
    for name, text in tables:
        files.append(tmp_path / name)
        files[-1].write_text(text, encoding="utf-8")
    record = Record.create(tmp_path / "record", title="Example")
    assert record.enter_files(files).added == 4
    assert record.enter_files(files).already == 4
    record.rebuild()
