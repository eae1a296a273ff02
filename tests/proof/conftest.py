"""Records of a few batches, with originals, to prove things about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.record import Record
from tests.proof.making import fill
from tests.proof.servers import Cluster, cluster, object_store


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of our own."""
    with cluster() as server:
        yield server


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty bucket of an S3-compatible store."""
    with object_store(monkeypatch) as address:
        yield address
