"""Judgements as nomenklatura's resolver writes them: a JSON array a line, ``[target, source, judgement, score, user, time]``.

Its *positive*, *negative* and *unsure* are our same, different and unsure. In its files entities hang on canonical ids
(``NK-…``, or Wikidata ids) that no record knows: entities that are positive with one of these are linked with each other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

import polars as pl

from onrecord.errors import InvalidInput, Problem

_JUDGEMENTS: dict[str, Literal["same", "different", "unsure"]] = {
    "positive": "same",
    "negative": "different",
    "unsure": "unsure",
}
_WORDS = {verdict: word for word, verdict in _JUDGEMENTS.items()}


class Edge(NamedTuple):
    """One judgement from a file; ``a`` before ``b``. ``by`` is the user, if the file says."""

    a: str
    b: str
    verdict: Literal["same", "different", "unsure"]
    by: str | None


def to_lines(judgements: pl.DataFrame) -> Iterator[str]:
    """The standing judgements, one line each with its line feed; no score, since none was the reason."""
    for row in judgements.iter_rows(named=True):
        edge = [row["b"], row["a"], _WORDS[row["verdict"]], None, row["by"], row["decided"]]
        yield json.dumps(edge, ensure_ascii=False) + "\n"


def from_lines(lines: Iterable[str]) -> list[Edge]:
    """The judgements of a file, in the order of the pairs; suggestions without a judgement are left out.

    Raises:
        InvalidInput: with every line that is no edge of a resolver.
    """
    edges: list[Edge] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                edges += _edge(json.loads(line))
            except (ValueError, TypeError, IndexError):
                remedy = "A line is [target, source, judgement, score, user, time]."
                problems.append(Problem("This is no judgement of a resolver.", remedy, row=number))
    if problems:
        raise InvalidInput(problems)
    return sorted(set(_between_entries(edges)), key=lambda edge: edge[:3])


def _edge(fields: list[str | None]) -> Iterator[Edge]:
    target, source, judgement, _, user, *_ = fields
    if not isinstance(target, str) or not isinstance(source, str) or target == source:
        raise ValueError("two different ids are needed")
    if judgement != "no_judgement":
        first, second = sorted((target, source))
        yield Edge(first, second, _verdict(judgement), user)


def _verdict(judgement: str | None) -> Literal["same", "different", "unsure"]:
    if judgement not in _JUDGEMENTS:
        raise ValueError(f"{judgement!r} is no judgement")
    return _JUDGEMENTS[judgement]


def _canonical(entry_id: str) -> bool:
    """True for the ids that the resolver or Wikidata gave."""
    return entry_id.startswith("NK-") or (entry_id[:1] == "Q" and entry_id[1:].isdigit())


def _between_entries(edges: list[Edge]) -> Iterator[Edge]:
    hanging: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        at = [entry_id for entry_id in edge[:2] if _canonical(entry_id)]
        if not at:
            yield edge
        elif edge.verdict == "same" and len(at) == 1:
            hanging[at[0]].append(edge)
    for canonical, found in hanging.items():
        members = sorted((next(i for i in edge[:2] if i != canonical), edge.by or "") for edge in found)
        for (a, _), (b, by) in pairwise(members):
            yield Edge(a, b, "same", by or None)
