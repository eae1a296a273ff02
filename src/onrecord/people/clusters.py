"""Entries that were judged to be one person, and judgements that cannot all be right."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection
from typing import Any, NamedTuple

import polars as pl

CLUSTERS: dict[str, Any] = {
    "cluster": pl.String,
    "members": pl.List(pl.String),
    "links": pl.Int64,
    "decisions": pl.List(pl.String),
    "conflicts": pl.Int64,
}
"""``cluster`` is the first id of the members; ``links`` how many judgements of *same* hold it together, ``decisions``
which; ``conflicts`` how many pairs in it were judged different."""

CONFLICTS: dict[str, Any] = {
    "a": pl.String,
    "b": pl.String,
    "decision": pl.String,
    "path": pl.List(pl.String),
    "same": pl.List(pl.String),
}
"""``a`` and ``b`` were judged different by ``decision``, yet ``path`` leads from one to the other over the judgements of
*same* listed in ``same``, in the order of the path: at least one of them all is wrong."""


class Counted(NamedTuple):
    """How many people, and what the number rests on.

    Attributes:
        entries: how many entries and mentions there are.
        people: how many people they stand for, if every judgement of *same* is right and no link is missing.
        links: judgements of *same* that the number rests on.
        unsure: pairs judged unsure, which are counted as two people.
        conflicts: contradictions among the judgements; the number stands on sand where there are any.
    """

    entries: int
    people: int
    links: int
    unsure: int
    conflicts: int


def clusters(judgements: pl.DataFrame) -> pl.DataFrame:
    """Every set of at least two entries that judgements of *same* join, directly or over others.

    Args:
        judgements: as :func:`onrecord.people.judged` gives them.

    Returns:
        Columns :data:`CLUSTERS`, in the order of ``cluster``.
    """
    same = judgements.filter(verdict="same")
    root = _roots(same)
    members: dict[str, list[str]] = defaultdict(list)
    for entry in sorted(root):
        members[root[entry]].append(entry)
    held: dict[str, list[str]] = defaultdict(list)
    for a, decision in same.select("a", "decision").iter_rows():
        held[root[a]].append(decision)
    against: dict[str, int] = defaultdict(int)
    for a in conflicts(judgements)["a"]:
        against[root[a]] += 1
    rows = [
        {
            "cluster": first,
            "members": found,
            "links": len(held[first]),
            "decisions": sorted(set(held[first])),
            "conflicts": against[first],
        }
        for first, found in sorted(members.items())
    ]
    return pl.DataFrame(rows, schema=CLUSTERS)


def cluster_of(entry: str, judgements: pl.DataFrame) -> list[str]:
    """All entries judged the same person as one of them, itself included, in order."""
    root = _roots(judgements.filter(verdict="same"))
    return sorted(other for other in root if root[other] == root[entry]) if entry in root else [entry]


def conflicts(judgements: pl.DataFrame) -> pl.DataFrame:
    """Pairs that were judged different although judgements of *same* join them, with one shortest such chain.

    Returns:
        Columns :data:`CONFLICTS`, in the order of the pairs.
    """
    same = judgements.filter(verdict="same")
    root = _roots(same)
    ways = _ways(same)
    rows = []
    for a, b, decision in (
        judgements.filter(verdict="different").select("a", "b", "decision").sort("a", "b").iter_rows()
    ):
        if a in root and root[a] == root.get(b):
            path, decisions = _chain(a, b, ways)
            rows.append({"a": a, "b": b, "decision": decision, "path": path, "same": decisions})
    return pl.DataFrame(rows, schema=CONFLICTS)


def counted(people: Collection[str], judgements: pl.DataFrame) -> Counted:
    """How many people the entries stand for, and on how many links that rests.

    Args:
        people: ids of all entries that are counted.
        judgements: as :func:`onrecord.people.judged` gives them for these.
    """
    found = clusters(judgements)
    merged = int((found["members"].list.len() - 1).sum())
    return Counted(
        entries=len(people),
        people=len(people) - merged,
        links=judgements.filter(verdict="same").height,
        unsure=judgements.filter(verdict="unsure").height,
        conflicts=conflicts(judgements).height,
    )


def _roots(same: pl.DataFrame) -> dict[str, str]:
    """Each entry that is linked, with the first id of those it is linked to: union-find with path halving."""
    parent: dict[str, str] = {}

    def find(entry: str) -> str:
        while parent.setdefault(entry, entry) != entry:
            parent[entry] = parent[parent[entry]]
            entry = parent[entry]
        return entry

    for a, b in same.select("a", "b").iter_rows():
        first, second = sorted((find(a), find(b)))
        parent[second] = first
    return {entry: find(entry) for entry in list(parent)}


def _ways(same: pl.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Entry to its neighbours by judgement, each with the decision."""
    ways: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for a, b, decision in same.select("a", "b", "decision").iter_rows():
        ways[a].append((b, decision))
        ways[b].append((a, decision))
    return ways


def _chain(start: str, end: str, ways: dict[str, list[tuple[str, str]]]) -> tuple[list[str], list[str]]:
    """A shortest way between two entries of one cluster, and the decisions along it."""
    before: dict[str, tuple[str, str]] = {start: ("", "")}
    waiting = deque([start])
    while end not in before:
        here = waiting.popleft()
        for there, decision in ways[here]:
            if there not in before:
                before[there] = (here, decision)
                waiting.append(there)
    path, decisions = [end], []
    while path[-1] != start:
        earlier, decision = before[path[-1]]
        path.append(earlier)
        decisions.append(decision)
    return path[::-1], decisions[::-1]
