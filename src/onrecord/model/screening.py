"""Large batches checked by columns: each date, each cited source and each pointer once, however often it occurs.

Nearly every batch is sound, and a batch of a hundred thousand votes points to two hundred states and a thousand
resolutions. What is found wanting here is looked at again entry by entry with :mod:`onrecord.model.check`, which
alone says what is wrong. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import attrgetter

from onrecord.model.check import DATE_FIELDS, NO_CITATION_NEEDED, WITH_RULES, kind_of
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import Base
from onrecord.model.references import REFERENCES, targets_of_all

_SOURCE = attrgetter("source")


def by_kind(entries: Iterable[Base]) -> dict[str, list[Base]]:
    """Entries parted by their kind, each part in the order they came in."""
    parted: dict[str, list[Base]] = defaultdict(list)
    for entry in entries:
        parted[kind_of(entry)].append(entry)
    return parted


def pointed_at(entries: Sequence[Base]) -> set[str]:
    """Every id that entries of one kind cite or point to."""
    pointers = (targets_of_all(entries, reference) for reference in REFERENCES[kind_of(entries[0])])
    return _cited(entries).union(*pointers)


def surely_sound(entries: Sequence[Base], kind_by_id: Callable[[str], str | None]) -> bool:
    """True if neither :func:`check.problems` nor :func:`check.dangling` finds anything in entries of one kind.

    False says nothing: a kind with rules of its own is always looked at one by one.
    """
    first = entries[0]
    return (
        not isinstance(first, WITH_RULES)
        and (isinstance(first, NO_CITATION_NEEDED) or all(map(attrgetter("citations"), entries)))
        and all(kind_by_id(source) == "source" for source in _cited(entries))
        and _pointers_hold(entries, kind_by_id)
        and all(map(_is_a_date, _dates(entries)))
    )


def _cited(entries: Sequence[Base]) -> set[str]:
    return set(map(_SOURCE, chain.from_iterable(map(attrgetter("citations"), entries))))


def _pointers_hold(entries: Sequence[Base], kind_by_id: Callable[[str], str | None]) -> bool:
    for reference in REFERENCES[kind_of(entries[0])]:
        found = {kind_by_id(target) for target in targets_of_all(entries, reference)}
        if None in found or (reference.kinds and not found.issubset(reference.kinds)):
            return False
    return True


def _dates(entries: Sequence[Base]) -> set[str]:
    fields = DATE_FIELDS.get(kind_of(entries[0]), ())
    return set().union(*(map(attrgetter(field), entries) for field in fields)) - {None}


def _is_a_date(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except ValueError:
        return False
    return True
