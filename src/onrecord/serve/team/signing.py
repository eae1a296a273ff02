"""Signing in and out, joining by an invitation, and one's own account."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from onrecord.accounts import Invitation, SignedIn, SignInRefused
from onrecord.accounts.passwords import SHORTEST
from onrecord.errors import InvalidInput, Problem
from onrecord.pages import addresses
from onrecord.pages.blocks import Facts, Prose
from onrecord.pages.forms import Button, Control, Form, FormContent, with_problems
from onrecord.pages.page import Page
from onrecord.serve.guarding import Sent
from onrecord.serve.team.log_table import log_table
from onrecord.serve.team.room import BROWSER, SESSION, THE_RECORD, Room, Visitor, go
from onrecord.serve.team.taking import taking_form

_WITHIN = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_OWN_LINES = 50

_SEES = {
    "owner": "Everything, the documents, accounts and access log included; and you add and correct entries.",
    "editor": "What is open to the team and to the public; and you add and correct entries.",
    "reader": "What is open to the team and to the public.",
}


def sign_in_page(room: Room, visitor: Visitor, request: Request) -> Response:
    """The form to sign in with."""
    onward = within(request.query_params.get("next", ""))
    if visitor.who:
        return go(onward)
    return room.show_first(request, visitor, lambda token: _sign_in(token, onward))


def sign_in(room: Room, visitor: Visitor, request: Request, form: Sent) -> Response:
    """Let somebody in who knows name and password."""
    name, onward = form.one("name"), within(form.one("next"))
    try:
        session = room.accounts.sign_in(name, form.raw("password"), visitor.address)
    except SignInRefused as refused:
        problem = Problem(str(refused), "", column="password")
        return room.show_first(request, visitor, lambda token: _sign_in(token, onward, name, (problem,)), 403)
    return _let_in(room, request, session, onward)


def sign_out(room: Room, visitor: Visitor, request: Request, form: Sent) -> Response:
    """End the session, or all of the account's."""
    room.accounts.sign_out(visitor.session, everywhere=form.one("do") == "everywhere")
    return room.place.take_back(go(addresses.FRONT), request, SESSION)


def invitation_page(room: Room, visitor: Visitor, request: Request) -> Response:
    """The form to choose a password with."""
    secret = str(request.path_params["secret"])
    found = room.accounts.invitation(secret, visitor.address)
    return room.show_first(request, visitor, lambda token: _invitation(token, secret, found))


def join(room: Room, visitor: Visitor, request: Request, form: Sent) -> Response:
    """Use an invitation."""
    secret = str(request.path_params["secret"])
    try:
        session = room.accounts.join(secret, form.raw("password"), form.raw("again"), visitor.address)
    except InvalidInput as invalid:
        found, problems = room.accounts.invitation(secret, visitor.address), tuple(invalid.problems)
        return room.show_first(
            request, visitor, lambda token: _invitation(token, secret, found, problems), 400
        )
    return _let_in(room, request, session, addresses.FRONT)


def account_page(room: Room, visitor: Visitor, _request: Request) -> Response:
    """One's own account, and what the log holds of it."""
    return room.show(visitor, _account(room, visitor, visitor.account()))


def change_password(room: Room, visitor: Visitor, _request: Request, form: Sent) -> Response:
    """Give one's own account another password."""
    who = visitor.account()
    try:
        room.accounts.change_password(
            visitor.session, form.raw("old"), form.raw("password"), form.raw("again")
        )
    except InvalidInput as invalid:
        return room.show(visitor, _account(room, visitor, who, problems=tuple(invalid.problems)), 400)
    news = "The password was changed, and every other session of yours has ended."
    return room.show(visitor, _account(room, visitor, who, news))


def within(address: str) -> str:
    """An address that was handed over, if it is one of this site; the first page otherwise."""
    return address if _WITHIN.fullmatch(address) else "/"


def _let_in(room: Room, request: Request, session: str, onward: str) -> Response:
    response = room.place.give(go(onward), request, SESSION, session)
    return room.place.take_back(response, request, BROWSER)


def _sign_in(token: str, onward: str, name: str = "", problems: tuple[Problem, ...] = ()) -> Page:
    controls = (
        Control("name", "Name", value=name, required=True, fills="username"),
        Control("password", "Password", "password", required=True, fills="current-password"),
        Control("next", "", "hidden", onward),
    )
    form = Form(
        "sign-in",
        addresses.SIGN_IN,
        token,
        with_problems(controls, problems),
        (Button("sign-in", "Sign in"),),
    )
    return Page(
        path=addresses.SIGN_IN,
        template="form.html",
        title="Sign in",
        finding="For the team of this record. Accounts are given by its owners; without one you see all that is public.",
        thread=THE_RECORD,
        content=FormContent((form,), problems=problems),
    )


def _new_password(name: str) -> tuple[Control, ...]:
    hint = f"At least {SHORTEST} characters. Four or five words that nobody would put together are best."
    return (
        Control("name", "Name to sign in with", value=name, fixed=True, fills="username"),
        Control("password", "New password", "password", hint=hint, required=True, fills="new-password"),
        Control("again", "The same again", "password", required=True, fills="new-password"),
    )


def _invitation(token: str, secret: str, found: Invitation, problems: tuple[Problem, ...] = ()) -> Page:
    path = f"{addresses.INVITATION}{secret}/"
    parts = with_problems(_new_password(found.name), problems)
    form = Form("join", path, token, parts, (Button("join", "Choose this password and sign in"),))
    return Page(
        path=path,
        template="form.html",
        title=f"{found.name}, you are invited",
        finding=f"Choose a password, and you are in as {found.role}.",
        thread=THE_RECORD,
        content=FormContent(
            (form,),
            before=(
                Prose(
                    (
                        f"What you will see: {_SEES[found.role]}",
                        f"The name {found.name} stands beside everything you put on record, for everybody who "
                        "may see that. If it must not be known, stop here and ask for an invitation under another name.",
                    )
                ),
            ),
            problems=problems,
        ),
    )


def _account(
    room: Room, visitor: Visitor, who: SignedIn, news: str = "", problems: tuple[Problem, ...] = ()
) -> Page:
    lines = room.accounts.accesses(who=who.name, most=_OWN_LINES)
    old = Control("old", "Present password", "password", required=True, fills="current-password")
    name, *new = _new_password(who.name)
    change = Form(
        "change",
        addresses.ACCOUNT,
        visitor.token,
        with_problems((name, old, *new), problems),
        (Button("change", "Change the password"),),
        heading="Another password",
    )
    leave = Form(
        "leave",
        addresses.SIGN_OUT,
        visitor.token,
        (),
        (Button("everywhere", "Sign out everywhere"),),
        heading="Sign out everywhere",
        says=("Ends your sessions in every browser, this one too. Do it if a device was lost.",),
    )
    facts = Facts(
        (
            ("Name", who.name),
            ("Role", who.role),
            ("What you see", _SEES[who.role]),
            ("Signed in now, in so many browsers", room.accounts.open_sessions(who.name)),
        )
    )
    return Page(
        path=addresses.ACCOUNT,
        template="form.html",
        title="Your account",
        finding=f"You are signed in as {who.name}, {who.role}.",
        thread=THE_RECORD,
        content=FormContent(
            (taking_form(visitor), change, leave),
            before=(facts,),
            after=(log_table(lines, f"The last {_OWN_LINES} lines of the access log about you"),),
            news=news,
            problems=problems,
        ),
    )
