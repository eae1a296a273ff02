"""Who may be called so: people on record and names in documents, over all scripts, best first.

What is searched is what the viewer may see: people through the gate, documents for the record's keepers only. Nothing that
is looked for is kept anywhere. A hit is a possibility with its reasons, never an identification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import polars as pl

from onrecord.model.visibility import may_see
from onrecord.names import Explanation, Index, explain
from onrecord.names.compare import probability
from onrecord.names.evidence import Adjustment, adjusted
from onrecord.names.index import Found
from onrecord.record import KEEPER, Record, Viewer
from onrecord.search.named.gathered import gathered
from onrecord.search.named.kept import Chunk, kept_index
from onrecord.search.named.mention import ENTRIES, About, Row, about_of
from onrecord.search.named.rows import Mentions
from onrecord.search.named.weighing import weighed

LEAST = 0.05
"""Hits less probable than this are left out, by the name alone."""

_CHUNK = 4096
_CANDIDATES = 200
_TOLD = 0.05  # nats that are worth a line


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who is possibly meant.

    Attributes:
        id: of the person on record, or of the mention.
        kind: person or mention.
        name: the spelling that answers best, as written.
        document, locator, selector: where a mention stands, see :class:`onrecord.search.named.mention.Mention`; None for
            a person, whose entry has citations.
        about: what is said besides the name.
        name_probability: that the two spellings name the same name (see :func:`onrecord.names.score`).
        probability: the same after the adjustments, by which hits are ranked.
        adjustments: what the facts that were asked for changed, in nats, each with its reason.
        explanation: which syllable answers which.
    """

    id: str
    kind: str
    name: str
    document: str | None
    locator: str | None
    selector: str | None
    about: About
    name_probability: float
    probability: float
    adjustments: tuple[Adjustment, ...]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Names in an index, and how to get the rows at some of its positions."""

    index: Index
    rows: Callable[[list[int]], Sequence[Row]]


class Names:
    """Names that can be looked for. Made by :func:`names_of` or :func:`names_among`."""

    def __init__(self, shelves: Iterable[_Shelf]) -> None:
        self._shelves = tuple(shelves)

    def __len__(self) -> int:
        """How many spellings there are; a person may have several."""
        return sum(len(shelf.index) for shelf in self._shelves)

    def find(self, name: str, given: About | None = None, limit: int = 10) -> list[Hit]:
        """Those who are possibly meant, the most probable first; equally probable ones in the order of their ids.

        Args:
            name: in any script, whole or in part.
            given: what else is known; it raises and lowers ranks and rules nobody out.
            limit: at most so many.

        Raises:
            UnreadableName: the text is empty of letters or too long to be a name.
        """
        found = self.near(name, max(_CANDIDATES, 2 * limit))
        ranked = sorted(
            (_weighed(row, hit, given or About()) for row, hit in found),
            key=lambda hit: (-hit[1], hit[0]["id"]),
        )
        return [_hit(name, *hit) for hit in ranked[:limit]]

    def rows(self, most: int) -> Iterator[Row]:
        """The first names, people on record before mentions, as rows of :data:`onrecord.search.named.mention.ENTRIES`."""
        for shelf in self._shelves:
            count = min(most, len(shelf.index))
            yield from shelf.rows(list(range(count)))
            most -= count

    def near(self, name: str, most: int) -> list[tuple[Row, Found]]:
        """Rows of :data:`onrecord.search.named.mention.ENTRIES` with the log-odds of the name.

        Each id once, with its best spelling, highest first; those below :data:`LEAST` by sound alone are left out.

        Raises:
            UnreadableName: as :meth:`find`.
        """
        best: dict[str, tuple[tuple[float, bool], Row, Found]] = {}
        for shelf in self._shelves:
            for row, found in _rows(shelf, name, most):
                known = best.get(row["id"])
                standing = (found.total, _placed(row))
                if known is None or standing > known[0]:
                    best[row["id"]] = (standing, row, found)
        ranked = sorted(best.values(), key=lambda hit: (-hit[0][0], hit[1]["id"]))[:most]
        return [(row, found) for _, row, found in ranked]


def names_of(record: Record, viewer: Viewer = KEEPER) -> Names:
    """All names in a record that a viewer may look for, the index brought up to ledger and documents.

    Kept under ``derived/names/``; deletable.

    Raises:
        StorageError: a derivative is damaged, or the disk refuses.
    """
    folder = record.folder / "derived" / "names"
    people = people_in(record.as_seen_by(viewer).table("person"))
    index = kept_index(folder / f"people-{viewer.clearance}.npz", _chunks(people["name"].to_list()))
    shelves = [_shelf(people, index)]
    if may_see(viewer.clearance, "private"):
        shelves.append(_mentions(folder, gathered(record)))
    return Names(shelves)


def names_among(persons: pl.DataFrame) -> Names:
    """The names of a view's table of persons, indexed in memory: nothing is written.

    Args:
        persons: ``view.table("person")``, which holds what its viewer may see.
    """
    people = people_in(persons)
    return Names([_shelf(people, Index.build(people["name"]))])


def percent(probability: float) -> str:
    """A probability for a reader; never 0 % or 100 %."""
    return "over 99%" if probability > 0.99 else f"{probability:.0%}" if probability >= 0.01 else "under 1%"


def people_in(persons: pl.DataFrame) -> pl.DataFrame:
    """A row of :data:`onrecord.search.named.mention.ENTRIES` for every name of every person in a view's table."""
    rows = [
        {
            "id": person["id"],
            "kind": "person",
            "name": name["text"],
            "born": person["born"],
            "sex": person["sex"] if person["sex"] in {"female", "male"} else None,
            "place": person["from"] or person["place"],
        }
        for person in persons.select("id", "names", "born", "sex", "from", "place").iter_rows(named=True)
        for name in person["names"]
    ]
    return pl.DataFrame(rows, schema=ENTRIES)


def _chunks(names: list[str]) -> list[Chunk]:
    """The names in runs, so that what is appended to a ledger is added to the index and not indexed anew."""
    runs = [names[at : at + _CHUNK] for at in range(0, len(names), _CHUNK)]
    return [Chunk(sha256("\n".join(run).encode()).hexdigest(), partial(list, run)) for run in runs]


def _mentions(folder: Path, files: list[Path]) -> _Shelf:
    mentions = Mentions(files)
    chunks = [Chunk(file.name, partial(_names_in, file)) for file in files]
    return _Shelf(kept_index(folder / "mentions.npz", chunks), lambda at: [mentions[p].row() for p in at])


def _names_in(file: Path) -> list[str]:
    return Mentions([file]).names()


def _shelf(people: pl.DataFrame, index: Index) -> _Shelf:
    return _Shelf(index, lambda at: people[at].to_dicts())


def _rows(shelf: _Shelf, name: str, most: int) -> Iterator[tuple[Row, Found]]:
    found = [hit for hit in shelf.index.ranked(name, most) if probability(hit.logit) >= LEAST]
    rows = shelf.rows([hit.position for hit in found]) if found else []
    yield from zip(rows, found, strict=True)


def _placed(row: Row) -> bool:
    """True for a mention with its place; the same mention, put on record when it was judged, has it in its citation."""
    return row["document"] is not None


def _weighed(row: Row, found: Found, given: About) -> tuple[Row, float, float, tuple[Adjustment, ...]]:
    changes = (*_by_frequency(found), *weighed(given, about_of(row)))
    alone = probability(found.logit)
    return row, adjusted(alone, changes), alone, changes


def _by_frequency(found: Found) -> Iterator[Adjustment]:
    """What it changes how many names here have the same parts, and how many parts they have."""
    if found.familiarity >= _TOLD:
        reason = "its parts stand in other names here too, so it is hardly misspelled"
        yield Adjustment("spelling", found.familiarity, reason)
    if found.commonness <= -_TOLD:
        yield Adjustment(
            "frequency", found.commonness, "its parts are common here, so that they match says less"
        )
    if found.brevity >= _TOLD:
        yield Adjustment("parts", found.brevity, "nearly all names here have more parts than were asked for")


def _hit(name: str, row: Row, probability: float, alone: float, changes: tuple[Adjustment, ...]) -> Hit:
    return Hit(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        document=row["document"],
        locator=row["locator"],
        selector=row["selector"],
        about=about_of(row),
        name_probability=alone,
        probability=probability,
        adjustments=changes,
        explanation=explain(name, row["name"]),
    )
