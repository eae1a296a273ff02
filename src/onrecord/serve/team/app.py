"""The server for a team, put together. A request passes three doors before any page is made:

- its Host must be the server's own name, so that no other site's name can be pointed here (DNS rebinding);
- what changes anything must come from this site, with the secret of a form that was sent to this browser;
- who it is is asked of the accounts at each request, so a removal or another role holds at once.

What is sent to somebody who is signed in is kept in no cache.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.accounts import Accounts, TooManyTries
from onrecord.pages import addresses
from onrecord.pages.evidence import Draw
from onrecord.record import Record
from onrecord.serve.app import Today, application, failure
from onrecord.serve.guarding import PRIVATE_HEADERS, Sent, comes_from_elsewhere, read_form, refused
from onrecord.serve.headers import with_headers
from onrecord.serve.team import managing, reading, signing, taking
from onrecord.serve.team.entries import correcting, entering
from onrecord.serve.team.place import Place
from onrecord.serve.team.room import SESSION, Room, SignInNeeded, Visitor, go

Shows = Callable[[Room, Visitor, Request], Response]
Changes = Callable[[Room, Visitor, Request, Sent], Response]

_ASKING: tuple[tuple[str, Shows | None, Changes | None], ...] = (
    (addresses.SIGN_IN, signing.sign_in_page, signing.sign_in),
    (addresses.SIGN_OUT, None, signing.sign_out),
    (f"{addresses.INVITATION}{{secret}}/", signing.invitation_page, signing.join),
    (addresses.ACCOUNT, signing.account_page, signing.change_password),
    (addresses.BAG, None, taking.take),
    (addresses.ACCOUNTS, managing.accounts_page, managing.change_accounts),
    (addresses.ACCESS_LOG, managing.log_page, None),
    (f"{addresses.ACCESS_LOG}{{name}}", managing.log_file, None),
    (f"{addresses.DOCUMENTS}{{digest}}/", None, reading.marked),
    (addresses.ENTER, entering.kinds_page, None),
    (f"{addresses.ENTER}{{kind}}/", entering.entry_form, entering.put_entry),
    (f"{addresses.CORRECT}{{id:path}}/", correcting.correction_form, correcting.correct),
)
"""Addresses of the pages that are not about the record, what shows each and what changes something there."""

_NOT_THE_RECORDS = tuple(f"/{path.partition('{')[0]}" for path, *_ in _ASKING)


def make_team_app(
    record: Record, accounts: Accounts, draw: Draw, place: Place, *, today: Today = date.today
) -> ASGIApp:
    """The server.

    Args:
        draw: draws a page of an original in the sandbox, for owners.
        place: where people reach it.
    """
    room = Room(record, accounts, draw, place, today)

    def failed(request: Request, error: Exception) -> Response:
        visitor = room.visitor(request)
        if isinstance(error, SignInNeeded) and request.method in {"GET", "HEAD"}:
            return go(f"{addresses.SIGN_IN}?{urlencode({'next': request.url.path})}")
        status, page = failure(request, error)
        if not isinstance(error, TooManyTries):
            return room.show(visitor, page, status)
        answer = room.show(visitor, page, 429)
        answer.headers["retry-after"] = str(error.seconds)
        return answer

    routes: list[BaseRoute] = []
    for path, shows, changes in _ASKING:
        if shows:
            routes.append(Route(f"/{path}", _showing(room, shows), methods=["GET"]))
        if changes:
            routes.append(Route(f"/{path}", _changing(room, changes), methods=["POST"]))
        if shows and path.endswith("/") and "{" not in path:
            routes.append(Route(f"/{path[:-1]}", _with_slash(path), methods=["GET"]))
    routes.append(Route("/{path:path}", _showing(room, reading.page_or_file), methods=["GET"]))
    return with_headers(_guarded(application(tuple(routes), failed), place))


def _showing(room: Room, shows: Shows) -> Callable[[Request], Response]:
    def shown(request: Request) -> Response:
        return shows(room, room.visitor(request), request)

    return shown


def _changing(room: Room, changes: Changes) -> Callable[[Request], object]:
    def changed(request: Request, form: Sent) -> Response:
        visitor = room.visitor(request)
        form.need_token(visitor.token)
        if visitor.who:
            room.accounts.count_form(visitor.who)
        return changes(room, visitor, request, form)

    async def sent(request: Request) -> Response:
        return await run_in_threadpool(changed, request, await read_form(request))

    return sent


def _with_slash(path: str) -> Callable[[Request], Response]:
    def on(_request: Request) -> Response:
        return go(path)

    return on


def _guarded(app: ASGIApp, place: Place) -> ASGIApp:
    """The app for requests to its own name; forms from elsewhere are refused before they are looked at."""
    private = with_headers(app, PRIVATE_HEADERS)
    public = with_headers(app, {"vary": "cookie"})

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request = Request(scope)
        origin = place.origin_of(request)
        if origin is None or comes_from_elsewhere(request, origin):
            await refused("This server answers only to its own address.")(scope, receive, send)
            return
        path = request.url.path
        known = place.cookie(SESSION, request) in request.cookies and not path.startswith("/assets/")
        await (private if known or path.startswith(_NOT_THE_RECORDS) else public)(scope, receive, send)

    return guarded
