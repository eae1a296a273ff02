"""What the pages about documents are made from, beside the findings: the record itself, for its owner alone.

Documents are private. Nothing here is reached from the routes of the public pages; only the owner's server has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from onrecord.ingest.sandbox import DrawnPage
from onrecord.record import Record

Draw = Callable[[str, str, int, tuple[str, ...]], DrawnPage]
"""Draws a page in the sandbox: digest, name, page from 1, words to find on it. Raises OnrecordError with the reason."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The record, how a page of an original is drawn, and the secret that a form of this server carries."""

    record: Record
    draw: Draw
    form_token: str
