"""What somebody typed, as the plain fields of an entry; and an entry as what somebody would have typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from onrecord.errors import Problem
from onrecord.model import canonical
from onrecord.model.kinds import Entry
from onrecord.record.citing import to_citation
from onrecord.record.rows import CITATIONS, Row
from onrecord.serve.guarding import Sent
from onrecord.serve.team.entries.fields import Field, fields_for

Pairs = list[tuple[str, str]]

SOURCES = "sources"
"""Where a source is looked for; each that is marked becomes a citation."""

CITED = ("source", "supports", "stance", "exact", "prefix", "suffix", "fragment", "xpath", "start", "end", "conforms_to")  # fmt: skip
"""What is typed of a citation: the columns of citations.csv."""

_SELECTED = {
    "TextQuoteSelector": {"exact": "exact", "prefix": "prefix", "suffix": "suffix"},
    "TextPositionSelector": {"start": "start", "end": "end"},
    "FragmentSelector": {"value": "fragment", "conformsTo": "conforms_to"},
    "XPathSelector": {"value": "xpath"},
}


class Unreadable(ValueError):
    """A value that cannot be what its field holds."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def typed(entry: Entry) -> Pairs:
    """An entry as the names and values that a browser would send for it."""
    fields = plain(entry)
    pairs: Pairs = []
    for field in fields_for(entry):
        pairs += _pairs(
            field, fields.get(field.name, getattr(entry, field.name, None) if field.options else None)
        )
    pairs.append(("visibility", entry.visibility))
    for number, citation in enumerate(fields.get("citations", ())):
        pairs += [(f"citations.{number}.{name}", value) for name, value in _cells(citation).items()]
    return [(name, text.replace("\r\n", "\n").replace("\r", "\n")) for name, text in pairs]


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as the JSON of the ledger has it: lists are lists, fields at their default are left out."""
    fields: dict[str, Any] = msgspec.json.decode(canonical.encode(entry))
    return fields


def value(field: Field, sent: Sent) -> Any:
    """The plain value of a field, None where nothing was typed.

    Raises:
        Unreadable: what was typed cannot be one.
    """
    found = _read(field, sent)
    if found is None:
        if field.required:
            column = f"{field.name}.0.text" if field.shape == "names" else field.name
            missing = f"{field.label} {'are' if field.shape == 'names' else 'is'} missing."
            raise Unreadable(Problem(missing, "Fill it in.", column=column))
        return None
    try:
        msgspec.convert(found, field.type)
    except msgspec.ValidationError as cause:
        shown = f"{str(found)[:80]!r} " if isinstance(found, str | int) else ""
        what = (
            f"{field.label}: {shown}{field.wrong}"
            if field.wrong != "cannot be kept"
            else f"{field.label}: {cause}"
        )
        raise Unreadable(Problem(f"{what}.", field.remedy, column=field.name)) from cause
    return found


def values(fields: tuple[Field, ...], sent: Sent) -> tuple[dict[str, Any], list[Problem]]:
    """The plain values of all fields that were filled in, and everything that is wrong with the others."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in fields:
        try:
            part = value(field, sent)
        except Unreadable as unreadable:
            problems.append(unreadable.problem)
        else:
            if part is not None:
                found[field.name] = part
    return found, problems


def citations(sent: Sent, sources: bool = True) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The citations that were typed, and one for each source that was marked; and what is wrong with them."""
    found, problems = [], []
    for number in rows(sent, "citations"):
        match citation(sent, number):
            case Problem() as problem:
                problems.append(problem)
            case dict() as read:
                found.append(read)
    if sources:
        found += [{"source": source} for source in sent.all(SOURCES)]
    return found, problems


def citation(sent: Sent, number: int) -> dict[str, Any] | Problem | None:
    """One citation; None if it is to be left out."""
    cells = {name: text for name in CITED if (text := sent.one(f"citations.{number}.{name}"))}
    if cells.get("stance") == "supports":  # which it does if nothing else is said
        del cells["stance"]
    if not cells.get("source") or sent.one(f"citations.{number}.without"):
        return None
    read = to_citation(Row(CITATIONS, {"entry": "-", **cells}, "", number, from_json=False))
    if isinstance(read, Problem):
        return Problem(read.message, read.remedy, column=f"citations.{number}.{read.column}")
    return read[1]


def rows(sent: Sent, name: str) -> list[int]:
    """The numbers of the rows of a field that was sent in rows, ``names.0.text``."""
    pattern = re.compile(rf"{re.escape(name)}\.(\d{{1,3}})\.\w+")
    numbers = {int(match[1]) for known, _ in sent.pairs if (match := pattern.fullmatch(known))}
    return sorted(numbers)


def _read(field: Field, sent: Sent) -> Any:
    match field.shape:
        case "picks":
            return sent.all(field.name) or None
        case "list":
            return [line.strip() for line in sent.one(field.name).split("\n") if line.strip()] or None
        case "names":
            return list(_names(field, sent)) or None
        case "struct":
            parts = (
                {part.name.partition(".")[2]: value(part, sent) for part in field.parts}
                if _begun(field, sent)
                else {}
            )
            return {name: part for name, part in parts.items() if part is not None} or None
        case "number":
            text = sent.one(field.name)
            return (
                int(text)
                if text.isascii() and text.lstrip("-").isdigit() and len(text) < 17
                else text or None
            )
    return sent.one(field.name) or None


def _begun(field: Field, sent: Sent) -> bool:
    return any(sent.one(part.name) for part in field.parts)


def _names(field: Field, sent: Sent) -> Iterator[dict[str, str]]:
    for number in rows(sent, field.name):
        parts = {part: sent.one(f"{field.name}.{number}.{part}") for part in ("text", "language", "role")}
        filled = {part: text for part, text in parts.items() if text}
        if not filled:
            continue
        if "text" not in filled:
            raise Unreadable(
                Problem(
                    "A name has no letters.", "Write the name itself.", column=f"{field.name}.{number}.text"
                )
            )
        if "language" in filled and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", filled["language"]):
            raise Unreadable(
                Problem(
                    f"{filled['language'][:40]!r} is not a language tag.",
                    "Write it as in BCP 47: en, zh-Hans, ug-Arab.",
                    column=f"{field.name}.{number}.language",
                )
            )
        yield filled


def _pairs(field: Field, found: Any) -> Pairs:
    if found is None:
        return []
    match field.shape:
        case "picks":
            return [(field.name, item) for item in found]
        case "list":
            return [(field.name, "\n".join(found))]
        case "names":
            return [
                (f"{field.name}.{n}.{part}", text)
                for n, name in enumerate(found)
                for part, text in name.items()
            ]
        case "struct":
            return [(f"{field.name}.{part}", text) for part, text in found.items()]
    return [(field.name, str(found))]


def _cells(citation: dict[str, Any]) -> dict[str, str]:
    """A citation as a row of citations.csv: of selectors of one type the last."""
    cells: dict[str, str] = {
        name: citation[name] for name in ("source", "supports", "stance") if name in citation
    }
    for selector in citation.get("selectors", ()):
        for name, column in _SELECTED[selector["type"]].items():
            if name in selector:
                cells[column] = str(selector[name])
    return cells
