"""A browser for published sites."""

from __future__ import annotations

from ..browsing import browser

__all__ = ["browser"]
