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
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

import onrecord.pages
from onrecord.errors import EntryNotFound, InvalidInput, NotAllowed, OnrecordError, Problem, UsageError
from onrecord.pages.downloads import Download, downloads
from onrecord.pages.findings import Findings, findings_for
from onrecord.pages.page import Asked, Page, Seat
from onrecord.pages.page import Route as PageRoute
from onrecord.pages.render import render
from onrecord.pages.routes import ROUTES, page_at
from onrecord.record import PUBLIC, Record, Viewer
from onrecord.serve.guarding import FormRefused
from onrecord.serve.headers import with_headers

ASSETS = Path(onrecord.pages.__file__).parent / "assets"

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address leads to for somebody: a page, or one of the files that it offers."""

    asked: Asked
    page: Page
    file: Download | None = None

    def body(self, *, owner: bool = False, seat: Seat | None = None) -> bytes:
        """The bytes of the page or the file."""
        if self.file:
            return self.file.make()
        return render(self.page, self.asked, live=True, owner=owner, seat=seat).encode()

    def response(self, *, owner: bool = False, seat: Seat | None = None) -> Response:
        """The page or the file as it is sent."""
        body = self.body(owner=owner, seat=seat)
        return Response(body, media_type=self.file.media_type) if self.file else HTMLResponse(body)


def answer_at(path: str, asked: Asked, pages: tuple[PageRoute, ...] = ROUTES) -> Answer:
    """The page or the file at a path within the site.

    Raises:
        EntryNotFound: there is none that the viewer may see.
    """
    folder, _, name = path.rpartition("/")
    page = page_at(f"{folder}/" if folder else "", asked, pages)
    if not name:
        return Answer(asked, page)
    for download in downloads(page, asked.findings):
        if download.name == name:
            return Answer(asked, page, download)
    raise EntryNotFound(f"There is no file {name!r} on that page. Its downloads are listed at its foot.")


def onward(request: Request, asked: Asked, pages: tuple[PageRoute, ...] = ROUTES) -> Response | None:
    """The way to a page whose address lacks its last slash; None for an address that is whole."""
    path = str(request.path_params["path"])
    if not path or path.endswith("/") or "." in path.rsplit("/", 1)[-1]:
        return None
    page_at(f"{path}/", asked, pages)  # an address that is no page, such as //host/x, leads nowhere
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{path}/{query}", status_code=301)


@dataclass(frozen=True, slots=True)
class ErrorContent:
    """What ``error.html`` shows beside the reason: words to look for, the path and query of the form that was sent."""

    looked_for: str
    back: tuple[str, Mapping[str, str]] | None


def failure(request: Request, error: Exception) -> tuple[int, Page]:
    """What is shown, and with which status, where something could not be answered."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 503)
    return status, Page(
        path=request.url.path.lstrip("/"),
        template="error.html",
        title="There is no such page" if status == 404 else "That could not be answered",
        finding=str(error),
        thread=(),
        content=ErrorContent(
            looked_for=request.url.path.strip("/").rpartition("/")[2] if status == 404 else "",
            back=(error.path, error.query) if isinstance(error, FormRefused) else None,
        ),
    )


def application(routes: tuple[BaseRoute, ...], failed: Callable[[Request, Exception], Response]) -> Starlette:
    """A server of pages: the assets, the routes, and what is shown where one of them fails."""
    return Starlette(
        routes=[Mount("/assets", StaticFiles(directory=ASSETS), name="assets"), *routes],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={OnrecordError: failed},
    )


def make_app(
    record: Record, *, viewer: Viewer = PUBLIC, today: Today = date.today, private: Private | None = None
) -> ASGIApp:
    """The server for a record as one viewer sees it; ``private`` is for the owner's own server alone."""
    desk = Desk(record, viewer, today, private.documents if private else frozenset, {})
    owner = private is not None
    pages = (*private.pages, *ROUTES) if private else ROUTES

    def page(request: Request) -> Response:
        asked = Asked(desk.findings(chosen_day(request)), dict(request.query_params))
        way = onward(request, asked, pages)
        return way or answer_at(request.path_params["path"], asked, pages).response(owner=owner)

    def failed(request: Request, error: Exception) -> Response:
        asked = Asked(desk.findings(None), {})
        status, shown = failure(request, error)
        return HTMLResponse(render(shown, asked, live=True, owner=owner), status_code=status)

    handlers = private.handlers if private else ()
    return with_headers(application((*handlers, Route("/{path:path}", page, methods=["GET"])), failed))


def chosen_day(request: Request) -> date | None:
    """The day in the address, None if there is none.

    Raises:
        InvalidInput: it is no day.
    """
    text = request.query_params.get("as_of")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as cause:
        remedy = "Write the day as 2022-10-06, or leave it out for today."
        raise InvalidInput([Problem(f"{text!r} is not a day.", remedy, column="as_of")]) from cause
