"""Passwords: which are taken, how they are kept (Argon2id, RFC 9106), how long it takes to refuse one.

Rules follow NIST SP 800-63B: length counts, not kinds of characters, and nothing has to be changed by the calendar.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from onrecord.errors import InvalidInput, Problem

SHORTEST = 12
LONGEST = 200
_FEWEST_DIFFERENT = 5
_AT_ONCE = 2
"""Each hash takes 64 MiB: strangers who sign in must not fill the memory."""


class Passwords:
    """Hashes and checks passwords, a few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """What is kept of a password: parameters, salt and hash."""
        with self._turn:
            return self._hasher.hash(_unified(password))

    def right(self, kept: str | None, password: str) -> bool:
        """True if it is the password; where there is none to compare with, the answer No takes as long."""
        with self._turn:
            nobody = (
                self._of_nobody
            )  # made at the first try, whatever its name, and not at the first unknown one
            try:
                self._hasher.verify(kept or nobody, _unified(password))
            except VerificationError:
                return False
        return kept is not None

    def outdated(self, kept: str) -> bool:
        """True if a hash was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _of_nobody(self) -> str:
        return self._hasher.hash("the password of nobody")


def check_password(password: str, again: str, name: str) -> None:
    """See that a new password is of use.

    Raises:
        InvalidInput: with everything that is wrong with it.
    """
    problems = list(_problems(password, again, name))
    if problems:
        raise InvalidInput(problems)


def _problems(password: str, again: str, name: str) -> Iterator[Problem]:
    unified = _unified(password)
    if len(unified) < SHORTEST:
        remedy = "Take four or five words that nobody would put together."
        yield Problem(f"The password has fewer than {SHORTEST} characters.", remedy, column="password")
    elif len(password) > LONGEST:
        yield Problem(
            f"The password has more than {LONGEST} characters.", "Take a shorter one.", column="password"
        )
    elif len(set(unified)) < _FEWEST_DIFFERENT or unified.casefold() in name.casefold() * LONGEST:
        yield Problem(
            "The password is one of the first that somebody would try.", "Take another.", column="password"
        )
    if password != again:
        yield Problem("The two passwords differ.", "Type the same one twice.", column="again")


def _unified(password: str) -> str:
    """The same text from every keyboard."""
    return unicodedata.normalize("NFKC", password)
