"""Documents that are nearly the same, and pictures that look the same. Pure: values in, groups out.

Texts: a sketch of the smallest hashes of all runs of three words estimates how much two documents share
(bottom-k sketch, Broder 1997). Pictures: the difference hash of the whole picture, compared bit by bit. Neither
knows what a text says or whom a picture shows.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from onrecord.search.words import split

SIZE = 128
"""Hashes in a sketch; the standard error of the estimated share is about 1 / sqrt(SIZE)."""

LIKE_BITS = 6
"""In how many of 64 bits the hashes of two pictures may differ that look the same."""

_RUN = 3
_MOST_WORDS = 20_000
_CROWD = 50  # a hash that more documents share says nothing about any two of them


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of a text's runs of three words, ascending; empty for a text of fewer words.

    Only the first 20,000 words count.
    """
    return tuple(sorted(set(map(_hash, _runs(text))))[:SIZE])


def first_runs(text: str, count: int) -> list[list[str]]:
    """The runs of three words that the first hashes of the sketch were made of: a sample that like texts share."""
    return [run.split(" ") for run in sorted(_runs(text), key=lambda run: (_hash(run), run))[:count]]


def _runs(text: str) -> set[str]:
    found = split(text).split()[:_MOST_WORDS]
    return {" ".join(found[at : at + _RUN]) for at in range(len(found) - _RUN + 1)}


def _hash(run: str) -> int:
    return zlib.crc32(run.encode("utf-8", "surrogatepass"))


def share(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The estimated share of runs that two documents have in common, of all that either has: 0 to 1."""
    smallest = set(sorted({*one, *other})[:SIZE])
    if not smallest:
        return 0.0
    return len(smallest.intersection(one).intersection(other)) / len(smallest)


def alike(sketches: Mapping[str, tuple[int, ...]], least: float = 0.6) -> list[tuple[str, ...]]:
    """Groups of documents linked by pairs that share at least ``least``; each sorted, largest group first."""
    holders: dict[int, list[str]] = defaultdict(list)
    for key in sorted(sketches):
        for value in sketches[key]:
            holders[value].append(key)
    groups = _Groups()
    tried: set[tuple[str, str]] = set()
    for keys in holders.values():
        if len(keys) <= _CROWD:
            for pair in combinations(keys, 2):
                if pair not in tried:
                    tried.add(pair)
                    if share(sketches[pair[0]], sketches[pair[1]]) >= least:
                        groups.join(*pair)
    return groups.found()


def like(key: str, looks: Mapping[str, str], most_bits: int = LIKE_BITS) -> list[tuple[str, int]]:
    """The pictures that look like one of them, and by how many of the 64 bits each differs, the most alike first."""
    keys, values = _telling(looks)
    if key not in keys:
        return []
    apart = np.bitwise_count(values ^ np.uint64(int(looks[key], 16)))
    found = [(keys[at], int(apart[at])) for at in np.flatnonzero(apart <= most_bits) if keys[at] != key]
    return sorted(found, key=lambda other: (other[1], other[0]))


def _telling(looks: Mapping[str, str]) -> tuple[list[str], NDArray[np.uint64]]:
    """The pictures that have something to be told by, with their hashes."""
    keys = sorted(key for key, look in looks.items() if look and int(look, 16))
    return keys, np.array([int(looks[key], 16) for key in keys], dtype=np.uint64)


def look_alike(looks: Mapping[str, str], most_bits: int = LIKE_BITS) -> list[tuple[str, ...]]:
    """Groups of pictures whose hashes, 16 hexadecimal digits, differ in at most ``most_bits`` bits.

    A picture of one colour hashes to zeros and looks like every other of its kind: it is left out.
    """
    keys, values = _telling(looks)
    groups = _Groups()
    for at, key in enumerate(keys):
        apart = np.bitwise_count(values[at + 1 :] ^ values[at])
        for step in np.flatnonzero(apart <= most_bits):
            groups.join(key, keys[at + 1 + int(step)])
    return groups.found()


class _Groups:
    """Sets that join when a pair links them (union-find)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, one: str, other: str) -> None:
        self._above[self._top(one)] = self._top(other)

    def _top(self, key: str) -> str:
        self._above.setdefault(key, key)
        while self._above[key] != key:
            self._above[key] = key = self._above[self._above[key]]
        return key

    def found(self) -> list[tuple[str, ...]]:
        members: dict[str, list[str]] = defaultdict(list)
        for key in self._above:
            members[self._top(key)].append(key)
        return sorted((tuple(sorted(keys)) for keys in members.values()), key=lambda keys: (-len(keys), keys))
