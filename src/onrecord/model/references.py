"""Which fields of a kind point to other entries.

The gate and the check of a batch both walk these, so that a pointer can neither dangle nor lead a
visitor to something that is not for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple


class Reference(NamedTuple):
    """A field that holds ids: of which kinds, and whether the entry makes no sense without the target."""

    field: str
    kinds: tuple[str, ...]
    required: bool


ANY: tuple[str, ...] = ()

REFERENCES: dict[str, tuple[Reference, ...]] = {
    "source": (),
    "actor": (),
    "membership": (Reference("actor", ("actor",), True), Reference("of", ("actor",), True)),
    "person": (),
    "event": (Reference("about", ANY, False), Reference("refs", ("event",), False)),
    "instrument": (Reference("lead", ("actor",), False),),
    "position": (Reference("instrument", ("instrument",), True), Reference("actor", ("actor",), True)),
    "promise": (
        Reference("kept_by", ("event",), False),
        Reference("broken_by", ("event",), False),
        Reference("blocked_by", ("event",), False),
    ),
    "figure": (Reference("about", ANY, False), Reference("derived_from", ANY, False)),
    "quote": (Reference("event", ("event",), False),),
    "decision": (Reference("subject", ANY, True), Reference("prefers", ANY, False)),
    "correction": (Reference("replaces", ANY, True),),
}


def targets(entry: object, reference: Reference) -> tuple[str, ...]:
    """The ids that one field of an entry points to; empty where the field is not set."""
    value = getattr(entry, reference.field)
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def targets_of_all(entries: Iterable[object], reference: Reference) -> set[str]:
    """The ids that one field of many entries of a kind points to."""
    found: set[str] = set()
    for value in map(attrgetter(reference.field), entries):
        if isinstance(value, str):
            found.add(value)
        elif value:
            found.update(value)
    return found
