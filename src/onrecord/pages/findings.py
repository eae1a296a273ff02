"""The answers that pages share, computed once for a record, a viewer and a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Never

import polars as pl

from onrecord import positions, promises
from onrecord.errors import EntryNotFound
from onrecord.model.kinds import Source
from onrecord.record import Record
from onrecord.record.gate import Seen, View
from onrecord.rollcalls.backtests import Tested, back_tested
from onrecord.rollcalls.blocs import Found, blocs_kept
from onrecord.rollcalls.bodies import Body, bodies, over_by
from onrecord.rollcalls.estimates import Estimated, estimated
from onrecord.rollcalls.frozen import Frozen, frozen_forecasts
from onrecord.votes.alignment import agreement

CONSENSUS = 0.95
"""Share of one answer from which a roll call says nothing about who stands with whom."""


def _not_on_record(body: str) -> Never:
    raise EntryNotFound(f"No roll calls of {body!r} are on record.")


@dataclass(frozen=True)
class Rolls:
    """Roll calls by body, and what was estimated from them."""

    bodies: Mapping[str, Body]
    estimates: Mapping[str, Estimated]
    forecasts: Mapping[str, Frozen] = field(default_factory=dict)
    back_test: Callable[[str], Tested] = _not_on_record
    """A body's back-test; made when first asked for, in half a minute at most, and kept."""
    blocs: Callable[[str], Found] = _not_on_record
    """A body's blocs; made when first asked for, in seconds, and kept."""


def findings_for(record: Record, view: View, when: date, documents: frozenset[str] = frozenset()) -> Findings:
    """The findings of a record as one viewer sees it, with the roll calls that this viewer may see.

    Of the roll calls, those of sessions that were over on the day; positions are estimated from them alone.
    ``documents`` are the originals, by SHA-256, that have a page of their own for this viewer.
    """
    held = {name: over_by(body, when) for name, body in bodies(record, view).items()}
    found = {name: body for name, body in held.items() if body is not None}
    rolls = Rolls(
        found,
        {name: estimated(record, body) for name, body in found.items()},
        frozen_forecasts(record, view),
        lru_cache(maxsize=8)(lambda name: back_tested(record, view, found[name])),
        lru_cache(maxsize=8)(lambda name: blocs_kept(record, found[name])),
    )
    return Findings(view, when, rolls, documents)


class Findings:
    """A view on a day, with every question's answer at hand."""

    def __init__(
        self,
        view: View,
        when: date,
        rolls: Rolls | None = None,
        documents: frozenset[str] = frozenset(),
    ) -> None:
        self.view = view
        self.when = when
        self.rolls = rolls or Rolls({}, {})
        self.documents = documents
        self._agreement: dict[tuple[str, str], pl.DataFrame] = {}
        self._rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.entry = lru_cache(maxsize=4096)(self._entry)

    def _entry(self, entry_id: str) -> Seen:
        return self.view.entry(entry_id)

    def table(self, kind: str) -> pl.DataFrame:
        """The entries of one kind that the viewer sees."""
        return self.view.table(kind)

    def rows(self, kind: str) -> dict[str, dict[str, Any]]:
        """The same, by id."""
        if kind not in self._rows:
            self._rows[kind] = {row["id"]: row for row in self.table(kind).to_dicts()}
        return self._rows[kind]

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics that counts and movers are made from."""
        return self.view.description.main_topics

    @cached_property
    def movers(self) -> pl.DataFrame:
        """See :func:`onrecord.positions.movers`."""
        return positions.movers(self.view, as_of=self.when)

    @cached_property
    def outcomes(self) -> pl.DataFrame:
        """See :func:`onrecord.promises.outcomes`."""
        return promises.outcomes(self.view, as_of=self.when)

    @cached_property
    def lists(self) -> pl.DataFrame:
        """See :func:`onrecord.positions.lists`."""
        return positions.lists(self.view, as_of=self.when)

    @cached_property
    def stances(self) -> pl.DataFrame:
        """See :func:`onrecord.positions.stances`."""
        return positions.stances(self.view, as_of=self.when)

    @cached_property
    def main_stances(self) -> pl.DataFrame:
        """The stances on texts of the record's main topics only."""
        texts = self.table("instrument")
        chosen = texts.filter(pl.col("topic").is_in(list(self.topics))) if self.topics else texts
        return self.stances.filter(pl.col("instrument").is_in(chosen["id"].implode()))

    @cached_property
    def counts(self) -> pl.DataFrame:
        """Both sides over time on the record's main topics: see :func:`onrecord.positions.counts`."""
        return positions.counts(self.view, as_of=self.when)

    @cached_property
    def absences(self) -> pl.DataFrame:
        """See :func:`onrecord.positions.absences`."""
        return positions.absences(self.view, as_of=self.when)

    @cached_property
    def by_membership(self) -> pl.DataFrame:
        """See :func:`onrecord.positions.by_membership`."""
        return positions.by_membership(self.view, as_of=self.when)

    @cached_property
    def cited_by(self) -> dict[str, list[str]]:
        """Source id to the ids of the entries that cite it."""
        citing: dict[str, list[str]] = defaultdict(list)
        for kind in ("instrument", "position", "promise", "event", "person", "figure", "quote", "membership",
                     "actor", "decision"):  # fmt: skip
            for entry_id, citations in self.table(kind).select("id", "citations").iter_rows():
                for citation in citations:
                    citing[citation["source"]].append(entry_id)
        return citing

    @cached_property
    def mentions(self) -> dict[str, list[str]]:
        """Entry id to the ids of events, figures, quotes, promises and decisions that point to it."""
        found: dict[str, list[str]] = defaultdict(list)
        fields = (("event", "about"), ("event", "refs"), ("figure", "about"), ("decision", "subject"),
                  ("promise", "kept_by"), ("promise", "broken_by"), ("promise", "blocked_by"), ("quote", "event"))  # fmt: skip
        for kind, pointer in fields:
            for entry_id, value in self.table(kind).select("id", pointer).iter_rows():
                for target in [value] if isinstance(value, str) else value or []:
                    found[target].append(entry_id)
        return found

    def agreement(self, body: str, other: str, members: tuple[str, ...] = ()) -> pl.DataFrame:
        """Every state's agreement with another state, or with the members of a group, on roll calls that divided the body.

        A roll call is divided where fewer than :data:`CONSENSUS` gave one answer. Columns:
        :func:`onrecord.votes.alignment.agreement`.
        """
        if (body, other) not in self._agreement:
            rolls = self.rolls.bodies[body]
            table = agreement(self._divided(body), rolls.rollcalls, {other: members or [other]})
            self._agreement[body, other] = table.filter(pl.col("part") == "all")
        return self._agreement[body, other]

    def _divided(self, body: str) -> pl.DataFrame:
        votes = self.rolls.bodies[body].votes
        alike = (
            votes.group_by("rcid", "vote")
            .len()
            .group_by("rcid")
            .agg(pl.col("len").max() / pl.col("len").sum())
        )
        return votes.filter(pl.col("rcid").is_in(alike.filter(pl.col("len") < CONSENSUS)["rcid"].implode()))

    def source(self, source_id: str) -> Source:
        """A source that the viewer sees."""
        entry = self.entry(source_id).entry
        assert isinstance(entry, Source)
        return entry

    def name_of(self, actor_id: str) -> str:
        """The name of an actor, or its id where no such actor is seen."""
        row = self.rows("actor").get(actor_id)
        return str(row["name"]) if row else actor_id
