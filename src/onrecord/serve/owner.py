"""The server of the record's owner: the public pages as the keeper sees them, the documents, and marking passages.

It shows what would harm people if others saw it, so it is for one browser on this machine:

- the address printed at the start carries a random key; the first request with it gets a cookie (HttpOnly,
  SameSite=Strict) and is sent on without the key; a request that has neither is refused;
- the Host header must be this machine's own name, so that no other site's name can be pointed here (DNS rebinding);
- what changes the record needs, besides, the secret of a form from this server, and must not come from another site;
- nothing is kept in the browser's cache.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from functools import partial
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.errors import NotAllowed, UsageError
from onrecord.ingest.taking_in import open_catalogue
from onrecord.model.citation import TextQuoteSelector
from onrecord.pages import addresses
from onrecord.pages.answers import documents, evidence_search, evidence_sql
from onrecord.pages.answers.document import page as document
from onrecord.pages.evidence import Draw, Evidence
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Page
from onrecord.pages.page import Route as PageRoute
from onrecord.pages.passage_links import passage_query, passage_selectors
from onrecord.passages.citing import Said, cite
from onrecord.record import KEEPER, Record
from onrecord.serve.app import HEADERS, Private, Today, make_app, with_headers

PRIVATE_HEADERS = {"cache-control": "no-store", "cross-origin-resource-policy": "same-origin"}

_HOST = re.compile(r"(?:127\.0\.0\.1|localhost)(?::(\d{1,5}))?")
_LARGEST_FORM = 1 << 18


def make_owner_app(record: Record, key: str, draw: Draw, *, today: Today = date.today) -> ASGIApp:
    """The owner's server.

    Args:
        key: the secret in the address that is printed at the start.
        draw: draws a page of an original in the sandbox.
    """
    evidence = Evidence(record, draw, _derived(key, "form"))
    app = make_app(record, viewer=KEEPER, today=today, private=_private(evidence))
    return with_headers(_guarded(app, key), PRIVATE_HEADERS)


def _private(evidence: Evidence) -> Private:
    async def mark(request: Request) -> Response:
        form = await _form(request)
        if not hmac.compare_digest(form.get("token", "").encode(), evidence.form_token.encode()):
            raise NotAllowed(
                "The form is not from this server, or from before it was started. Load the page again."
            )
        return await run_in_threadpool(_mark, evidence, request.path_params["digest"], form)

    return Private(
        pages=(
            PageRoute(addresses.DOCUMENT_SEARCH, partial(evidence_search.answer, evidence), _never_frozen),
            PageRoute(addresses.DOCUMENT_SQL, partial(evidence_sql.answer, evidence), _never_frozen),
            PageRoute(addresses.DOCUMENTS, partial(_documents, evidence), _never_frozen),
        ),
        handlers=(Route(f"/{addresses.DOCUMENTS}{{digest}}/", mark, methods=["POST"]),),
        documents=partial(_taken_in, evidence.record),
    )


def _documents(evidence: Evidence, asked: Asked, key: str) -> Page:
    return (document.answer if key else documents.answer)(evidence, asked, key)


def _never_frozen(_findings: Findings) -> Iterator[str]:
    return iter(())


def _taken_in(record: Record) -> frozenset[str]:
    with closing(open_catalogue(record)) as catalogue:
        return frozenset(digest for digest, *_ in catalogue.read_files())


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            raise UsageError("The form is too large. Mark a shorter passage.")
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))


def _mark(evidence: Evidence, digest: str, form: dict[str, str]) -> Response:
    """Put the marked passage on record; on to the quote's page, or back to the passage with its citation."""
    given = {name: form.get(name, "").strip() for name in ("speaker", "date", "language")}
    if bool(given["speaker"]) != bool(given["date"]):
        raise UsageError("A quote needs both a speaker and a date. Leave both empty for the citation alone.")
    said = Said(given["speaker"], given["date"], given["language"] or None) if given["speaker"] else None
    selectors = passage_selectors(form)
    if not any(isinstance(selector, TextQuoteSelector) for selector in selectors):
        raise UsageError("No words are marked. Copy them from the text into the form.")
    made = cite(evidence.record, digest, selectors, said)
    if made.quote:
        return RedirectResponse(f"/{addresses.entry(made.quote.id)}", status_code=303)
    query = urlencode(passage_query(made.citation.selectors))
    return RedirectResponse(f"/{addresses.document(digest)}?{query}#here", status_code=303)


def _derived(key: str, purpose: str) -> str:
    return hmac.new(key.encode(), purpose.encode(), sha256).hexdigest()


def _guarded(app: ASGIApp, key: str) -> ASGIApp:
    """The app for requests from the browser that holds the key; everything else is refused before it is looked at."""
    pass_word = _derived(key, "cookie")

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        request = Request(scope)
        host = _HOST.fullmatch(request.headers.get("host", ""))
        if host is None or _comes_from_elsewhere(request, f"http://{host[0]}"):
            await _refused("This server answers only to its own address.")(scope, receive, send)
            return
        cookie = f"onrecord-owner-{host[1] or 80}"
        if _same(request.query_params.get("key", ""), key):
            await _let_in(request, cookie, pass_word)(scope, receive, send)
        elif _same(request.cookies.get(cookie, ""), pass_word):
            await app(scope, receive, send)
        else:
            await _refused("Open the address that `onrecord serve --as keeper` printed.")(
                scope, receive, send
            )

    return guarded


def _comes_from_elsewhere(request: Request, origin: str) -> bool:
    """Whether another site sent what would change the record. Origin is ``null`` where no referrer is sent, as here."""
    if request.method in {"GET", "HEAD"}:
        return False
    foreign = request.headers.get("origin", origin) not in {origin, "null"}
    return foreign or request.headers.get("sec-fetch-site", "same-origin") != "same-origin"


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def _refused(why: str) -> Response:
    return PlainTextResponse(f"Refused. {why}\n", status_code=403, headers=HEADERS)


def _let_in(request: Request, cookie: str, pass_word: str) -> Response:
    """Send the browser to the same address without the key, with a cookie in its place."""
    query = urlencode([item for item in request.query_params.multi_items() if item[0] != "key"])
    path = f"/{request.url.path.lstrip('/')}"
    response = RedirectResponse(f"{path}?{query}" if query else path, status_code=303, headers=HEADERS)
    response.set_cookie(cookie, pass_word, httponly=True, samesite="strict", path="/")
    return response
