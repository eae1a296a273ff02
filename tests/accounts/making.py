"""Accounts of a record, with a clock that tests turn and passwords that are cheap to check."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher

from onrecord.accounts import Accounts, Role
from onrecord.accounts.accounts import LIMITS, Limits
from onrecord.accounts.passwords import Passwords
from onrecord.record import Record
from onrecord.record.places import ledger_place

PASSWORD = "four walls and a river"
HERE = "192.0.2.1"


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


def cheap() -> Passwords:
    """Argon2 with the least it takes."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def accounts_in(
    record: Record, clock: Callable[[], datetime] | None = None, allowed: Limits = LIMITS
) -> Accounts:
    """The accounts of a record."""
    store = ledger_place(record.folder, record.description)
    return Accounts(store, clock=clock or Clock(), passwords=cheap(), allowed=allowed)


def home_of(name: str) -> str:
    """An address of their own, so that what one does counts against no other."""
    return str(ipaddress.IPv6Address((0x20010DB8 << 96) | (zlib.crc32(name.encode()) << 64) | 1))


def join(
    accounts: Accounts, name: str, role: Role = "editor", password: str = PASSWORD, address: str = HERE
) -> str:
    """Invite somebody who joins at once; the secret of their session."""
    return accounts.join(accounts.invite(name, role, "a test"), password, password, address)


def bytes_of(folder: Path) -> bytes:
    """Every byte of every file of a record."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
