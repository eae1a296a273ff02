"""The shipped record, read from its files and put on record once, and the data it was made from."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from onrecord.model.check import kind_of
from onrecord.model.kinds import Entry
from onrecord.record import Record
from onrecord.record.entering import read_files
from onrecord.records import template

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def entries() -> dict[str, Entry]:
    """Every entry of the shipped record by its id."""
    return {
        placed.entry.id: placed.entry for placed in read_files(sorted(template("xinjiang").glob("*.csv")))
    }


@pytest.fixture(scope="session")
def by_kind(entries: dict[str, Entry]) -> dict[str, list[Entry]]:
    """The entries of the shipped record by kind, in the order of the files."""
    kinds: dict[str, list[Entry]] = {}
    for entry in entries.values():
        kinds.setdefault(kind_of(entry), []).append(entry)
    return kinds


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The shipped record on disk, its views built."""
    record = Record.create(tmp_path_factory.mktemp("shipped") / "record", template("xinjiang"))
    record.rebuild()
    return record


@pytest.fixture(scope="session")
def compiled() -> dict[str, Rows]:
    """The tables the record was made from; a test that needs them is skipped where they are absent."""
    data = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[3] / "shared")) / "data"
    if not data.is_dir():
        pytest.skip(
            "the data that the record was made from are absent: no folder 'shared' beside this repository"
        )
    files = {
        name: data / name
        for name in (
            *(f"positions/{part}.csv" for part in ("instruments", "positions", "sources")),
            *(
                f"process/{part}.csv"
                for part in ("events", "promises", "cases", "figures", "quotes", "sources")
            ),
            *(f"hrc/{part}.csv" for part in ("membership", "regional_groups")),
        )
    }
    return {name: _rows(path) for name, path in files.items()}


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
