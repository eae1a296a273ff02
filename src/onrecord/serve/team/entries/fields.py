"""What a form asks for a kind of entry, read off the model: a new field of a kind is asked without a change here."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import msgspec

from onrecord.model.check import kind_of
from onrecord.model.kinds import KINDS, Entry, Name
from onrecord.model.kinds.actor import Iso3
from onrecord.model.kinds.base import DateText, Decimal, Id, Language
from onrecord.model.kinds.source import Sha256
from onrecord.model.references import REFERENCES

Shape = Literal["line", "lines", "list", "choice", "number", "pick", "picks", "names", "struct"]

ENTERED = tuple(kind for kind in KINDS if kind != "correction")
"""The kinds that have a form; a correction is made on the page of what it corrects."""

_APART = frozenset({"id", "citations", "visibility", "sealed"})
"""Asked in their own way: what is sealed in :mod:`onrecord.serve.team.entries.sealing`."""

_LONG = frozenset({"note", "summary", "detail", "what", "words", "text", "reason", "unratable", "method"})

_ADVICE: dict[Any, tuple[str, str]] = {
    DateText: ("is not a date", "Write 2018, 2018-05 or 2018-05-24, as precise as it is known."),
    Decimal: ("is not a number", "Write digits as the source has them, such as 1200 or 12.10."),
    Language: ("is not a language tag", "Write it as in BCP 47: en, zh-Hans, ug-Arab."),
    Iso3: ("is not the code of a state", "Write the three capital letters of ISO 3166-1, such as SOM."),
    Sha256: ("is not a SHA-256", "Write its 64 digits in 0-9 and a-f."),
    Id: ("cannot be an id", "Write letters, digits and . _ : ~ -, in parts divided by /."),
    int: ("is not a whole number", "Write digits only."),
}
"""By the type of a field: what a bad value is not, and what to write."""

_HINTS = {
    "series": "Figures that answer the same question carry the same word here; pages set them side by side.",
    "due_basis": "Where the date comes from. A due date needs it.",
    "list_status": "Only from a complete list does it follow that who is not on it did not sign.",
    "broken_by": "The event that shows it.",
    "checked": "The last day that somebody looked.",
    "symbols": "Of documents, one a line.",
    "found_at": "A second address, such as a web archive's copy.",
    "consent.source": "The id of the source that made the case public.",
    "note": "What a reader should know before relying on the entry.",
}


_LABELS = {
    "about": "About which entries",
    "refs": "Events it hangs together with",
    "symbols": "Symbols of documents",
    "end": "Last day",
    "from": "From where",
    "of": "Member of",
    "of_what": "What it counts",
    "lead": "Led by",
    "derived_from": "Computed from",
    "date_is": "The date is",
    "subject": "Entries that are judged",
    "prefers": "Which of them is relied on",
    "unratable": "Why it cannot be rated",
    "on": "When",
    "found_at": "Also found at",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    Attributes:
        name: as in the ledger; a field within a field has a dot (``consent.basis``).
        type: its type, without None.
        wrong, remedy: what a bad value is not, and what to write instead.
        kinds: of what it points to; empty for any.
        parts: the fields within it.
    """

    name: str
    label: str
    shape: Shape
    type: Any
    required: bool
    options: tuple[str, ...] = ()
    hint: str = ""
    wrong: str = "cannot be kept"
    remedy: str = "Mend it."
    kinds: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind that a form asks for, those that are needed first, in the model's order."""
    found = [
        _field(info, "", kind)
        for info in msgspec.structs.fields(KINDS[kind])
        if info.encode_name not in _APART
    ]
    return tuple(sorted(found, key=lambda field: (not field.required, field.name == "note")))


def fields_for(entry: Entry) -> tuple[Field, ...]:
    """The fields of an entry's kind."""
    return fields_of(kind_of(entry))


def _field(info: msgspec.structs.FieldInfo, inside: str, kind: str) -> Field:
    name, bare = inside + info.encode_name, _bare(info.type)
    reference = next((r for r in REFERENCES[kind] if r.field == name), None)
    shape = _shape(name, bare, points=reference is not None)
    wrong, remedy = _ADVICE.get(_key(bare), ("cannot be kept", "Mend it."))
    advice = remedy if _key(bare) in _ADVICE else "One a line." if shape == "list" else ""
    parts = msgspec.structs.fields(bare) if shape == "struct" else ()
    return Field(
        name=name,
        label=_LABELS.get(info.encode_name, info.encode_name.replace("_", " ").capitalize()),
        shape=shape,
        type=info.type,
        required=info.required,
        options=_options(info, bare),
        hint=_HINTS.get(name, advice if shape not in ("pick", "picks") else ""),
        wrong=wrong,
        remedy=remedy,
        kinds=reference.kinds if reference else (),
        parts=tuple(_field(part, f"{name}.", kind) for part in parts),
    )


def _key(bare: Any) -> Any:
    """What advice is found under: the type itself, or int for a number that has bounds."""
    return int if _plain(bare) is int else bare


def _shape(name: str, bare: Any, *, points: bool) -> Shape:
    if _many(bare):
        item = typing.get_args(_plain(bare))[0]
        return "picks" if points else "names" if item is Name else "list"
    if points:
        return "pick"
    if _is_struct(bare):
        return "struct"
    if typing.get_origin(bare) is Literal:
        return "choice"
    if _plain(bare) is int:
        return "number"
    return "lines" if name in _LONG else "line"


def _options(info: msgspec.structs.FieldInfo, bare: Any) -> tuple[str, ...]:
    """The vocabulary of a field, with the empty choice where nothing has to be chosen."""
    if typing.get_origin(bare) is not Literal:
        return ()
    words = typing.get_args(bare)
    first = info.default if isinstance(info.default, str) else ""
    return (first, *(word for word in words if word != first))


def _bare(annotation: Any) -> Any:
    """A type without None."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return next(part for part in typing.get_args(annotation) if part is not type(None))
    return annotation


def _plain(annotation: Any) -> Any:
    """A type without its constraints."""
    return typing.get_args(annotation)[0] if typing.get_origin(annotation) is typing.Annotated else annotation


def _many(bare: Any) -> bool:
    return typing.get_origin(_plain(bare)) is tuple


def _is_struct(bare: Any) -> bool:
    return isinstance(bare, type) and issubclass(bare, msgspec.Struct)
