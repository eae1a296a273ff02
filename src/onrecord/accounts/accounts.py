"""Accounts of one record: inviting, joining, signing in and out, and the log. Each step is one transaction.

Refusals take as long and say the same whether or not there is such a name, and every try is counted, for the name and
for the address that it came from, before the password is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from onrecord.accounts import limits, log, people, sessions, tables
from onrecord.accounts.errors import SignInRefused
from onrecord.accounts.limits import Counted, Limit
from onrecord.accounts.log import Access
from onrecord.accounts.passwords import Passwords, check_password
from onrecord.accounts.people import Account, Invitation
from onrecord.accounts.roles import Role
from onrecord.accounts.secrets import hashed, new_secret
from onrecord.accounts.sessions import SignedIn
from onrecord.errors import EntryNotFound, InvalidInput, Problem
from onrecord.record import Record
from onrecord.record.leaf import timestamp
from onrecord.record.places import ledger_place
from onrecord.record.record import Clock, utc_now
from onrecord.record.stores import Session, Store

OPEN_FOR = timedelta(hours=72)
"""How long an invitation can be used, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How often each thing may be done."""

    sign_in_by_name: Limit
    sign_in_by_address: Limit
    invitation_by_address: Limit
    inviting: Limit
    form: Limit


LIMITS = Limits(
    sign_in_by_name=Limit(10, 15 * 60),
    sign_in_by_address=Limit(30, 15 * 60),
    invitation_by_address=Limit(20, 60 * 60),
    inviting=Limit(30, 60 * 60),
    form=Limit(60, 5 * 60),
)


class Accounts:
    """The accounts in one database, which is the record's own.

    Args:
        store: where the tables lie; they are made if they are not there.
        clock: what time it is, aware.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock = utc_now,
        passwords: Passwords | None = None,
        allowed: Limits = LIMITS,
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._allowed = allowed
        tables.prepare(store)

    def everybody(self) -> list[Account]:
        """Every account, by name."""
        with self._store.reading() as db:
            return people.accounts(db)

    def invitations(self) -> list[Invitation]:
        """Every invitation that can still be used, by name."""
        with self._store.reading() as db:
            return people.invitations(db, timestamp(self._clock()))

    def invite(
        self, name: str, role: Role, by: str, *, by_role: str = "", open_for: timedelta = OPEN_FOR
    ) -> str:
        """The secret of a new invitation, which whoever holds it can use once. Earlier ones to the name end.

        To a name that has an account it is a way to a new password, and to another role.

        Raises:
            InvalidInput: the name cannot be one.
            TooManyTries: ``by`` has invited too often.
        """
        now, secret = self._clock(), new_secret()
        invitation = Invitation(people.checked_name(name), role, by, timestamp(now + open_for))
        with self._store.writing() as db:
            limits.take(db, now, Counted("invite", by, self._allowed.inviting))
            people.put_invitation(db, hashed(secret), invitation)
            log.write(db, now, by, by_role, "invited", what=[f"{invitation.name} as {role}"])
        return secret

    def invitation(self, secret: str, address: str) -> Invitation:
        """The invitation with this secret.

        Raises:
            SignInRefused: there is none, it was used, or it is too late.
            TooManyTries: this address has asked too often.
        """
        now = self._clock()
        with self._store.writing() as db:
            limits.take(db, now, self._invitation_from(address))
            found = people.invitation(db, hashed(secret), timestamp(now))
        return found or _no_invitation()

    def join(self, secret: str, password: str, again: str, address: str) -> str:
        """Use an invitation: give its account this password and sign in. The secret of the session is returned.

        Raises:
            SignInRefused: there is no such invitation, it was used, or it is too late.
            InvalidInput: the password is of no use; the invitation stays open.
            TooManyTries: this address has tried too often.
        """
        found = self.invitation(secret, address)
        check_password(password, again, found.name)
        kept, session, now = self._passwords.hash(password), new_secret(), self._clock()
        with self._store.writing() as db:
            if people.invitation(db, hashed(secret), timestamp(now)) != found:
                _no_invitation()  # somebody was quicker
            people.end_invitation(db, found.name)
            people.put_account(db, found, kept, timestamp(now))
            sessions.end_all(db, found.name)
            self._let_in(db, SignedIn(found.name, found.role), session, "joined")
        return session

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The secret of a new session.

        Raises:
            SignInRefused: there is no such account, or this is not its password.
            TooManyTries: this name was tried too often, or too much was tried from this address.
        """
        counted = self._sign_in_as(name)
        self._count(
            counted, Counted("sign in from", limits.network_of(address), self._allowed.sign_in_by_address)
        )
        found = self._account(name)
        right = self._passwords.right(found[1] if found else None, password)
        if found is None or not right:
            raise SignInRefused("Name and password do not belong together. Mend one of them and try again.")
        account, kept = found
        session = new_secret()
        renewed = self._passwords.hash(password) if self._passwords.outdated(kept) else kept
        with self._store.writing() as db:
            now_kept = people.account(db, account.name)
            if now_kept is None or now_kept[1] != kept:
                raise SignInRefused("The account has just been changed. Try again.")
            limits.forget(db, counted)
            db.do("update accounts set password = ? where key = ?", (renewed, people.key_of(account.name)))
            self._let_in(db, SignedIn(account.name, account.role), session, "signed in")
        return session

    def who(self, session: str) -> SignedIn | None:
        """Who holds the secret of a session that has not ended; None for any other text."""
        now, token = self._clock(), hashed(session)
        with self._store.reading() as db:
            found = sessions.find(db, now, token)
        if found and found[1]:
            with self._store.writing() as db:
                sessions.mark_seen(db, now, token)
        return found[0] if found else None

    def sign_out(self, session: str, *, everywhere: bool = False) -> None:
        """End a session, or every session of its account."""
        now = self._clock()
        with self._store.writing() as db:
            found = sessions.find(db, now, hashed(session))
            if found is None:
                return
            who = found[0]
            if everywhere:
                sessions.end_all(db, who.name)
            else:
                sessions.end(db, hashed(session))
            log.write(db, now, who.name, who.role, "signed out everywhere" if everywhere else "signed out")

    def open_sessions(self, name: str) -> int:
        """In how many browsers an account is signed in."""
        with self._store.reading() as db:
            return sessions.count(db, self._clock(), name)

    def change_password(self, session: str, old: str, new: str, again: str) -> None:
        """Give the account of a session another password, and end its other sessions.

        Raises:
            SignInRefused: the session has ended.
            InvalidInput: the old password is not right, or the new one is of no use.
            TooManyTries: this was tried too often.
        """
        who = self.who(session)
        if who is None:
            raise SignInRefused("You were signed out. Sign in again.")
        counted = self._sign_in_as(who.name)
        self._count(counted)
        found = self._account(who.name)
        if not self._passwords.right(found[1] if found else None, old):
            raise InvalidInput([Problem("This is not your password.", "Type the present one.", column="old")])
        check_password(new, again, who.name)
        kept, now = self._passwords.hash(new), self._clock()
        with self._store.writing() as db:
            limits.forget(db, counted)
            db.do("update accounts set password = ? where key = ?", (kept, people.key_of(who.name)))
            sessions.end_all(db, who.name, but=hashed(session))
            log.write(db, now, who.name, who.role, "changed the password")

    def remove(self, name: str, by: str, *, by_role: str = "") -> None:
        """Take an account away with its sessions, and the invitation to the name. What was put on record stays.

        Raises:
            EntryNotFound: there is neither an account nor an invitation of that name.
        """
        now = self._clock()
        with self._store.writing() as db:
            found = people.account(db, name)
            invited = [i for i in people.invitations(db, timestamp(now)) if _same_name(i.name, name)]
            if found is None and not invited:
                raise EntryNotFound(
                    f"There is no account {name!r}. `onrecord accounts list` shows those there are."
                )
            people.remove_account(db, name)
            removed = found[0].name if found else invited[0].name
            log.write(db, now, by, by_role, "removed", what=[removed])

    def count_form(self, who: SignedIn) -> None:
        """Count a form that somebody sent.

        Raises:
            TooManyTries: too many came.
        """
        self._count(Counted("form", people.key_of(who.name), self._allowed.form))

    def write_down(self, who: SignedIn, act: str, address: str, what: Sequence[str], size: int) -> None:
        """Add a line to the access log; see :class:`Access`.

        Raises:
            StorageError: it could not be kept. Whoever asks must not be answered then.
        """
        with self._store.writing() as db:
            log.write(db, self._clock(), who.name, who.role, act, address, what, size)

    def accesses(self, *, who: str = "", before: int | None = None, most: int | None = None) -> list[Access]:
        """Lines of the access log, the newest first; see :func:`onrecord.accounts.log.read`."""
        with self._store.reading() as db:
            return log.read(db, who=who, before=before, most=most)

    def _account(self, name: str) -> tuple[Account, str] | None:
        with self._store.reading() as db:
            return people.account(db, name)

    def _let_in(self, db: Session, who: SignedIn, session: str, act: str) -> None:
        now = self._clock()
        sessions.begin(db, now, hashed(session), who.name)
        db.do("update accounts set signed_in = ? where key = ?", (timestamp(now), people.key_of(who.name)))
        log.write(db, now, who.name, who.role, act)

    def _count(self, *counted: Counted) -> None:
        with self._store.writing() as db:
            limits.take(db, self._clock(), *counted)

    def _sign_in_as(self, name: str) -> Counted:
        return Counted("sign in as", people.key_of(name), self._allowed.sign_in_by_name)

    def _invitation_from(self, address: str) -> Counted:
        who = limits.network_of(address)
        return Counted("invitation from", who, self._allowed.invitation_by_address)


def accounts_of(record: Record) -> Accounts:
    """The accounts of a record, in the database that holds its ledger."""
    return Accounts(ledger_place(record.folder, record.description), clock=record.clock)


def _same_name(one: str, other: str) -> bool:
    return people.key_of(one) == people.key_of(other)


def _no_invitation() -> Invitation:
    raise SignInRefused(
        "This invitation cannot be used: it was used already, it is too old, or it never was one. Ask for another."
    )
