"""What every page of the team's server is made from: the record, the accounts, one desk for each view of the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from onrecord.accounts import Accounts, SignedIn, may_enter, may_manage, viewer_for
from onrecord.accounts.secrets import form_token, new_secret
from onrecord.errors import NotAllowed
from onrecord.model.visibility import Visibility
from onrecord.pages import addresses
from onrecord.pages.evidence import Draw, Shelf
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Seat
from onrecord.pages.render import render
from onrecord.record import PUBLIC, Record
from onrecord.serve.app import Desk, Today
from onrecord.serve.documents import taken_in
from onrecord.serve.team.place import Place

THE_RECORD = (Link("The record", addresses.FRONT),)

SESSION = "session"
BROWSER = "form"
"""The two cookies: of somebody who is signed in, and of a browser that was sent a form before that."""


PageOf = Callable[[str], Page]
"""A page with a form, made when the form's secret is known."""


class SignInNeeded(NotAllowed):
    """Only somebody who has signed in is shown this."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent a request: from which address (of the network), with which secrets, and who that is if anybody."""

    address: str
    session: str = ""
    browser: str = ""
    who: SignedIn | None = None

    @property
    def token(self) -> str:
        """The secret that a form for this browser carries; empty where the browser holds none."""
        secret = self.session if self.who else self.browser
        return form_token(secret) if secret else ""

    def seat(self, entry: str = "") -> Seat:
        """How a page shows who looks at it."""
        if self.who is None:
            return Seat()
        role = self.who.role
        return Seat(self.who.name, role, self.token, may_enter(role), may_manage(role), entry)

    def account(self) -> SignedIn:
        """Who it is.

        Raises:
            SignInNeeded: nobody is signed in.
        """
        if self.who is None:
            raise SignInNeeded("Sign in first. You were signed out if you were away for long.")
        return self.who

    def editor(self) -> SignedIn:
        """Who it is, if they may put entries on record.

        Raises:
            SignInNeeded: nobody is signed in.
            NotAllowed: they may only read.
        """
        who = self.account()
        if not may_enter(who.role):
            raise NotAllowed("Only editors and owners add and correct entries. Ask an owner of this record.")
        return who

    def owner(self) -> SignedIn:
        """Who it is, if they manage the record.

        Raises:
            SignInNeeded: nobody is signed in.
            NotAllowed: they do not.
        """
        who = self.account()
        if not may_manage(who.role):
            raise NotAllowed("Only owners of this record see this.")
        return who


class Room:
    """The record with its accounts, for all who come."""

    def __init__(self, record: Record, accounts: Accounts, draw: Draw, place: Place, today: Today) -> None:
        self.record, self.accounts, self.draw, self.place = record, accounts, draw, place
        self.shelf = Shelf()
        desks = (viewer_for("owner"), viewer_for("reader"), PUBLIC)
        self._desks: dict[Visibility, Desk] = {
            viewer.clearance: Desk(
                record, viewer, today, (lambda: taken_in(record)) if viewer.keeper else frozenset, {}
            )
            for viewer in desks
        }

    def visitor(self, request: Request) -> Visitor:
        """Who sent a request."""
        session, browser = (
            request.cookies.get(self.place.cookie(purpose, request), "") for purpose in (SESSION, BROWSER)
        )
        address = request.client.host if request.client else ""
        return Visitor(address, session, browser, self.accounts.who(session) if session else None)

    def findings(self, who: SignedIn | None, when: date | None = None) -> Findings:
        """The findings of a day as somebody may see them; the public's for nobody."""
        viewer = viewer_for(who.role) if who else PUBLIC
        return self._desks[viewer.clearance].findings(when)

    def show(self, visitor: Visitor, page: Page, status: int = 200) -> Response:
        """A page that is not about the record, such as a form."""
        asked = Asked(self.findings(visitor.who), {})
        return HTMLResponse(render(page, asked, live=True, seat=visitor.seat()), status_code=status)

    def show_first(self, request: Request, visitor: Visitor, page_of: PageOf, status: int = 200) -> Response:
        """A page with a form for somebody who has not signed in: the browser is given a secret that it answers with."""
        secret = visitor.browser or new_secret()
        known = Visitor(visitor.address, "", secret)
        return self.place.give(self.show(known, page_of(known.token), status), request, BROWSER, secret)

    def write_down(self, who: SignedIn, act: str, address: str, what: Sequence[str] = ()) -> None:
        """Add a line to the access log."""
        size = self.findings(who).view.state.size
        self.accounts.write_down(who, act, address, what, size)


def go(path: str) -> Response:
    """On to a page within the site."""
    return RedirectResponse(f"/{path.lstrip('/')}", status_code=303)
