"""Why somebody is not let in. Both are refusals of the gate."""

from __future__ import annotations

from onrecord.errors import NotAllowed


class SignInRefused(NotAllowed):
    """Name and password do not belong together, or an invitation is of no use; which of these is never told."""


class TooManyTries(NotAllowed):
    """Something was done too often.

    Attributes:
        seconds: how long to wait before it is worth trying again.
    """

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        wait = f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
        super().__init__(f"That was tried too often. Try again in {wait}.")
