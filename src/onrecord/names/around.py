"""What the names around a name say of it: how many share its parts, and how many parts they have."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.names.bank import spread
from onrecord.names.parts import MOST_PARTS
from onrecord.names.store import Data

FAMILIARITY, _WELL_KNOWN = 0.35, 30  # nats for each e-fold of names, up to so many
# A part is common here that so many names have and so large a share of them; each e-fold more takes so much of its
# weight, down to the least, that of the most common names of the table.
_COMMON_COUNT, _COMMON_SHARE, _PER_FOLD, _LEAST_WEIGHT = 50, 0.001, 0.14, 0.45
# Parts that nobody asked for are forgiven where more than four in five names have so many, by at most so many nats.
_USUAL, _MOST_FOR_MORE = np.log(4.0), 1.2


class Around:
    """The names of an index.

    Args:
        data: the index.
        familiarity: what a part gains for each e-fold of names it stands in, in nats.
    """

    def __init__(self, data: Data, familiarity: float) -> None:
        begins = data.posting_start
        self._data, self._counts = data, np.diff(begins)
        known = np.clip(self._counts, 1, _WELL_KNOWN)
        self.worth: NDArray[np.float32] = (familiarity * np.log(known)).astype(np.float32)
        self._longer = _longer(data)

    def familiarity(self, names: NDArray[np.int64]) -> NDArray[np.float64]:
        """What names gain, in nats, by having parts that stand in many names: the mean over their parts, (K,)."""
        sizes, members = self.members(names)
        sums = np.zeros(len(names))
        np.add.at(sums, np.repeat(np.arange(len(names)), sizes), self.worth[members])
        return sums / np.maximum(sizes, 1)

    def brevity(self, names: NDArray[np.int64], parts: int) -> NDArray[np.float64]:
        """What is forgiven, in nats, for parts beyond the ``parts`` asked for: 0 unless more than four in five names
        here have more than that, rising with the log-odds to 1.2, (K,). Where everybody has a father's name, who leaves it out
        means no less."""
        share = np.clip(self._longer[min(parts, MOST_PARTS)], 0.01, 0.99)
        nats = np.clip(np.log(share / (1.0 - share)) - _USUAL, 0.0, _MOST_FOR_MORE)
        sizes, _ = self.members(names)
        return np.where(sizes > parts, nats, 0.0)

    def weights(self, parts: NDArray[Any]) -> NDArray[np.float32]:
        """How much parts say by matching, by how many of the names here have them; 1 for a rare one."""
        counts = self._counts[parts]
        names = len(self._data.start) - 1
        folds = np.log(np.maximum(counts / (_COMMON_SHARE * names), 1.0))
        weights: NDArray[np.float32] = np.clip(1.0 - _PER_FOLD * folds, _LEAST_WEIGHT, 1.0).astype(np.float32)
        return np.where(counts >= _COMMON_COUNT, weights, np.float32(1.0))

    def members(self, names: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """How many parts each name has, and all of them one after the other."""
        start = self._data.start
        sizes = start[names + 1].astype(np.int64) - start[names]
        return sizes, self._data.parts[spread(start[names], sizes)]


def _longer(data: Data) -> NDArray[np.float64]:
    """The share of names that have more than 0, 1, … parts."""
    sizes = np.diff(data.start).astype(np.uint8)
    counts = np.bincount(sizes, minlength=MOST_PARTS + 1)
    return 1.0 - np.cumsum(counts) / max(len(sizes), 1)
