"""Asking calendars: the one place in the program that sends anything anywhere, and only where the user said.

Nothing but 32 bytes goes out, and those are a hash over the digest and a random number, so that a calendar does not
learn what it stamps. Answers are small; no redirect to another place is followed.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from typing import IO

from onrecord.errors import NotReached, UsageError
from onrecord.proof.opentimestamps.format import (
    APPEND,
    SHA256,
    Attestation,
    Proof,
    Step,
    Way,
    parse_ways,
    walked,
)

_SECONDS = 30
_MOST_BYTES = 10_000
_NONCE_BYTES = 16

Told = Callable[[str], None]
"""Is told, in words, of every call before it is made and of every one that failed."""


def ask(digest: bytes, calendars: tuple[str, ...], told: Told) -> Proof:
    """Have calendars stamp a digest; those that do not answer are told and left out.

    Raises:
        UsageError: an address is not one of the web.
        NotReached: none of them answered.
    """
    blinded = (Step(APPEND, os.urandom(_NONCE_BYTES)), Step(SHA256))
    sent = walked(digest, blinded)
    assert sent is not None
    ways: list[Way] = []
    for calendar in map(address, calendars):
        told(f"Sending 32 bytes, a hash that says nothing, to {calendar}/digest")
        try:
            ways += (
                Way((*blinded, *way.steps), way.attestation) for way in _answer(f"{calendar}/digest", sent)
            )
        except (OSError, HTTPException, ValueError) as cause:
            told(f"{calendar} gave no stamp: {cause}")
    if not ways:
        raise NotReached("No calendar gave a stamp; nothing was kept. Try again later, or name another.")
    return Proof(digest, tuple(ways))


def upgrade(proof: Proof, calendars: frozenset[str], told: Told) -> Proof:
    """The same proof with what calendars can tell by now; pending ways of calendars that are not named stay."""
    ways: list[Way] = []
    for way in proof.ways:
        ways += _upgraded(proof.digest, way, told) if way.attestation.calendar in calendars else [way]
    return Proof(proof.digest, tuple(dict.fromkeys(ways)))


def address(text: str) -> str:
    """The address of a calendar as it is written in proofs, without a slash at its end.

    Raises:
        UsageError: it is not an address of the web.
    """
    if not text.startswith(("https://", "http://")):
        raise UsageError(f"{text} is no address of a calendar. Give one that begins with https://")
    return Attestation.pending(text.rstrip("/")).calendar or ""


def _upgraded(digest: bytes, way: Way, told: Told) -> list[Way]:
    calendar, commitment = way.attestation.calendar, walked(digest, way.steps)
    if commitment is None:
        return [way]
    asked = f"{calendar}/timestamp/{commitment.hex()}"
    told(f"Asking {asked}")
    try:
        found = [Way((*way.steps, *more.steps), more.attestation) for more in _answer(asked, None)]
    except (OSError, HTTPException, ValueError) as cause:
        told(f"{calendar} has nothing new: {cause}")
        return [way]
    attested = any(more.attestation.height is not None for more in found)
    return found if attested else [*found, way]


def _answer(url: str, data: bytes | None) -> tuple[Way, ...]:
    headers = {"Accept": "application/vnd.opentimestamps.v1", "User-Agent": "onrecord"}
    request = urllib.request.Request(url, data, headers)  # noqa: S310 only the web: see address()
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=_SECONDS) as answer:
        body: bytes = answer.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise ValueError("its answer is too long")
    return parse_ways(body)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A calendar does not choose where else the program goes."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None
