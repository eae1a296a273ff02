"""What is at stake where an original or what was made of it is damaged: entries, people, published pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onrecord.errors import EntryNotFound
from onrecord.model.check import kind_of
from onrecord.model.kinds import Entry
from onrecord.model.references import REFERENCES, targets
from onrecord.pages import addresses
from onrecord.pages.words import plural
from onrecord.record import KEEPER, PUBLIC, Record
from onrecord.record.gate import View


@dataclass(frozen=True, slots=True)
class Stake:
    """The entries that rest on something, the people they are about, and the public pages that show them."""

    entries: tuple[str, ...]
    people: tuple[str, ...]
    pages: tuple[str, ...]

    def in_words(self) -> str:
        """One sentence; empty where nothing rests on it."""
        if not self.entries:
            return ""
        about = f" about {plural(len(self.people), 'person', 'people')}" if self.people else ""
        rest = "rests" if len(self.entries) == 1 else "rest"
        shows = "shows" if len(self.pages) == 1 else "show"
        pages = plural(len(self.pages), "page that everybody may see", "pages that everybody may see")
        named = f": {', '.join(self.pages)}" if self.pages else ""
        return (
            f"{plural(len(self.entries), 'entry', 'entries')}{about} {rest} on it: {', '.join(self.entries)}; "
            f"{pages} {shows} it{named}."
        )


def stake(record: Record, entries: Iterable[str]) -> Stake:
    """What is at stake with these entries, ids that nobody has left out."""
    ids = tuple(dict.fromkeys(entries))
    if not ids:
        return Stake((), (), ())
    keeper, public = record.as_seen_by(KEEPER), record.as_seen_by(PUBLIC)
    people = {person for entry in ids for person in _people(keeper, entry)}
    pages = {page for entry in ids for page in _pages(public, entry)}
    return Stake(ids, tuple(sorted(people)), tuple(sorted(pages)))


def _people(view: View, entry_id: str) -> Iterator[str]:
    """The person that an entry is, and those that it points to."""
    entry = _seen(view, entry_id)
    if entry is None:
        return
    pointed = [target for reference in REFERENCES[kind_of(entry)] for target in targets(entry, reference)]
    for target in (entry_id, *pointed):
        found = _seen(view, target)
        if found is not None and kind_of(found) == "person":
            yield target


def _pages(view: View, entry_id: str) -> Iterator[str]:
    """The page of an entry that this viewer sees, and those of the people in it."""
    entry = _seen(view, entry_id)
    if entry is not None:
        yield addresses.page_of(kind_of(entry), entry_id)
        yield from (addresses.page_of("person", person) for person in _people(view, entry_id))


def _seen(view: View, entry_id: str) -> Entry | None:
    try:
        return view.entry(entry_id).entry
    except EntryNotFound:
        return None
