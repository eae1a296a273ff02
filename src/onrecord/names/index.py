"""Millions of names, searched in milliseconds.

The index keeps the distinct parts of all names (:mod:`onrecord.names.bank`) and, for each name, which parts it
has. A search scores the query's parts against the dictionary of parts whose rough sound is near (:mod:`onrecord.names.sketch`), walks the
names that have the best of them (:mod:`onrecord.names.gather`), and judges the most promising names exactly as
:func:`onrecord.names.score` does.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.names import judge, kernel, store
from onrecord.names.around import FAMILIARITY, Around
from onrecord.names.bank import Bank, bank_of, forms_of, joined_banks, score_forms
from onrecord.names.channel import Channel, default
from onrecord.names.compare import (
    JOINED_COST,
    SAME_SPELLING,
    TURNED_COST,
    may_run_together,
    part_scores,
    probability,
    query_of,
    same_spelling,
    turned,
    whole,
)
from onrecord.names.dictionary import ALIGNED, Dictionary
from onrecord.names.gather import Answers, Lists, gather, postings
from onrecord.names.hanzi import is_hanzi
from onrecord.names.parts import LONGEST_NAME, MOST_PARTS, Name, Part, parse, part, words

# How many names are judged exactly; of those found by ignoring spaces fewer, from fewer forms aligned.
JUDGED, _JUDGED_RESPACED = 100, 30
_ALIGNED_RESPACED = ALIGNED // 8
_RESPACED = 20  # the best names are compared with their spaces ignored too
# Hanzi without a dot from which a name may be two foreign ones, and the most that one part has.
_RUN_ON, _LONGEST_RUN = 5, 8
_LEAST_RESPACED = 2.0  # nats that a part must be worth to answer where spaces are ignored


class Found(NamedTuple):
    """A name that a search found.

    Attributes:
        position: of the name, in the order of adding.
        logit: log-odds as :func:`onrecord.names.score` has them.
        familiarity: added to it: a spelling whose parts stand in many names here is more probably what was meant
            than one that stands nowhere else and may be another name or a slip of the pen. 0.35 nats for each
            e-fold of names, up to 30 names, the mean over the parts.
        commonness: taken from it, 0 or less: a part asked for that more than one name in a thousand has here says less
            by matching, down to 0.45 of what a rare one says.
        brevity: added to it, 0 to 1.2: the name has more parts than were asked for, as nearly all names here have.
    """

    position: int
    logit: float
    familiarity: float
    commonness: float
    brevity: float

    @property
    def total(self) -> float:
        """The log-odds by which hits are ranked."""
        return self.logit + self.familiarity + self.commonness + self.brevity


class _Judged(NamedTuple):
    """A name part against part; see :class:`Found`."""

    logit: float
    commonness: float


class _Made(NamedTuple):
    """What is worked out from an index once, for its searches."""

    dictionary: Dictionary
    around: Around


class Index:
    """Names ready to be searched; a name is known by its position in the order it was added.

    Takes about 20 bytes a name of two parts, and some 150 bytes a distinct part.

    Attributes:
        renewed: whether it was loaded from a file made with other tables, so that its readings had to be worked out
            again: saving it spares that the next time.
    """

    def __init__(self, data: store.Data, channel: Channel | None = None) -> None:
        self._data = data
        self._channel = channel or default()
        self._ids: dict[str, int] | None = None
        self._familiarity = FAMILIARITY
        self.renewed = False
        self._made: _Made | None = None

    @property
    def familiarity(self) -> float:
        """What a spelling gains, in nats for each e-fold of names its parts stand in (see :class:`Found`); 0 ranks by
        sound alone."""
        return self._familiarity

    @familiarity.setter
    def familiarity(self, nats: float) -> None:
        self._familiarity, self._made = nats, None

    @classmethod
    def build(cls, names: Iterable[str], channel: Channel | None = None) -> Index:
        """An index of these names.

        Args:
            names: any scripts, any order; repeats are kept. A text that cannot be read as a name takes its
                position but is never found (see :meth:`unreadable`).
            channel: the trained model; the shipped one by default.
        """
        channel = channel or default()
        start, parts = np.zeros(1, dtype=np.uint32), np.zeros(0, dtype=np.uint32)
        return cls(_derived((), start, parts, bank_of((), channel)), channel).add(names)

    @classmethod
    def load(cls, path: Path | str) -> Index:
        """An index from its file; readings stored under older tables are worked out again.

        Raises:
            IndexFileError: there is no file, or it is no names index.
        """
        data, current = store.load(Path(path))
        if current:
            return cls(data)
        bank = bank_of([_known(text) for text in data.texts], default())
        index = cls(_derived(data.texts, data.start, data.parts, bank))
        index.renewed = True
        return index

    def save(self, path: Path | str) -> None:
        """Write the index to one file, replacing an older one only when all is written."""
        store.save(self._data, Path(path))

    def __len__(self) -> int:
        """How many names were added, unreadable ones included."""
        return len(self._data.start) - 1

    def unreadable(self) -> list[int]:
        """The positions of names that could not be read and so cannot be found."""
        return np.flatnonzero(np.diff(self._data.start) == 0).tolist()

    def size(self) -> dict[str, int]:
        """What the index holds: ``names``, distinct ``parts``, ``bytes of names`` (what grows with every name) and
        ``bytes of parts`` (the dictionary, without the texts of the parts)."""
        data = self._data
        arrays = (data.start, data.parts, data.posting)
        return {
            "names": len(self),
            "parts": len(data.texts),
            "bytes of names": sum(a.nbytes for a in arrays),
            "bytes of parts": data.posting_start.nbytes + sum(a.nbytes for a in data.bank),
        }

    def add(self, names: Iterable[str]) -> Index:
        """Add names behind those already there.

        The dictionary is put in order again, so many names at once are cheaper than one by one.

        Returns:
            The index itself, grown.
        """
        data = self._data
        if self._ids is None:
            self._ids = {text: at for at, text in enumerate(data.texts)}
        fresh: list[Part] = []
        sizes, members = _members(names, self._ids, fresh)
        start = np.concatenate([data.start, data.start[-1] + np.cumsum(sizes, dtype=np.uint32)]).astype(
            np.uint32
        )
        parts = np.concatenate([data.parts, members])
        bank = joined_banks(data.bank, bank_of(fresh, self._channel)) if fresh else data.bank
        self._data = _derived((*data.texts, *(p.text for p in fresh)), start, parts, bank)
        self._made = None
        return self

    def search(self, query: str, limit: int = 10) -> list[tuple[int, float]]:
        """The names that most probably spell the query.

        Args:
            query: a name in any script, whole or in part, its parts in any order.
            limit: how many to return at most.

        Returns:
            Positions with probabilities, highest first, the earlier position first where two are equal: those of
            :func:`onrecord.names.score`, raised a little for familiar spellings (see :class:`Found`). Fewer than
            ``limit`` where no more come near.

        Raises:
            UnreadableName: the query holds no name (see :func:`onrecord.names.parts.parse`).
        """
        ranked = self.ranked(query, limit)
        return [(found.position, probability(found.total)) for found in ranked]

    def ranked(self, query: str, limit: int = 10) -> list[Found]:
        """What :meth:`search` returns, with what each probability is made of."""
        name = parse(query)
        respacings, most = _respaced(name), max(JUDGED, 2 * limit)
        if not self._data.texts:
            return []
        made = self._ready()
        made.dictionary.learned(
            [(p, ALIGNED) for p in name.parts]
            + [(p, _ALIGNED_RESPACED) for parts in respacings for p in parts]
        )
        apart = self._judged(made, name.parts, most, ALIGNED)
        found = {at: judged.logit for at, judged in apart.items()}
        for parts in respacings:
            respaced = self._judged(
                made, parts, max(_JUDGED_RESPACED, limit), _ALIGNED_RESPACED, _LEAST_RESPACED
            )
            for position, judged in respaced.items():
                found[position] = max(found.get(position, -np.inf), judged.logit - JOINED_COST)
        positions, count = np.array(sorted(found), dtype=np.int64), sum(not p.title for p in name.parts)
        around = made.around
        familiar = dict(zip(positions.tolist(), around.familiarity(positions).tolist(), strict=True))
        brief = dict(zip(positions.tolist(), around.brevity(positions, count).tolist(), strict=True))
        near = heapq.nsmallest(
            max(limit, _RESPACED),
            positions.tolist(),
            key=lambda at: (-found[at] - familiar[at] - brief[at], at),
        )
        missing = np.array([at for at in near if at not in apart], dtype=np.int64)
        apart |= self._logits(
            made, name.parts, missing, self._common(made, made.dictionary.answers(name.parts))
        )
        others = {at: self._name(at) for at in near}
        together = self._together(name, others)
        same = dict.fromkeys((at for at in near if same_spelling(name, others[at])), SAME_SPELLING)
        hits = [
            _found(at, apart[at], together.get(at, -np.inf), same.get(at, 0.0), familiar[at], brief[at])
            for at in near
        ]
        return sorted(hits, key=lambda hit: (-hit.total, hit.position))[:limit]

    def _together(self, name: Name, others: dict[int, Name]) -> dict[int, float]:
        """Logits with all spaces ignored, for names where that may be the better reading.

        The name of more parts may be turned round besides, as in :func:`onrecord.names.compare.judged`.
        """
        near = {at: other for at, other in others.items() if may_run_together(name, other)}
        longer = {at: other for at, other in near.items() if len(other.parts) > len(name.parts)}
        run, back, round_about = whole(name), turned(name), JOINED_COST + TURNED_COST
        tried = (
            (run, {at: whole(other) for at, other in near.items()}, JOINED_COST),
            (run, {at: turned(other) for at, other in longer.items()}, round_about),
            (back, {at: whole(other) for at, other in near.items() if at not in longer}, round_about),
        )
        found: dict[int, float] = {}
        for one, those, cost in tried:
            runs = {at: other for at, other in those.items() if other is not None}
            if one is not None and runs:
                for at, logit in zip(runs, self._run_logits(one, tuple(runs.values())), strict=True):
                    found[at] = max(found.get(at, -np.inf), logit - cost)
        return found

    def _name(self, at: int) -> Name:
        members = self._data.parts[self._data.start[at] : self._data.start[at + 1]]
        return Name("", tuple(_known(self._data.texts[p]) for p in members))

    def _run_logits(self, run: Part, others: Sequence[Part]) -> list[float]:
        """Logits of single parts against a single part."""
        table = part_scores(run, bank_of(others, self._channel), self._channel)[None, :]
        own, there = judge.side((run,), self._channel), judge.side(others, self._channel)
        places, starts = np.arange(len(others), dtype=np.int32), np.arange(len(others) + 1)
        logits: list[float] = (
            judge.verdicts(table, own, there, places, starts).features @ judge.weights()
        ).tolist()
        return logits

    def _judged(
        self, made: _Made, parts: Sequence[Part], most: int, aligned: int, least: float = -np.inf
    ) -> dict[int, _Judged]:
        """The most promising names, part against part.

        Args:
            aligned: how many forms are aligned with each plain form.
            least: what a part of the dictionary must be worth, in nats, to count as an answer.
        """
        data = self._data
        lists = Lists(data.start, data.parts, data.posting_start, data.posting)
        answers = made.dictionary.answers(parts, aligned, least)
        return self._logits(made, parts, gather(answers, lists, most), self._common(made, answers))

    @staticmethod
    def _common(made: _Made, answers: Answers) -> NDArray[np.float32]:
        """How much each part of a query says by matching, by how common its best answer is here: the same for every
        candidate, lest a worse match of a rare part go before a better one of a common part."""
        weights = np.where(answers.counts > 0, made.around.weights(answers.parts[:, 0]), np.float32(1.0))
        return weights

    def _ready(self) -> _Made:
        """What a search needs besides the data, worked out at the first one."""
        if self._made is None:
            around = Around(self._data, self._familiarity)
            self._made = _Made(Dictionary(self._data.bank, around.worth, self._channel), around)
        return self._made

    def _logits(
        self, made: _Made, parts: Sequence[Part], names: NDArray[np.int64], common: NDArray[np.float32]
    ) -> dict[int, _Judged]:
        """Names judged part against part, alike for all records and with parts common here weighing less.

        Args:
            common: how much each part says by matching, by how many of the names here have it.
        """
        if not len(names):
            return {}
        bank = self._data.bank
        sizes, flat = made.around.members(names)
        wanted, places = np.unique(flat, return_inverse=True)
        forms = forms_of(bank, wanted)
        owners = np.repeat(np.arange(len(wanted)), bank.part_start[wanted + 1] - bank.part_start[wanted])
        table = np.stack([self._table(p, forms, owners, len(wanted)) for p in parts])
        own = judge.side(parts, self._channel)
        starts = np.concatenate([[0], np.cumsum(sizes)])

        there = judge.Side(bank.information[wanted], bank.weight[wanted], bank.title[wanted])

        def logits(one: judge.Side) -> NDArray[np.float64]:
            found = judge.verdicts(table, one, there, places.astype(np.int32), starts)
            weighed: NDArray[np.float64] = found.features @ judge.weights()
            return weighed

        alike = logits(own)
        here = own._replace(weight=np.minimum(own.weight, common))
        less = np.minimum(logits(here) - alike, 0.0) if (common < 1.0).any() else 0.0 * alike
        return dict(zip(names.tolist(), map(_Judged, alike.tolist(), less.tolist()), strict=True))

    def _table(
        self, part: Part, forms: NDArray[np.int32], owners: NDArray[np.int64], count: int
    ) -> NDArray[np.float32]:
        """Log-odds of a part against ``count`` parts of the dictionary, the best pair of forms taken."""
        scores = np.full(count, kernel.NEVER, dtype=np.float32)
        for form in part.forms:
            found = score_forms(query_of(form, self._channel), self._channel.tables, self._data.bank, forms)
            np.maximum.at(scores, owners, found - np.float32(form.cost))
        return scores


def _respaced(name: Name) -> list[tuple[Part, ...]]:
    """The query with its spaces taken out, as it stands and turned round, or Hanzi without a dot cut in two: a short
    run behind its first character, the surname of a Chinese name, a long one wherever a name may end."""
    if len(name.parts) > 1:
        run, back = whole(name), turned(name)
        return [] if run is None else [(_plainly(run, back),)]
    text = name.parts[0].text
    if not is_hanzi(text) or len(text) < 2:
        return []
    cuts = range(max(2, len(text) - _LONGEST_RUN), min(_LONGEST_RUN + 1, len(text) - 1))
    return [
        (_plainly(_known(text[:at])), _plainly(_known(text[at:])))
        for at in (cuts if len(text) >= _RUN_ON else (1,))
    ]


def _found(at: int, apart: _Judged, together: float, same: float, familiar: float, brief: float) -> Found:
    run_together = together > apart.logit + same
    return Found(
        position=at,
        logit=together if run_together else apart.logit + same,
        familiarity=familiar,
        commonness=apart.commonness,
        brevity=0.0 if run_together else brief,  # no part is missing then
    )


def _plainly(part: Part, turned_part: Part | None = None) -> Part:
    """The part in its plain reading only, or turned round: enough to find candidates, which are judged by all readings."""
    forms = part.forms[:1]
    if turned_part is not None:
        forms = (*forms, msgspec.structs.replace(turned_part.forms[0], cost=TURNED_COST))
    return msgspec.structs.replace(part, forms=forms)


def _known(text: str) -> Part:
    found = part(text)
    assert found is not None
    return found


def _members(
    names: Iterable[str], ids: dict[str, int], fresh: list[Part]
) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """How many parts each name has, and the ids of all parts; new parts get the next ids."""
    sizes, members = array("B"), array("I")
    known: dict[str, tuple[int, ...]] = {}
    for name in names:
        found: list[int] = []
        # A name is cut at its spaces in any case, and words come again and again.
        for word in name.split() if len(name) <= LONGEST_NAME else ():
            if word not in known:
                known[word] = tuple(_ids_of(word, ids, fresh))
            found += known[word]
        sizes.append(min(len(found), MOST_PARTS))
        members.extend(found[:MOST_PARTS])
    return np.frombuffer(sizes, dtype=np.uint8), np.frombuffer(members, dtype=np.uint32)


def _ids_of(word: str, ids: dict[str, int], fresh: list[Part]) -> Iterator[int]:
    for one in filter(None, map(part, words(word))):
        if one.text not in ids:
            ids[one.text] = len(ids)
            fresh.append(one)
        yield ids[one.text]


def _derived(
    texts: tuple[str, ...], start: NDArray[np.uint32], parts: NDArray[np.uint32], bank: Bank
) -> store.Data:
    posting_start, posting = postings(parts, start, len(texts))
    return store.Data(
        texts=texts,
        start=start,
        parts=parts,
        bank=bank,
        posting_start=posting_start,
        posting=posting,
    )
