"""Leaves that are gone: which entries they were, as far as the derived tables still say, and what rests on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from onrecord.record.checking.damage import Damage
from onrecord.record.checking.survey import Survey
from onrecord.record.views import Views


def missing(gone: Iterable[range], survey: Survey, views: Views | None) -> Iterator[Damage]:
    """Each run of leaves that is not there though the ledger goes on behind it."""
    for run in gone:
        known = views.ids_at(run) if views else []
        why = "missing: the ledger goes on behind it"
        if known:
            why += f"; by the tables it held {', '.join(known)}"
        yield Damage(
            "ledger", _leaves(run), why, tuple(r for one in known for r in survey.resting_on_entry(one))
        )


def _leaves(run: range) -> str:
    return f"leaf {run.start}" if len(run) == 1 else f"leaves {run.start} to {run.stop - 1}"
