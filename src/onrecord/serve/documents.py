"""The pages of originals, for whoever may see them, and putting a marked passage on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from onrecord.errors import InvalidInput, UsageError
from onrecord.ingest.catalogue import open_catalogue
from onrecord.model.citation import Selector, TextQuoteSelector
from onrecord.pages import addresses
from onrecord.pages.answers import (
    documents,
    evidence_search,
    evidence_sql,
    evidence_statistics,
    evidence_timeline,
)
from onrecord.pages.answers.document.page import answer as document
from onrecord.pages.evidence import Evidence
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Page, Route
from onrecord.pages.passage_links import LONGEST, passage_query, passage_selectors
from onrecord.passages.citing import Said, cite
from onrecord.passages.places import wanted
from onrecord.record import Record
from onrecord.serve.guarding import FormRefused, Sent


def document_pages(evidence: Evidence) -> tuple[Route, ...]:
    """The families of pages about originals; they come before the public ones."""
    return (
        Route(addresses.DOCUMENT_SEARCH, partial(evidence_search.answer, evidence), _never_frozen),
        Route(addresses.DOCUMENT_SQL, partial(evidence_sql.answer, evidence), _never_frozen),
        Route(addresses.DOCUMENT_STATISTICS, partial(evidence_statistics.answer, evidence), _never_frozen),
        Route(addresses.DOCUMENT_TIMELINE, partial(evidence_timeline.answer, evidence), _never_frozen),
        Route(addresses.DOCUMENTS, partial(_documents, evidence), _never_frozen),
    )


def taken_in(record: Record) -> frozenset[str]:
    """The originals, by SHA-256, that have a page."""
    with closing(open_catalogue(record)) as catalogue:
        return frozenset(digest for digest, *_ in catalogue.read_files())


def mark(record: Record, digest: str, form: Sent, *, by: str | None = None) -> tuple[str, Response]:
    """Put the marked passage on record; on to the quote's page, or back to the passage with its citation.

    Returns:
        The id of what was put on record, and the answer.

    Raises:
        FormRefused: no passage is marked, or several are, or not as a quote needs it.
    """
    try:
        return _put_on_record(record, digest, form, by)
    except (UsageError, InvalidInput) as cause:
        path, query = _filled_in(digest, form)
        raise FormRefused(str(cause), path, query) from cause


def _filled_in(digest: str, form: Sent) -> tuple[str, dict[str, str]]:
    """The way to the page of the form, where the words that were typed are marked."""
    words = {name: form.raw(name)[:LONGEST] for name in ("exact", "prefix", "suffix")}
    return f"{addresses.document(digest)}#mark", {name: value for name, value in words.items() if value}


def _put_on_record(record: Record, digest: str, form: Sent, by: str | None) -> tuple[str, Response]:
    given = {name: form.one(name) for name in ("speaker", "date", "language")}
    if bool(given["speaker"]) != bool(given["date"]):
        raise UsageError("A quote needs both a speaker and a date. Leave both empty for the citation alone.")
    said = Said(given["speaker"], given["date"], given["language"] or None) if given["speaker"] else None
    selectors = _marked(form)
    made = cite(record, digest, selectors, said, by=by)
    if made.quote:
        return made.quote.id, RedirectResponse(f"/{addresses.entry(made.quote.id)}", status_code=303)
    query = urlencode(passage_query(made.citation.selectors))
    way = f"/{addresses.document(digest)}?{query}#here"
    return made.source.id, RedirectResponse(way, status_code=303)


def _marked(form: Sent) -> tuple[Selector, ...]:
    """The passage that a form names: cells of a table, or words.

    Raises:
        UsageError: it names none.
    """
    if form.one("cells"):
        return wanted(cells=form.raw("cells"))
    selectors = passage_selectors(dict(form.pairs))
    if not any(isinstance(selector, TextQuoteSelector) for selector in selectors):
        raise UsageError("No words are marked. Copy them from the text into the form.")
    return selectors


def _documents(evidence: Evidence, asked: Asked, key: str) -> Page:
    return (document if key else documents.answer)(evidence, asked, key)


def _never_frozen(_findings: Findings) -> Iterator[str]:
    return iter(())
