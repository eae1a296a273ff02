"""The distinct parts of an index, asked which of them answer a part of a query.

Rough outlines (:mod:`onrecord.names.sketch`) leave a few thousand forms to align. Answers are remembered: people ask for
one family in several spellings, and a list of names repeats its given names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.names.bank import Bank, in_order, score_forms
from onrecord.names.channel import Channel
from onrecord.names.compare import query_of
from onrecord.names.gather import Answers
from onrecord.names.parts import MOST_FORMS, Form, Part
from onrecord.names.sketch import nearest

# How many forms of the dictionary are aligned with the plain form of a query part of common length (a third as many with
# its other forms), and how many parts are kept as answers to it.
ALIGNED, ANSWERS = 3000, 96
_FORMS = MOST_FORMS * ANSWERS  # forms enough to hold that many parts
_TYPICAL = {"letters": 7, "syllables": 4}  # symbols of the form that as many are aligned with
_REMEMBERED = 1000  # parts whose answers are kept, about a kilobyte each


class _Answer(NamedTuple):
    """The parts that answer one part best, best first, each once, with their scores."""

    parts: NDArray[np.int32]
    scores: NDArray[np.float32]


class Dictionary:
    """Parts ready to be asked for.

    Args:
        bank: the parts.
        worth: what each part gains by standing in many names, in nats, (P,).
        channel: the trained model.
    """

    def __init__(self, bank: Bank, worth: NDArray[np.float32], channel: Channel) -> None:
        self._forms, self._worth, self._channel = in_order(bank), worth, channel
        self._known: dict[tuple[Part, int], _Answer] = {}

    def answers(self, parts: Sequence[Part], aligned: int = ALIGNED, least: float = -np.inf) -> Answers:
        """The best answers to each part.

        Args:
            aligned: how many forms are aligned with each plain form.
            least: what a part of the dictionary must be worth, in nats, to count as an answer.
        """
        known = self.learned([(part, aligned) for part in parts])
        answers = Answers(
            np.zeros((len(parts), ANSWERS), dtype=np.int32),
            np.zeros((len(parts), ANSWERS), dtype=np.float32),
            np.zeros(len(parts), dtype=np.int64),
        )
        for i, part in enumerate(parts):
            ids, scores = known[part, aligned]
            count = int((scores >= least).sum())
            answers.counts[i] = count
            answers.parts[i, :count], answers.scores[i, :count] = ids[:count], scores[:count]
        return answers

    def learned(self, asked: Sequence[tuple[Part, int]]) -> Mapping[tuple[Part, int], _Answer]:
        """The answers to parts, each with how many forms are aligned; several at once read the dictionary once."""
        known = self._known
        fresh = [key for key in dict.fromkeys(asked) if key not in known]
        if fresh:
            found = self._found(fresh)
            kept = known if len(known) < _REMEMBERED else {key: known[key] for key in asked if key in known}
            # A new table, never a changed one: another thread may be reading.
            known = self._known = kept | found
        return known

    def _found(self, asked: Sequence[tuple[Part, int]]) -> dict[tuple[Part, int], _Answer]:
        channel = self._channel
        forms = [(form, aligned) for part, aligned in asked for form in part.forms]
        outlines = [channel.outline(f.kind, channel.encode(f.kind, f.symbols)) for f, _ in forms]
        most = [_most(form, aligned) for form, aligned in forms]
        near = dict(zip(forms, nearest(np.stack(outlines), self._forms.outline, most), strict=True))
        return {
            (part, aligned): self._answer(part, [near[form, aligned] for form in part.forms])
            for part, aligned in asked
        }

    def _answer(self, wanted: Part, near: Sequence[NDArray[np.int32]]) -> _Answer:
        """The parts that answer one part; ``near`` holds what to align with each of its forms."""
        known, channel = self._forms, self._channel
        forms = np.concatenate(near)
        scores = np.concatenate(
            [
                score_forms(query_of(form, channel), channel.tables, known, chosen) - np.float32(form.cost)
                for form, chosen in zip(wanted.forms, near, strict=True)
            ]
        )
        scores += self._worth[known.owner[forms]]
        if len(scores) > _FORMS:
            best = np.argpartition(-scores, _FORMS)[:_FORMS]
            forms, scores = forms[best], scores[best]
        ids = known.owner[forms]
        order = np.argsort(-scores, kind="stable")
        _, first = np.unique(ids[order], return_index=True)
        chosen = order[np.sort(first)][:ANSWERS]
        return _Answer(ids[chosen], scores[chosen])


def _most(form: Form, aligned: int) -> int:
    """How many forms are aligned: more for a short one, whose outline says little and which is quickly aligned, fewer
    for one that assumes something."""
    share = min(_TYPICAL[form.kind] / max(len(form.symbols), 1), 2.0)
    return int(aligned * share) // (1 if form.cost == 0 else 3)
