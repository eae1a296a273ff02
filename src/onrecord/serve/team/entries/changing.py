"""From a filled-in form to a correction: what was changed, with nothing lost that its corrector does not see. Pure."""

from __future__ import annotations

import json
import secrets
from typing import Any

import msgspec

from onrecord.errors import Problem
from onrecord.model import canonical
from onrecord.model.kinds import Correction
from onrecord.serve.guarding import Sent
from onrecord.serve.team.entries.checked import read, unseen
from onrecord.serve.team.entries.fields import Field
from onrecord.serve.team.entries.target import Target
from onrecord.serve.team.entries.typed import Pairs, citation, citations, plain, rows, typed, values

_OF_THE_CORRECTION = (
    "correction.reason",
    "correction.withdraw",
    "correction.conceal",
    "correction.visibility",
)


def filled(target: Target) -> Sent:
    """The form as it is first shown. ``was`` keeps what it was filled with, ``state`` how often it had been corrected."""
    about = [
        ("correction.visibility", target.entry.visibility),
        ("correction.withdraw", "yes" if target.seen.withdrawn else ""),
    ]
    return Sent([*typed(target.entry), *about, *_state(target)])


def brought_up(target: Target, sent: Sent) -> Sent:
    """What was typed, with what others changed meanwhile wherever nothing had been typed."""
    before, now = Sent(_was(sent)), Sent(typed(target.entry))
    kept: Pairs = []
    for field in (*target.fields, None):
        untouched = _value(field, before) == _value(field, sent)
        kept += _pairs_of(now if untouched else sent, field.name if field else "citations")
    untouched = before.one("visibility") == sent.one("visibility")
    kept.append(("visibility", (now if untouched else sent).one("visibility")))
    kept += [(name, sent.one(name)) for name in _OF_THE_CORRECTION]
    return Sent([*kept, *_state(target)])


def changes(target: Target, sent: Sent) -> tuple[dict[str, Any], list[Problem]]:
    """The fields that were changed, each with its new value, None where it was cleared; and what cannot be read."""
    now = Sent(typed(target.entry))
    wanted, problems = read(target.fields, sent, target.findings)
    present, _ = read(target.fields, now, target.findings)
    names = [*(field.name for field in target.fields), "citations", "visibility"]
    changed = {name: wanted.get(name) for name in names if wanted.get(name) != present.get(name)}
    if "citations" in changed:
        changed["citations"] = _citations(target, sent, now)
    problems += _unseen(target, changed)
    return {name: _with_hidden(target, name, new) for name, new in changed.items()}, problems


def correction(target: Target, sent: Sent, changed: dict[str, Any]) -> Correction:
    """The correction that a form asks for."""
    wanted, withdraw = sent.one("correction.visibility"), bool(sent.one("correction.withdraw"))
    if not changed and target.seen.withdrawn and not withdraw:
        # A correction has to change something: that the entry counts again is put as who may see it from now on.
        changed = {"visibility": target.entry.visibility}
    return Correction(
        id=f"correction-{secrets.token_hex(6)}",
        replaces=target.entry.id,
        reason=sent.one("correction.reason"),
        changes=changed,
        withdraw=withdraw,
        conceal=bool(sent.one("correction.conceal")),
        visibility="public" if wanted == "public" else "team" if wanted == "team" else "private",
    )


def problems_of(target: Target, made: Correction) -> list[Problem]:
    """What is wrong with a correction beside what the check of the batch finds."""
    found = []
    if not made.reason:
        found.append(
            Problem(
                "No reason is given.", "Say what was wrong, and how you know.", column="correction.reason"
            )
        )
    if not target.findings.view.viewer.keeper and made.visibility == "private":
        found.append(
            Problem("It is not said who may read the reason.", "Choose one.", column="correction.visibility")
        )
    if not made.changes and made.withdraw == target.seen.withdrawn:
        found.append(Problem("Nothing was changed.", "Change a field, or withdraw the entry."))
    return found


def compared(target: Target, made: Correction) -> list[tuple[str, str | None, str | None]]:
    """Each field that changes, what is on record and what is new, as the corrector may see both."""
    old = plain(target.entry)
    return [
        (
            name.replace("_", " ").capitalize(),
            in_words(old.get(name)),
            in_words(_without_hidden(target, name, new)),
        )
        for name, new in made.changes.items()
    ]


def in_words(value: Any) -> str | None:
    """A plain value for a reader; None, which is shown as not known, where there is none."""
    match value:
        case None:
            return None
        case dict():
            return "; ".join(f"{name}: {in_words(part)}" for name, part in value.items() if name != "type")
        case list():
            return "; ".join(str(in_words(part)) for part in value) or None
    return str(value)


def _state(target: Target) -> Pairs:
    return [("form.state", str(target.times)), ("form.was", json.dumps(typed(target.entry)))]


def _was(sent: Sent) -> Pairs:
    """What the form was first filled with, as the browser sends it back; nothing that depends on it is secret."""
    try:
        return msgspec.json.decode(sent.raw("form.was"), type=list[tuple[str, str]])
    except msgspec.DecodeError:
        return []


def _pairs_of(sent: Sent, name: str) -> Pairs:
    return [pair for pair in sent.pairs if pair[0] == name or pair[0].startswith(f"{name}.")]


def _value(field: Field | None, sent: Sent) -> Any:
    """The plain value of a field, or of the citations; what cannot be read is like nothing else."""
    found, problems = values((field,), sent) if field else citations(sent)
    return object() if problems else found


def _citations(target: Target, sent: Sent, now: Sent) -> list[dict[str, Any]] | None:
    """The citations as typed; one of which nothing was typed anew stays as it is, with all its selectors."""
    present = plain(target.entry).get("citations", [])
    untouched = {_key(citation(now, n)): c for n, c in zip(rows(now, "citations"), present, strict=True)}
    return [untouched.get(_key(c), c) for c in citations(sent)[0]] or None


def _key(cited: Any) -> str:
    return json.dumps(cited, sort_keys=True, default=str)


def _with_hidden(target: Target, name: str, new: Any) -> Any:
    """A new value with what its corrector does not see put back, so that nothing is lost unseen."""
    shown, whole = plain(target.entry).get(name), plain(target.whole).get(name)
    if isinstance(whole, list):
        return [*(new or []), *(item for item in whole if item not in (shown or []))] or None
    if isinstance(whole, dict) and isinstance(new, dict):
        return {**{part: text for part, text in whole.items() if part not in (shown or {})}, **new}
    return new


def _without_hidden(target: Target, name: str, new: Any) -> Any:
    """A new value as its corrector may see it: without what was put back unseen."""
    shown, whole = plain(target.entry).get(name), plain(target.whole).get(name)
    if isinstance(new, list) and isinstance(whole, list):
        hidden = [item for item in whole if item not in (shown or [])]
        return [item for item in new if item not in hidden]
    if isinstance(new, dict) and isinstance(whole, dict):
        return {part: text for part, text in new.items() if part in (shown or {}) or whole.get(part) != text}
    return new


def _unseen(target: Target, changed: dict[str, Any]) -> list[Problem]:
    """What was typed that points to something its corrector may not see, whether or not the entry points there already."""
    typed_now = {name: value for name, value in changed.items() if value is not None}
    try:
        return list(unseen(canonical.from_fields({**plain(target.entry), **typed_now}), target.findings))
    except msgspec.ValidationError:
        return []  # the check of the batch tells it in its own words
