"""An entry as it stands now: what was first recorded with every later correction applied, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onrecord.model import canonical
from onrecord.model.kinds import Correction, Entry


@dataclass(frozen=True, slots=True)
class Version:
    """One state an entry was in. ``correction`` led to it, None for the state first recorded."""

    entry: Entry
    withdrawn: bool
    correction: Correction | None


def corrected(version: Version, correction: Correction) -> Version:
    """The next state of an entry.

    Raises:
        msgspec.ValidationError: the changed fields no longer make an entry of its kind.
    """
    fields = canonical.to_fields(version.entry)
    for name, value in correction.changes.items():
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = value
    return Version(canonical.from_fields(fields), correction.withdraw, correction)


def versions(first: Entry, corrections: Iterable[Correction]) -> list[Version]:
    """Every state of an entry, oldest first."""
    states = [Version(first, withdrawn=False, correction=None)]
    for correction in corrections:
        states.append(corrected(states[-1], correction))
    return states


def current(first: Entry, corrections: Iterable[Correction]) -> Version:
    """The state an entry is in after all its corrections."""
    return versions(first, corrections)[-1]
