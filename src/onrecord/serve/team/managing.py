"""The owners' pages: who may sign in, and what everybody looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl
from starlette.requests import Request
from starlette.responses import Response

from onrecord.accounts import ROLES, Access, SignedIn
from onrecord.errors import EntryNotFound, InvalidInput, OnrecordError, Problem
from onrecord.pages import addresses
from onrecord.pages.blocks import Block, Facts, Links, Table
from onrecord.pages.forms import Button, Control, Form, FormContent, Option, with_problems
from onrecord.pages.page import Link, Page
from onrecord.pages.tabular import to_csv, to_json
from onrecord.serve.guarding import Sent
from onrecord.serve.team.log_table import log_table
from onrecord.serve.team.room import THE_RECORD, Room, Visitor

_LINES = 200

_FILES = {
    "access-log.csv": ("text/csv; charset=utf-8", to_csv),
    "access-log.json": ("application/json", to_json),
}


def accounts_page(room: Room, visitor: Visitor, _request: Request) -> Response:
    """Every account, and the forms to invite and remove."""
    visitor.owner()
    return room.show(visitor, _accounts(room, visitor))


def change_accounts(room: Room, visitor: Visitor, request: Request, form: Sent) -> Response:
    """Invite or remove somebody."""
    who = visitor.owner()
    try:
        page = (_removed if form.one("do") == "remove" else _invited)(room, visitor, who, request, form)
    except InvalidInput as invalid:
        typed = form.one("name")
        return room.show(
            visitor, _accounts(room, visitor, problems=tuple(invalid.problems), typed=typed), 400
        )
    return room.show(visitor, page)


def log_page(room: Room, visitor: Visitor, request: Request) -> Response:
    """The access log, newest first; looking at it is written into it."""
    who = visitor.owner()
    room.write_down(who, "opened", addresses.ACCESS_LOG)
    name, before = request.query_params.get("who", ""), request.query_params.get("before", "")
    lines = room.accounts.accesses(
        who=name, before=int(before) if before.isdecimal() and len(before) < 16 else None, most=_LINES
    )
    return room.show(visitor, _log(room, lines, name))


def log_file(room: Room, visitor: Visitor, request: Request) -> Response:
    """The whole log as a file.

    Raises:
        EntryNotFound: there is no file of that name.
    """
    who, name = visitor.owner(), str(request.path_params["name"])
    if name not in _FILES:
        raise EntryNotFound(f"There is no file {name!r} of the access log.")
    room.write_down(who, "took", addresses.ACCESS_LOG + name)
    media_type, make = _FILES[name]
    return Response(make(log_frame(room.accounts.accesses())), media_type=media_type)


def log_frame(lines: list[Access]) -> pl.DataFrame:
    """Lines of the access log as a table; ``what`` is a list, ``size`` lines of the ledger at that time."""
    texts = dict.fromkeys(("at", "who", "role", "act", "address"), pl.String())
    schema = {"seq": pl.Int64(), **texts, "what": pl.List(pl.String()), "size": pl.Int64()}
    return pl.DataFrame([asdict(line) for line in lines], schema=schema)


def _invited(room: Room, visitor: Visitor, who: SignedIn, request: Request, form: Sent) -> Page:
    role = form.one("role")
    if role not in ROLES:
        raise InvalidInput(
            [Problem("No role was chosen.", f"Choose one of {', '.join(ROLES)}.", column="role")]
        )
    name = form.one("name")
    secret = room.accounts.invite(name, role, who.name, by_role=who.role)
    origin = room.place.origin_of(request) or ""
    link = f"{origin}/{addresses.INVITATION}{secret}/"
    shown = Facts((("For", f"{name}, {role}"), ("Link", link)), heading="The invitation")
    news = "Hand this link over in a safe way: whoever opens it first is in. It works once, for three days, and is not shown again."
    return _accounts(room, visitor, news=news, made=(shown,))


def _removed(room: Room, visitor: Visitor, who: SignedIn, _request: Request, form: Sent) -> Page:
    name = form.one("whom")
    if name == who.name:
        raise InvalidInput(
            [
                Problem(
                    "You cannot remove yourself.",
                    "Ask another owner, or use the command line.",
                    column="whom",
                )
            ]
        )
    try:
        room.accounts.remove(name, who.name, by_role=who.role)
    except OnrecordError as cause:
        raise InvalidInput(
            [Problem(f"There is no account {name!r}.", "Choose one.", column="whom")]
        ) from cause
    return _accounts(room, visitor, news=f"{name} cannot sign in any more. What they put on record stays.")


def _accounts(
    room: Room,
    visitor: Visitor,
    *,
    news: str = "",
    made: tuple[Block, ...] = (),
    problems: tuple[Problem, ...] = (),
    typed: str = "",
) -> Page:
    accounts, invitations = room.accounts.everybody(), room.accounts.invitations()
    names = list(dict.fromkeys([*(a.name for a in accounts), *(i.name for i in invitations)]))
    invite = (
        Control("name", "Name", value=typed, required=True,
                hint="It stands beside what they put on record, for everybody who may see that. A name that has an account gets a new password."),
        Control("role", "Role", "choice", "editor", options=tuple(Option(role, role) for role in ROLES)),
    )  # fmt: skip
    remove = (Control("whom", "Whom", "choice", options=tuple(Option(name, name) for name in ("", *names))),)
    forms = (
        Form("invite", addresses.ACCOUNTS, visitor.token, with_problems(invite, problems),
             (Button("invite", "Make an invitation"),), heading="Invite"),
        Form("remove", addresses.ACCOUNTS, visitor.token, with_problems(remove, problems),
             (Button("remove", "Remove"),), heading="Remove",
             says=("Ends their sessions at once, and an invitation that is still open.",)),
    )  # fmt: skip
    people = Table(
        "accounts",
        "Who may sign in",
        (("Name", "head"), ("Role", "text"), ("Since", "text"), ("Last signed in", "text")),
        [
            (a.name, a.role, a.made[:10], a.signed_in[:16].replace("T", " ") if a.signed_in else None)
            for a in accounts
        ],
    )
    invited = Table(
        "invitations",
        "Invitations that are still open",
        (("Name", "head"), ("Role", "text"), ("By", "text"), ("Until (UTC)", "text")),
        [(i.name, i.role, i.made_by, i.expires[:16].replace("T", " ")) for i in invitations],
    )
    return Page(
        path=addresses.ACCOUNTS,
        template="form.html",
        title="Accounts",
        finding=f"{len(accounts)} may sign in; {len(invitations)} are invited.",
        thread=THE_RECORD,
        content=FormContent(
            forms,
            before=(*made, people, *([invited] if invitations else [])),
            news=news,
            problems=problems,
        ),
    )


@dataclass(frozen=True, slots=True)
class LogContent:
    """What ``access_log.html`` shows: a table, the names to choose from, where the next page begins if there is one."""

    table: Table
    names: tuple[str, ...]
    chosen: str
    older: int | None
    files: Links


def _log(room: Room, lines: list[Access], name: str) -> Page:
    names = sorted({account.name for account in room.accounts.everybody()} | {line.who for line in lines})
    about = f"about {name}" if name else "about everybody"
    return Page(
        path=addresses.ACCESS_LOG,
        template="access_log.html",
        title="Access log",
        finding="Who saw or took what is not public, who put what on record, and when. What is public is read unwatched.",
        thread=(*THE_RECORD, Link("Accounts", addresses.ACCOUNTS)),
        content=LogContent(
            table=log_table(lines, f"Lines {about}, the newest first"),
            names=tuple(names),
            chosen=name,
            older=lines[-1].seq if len(lines) == _LINES else None,
            files=Links("Take the log", tuple(Link(file, addresses.ACCESS_LOG + file) for file in _FILES)),
        ),
    )
