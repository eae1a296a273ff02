"""A record with a source to cite, for workers to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.record import Record
from tests.proof.making import SOURCE


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """A record with one source."""
    made = Record.create(tmp_path / "record", title="Faults")
    made.enter([SOURCE])
    return made
