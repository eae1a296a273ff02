"""Who is signed in: a random secret in a cookie, its hash here, and two times after which it is worth nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from onrecord.accounts.people import key_of
from onrecord.accounts.roles import Role
from onrecord.record.leaf import timestamp
from onrecord.record.stores import Session

IDLE = timedelta(hours=1)
ABSOLUTE = timedelta(hours=12)
_SEEN_ANEW = timedelta(minutes=1)
"""A session is marked as seen no more often than this: a page should not wait for the disk each time."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, with the role that the account has now."""

    name: str
    role: Role


def begin(db: Session, now: datetime, token: str, name: str) -> None:
    """Keep a new session under the hash of its secret; forget those that have ended."""
    db.do("delete from sign_ins where expires <= ? or seen <= ?", (timestamp(now), timestamp(now - IDLE)))
    times = (timestamp(now), timestamp(now), timestamp(now + ABSOLUTE))
    db.do("insert into sign_ins values (?, ?, ?, ?, ?)", (token, key_of(name), *times))


def find(db: Session, now: datetime, token: str) -> tuple[SignedIn, bool] | None:
    """Who holds the secret with this hash, and whether it is time to mark the session as seen."""
    row = db.one(
        "select a.name, a.role, s.seen from sign_ins s join accounts a on a.key = s.account "
        "where s.token = ? and s.expires > ? and s.seen > ?",
        (token, timestamp(now), timestamp(now - IDLE)),
    )
    if row is None:
        return None
    return SignedIn(str(row[0]), cast("Role", row[1])), str(row[2]) < timestamp(now - _SEEN_ANEW)


def mark_seen(db: Session, now: datetime, token: str) -> None:
    """Put off the end by idleness."""
    db.do("update sign_ins set seen = ? where token = ?", (timestamp(now), token))


def end(db: Session, token: str) -> None:
    """End one session."""
    db.do("delete from sign_ins where token = ?", (token,))


def end_all(db: Session, name: str, *, but: str = "") -> None:
    """End every session of an account, but for one if its token is given."""
    db.do("delete from sign_ins where account = ? and token <> ?", (key_of(name), but))


def count(db: Session, now: datetime, name: str) -> int:
    """How many sessions of an account are open."""
    row = db.one(
        "select count(*) from sign_ins where account = ? and expires > ? and seen > ?",
        (key_of(name), timestamp(now), timestamp(now - IDLE)),
    )
    return int(row[0]) if row else 0
