"""What can go wrong with a name."""

from __future__ import annotations

from onrecord.errors import StorageError, UsageError


class UnreadableName(UsageError):
    """The text holds no name this room can read: it is empty, too long, or in an unknown script."""


class IndexFileError(StorageError):
    """A stored names index cannot be read."""
