"""Adding an entry: a form for each kind, and what becomes of it."""

from __future__ import annotations

import secrets

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from onrecord.accounts import SignedIn
from onrecord.errors import EntryNotFound, InvalidInput, Problem
from onrecord.model.kinds import Entry
from onrecord.pages import addresses
from onrecord.pages.blocks import Cell, Table
from onrecord.pages.forms import Button, Control, Form, FormContent, Group, with_problems
from onrecord.pages.page import Link, Page
from onrecord.serve.guarding import Sent
from onrecord.serve.team.entries.asking import Sheet, about, offered
from onrecord.serve.team.entries.checked import beside, entry_of_row, read, settled
from onrecord.serve.team.entries.fields import ENTERED, fields_of
from onrecord.serve.team.entries.sealing import sealed_by, sealed_part
from onrecord.serve.team.room import THE_RECORD, Room, Visitor, go

_NAMED_BY_WHAT_IT_SAYS = ("position", "membership")
"""Kinds whose id follows from what they say."""


def kinds_page(room: Room, visitor: Visitor, _request: Request) -> Response:
    """The kinds of which something can be entered."""
    visitor.editor()
    table = Table(
        "kinds",
        "What can be put on record",
        (("Kind", "head"), ("What it is for", "text")),
        [(Cell(kind.capitalize(), f"{addresses.ENTER}{kind}/"), about(kind)) for kind in ENTERED],
    )
    page = Page(
        path=addresses.ENTER,
        template="form.html",
        title="Put something on record",
        finding="Choose a kind. To correct something, open its page and choose “Correct this entry”.",
        thread=THE_RECORD,
        content=FormContent(before=(table,)),
    )
    return room.show(visitor, page)


def entry_form(room: Room, visitor: Visitor, request: Request) -> Response:
    """The empty form of a kind."""
    who = visitor.editor()
    return _form(room, visitor, who, _kind(request), Sent([("form.made", secrets.token_hex(4))]))


def put_entry(room: Room, visitor: Visitor, request: Request, form: Sent) -> Response:
    """Look for something to fill in, or put the entry on record; with any fault nothing is changed."""
    who, kind, sent = visitor.editor(), _kind(request), settled(form)
    if form.one("do") == "find":
        return _form(room, visitor, who, kind, sent)
    findings = room.findings(who)
    plain, problems = read(fields_of(kind), sent, findings)
    if given := sent.one("id") or _new_id(kind, sent):
        plain["id"] = given
    sealed = sealed_by(room.record.description.readers, sent)
    if isinstance(sealed, Problem):
        problems = [*problems, sealed]
    made = problems or entry_of_row(kind, plain, findings)
    if isinstance(made, list) or isinstance(sealed, Problem):
        return _form(room, visitor, who, kind, sent, tuple(made) if isinstance(made, list) else ())
    made = msgspec.structs.replace(made, sealed=sealed) if sealed else made
    try:
        entry_id = _put(room, who, made, sent)
    except InvalidInput as invalid:
        return _form(room, visitor, who, kind, sent, beside(invalid.problems, made))
    path = addresses.entry(entry_id)
    room.write_down(who, "entered", path, [entry_id])
    return go(path)


def _put(room: Room, who: SignedIn, entry: Entry, sent: Sent) -> str:
    """Put an entry on record. One whose id follows from what it says may say the same otherwise than one that is there:
    it then stands beside it under a longer id.
    """
    kind = str(entry.__struct_config__.tag)
    try:
        room.record.enter([entry], by=who.name)
    except InvalidInput as invalid:
        taken = [problem.column for problem in invalid.problems] == ["id"]
        if not taken or sent.one("id") or kind not in _NAMED_BY_WHAT_IT_SAYS:
            raise
        entry = msgspec.structs.replace(entry, id=f"{entry.id}/{sent.one('form.made')}")
        room.record.enter([entry], by=who.name)
    return entry.id


def _new_id(kind: str, sent: Sent) -> str:
    """An id that nobody has; it was made with the form, so that the same form sent twice is one entry."""
    made = sent.one("form.made")
    known = len(made) == 8 and all(digit in "0123456789abcdef" for digit in made)
    return "" if kind in _NAMED_BY_WHAT_IT_SAYS or not known else f"{kind}-{made}"


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in ENTERED:
        raise EntryNotFound(f"There is no form for {kind!r}. Choose one of {', '.join(ENTERED)}.")
    return kind


def _form(
    room: Room, visitor: Visitor, who: SignedIn, kind: str, sent: Sent, problems: tuple[Problem, ...] = ()
) -> Response:
    findings, path = room.findings(who), f"{addresses.ENTER}{kind}/"
    sheet = Sheet(findings, sent)
    sources = () if kind == "source" else sheet.sources()
    parts = (
        Control("form.made", "", "hidden", sent.one("form.made")),
        *sheet.parts(fields_of(kind)),
        *sources,
        *sealed_part(room.record.description.readers, sent),
        sheet.visibility("private" if findings.view.viewer.keeper else "team"),
        Group("Id", (_id(kind, sent),), folded=not sent.one("id")),
    )
    hidden = offered(parts) & findings.view.ids - room.findings(None).view.ids
    if hidden:
        room.write_down(who, "opened", path, sorted(hidden))
    form = Form(
        "entry", path, visitor.token, with_problems(parts, problems), (Button("put", "Put it on record"),)
    )
    page = Page(
        path=path,
        template="form.html",
        title=f"Enter: {kind}",
        finding=about(kind),
        thread=(*THE_RECORD, Link("Put something on record", addresses.ENTER)),
        content=FormContent((form,), problems=problems),
    )
    return room.show(visitor, page, 400 if problems else 200)


def _id(kind: str, sent: Sent) -> Control:
    follows = "It follows from what the entry says" if kind in _NAMED_BY_WHAT_IT_SAYS else "One is made"
    hint = f"{follows} if this is empty. It is part of the entry's address, and stays for ever."
    return Control("id", "Id", value=sent.one("id"), hint=hint)
