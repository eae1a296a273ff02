"""The live server: the same pages as the static site, for the day a reader chooses.

Read-only. Every response carries a strict Content-Security-Policy; nothing is loaded from another host and no
cookie is set. What a visitor gets is asked of the gate as the public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import onrecord.pages
from onrecord.errors import EntryNotFound, InvalidInput, NotAllowed, OnrecordError, Problem, UsageError
from onrecord.pages.downloads import downloads
from onrecord.pages.findings import Findings, findings_for
from onrecord.pages.page import Asked, Page
from onrecord.pages.page import Route as PageRoute
from onrecord.pages.render import render
from onrecord.pages.routes import ROUTES, page_at
from onrecord.record import PUBLIC, Record, Viewer

ASSETS = Path(onrecord.pages.__file__).parent / "assets"

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

_STATUS = ((EntryNotFound, 404), (NotAllowed, 403), (InvalidInput, 400), (UsageError, 400))
"""What an error is in HTTP; any other means that the record could not be read."""

Today = Callable[[], date]


@dataclass(frozen=True, slots=True)
class Private:
    """What the owner's server has beside the public pages.

    Attributes:
        pages: families of pages that nobody else is shown; they come before the public ones.
        handlers: requests that change the record.
        documents: the originals, by SHA-256, that have a page among these.
    """

    pages: tuple[PageRoute, ...]
    handlers: tuple[Route, ...]
    documents: Callable[[], frozenset[str]]


@dataclass
class Desk:
    """The record as one viewer sees it, asked again whenever the ledger has grown or another day is wanted."""

    record: Record
    viewer: Viewer
    today: Today
    documents: Callable[[], frozenset[str]]
    _known: dict[tuple[str, date], Findings]

    def findings(self, when: date | None) -> Findings:
        """The findings for a day, today's if none is chosen."""
        day = when or self.today()
        root = self.record.views.refresh().root
        key = (root, day)
        if key not in self._known:
            same_ledger = {known: value for known, value in self._known.items() if known[0] == root}
            view = next((f.view for f in same_ledger.values()), None) or self.record.as_seen_by(self.viewer)
            newest = dict(list(same_ledger.items())[-7:])
            self._known = {**newest, key: findings_for(self.record, view, day, self.documents())}
        return self._known[key]


def make_app(
    record: Record, *, viewer: Viewer = PUBLIC, today: Today = date.today, private: Private | None = None
) -> ASGIApp:
    """The server for a record as one viewer sees it; ``private`` is for the owner's own server alone."""
    desk = Desk(record, viewer, today, private.documents if private else frozenset, {})
    owner = private is not None
    pages = (*private.pages, *ROUTES) if private else ROUTES

    def page(request: Request) -> Response:
        path = str(request.path_params["path"])
        asked = Asked(desk.findings(_chosen_day(request)), dict(request.query_params))
        if path and not path.endswith("/") and "." not in path.rsplit("/", 1)[-1]:
            page_at(f"{path}/", asked, pages)  # an address that is no page, such as //host/x, leads nowhere
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/{path}/{query}", status_code=301)
        if path == "" or path.endswith("/"):
            return HTMLResponse(render(page_at(path, asked, pages), asked, live=True, owner=owner))
        return _file(path, asked, pages)

    def failed(request: Request, error: Exception) -> Response:
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 503)
        asked = Asked(desk.findings(None), {})
        shown = Page(
            path=request.url.path.lstrip("/"),
            template="error.html",
            title="There is no such page" if status == 404 else "That could not be answered",
            finding=str(error),
            thread=(),
        )
        return HTMLResponse(render(shown, asked, live=True, owner=owner), status_code=status)

    app = Starlette(
        routes=[
            Mount("/assets", StaticFiles(directory=ASSETS), name="assets"),
            *(private.handlers if private else ()),
            Route("/{path:path}", page, methods=["GET"]),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={OnrecordError: failed},
    )
    return with_headers(app)


def _chosen_day(request: Request) -> date | None:
    text = request.query_params.get("as_of")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as cause:
        remedy = "Write the day as 2022-10-06, or leave it out for today."
        raise InvalidInput([Problem(f"{text!r} is not a day.", remedy, column="as_of")]) from cause


def _file(path: str, asked: Asked, pages: tuple[PageRoute, ...]) -> Response:
    folder, _, name = path.rpartition("/")
    page = page_at(f"{folder}/" if folder else "", asked, pages)
    for download in downloads(page, asked.findings):
        if download.name == name:
            return Response(download.make(), media_type=download.media_type)
    raise EntryNotFound(f"There is no file {name!r} on that page. Its downloads are listed at its foot.")


def with_headers(app: ASGIApp, headers: Mapping[str, str] = HEADERS) -> ASGIApp:
    """The app with headers, those for security by default, on every response, errors included."""
    extra = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *extra]
            await send(message)

        await app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    return wrapped
