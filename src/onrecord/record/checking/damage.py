"""What verification says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as acknowledged: what and where, why it is thought so, and what rests on it."""

    what: str
    where: str
    why: str
    rests_on_it: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that another record has signed: who, how many leaves it counts, when by the witness's clock."""

    witness: str
    size: int
    seen: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification read and what it found. ``clean`` means that nothing was found.

    ``unchanged_since`` lists the sizes of the checkpoints that were handed in and hold. ``notes`` are things a
    reader should know that are no damage: a clock that went back, heads that nobody signed.
    """

    leaves: int
    originals: int
    bytes_read: int
    root: str
    damage: tuple[Damage, ...]
    unchanged_since: tuple[int, ...] = ()
    witnesses: tuple[Witnessed, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        return not self.damage
