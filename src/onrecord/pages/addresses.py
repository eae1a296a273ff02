"""Every address of the site, built in one place. Paths are within the site and end with a slash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

FRONT = ""
STATES = "states/"
INSTRUMENTS = "instruments/"
MOVERS = "movers/"
PROMISES = "promises/"
TIMELINE = "timeline/"
PEOPLE = "people/"
PEOPLE_TO_JUDGE = "people/to-judge/"
PEOPLE_JUDGED = "people/judged/"
FIGURES = "figures/"
SOURCES = "sources/"
ENTRIES = "entries/"
METHOD = "method/"
SEARCH = "search/"
FIND = "find/"
DATA = "data/"
CHECKPOINT = f"{DATA}checkpoint.txt"
CHANGES = "changes/"
WORDS = "words/"
FORECASTS = "forecasts/"
VOTES = "votes/"
BACK_TEST = "back-test/"
COMPARE = "compare/"
DOCUMENTS = "documents/"
DOCUMENT_SEARCH = "documents/search/"
DOCUMENT_SQL = "documents/sql/"
DOCUMENT_STATISTICS = "documents/statistics/"
DOCUMENT_TIMELINE = "documents/timeline/"
SIGN_IN = "sign-in/"
SIGN_OUT = "sign-out/"
INVITATION = "invitation/"
ACCOUNT = "account/"
ACCOUNTS = "accounts/"
ACCESS_LOG = "accounts/log/"
BAG = "account/bag/"
ENTER = "enter/"
CORRECT = "correct/"

_OWN_PAGE = {"instrument": INSTRUMENTS, "promise": PROMISES, "person": PEOPLE, "source": SOURCES}


def entry(entry_id: str) -> str:
    """The page every entry has: its citation, its place in the ledger, its history and its proof."""
    return f"{ENTRIES}{entry_id}/"


def page_of(kind: str, entry_id: str) -> str:
    """The page that tells a reader most about an entry."""
    prefix = _OWN_PAGE.get(kind)
    return f"{prefix}{entry_id}/" if prefix else entry(entry_id)


def correct(entry_id: str) -> str:
    """The form that corrects an entry, on a server with accounts only."""
    return f"{CORRECT}{entry_id}/"


def state(actor_id: str) -> str:
    """The page of a state."""
    return f"{STATES}{actor_id}/"


def document(digest: str) -> str:
    """The page of an original, on the owner's server only."""
    return f"{DOCUMENTS}{digest}/"


def document_table(digest: str, number: int) -> str:
    """The page of a table of an original, counted from 1."""
    return f"{document(digest)}tables/{number}/"


def root_from(path: str) -> str:
    """The relative way from a page back to the first page, so that a site works in any folder."""
    return "../" * path.count("/")


@dataclass(frozen=True, slots=True)
class Links:
    """Relative ways from one page to others, with what the address must keep (the chosen day) carried along."""

    page: str
    carried: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, path: str, **parameters: str) -> str:
        """The way to a path within the site; ``#part`` at its end leads to a part of that page.

        An address elsewhere on the web stays as it is; no other scheme is let through.
        """
        if path.startswith(("https://", "http://")):
            return path
        path, _, part = path.partition("#")
        query = urlencode({**self.carried, **parameters})
        way = (root_from(self.page) + quote(path)) or "./"
        return way + (f"?{query}" if query else "") + (f"#{quote(part)}" if part else "")
