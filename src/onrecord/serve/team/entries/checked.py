"""From what was typed to an entry that can be put on record, or everything that is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from onrecord.errors import Problem
from onrecord.model.check import kind_of
from onrecord.model.kinds import Correction, Entry
from onrecord.model.references import REFERENCES, targets
from onrecord.model.visibility import Visibility, may_see
from onrecord.pages.findings import Findings
from onrecord.record.cells import to_entry
from onrecord.record.rows import Row
from onrecord.serve.guarding import Sent
from onrecord.serve.team.entries.fields import Field
from onrecord.serve.team.entries.typed import SOURCES, citations, rows, values

_BESIDE = {"citations": SOURCES, "consent": "consent.basis"}
"""The control that a problem stands beside, where its column has none of its own."""

_REMEDIES = {SOURCES: "Look for the source, mark it, and send the form again."}


def read(fields: tuple[Field, ...], sent: Sent, findings: Findings) -> tuple[dict[str, Any], list[Problem]]:
    """The plain fields that were typed, citations and visibility among them, and what is wrong with the others."""
    plain, problems = values(fields, sent)
    cited, bad_citations = citations(sent)
    if cited:
        plain["citations"] = cited
    visibility = sent.one("visibility")
    if problem := _visibility(visibility, findings):
        problems.append(problem)
    plain["visibility"] = visibility
    return plain, [*problems, *bad_citations]


def entry_of_row(kind: str, plain: dict[str, Any], findings: Findings) -> Entry | list[Problem]:
    """The entry of plain fields, by the way of a row of JSON Lines; or what is wrong with it."""
    made = to_entry(Row(kind, plain, "", 0, from_json=True), [])
    if isinstance(made, Problem):
        return [made]
    return list(unseen(made, findings)) or made


def unseen(entry: Entry, findings: Findings) -> Iterator[Problem]:
    """What an entry points to that its writer may not see, told as if it were not on record."""
    seen = findings.view.ids
    for citation in entry.citations:
        if citation.source not in seen:
            yield _not_there(citation.source, SOURCES)
    for reference in REFERENCES[kind_of(entry)]:
        for target in targets(entry, reference):
            if target not in seen:
                yield _not_there(target, reference.field)


def beside(problems: Iterable[Problem], entry: Entry) -> tuple[Problem, ...]:
    """Problems as told to somebody who sees a form and no id: which control, and what to do there."""
    names = (entry.id, entry.replaces) if isinstance(entry, Correction) else (entry.id,)

    def told(problem: Problem) -> Problem:
        column = _BESIDE.get(problem.column or "", problem.column)
        message = _without_id(problem.message, names)
        return replace(
            problem, message=message, remedy=_REMEDIES.get(column or "", problem.remedy), column=column
        )

    return tuple(dict.fromkeys(told(problem) for problem in problems))


def _without_id(message: str, names: Iterable[str]) -> str:
    """A message that begins with the id of what it is about, which nobody typed, without it."""
    for name in names:
        for start in (name, repr(name)):
            if message.startswith(f"{start}: "):
                return message.removeprefix(f"{start}: ")
            if message.startswith(f"{start} "):
                return f"The entry {message.removeprefix(f'{start} ')}"
    return message


def settled(sent: Sent) -> Sent:
    """What was typed, with each source that was marked as a citation of its own, so that its place can be typed."""
    following = max(rows(sent, "citations"), default=-1) + 1
    kept = [pair for pair in sent.pairs if pair[0] != SOURCES]
    added = [(f"citations.{n}.source", s) for n, s in enumerate(sent.all(SOURCES), following)]
    return Sent([*kept, *added])


def _visibility(value: str, findings: Findings) -> Problem | None:
    clearance = findings.view.viewer.clearance
    if value in ("private", "team", "public") and may_see(clearance, _known(value)):
        return None
    return Problem("It is not said who may see it.", "Choose one.", column="visibility")


def _known(value: str) -> Visibility:
    return "public" if value == "public" else "team" if value == "team" else "private"


def _not_there(target: str, column: str) -> Problem:
    return Problem(f"{target!r} is not on record.", "Look for it, or enter it first.", column=column)
