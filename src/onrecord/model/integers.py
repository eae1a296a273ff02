"""Whole numbers that every JSON reader reads as the same number (RFC 8785, RFC 7493: within 2**53 - 1)."""

from __future__ import annotations

from typing import Annotated

import msgspec

MAX_INTEGER = 2**53 - 1

Integer = Annotated[int, msgspec.Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]

Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_INTEGER)]
"""How many of something."""
