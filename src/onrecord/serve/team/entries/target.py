"""The entry that somebody corrects: as they see it, as it is whole, and how often it was corrected so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from onrecord.accounts import SignedIn
from onrecord.errors import EntryNotFound, InvalidInput, Problem
from onrecord.model.kinds import Correction, Entry
from onrecord.pages.findings import Findings
from onrecord.record.gate import Seen
from onrecord.record.reader import Reader
from onrecord.serve.team.entries.fields import Field, fields_for
from onrecord.serve.team.room import Room

MEANWHILE = Problem(
    "Somebody corrected this entry while you were at it.",
    "What they changed is filled in below where you had changed nothing; elsewhere it stands beside what you typed. "
    "Look it through and send it again.",
)


@dataclass(frozen=True, slots=True)
class Target:
    """The entry to correct.

    Attributes:
        seen: the entry as its corrector sees it.
        whole: the entry with all that is kept from them.
        times: how often it was corrected.
        findings: what its corrector may see.
    """

    seen: Seen
    whole: Entry
    times: int
    findings: Findings

    @property
    def entry(self) -> Entry:
        """The entry as its corrector sees it."""
        return self.seen.entry

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a form asks of it."""
        return fields_for(self.entry)


def target_of(room: Room, who: SignedIn, entry_id: str) -> Target:
    """The entry with an id, for somebody who corrects it.

    Raises:
        EntryNotFound: there is none that they may see, or it is a correction itself.
    """
    findings, keeper = room.findings(who), room.findings(SignedIn("", "owner"))
    seen = findings.entry(entry_id)
    if isinstance(seen.entry, Correction):
        raise EntryNotFound(f"{entry_id!r} is a correction. Correct the entry that it changed once more.")
    times = len(seen.history) + seen.hidden_history - 1
    return Target(seen, keeper.entry(entry_id).entry, times, findings)


def still(target: Target) -> Callable[[Reader], None]:
    """A look at the ledger that fails if the entry was corrected since it was shown."""

    def look(reader: Reader) -> None:
        if sum(1 for _ in reader.corrections(target.entry.id)) != target.times:
            raise InvalidInput([MEANWHILE])

    return look


def open_to_all(room: Room, target: Target) -> bool:
    """True if the public sees the entry just as its corrector does."""
    public, entry_id = room.findings(None), target.entry.id
    return entry_id in public.view.ids and public.entry(entry_id) == target.seen
