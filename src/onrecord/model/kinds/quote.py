"""Words as spoken or written."""

from __future__ import annotations

from onrecord.model.kinds.base import Base, DateText, Id, Language, Text


class Quote(Base, frozen=True, kw_only=True, omit_defaults=True, tag="quote"):
    """The words that matter, who used them, when, and in which language."""

    speaker: Text
    text: Text
    date: DateText
    language: Language | None = None
    event: Id | None = None
