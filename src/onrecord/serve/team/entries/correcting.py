"""Correcting an entry: the form, then old and new side by side, then the correction with its reason on record.

The form carries what it was filled with and how often the entry had been corrected by then. If somebody corrects
the entry meanwhile nothing is changed; what they changed is shown, and what was typed here stays.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from onrecord.accounts import SignedIn
from onrecord.errors import InvalidInput, Problem
from onrecord.model.check import kind_of
from onrecord.model.kinds import Correction
from onrecord.pages import addresses
from onrecord.pages.blocks import Block, Prose, Table
from onrecord.pages.forms import Button, Control, Form, FormContent, Group, with_problems
from onrecord.pages.page import Link, Page
from onrecord.pages.shown import title_of
from onrecord.serve.guarding import Sent
from onrecord.serve.team.entries.asking import Part, Sheet, offered, visibility
from onrecord.serve.team.entries.changing import (
    brought_up,
    changes,
    compared,
    correction,
    filled,
    problems_of,
)
from onrecord.serve.team.entries.checked import beside, settled
from onrecord.serve.team.entries.target import MEANWHILE, Target, open_to_all, still, target_of
from onrecord.serve.team.entries.typed import typed
from onrecord.serve.team.room import THE_RECORD, Room, Visitor, go


def correction_form(room: Room, visitor: Visitor, request: Request) -> Response:
    """The form, filled with the entry as it stands."""
    who = visitor.editor()
    target = target_of(room, who, str(request.path_params["id"]))
    if not open_to_all(room, target):
        room.write_down(who, "opened", addresses.correct(target.entry.id), [target.entry.id])
    return _form(room, visitor, who, target, filled(target))


def correct(room: Room, visitor: Visitor, request: Request, form: Sent) -> Response:
    """Look for something, show old and new side by side, or put the correction on record."""
    who, act = visitor.editor(), form.one("do")
    target = target_of(room, who, str(request.path_params["id"]))
    sent = settled(form)
    if form.one("form.state") != str(target.times):
        return _form(room, visitor, who, target, brought_up(target, sent), (MEANWHILE,))
    if act in ("find", "change"):
        return _form(room, visitor, who, target, sent)
    changed, problems = changes(target, sent)
    made = correction(target, sent, changed)
    problems += problems_of(target, made)
    if problems:
        return _form(room, visitor, who, target, sent, beside(problems, made))
    put = act == "put"
    try:
        room.record.enter([made], by=who.name, dry_run=not put, first=still(target))
    except InvalidInput as invalid:
        return _form(room, visitor, who, target, sent, beside(invalid.problems, made))
    if not put:
        return room.show(visitor, _review(visitor, target, sent, made))
    path = addresses.entry(target.entry.id)
    room.write_down(who, "corrected", path, [target.entry.id])
    return go(f"{path}#history")


def _form(
    room: Room,
    visitor: Visitor,
    who: SignedIn,
    target: Target,
    sent: Sent,
    problems: tuple[Problem, ...] = (),
) -> Response:
    sheet, path = Sheet(target.findings, sent), addresses.correct(target.entry.id)
    sources = () if kind_of(target.entry) == "source" else sheet.sources()
    asked = (*sheet.parts(target.fields), *sources, sheet.visibility(target.entry.visibility))
    parts = (*_with_what_is_on_record(asked, Sent(typed(target.entry))), *_of_the_correction(target, sent))
    hidden = (offered(parts) & target.findings.view.ids) - room.findings(None).view.ids
    if hidden:
        room.write_down(who, "opened", path, sorted(hidden))
    form = Form(
        "correction",
        path,
        visitor.token,
        with_problems(parts, problems),
        (Button("look", "Show old and new"),),
    )
    finding = "Change what is wrong. Old and new are then shown side by side, before anything is on record."
    page = _page(target, FormContent((form,), problems=problems), finding)
    return room.show(visitor, page, 400 if problems else 200)


def _of_the_correction(target: Target, sent: Sent) -> tuple[Part, ...]:
    withdraw = Control(
        "correction.withdraw", "The entry no longer counts", "check", sent.one("correction.withdraw"),
        "It stays readable, and that it was withdrawn is said.",
    )  # fmt: skip
    conceal = Control(
        "correction.conceal", "Keep what stood there before from everybody but owners", "check", sent.one("correction.conceal"),
        "Where showing it could hurt somebody.",
    )  # fmt: skip
    hint = "What was wrong, and how you know."
    return (
        Control("correction.reason", "Reason", "lines", sent.one("correction.reason"), hint, required=True),
        visibility(
            target.findings,
            "correction.visibility",
            "Who may read the reason",
            sent.one("correction.visibility"),
        ),
        Group("Withdraw or conceal", (withdraw, conceal), folded=not (withdraw.value or conceal.value)),
        Control("form.state", "", "hidden", sent.one("form.state")),
        Control("form.was", "", "hidden", sent.raw("form.was")),
    )


def _with_what_is_on_record(parts: tuple[Part, ...], now: Sent) -> tuple[Part, ...]:
    """The controls, each with what is on record beside it where something else was typed."""

    def one(control: Control) -> Control:
        if control.kind in ("picks", "hidden", "check"):
            return control
        first = control.options[0].value if control.options else ""
        on_record = now.one(control.name)
        return replace(control, now=on_record) if control.value.strip() != (on_record or first) else control

    return tuple(
        replace(part, controls=tuple(map(one, part.controls))) if isinstance(part, Group) else one(part)
        for part in parts
    )


def _review(visitor: Visitor, target: Target, sent: Sent, made: Correction) -> Page:
    """Old and new side by side, and the form with everything in it, ready to be sent."""
    says = [f"Reason: {made.reason}"]
    if made.withdraw != target.seen.withdrawn:
        says.append("The entry no longer counts." if made.withdraw else "The entry counts again.")
    if made.conceal:
        says.append("What stood there before is kept from everybody but owners.")
    blocks: list[Block] = []
    if rows := compared(target, made):
        blocks.append(
            Table(
                "changes",
                "What the correction changes",
                (("Field", "head"), ("On record", "text"), ("New", "text")),
                rows,
            )
        )
    blocks.append(Prose(tuple(says)))
    kept = tuple(
        Control(name, "", "hidden", text)
        for name, text in sent.pairs
        if name not in ("token", "do") and not name.startswith("find.")
    )
    buttons = (Button("put", "Put the correction on record"), Button("change", "Go on changing"))
    form = Form("review", addresses.correct(target.entry.id), visitor.token, kept, buttons)
    finding = "Nothing is on record yet. What stood there before stays in the entry's history."
    return _page(target, FormContent((form,), before=tuple(blocks)), finding)


def _page(target: Target, content: FormContent, finding: str) -> Page:
    entry_id, title = target.entry.id, title_of(target.entry, target.findings)
    return Page(
        path=addresses.correct(entry_id),
        template="form.html",
        title=f"Correct: {title}",
        finding=finding,
        thread=(*THE_RECORD, Link(title, addresses.entry(entry_id))),
        content=content,
    )
