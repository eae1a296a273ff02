"""Who is one person: the pairs to judge next, and what was judged, by whom and why. For the record's owner alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from onrecord.pages import addresses
from onrecord.pages.answers.possible_names import THREAD, Named, named
from onrecord.pages.evidence import Evidence
from onrecord.pages.page import Asked, Link, Page
from onrecord.pages.words import plural
from onrecord.people import clusters, conflicts, counted, judged, worklist
from onrecord.search.named.finding import percent
from onrecord.search.named.pairs import near_pairs

_PAIRS = 20
_COMPARED = 300
"""Names that are compared with all others for the page; the command compares more."""

_THREAD = (*THREAD, Link("Find a person by name", addresses.FIND))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who are possibly one, and what speaks for and against it besides their names."""

    one: Named
    other: Named
    probability: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToJudgeContent:
    """What ``names_to_judge.html`` shows; ``token`` is the secret of its forms."""

    pairs: tuple[Pair, ...]
    token: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement that stands, and the way to its entry."""

    one: Named
    other: Named
    verdict: str
    reason: str
    by: str
    decided: str
    path: str


@dataclass(frozen=True, slots=True)
class JudgedContent:
    """What ``names_judged.html`` shows; ``token`` is the secret of its forms."""

    clusters: tuple[tuple[Named, ...], ...]
    conflicts: tuple[str, ...]
    judgements: tuple[Judgement, ...]
    token: str


def to_judge(evidence: Evidence, asked: Asked, _key: str) -> Page:
    """The pairs whose judgement would tell most."""
    names = evidence.names.of(evidence.record)
    pairs = worklist(near_pairs(names, _COMPARED), _judgements(asked), _PAIRS)
    compared = min(_COMPARED, len(names))
    return Page(
        path=addresses.PEOPLE_TO_JUDGE,
        template="names_to_judge.html",
        title="Pairs to judge next",
        finding=(
            f"{plural(pairs.height, 'pair', 'pairs')}, least certain first; {compared:,} of "
            f"{plural(len(names), 'name', 'names')} were compared with all."
        ),
        thread=_THREAD,
        content=ToJudgeContent(tuple(map(_pair, pairs.to_dicts())), evidence.form_token),
        tables={"pairs": pairs} if pairs.height else {},
        section="People",
    )


def judged_page(evidence: Evidence, asked: Asked, _key: str) -> Page:
    """Who was judged to be one person, what contradicts itself, and every judgement that stands."""
    people = {row["id"]: row["names"][0]["text"] for row in asked.findings.table("person").to_dicts()}
    judgements = _judgements(asked)
    groups = clusters(judgements)
    count = counted(list(people), judgements)
    return Page(
        path=addresses.PEOPLE_JUDGED,
        template="names_judged.html",
        title="Who was judged to be one person",
        finding=(
            f"{plural(count.entries, 'entry stands', 'entries stand')} for {plural(count.people, 'person', 'people')}; this rests on "
            f"{plural(count.links, 'judgement', 'judgements')} of same. Unsure: {count.unsure:,}. In conflict: {count.conflicts:,}."
        ),
        thread=_THREAD,
        content=JudgedContent(
            clusters=tuple(tuple(_person(m, people) for m in members) for members in groups["members"]),
            conflicts=tuple(_conflict(row) for row in conflicts(judgements).to_dicts()),
            judgements=tuple(_judgement(row, people) for row in judgements.to_dicts()),
            token=evidence.form_token,
        ),
        tables={"judgements": judgements} if judgements.height else {},
        section="People",
    )


def _judgements(asked: Asked) -> pl.DataFrame:
    people = asked.findings.table("person")["id"]
    return judged(asked.findings.table("decision"), set(people))


def _pair(row: dict[str, Any]) -> Pair:
    one, other = (
        named(row[side], *(row[f"{column}_{side}"] for column in ("name", "document", "locator", "selector")))
        for side in ("a", "b")
    )
    return Pair(one, other, percent(row["probability"]), tuple(row["adjustments"]))


def _person(entry_id: str, people: dict[str, str]) -> Named:
    return named(entry_id, people[entry_id], None, None, None)


def _judgement(row: dict[str, Any], people: dict[str, str]) -> Judgement:
    said = {name: row[name] for name in ("verdict", "reason", "by", "decided")}
    one, other = _person(row["a"], people), _person(row["b"], people)
    return Judgement(one, other, **said, path=addresses.entry(row["decision"]))


def _conflict(row: dict[str, Any]) -> str:
    return f"{row['a']} and {row['b']} were judged different ({row['decision']}), but {' = '.join(row['path'])}. Decide one of them anew."
