"""The server of the record's owner: the public pages as the keeper sees them, the documents, marking passages, and
judging who is one person.

It shows what would harm people if others saw it, so it is for one browser on this machine:

- the address printed at the start carries a random key; the first request with it gets a cookie (HttpOnly,
  SameSite=Strict) and is sent on without the key; a request that has neither is refused;
- the Host header must be this machine's own name, so that no other site's name can be pointed here (DNS rebinding);
- what changes the record needs, besides, the secret of a form from this server, and must not come from another site;
- nothing is kept in the browser's cache.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from hashlib import sha256
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.accounts.secrets import same
from onrecord.pages import addresses
from onrecord.pages.evidence import Draw, Evidence
from onrecord.record import KEEPER, Record
from onrecord.serve.app import Private, Today, make_app
from onrecord.serve.documents import document_pages, mark, taken_in
from onrecord.serve.guarding import (
    LOCAL_HOST,
    PRIVATE_HEADERS,
    Sent,
    comes_from_elsewhere,
    read_form,
    refused,
)
from onrecord.serve.headers import HEADERS, with_headers
from onrecord.serve.judging import judge_pair, name_pages, undo_judgement


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
    def changes(change: Callable[[Request, Sent], Response]) -> Callable[[Request], Awaitable[Response]]:
        """What answers a form of this server by a change of the record."""

        async def answered(request: Request) -> Response:
            form = await read_form(request)
            form.need_token(evidence.form_token)
            return await run_in_threadpool(change, request, form)

        return answered

    record = evidence.record
    marked = changes(lambda request, form: mark(record, request.path_params["digest"], form)[1])
    judged = changes(lambda _, form: judge_pair(record, form))
    undone = changes(lambda _, form: undo_judgement(record, form))
    return Private(
        pages=(*document_pages(evidence), *name_pages(evidence)),
        handlers=(
            Route(f"/{addresses.DOCUMENTS}{{digest}}/", marked, methods=["POST"]),
            Route(f"/{addresses.PEOPLE_TO_JUDGE}", judged, methods=["POST"]),
            Route(f"/{addresses.PEOPLE_JUDGED}", undone, methods=["POST"]),
        ),
        documents=partial(taken_in, record),
    )


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
        host = LOCAL_HOST.fullmatch(request.headers.get("host", ""))
        if host is None or comes_from_elsewhere(request, f"http://{host[0]}"):
            await refused("This server answers only to its own address.")(scope, receive, send)
            return
        cookie = f"onrecord-owner-{host[1] or 80}"
        if same(request.query_params.get("key", ""), key):
            await _let_in(request, cookie, pass_word)(scope, receive, send)
        elif same(request.cookies.get(cookie, ""), pass_word):
            await app(scope, receive, send)
        else:
            await refused("Open the address that `onrecord serve --as keeper` printed.")(scope, receive, send)

    return guarded


def _let_in(request: Request, cookie: str, pass_word: str) -> Response:
    """Send the browser to the same address without the key, with a cookie in its place."""
    query = urlencode([item for item in request.query_params.multi_items() if item[0] != "key"])
    path = f"/{request.url.path.lstrip('/')}"
    response = RedirectResponse(f"{path}?{query}" if query else path, status_code=303, headers=HEADERS)
    response.set_cookie(cookie, pass_word, httponly=True, samesite="strict", path="/")
    return response
