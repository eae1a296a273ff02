"""Accounts in either database: one body of promises holds for both."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.accounts import Accounts
from onrecord.record import Record
from tests.proof.conftest import postgres

from .making import Clock, accounts_in

__all__ = ["postgres"]


@pytest.fixture
def clock() -> Clock:
    """Nine in the morning, until it is turned."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def record(request: pytest.FixtureRequest, tmp_path: Path) -> Record:
    """An empty record, in each database."""
    ledger = request.getfixturevalue("postgres").new_database() if request.param == "postgresql" else ""
    return Record.create(tmp_path / "record", title="A record", ledger=ledger)


@pytest.fixture
def accounts(record: Record, clock: Clock) -> Accounts:
    """The accounts of that record."""
    return accounts_in(record, clock)
