"""What a page is before it is drawn: an answer with its date, its proof and its data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from markupsafe import Markup

from onrecord.pages.addresses import Links
from onrecord.pages.findings import Findings

Rows = pl.DataFrame | Callable[[], pl.DataFrame]
"""A table to take away, or what makes it where that takes long: most readers of a page do not take it."""


def made(rows: Rows) -> pl.DataFrame:
    """The table itself."""
    return rows if isinstance(rows, pl.DataFrame) else rows()


@dataclass(frozen=True, slots=True)
class Link:
    """A label and where it leads, as a path within the site (``states/SOM/``)."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked for: the findings of a record on a day, and what stands in the address.

    ``frozen`` is true for a copy on a file server, which shall be the same to the byte whoever makes it.
    """

    findings: Findings
    query: Mapping[str, str] = field(default_factory=dict)
    frozen: bool = False

    @property
    def when(self) -> date:
        """The day for which everything on the page is computed."""
        return self.findings.when

    def links(self, page: str) -> Links:
        """The ways from one page to others; a day that the reader chose is carried along."""
        return Links(page, {"as_of": self.query["as_of"]} if "as_of" in self.query else {})


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        path: its address within the site, with a slash at the end; empty for the first page.
        template: the file that draws it.
        title: the answer in a few words.
        title_language: the title's language where it is not the record's, as for a person's name (BCP 47).
        finding: the answer in one sentence, computed from the data.
        thread: where the page hangs, from the first page down.
        content: what the template of this page needs; its fields are the template's contract.
        tables: the data behind the page by name, each offered as CSV, JSON and Parquet.
        pictures: the page's charts by name, each offered as SVG.
        documents: other files that the page offers by name: JSON where the name says so, else plain text.
        entries: ids of the entries shown, offered as FollowTheMoney entities.
        partial: what the page cannot say, in one sentence.
    """

    path: str
    template: str
    title: str
    finding: str
    thread: tuple[Link, ...]
    content: Any = None
    tables: Mapping[str, Rows] = field(default_factory=dict)
    pictures: Mapping[str, Markup] = field(default_factory=dict)
    documents: Mapping[str, bytes] = field(default_factory=dict)
    entries: tuple[str, ...] = ()
    partial: str | None = None
    section: str = ""
    title_language: str | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks at a page of a server with accounts; without a name it is somebody who has not signed in.

    Attributes:
        token: the secret of the form that signs out.
        enters: whether they may put anything on record.
        manages: whether they see documents, accounts and the access log.
        entry: the id of the entry that the page is about and that they may correct; empty if there is none.
    """

    name: str = ""
    role: str = ""
    token: str = ""
    enters: bool = False
    manages: bool = False
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A family of pages: the pattern of their addresses, which there are, and the function that answers.

    ``pattern`` is a prefix (``states/``); the rest of the address is the key (``SOM``), empty for the page of
    the prefix itself. ``keys`` lists the keys that exist.
    """

    prefix: str
    answer: Callable[[Asked, str], Page]
    keys: Callable[[Findings], Iterator[str]]


def only_one(_findings: Findings) -> Iterator[str]:
    """The keys of a route that is a single page."""
    yield ""
