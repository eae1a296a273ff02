"""Where the pages about votes hang: below the record, the votes, and the body that voted."""

from __future__ import annotations

from onrecord.pages import addresses
from onrecord.pages.page import Link
from onrecord.pages.words import body_name

THREAD = (Link("The record", addresses.FRONT), Link("Votes", addresses.VOTES))


def thread_below(body: str) -> tuple[Link, ...]:
    """The thread of a page below that of a body."""
    return (*THREAD, Link(body_name(body), f"{addresses.VOTES}{body}/"))
