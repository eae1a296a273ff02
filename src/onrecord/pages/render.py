"""Pages as HTML. Links are relative, so that the same page works live, frozen, and in any folder."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from onrecord.model.dates import PartialDate
from onrecord.pages import addresses
from onrecord.pages.blocks import kind_of_block
from onrecord.pages.downloads import downloads
from onrecord.pages.marked import visible
from onrecord.pages.page import Asked, Link, Page, Seat
from onrecord.pages.words import date_in_words, number_in_words

SECTIONS = (
    Link("People", addresses.PEOPLE),
    Link("Evidence", addresses.SOURCES),
    Link("Promises", addresses.PROMISES),
    Link("States", addresses.STATES),
    Link("Instruments", addresses.INSTRUMENTS),
    Link("Movers", addresses.MOVERS),
    Link("Votes", addresses.VOTES),
    Link("Timeline", addresses.TIMELINE),
    Link("Figures", addresses.FIGURES),
    Link("How we know", addresses.METHOD),
)
"""The sections in the head of every page, in the order of the record's questions."""

OWNERS_SECTIONS = (*SECTIONS, Link("Documents", addresses.DOCUMENTS))
"""The same on the server of the record's owner, who alone sees the documents."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("onrecord.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["date"] = date_in_words
    environment.filters["number"] = number_in_words
    environment.filters["visible"] = visible
    return environment


def render(page: Page, asked: Asked, *, live: bool, owner: bool = False, seat: Seat | None = None) -> str:
    """The page as an HTML document.

    ``live`` says that a server answers, which can compute the page for another day or search for the reader;
    ``owner`` that it is the owner's own, which shows what is private; ``seat`` who looks at it, where the server
    has accounts.
    """
    description = asked.findings.view.description
    return (
        _environment()
        .get_template(page.template)
        .render(
            page=page,
            content=page.content,
            record=description,
            when=asked.when,
            query=asked.query,
            live=live,
            root=addresses.root_from(page.path) or "./",
            link=asked.links(page.path),
            sections=OWNERS_SECTIONS if owner or (seat and seat.manages) else SECTIONS,
            owner=owner,
            seat=seat,
            addresses=addresses,
            downloads=[download.name for download in downloads(page, asked.findings)],
            citation=citation(page, asked),
            permalink=permalink(page, asked),
            kind_of_block=kind_of_block,
        )
    )


def permalink(page: Page, asked: Asked) -> str | None:
    """The address that leads here for good; None while the record does not say where it is published."""
    base = asked.findings.view.description.address.rstrip("/")
    return f"{base}/{quote(page.path)}" if base else None


def citation(page: Page, asked: Asked) -> str:
    """How to cite the page: title, record, day, address and the state of the ledger it was computed from."""
    view = asked.findings.view
    day = PartialDate.parse(asked.when.isoformat()).words()
    address = permalink(page, asked) or f"Page {page.path or 'one'}"
    return (
        f"{page.title}. In: {view.description.title}, as of {day}. {address} "
        f"(ledger {view.state.size}, root {view.state.root[:16]})."
    )
