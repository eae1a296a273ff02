"""Accounts and the invitations that make them, as rows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, cast

from onrecord.accounts.roles import Role
from onrecord.errors import InvalidInput, Problem
from onrecord.record.stores import Session

_NAME = re.compile(r"\w(?:[\w .'’-]{0,58}[\w.])?")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. Times are RFC 3339, UTC; ``signed_in`` is the last time, None before the first."""

    name: str
    role: Role
    made: str
    signed_in: str | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that is still open: for which name and role, by whom, until when (RFC 3339, UTC)."""

    name: str
    role: Role
    made_by: str
    expires: str


def checked_name(text: str) -> str:
    """A name as it is kept and shown.

    Raises:
        InvalidInput: it cannot be one.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not _NAME.fullmatch(name):
        remedy = "Write up to 60 letters, digits, spaces and . ' -, beginning with a letter or digit."
        raise InvalidInput([Problem(f"{text[:80]!r} cannot be a name.", remedy, column="name")])
    return name


def key_of(name: str) -> str:
    """What a name is found under: capitals and forms of the same letters are not told apart."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def accounts(db: Session) -> list[Account]:
    """Every account, by name."""
    rows = db.all("select name, role, made, signed_in from accounts order by key")
    return [Account(name, cast("Role", role), made, signed_in) for name, role, made, signed_in in rows]


def account(db: Session, name: str) -> tuple[Account, str] | None:
    """An account and what is kept of its password."""
    row = db.one("select name, role, made, signed_in, password from accounts where key = ?", (key_of(name),))
    return (Account(row[0], cast("Role", row[1]), row[2], row[3]), str(row[4])) if row else None


def put_account(db: Session, invitation: Invitation, password: str, now: str) -> None:
    """Make the account of an invitation, or give it the role and the password anew."""
    db.do(
        "insert into accounts (key, name, role, password, made) values (?, ?, ?, ?, ?) "
        "on conflict (key) do update set role = excluded.role, password = excluded.password",
        (key_of(invitation.name), invitation.name, invitation.role, password, now),
    )


def remove_account(db: Session, name: str) -> None:
    """Take an account away, with its sessions and the invitations to it."""
    for table, column in (("accounts", "key"), ("sign_ins", "account"), ("invitations", "key")):
        db.do(f"delete from {table} where {column} = ?", (key_of(name),))  # noqa: S608 names from the line above


def put_invitation(db: Session, token: str, invitation: Invitation) -> None:
    """Keep an invitation under the hash of its secret; an earlier one to the same name ends."""
    key = key_of(invitation.name)
    db.do("delete from invitations where key = ?", (key,))
    db.do(
        "insert into invitations (token, key, name, role, made_by, expires) values (?, ?, ?, ?, ?, ?)",
        (token, key, invitation.name, invitation.role, invitation.made_by, invitation.expires),
    )


def invitation(db: Session, token: str, now: str) -> Invitation | None:
    """The invitation under the hash of a secret, if it is still open."""
    row = db.one(f"{_INVITATIONS} where token = ? and expires > ?", (token, now))
    return _invitation(row) if row else None


def invitations(db: Session, now: str) -> list[Invitation]:
    """Every open invitation, by name."""
    return [_invitation(row) for row in db.all(f"{_INVITATIONS} where expires > ? order by key", (now,))]


def end_invitation(db: Session, name: str) -> None:
    """Take back the invitation to a name, or have it used up."""
    db.do("delete from invitations where key = ?", (key_of(name),))


_INVITATIONS = "select name, role, made_by, expires from invitations"


def _invitation(row: tuple[Any, ...]) -> Invitation:
    return Invitation(str(row[0]), cast("Role", row[1]), str(row[2]), str(row[3]))
