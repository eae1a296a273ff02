"""This document exists."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onrecord.model.kinds.base import Base, DateText, Language, Text

Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Source(Base, frozen=True, kw_only=True, omit_defaults=True, tag="source"):
    """A document, page or file that facts are cited from.

    ``sha256`` names the original in the archive. Without it the source is known by its address only, and
    every page says so. ``found_at`` is a second address, such as a web archive's copy.
    """

    title: Text
    publisher: str | None = None
    published: DateText | None = None
    url: str | None = None
    found_at: str | None = None
    language: Language | None = None
    sha256: Sha256 | None = None
    media_type: str | None = None
