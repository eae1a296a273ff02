"""Millions of names, searched in milliseconds.

The index keeps the distinct parts of all names (:mod:`onrecord.names.bank`) and, for each name, which parts it
has. A search scores the query's parts against the dictionary of parts whose rough sound is near (:mod:`onrecord.names.sketch`), walks the
names that have the best of them (:mod:`onrecord.names.gather`), and judges the most promising names exactly as
:func:`onrecord.names.score` does.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.names import judge, store
from onrecord.names.bank import Bank, bank_of, chosen, joined_banks, score_forms
from onrecord.names.channel import Channel, default
from onrecord.names.compare import JOINED_COST, judged, part_scores, probability, query_of, tables_for, whole
from onrecord.names.errors import UnreadableName
from onrecord.names.gather import gather, postings
from onrecord.names.hanzi import is_hanzi
from onrecord.names.parts import MOST_FORMS, Name, Part, parse, part
from onrecord.names.sketch import nearest

# How many forms of the dictionary are aligned with the plain form of a query part (a third as many with its other
# forms, and where spaces are ignored), how many parts are kept as answers to it, how many names are judged exactly.
ALIGNED, ANSWERS, JUDGED = 2400, 96, 128
_FORMS = MOST_FORMS * ANSWERS  # forms enough to hold that many parts
_RESPACED = 20  # the best names are compared with their spaces ignored too
_RUN_ON = 5  # Hanzi without a dot from which a name may be two


class Index:
    """Names ready to be searched; a name is known by its position in the order it was added.

    Takes about 20 bytes a name of two parts, and some 150 bytes a distinct part.
    """

    def __init__(self, data: store.Data, channel: Channel | None = None) -> None:
        self._data = data
        self._channel = channel or default()
        self._ids: dict[str, int] | None = None

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
        return cls(_derived(data.texts, data.start, data.parts, bank))

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
        parts = np.concatenate([data.parts, np.array(members, dtype=np.uint32)])
        bank = joined_banks(data.bank, bank_of(fresh, self._channel)) if fresh else data.bank
        self._data = _derived((*data.texts, *(p.text for p in fresh)), start, parts, bank)
        return self

    def search(self, query: str, limit: int = 10) -> list[tuple[int, float]]:
        """The names that most probably spell the query.

        Args:
            query: a name in any script, whole or in part, its parts in any order.
            limit: how many to return at most.

        Returns:
            Positions with probabilities as :func:`onrecord.names.score` gives them, highest first, the earlier
            position first where two are equal. Fewer than ``limit`` where no more come near.

        Raises:
            UnreadableName: the query holds no name (see :func:`onrecord.names.parts.parse`).
        """
        name = parse(query)
        most = max(JUDGED, 2 * limit)
        plain = self._judged(name.parts, most, ALIGNED)
        found = dict(plain)
        for parts in _respaced(name):
            for position, logit in self._judged(parts, most, ALIGNED // 3).items():
                found[position] = max(found.get(position, -np.inf), logit - JOINED_COST)
        near = heapq.nsmallest(max(limit, _RESPACED), found.items(), key=_best_first)
        exact = [(position, self._exact(name, position, plain)) for position, _ in near]
        ranked = sorted(exact, key=_best_first)
        return [(position, probability(logit)) for position, logit in ranked[:limit]]

    def _exact(self, name: Name, position: int, plain: dict[int, float]) -> float:
        """The logit of :func:`onrecord.names.score`: where the numbers of parts differ, spaces may be accidents."""
        data = self._data
        members = data.parts[data.start[position] : data.start[position + 1]]
        if len(members) == len(name.parts) and position in plain:
            return plain[position]
        parts = tuple(_known(data.texts[p]) for p in members)
        return judged(name, Name("", parts), self._channel).logit

    def _judged(self, parts: Sequence[Part], most: int, aligned: int) -> dict[int, float]:
        """Logits of the most promising names, part against part."""
        data = self._data
        if not len(data.bank.weight):
            return {}
        answers, scores, counts = self._answers(parts, aligned)
        names = gather(
            answers,
            scores,
            counts,
            data.start,
            data.parts,
            data.posting_start,
            data.posting,
            most,
        )
        return dict(zip(names.tolist(), self._logits(parts, names), strict=True))

    def _answers(
        self, parts: Sequence[Part], aligned: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
        answers = np.zeros((len(parts), ANSWERS), dtype=np.int32)
        scores = np.zeros((len(parts), ANSWERS), dtype=np.float32)
        counts = np.zeros(len(parts), dtype=np.int64)
        for i, wanted in enumerate(parts):
            ids, values = self._answer(wanted, aligned)
            counts[i] = len(ids)
            answers[i, : len(ids)], scores[i, : len(ids)] = ids, values
        return answers, scores, counts

    def _answer(self, wanted: Part, aligned: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The parts of the dictionary that answer a part best, best first."""
        bank, channel = self._data.bank, self._channel
        ids, scores = [], []
        for form in wanted.forms:
            outline = channel.outline(form.kind, channel.encode(form.kind, form.symbols))
            forms = nearest(outline, bank.outline, aligned if form is wanted.forms[0] else aligned // 3)
            found = score_forms(query_of(form, channel), tables_for(form, bank, channel), bank, forms)
            ids.append(bank.owner[forms])
            scores.append(found - np.float32(form.cost))
        return _best(np.concatenate(ids), np.concatenate(scores))

    def _logits(self, parts: Sequence[Part], names: NDArray[np.int64]) -> list[float]:
        data = self._data
        members = [data.parts[data.start[n] : data.start[n + 1]] for n in names]
        wanted = np.unique(np.concatenate([np.zeros(0, dtype=np.uint32), *members])).astype(np.int64)
        few = chosen(data.bank, wanted)
        table = np.stack([part_scores(p, few, self._channel) for p in parts])
        flat = np.concatenate([np.zeros(0, dtype=np.uint32), *members])
        starts = np.cumsum([0, *map(len, members)])
        places = np.searchsorted(wanted, flat).astype(np.int32)
        own = judge.side(bank_of(parts, self._channel))
        found: list[float] = judge.logits(
            table, own, judge.side(few), places, starts, judge.weights()
        ).tolist()
        return found


def _best_first(found: tuple[int, float]) -> tuple[float, int]:
    return -found[1], found[0]


def _respaced(name: Name) -> list[tuple[Part, ...]]:
    """The query with its spaces taken out, or a long run of Hanzi cut in two wherever a name may end."""
    if len(name.parts) > 1:
        together = whole(name)
        return [] if together is None else [(together,)]
    text = name.parts[0].text
    if not is_hanzi(text) or len(text) < _RUN_ON:
        return []
    cuts = range(2, len(text) - 1)
    return [(_known(text[:at]), _known(text[at:])) for at in cuts]


def _known(text: str) -> Part:
    found = part(text)
    assert found is not None
    return found


def _members(names: Iterable[str], ids: dict[str, int], fresh: list[Part]) -> tuple[list[int], list[int]]:
    """How many parts each name has, and the ids of all parts; new parts get the next ids."""
    sizes: list[int] = []
    members: list[int] = []
    for name in names:
        try:
            parts = parse(name).parts
        except UnreadableName:
            parts = ()
        sizes.append(len(parts))
        for one in parts:
            if one.text not in ids:
                ids[one.text] = len(ids)
                fresh.append(one)
            members.append(ids[one.text])
    return sizes, members


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


def _best(
    ids: NDArray[np.int32], scores: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Each part once with its best score, the best :data:`ANSWERS` of them, best first."""
    near = np.argpartition(-scores, _FORMS)[:_FORMS] if len(scores) > _FORMS else np.arange(len(scores))
    ids, scores = ids[near], scores[near]
    order = np.argsort(-scores, kind="stable")
    _, first = np.unique(ids[order], return_index=True)
    chosen = order[np.sort(first)][:ANSWERS]
    return ids[chosen], scores[chosen]
