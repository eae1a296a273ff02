"""Pages and files for whoever asks: the public's for a visitor, a role's for somebody who signed in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from onrecord.accounts import SignedIn, may_enter, may_manage
from onrecord.pages.evidence import Evidence
from onrecord.pages.page import Asked
from onrecord.pages.page import Route as PageRoute
from onrecord.pages.routes import ROUTES
from onrecord.serve.app import answer_at, chosen_day, onward
from onrecord.serve.documents import document_pages, mark
from onrecord.serve.guarding import Sent
from onrecord.serve.team.room import Room, Visitor
from onrecord.serve.team.watching import beyond_public, entry_of


def page_or_file(room: Room, visitor: Visitor, request: Request) -> Response:
    """What the address leads to. What is not public is written into the access log before it is given out."""
    day, query, path = chosen_day(request), dict(request.query_params), str(request.path_params["path"])
    asked = Asked(room.findings(visitor.who, day), query)
    pages = _pages(room, visitor)
    if way := onward(request, asked, pages):
        return way
    answer = answer_at(path, asked, pages)
    if visitor.who is not None:
        noted = beyond_public(path, answer, Asked(room.findings(None, day), query))
        if noted is not None:
            room.write_down(visitor.who, "took" if answer.file else "opened", path, noted)
    return answer.response(seat=visitor.seat(_correctable(asked, visitor.who, path)))


def marked(room: Room, visitor: Visitor, request: Request, form: Sent) -> Response:
    """Put a marked passage of an original on record, in the owner's name."""
    who, digest = visitor.owner(), str(request.path_params["digest"])
    made, answer = mark(room.record, digest, form, by=who.name)
    room.write_down(who, "entered", request.url.path.lstrip("/"), [made])
    return answer


def _pages(room: Room, visitor: Visitor) -> tuple[PageRoute, ...]:
    if visitor.who is None or not may_manage(visitor.who.role):
        return ROUTES
    return (*document_pages(Evidence(room.record, room.draw, visitor.token, room.shelf)), *ROUTES)


def _correctable(asked: Asked, who: SignedIn | None, path: str) -> str:
    """The id of the entry whose page it is, where somebody may correct it."""
    if who is None or not may_enter(who.role):
        return ""
    kind = asked.findings.view.kind_of(entry_of(path))
    return entry_of(path) if kind and kind != "correction" else ""
