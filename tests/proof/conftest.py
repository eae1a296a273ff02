"""Records of a few batches, with originals, to prove things about."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.record import Record
from tests.proof.making import fill


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """A record with a few batches, a correction and two originals."""
    made = Record.create(tmp_path / "one", title="One")
    fill(made)
    return made


@pytest.fixture
def other(tmp_path: Path) -> Record:
    """Somebody else's record, still empty."""
    return Record.create(tmp_path / "other", title="Other")
