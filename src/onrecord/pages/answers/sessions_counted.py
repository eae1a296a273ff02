"""A sentence for readers who chose an earlier day: of the votes, only sessions that were over by then count."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.pages.page import Asked
from onrecord.pages.words import session_in_words, the_body


def and_sessions_counted(asked: Asked, bodies: Iterable[str], sentence: str) -> str:
    """The sentence, and for each body of which later sessions are left out, the last session that counts."""
    until = ((body, asked.findings.rolls.bodies[body].until) for body in bodies)
    cut = [
        f"Of the roll calls of {the_body(body)} only sessions that were over by the chosen day count, up to {session_in_words(last)}."
        for body, last in until
        if last is not None
    ]
    return " ".join([sentence, *cut])
