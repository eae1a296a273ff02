"""A rough outline of how a form sounds, to leave out at once what cannot answer.

A form's outline counts classes of sounds, once for its front and once for its back: a sound near the front
counts mostly there. A character counts with what it is expected to stand for. Two thousand forms whose
outlines lie nearest hold the right one in 97 to 99 of 100 searches over 45,000 parts (``docs/names.md``); the
rest of the dictionary is never aligned.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.names import kernel
from onrecord.names.phones import CODE, PHONES

# Classes of sounds and what a count of each weighs. The weights, and the shares below, were tuned by hill climbing on
# the mean logarithm of the right part's rank in 700 searches, half of them with a careless letter.
_CLASSES = (
    ("bp", 1.0),
    ("fvw", 1.0),
    ("m", 0.75),
    ("dt", 1.0),
    ("n", 0.9),
    ("l", 0.7),
    ("r", 0.7),
    ("gGkq", 0.5),
    ("xh", 0.4),
    ("jCZ", 0.5),
    ("Sszc", 0.8),
    ("y", 0.4),
    ("aEe", 0.5),
    ("iI", 0.5),
    ("oOuU", 0.5),
)
# Classes heard for one another: a sound of either counts with this share in the other too.
_NEAR = (
    ("l", "r", 0.45),
    ("gGkq", "xh", 0.3),
    ("m", "n", 0.3),
    ("fvw", "oOuU", 0.3),
    ("y", "iI", 0.2),
    ("Sszc", "jCZ", 0.2),
    ("fvw", "bp", 0.15),
    ("y", "jCZ", 0.15),
    ("aEe", "iI", 0.1),
)
_WEIGHTS = np.array([weight for _, weight in _CLASSES])
_STEPS = 28  # steps of one count in an outline's bytes
_MOST = 85  # of one byte, three sounds of a class: three differences fit a byte
WIDTH = 2 * len(_CLASSES)  # a multiple of three
_BLOCK = 4096


def classes() -> NDArray[np.float64]:
    """How much each phone counts in each class, (P, C)."""
    names = [members for members, _ in _CLASSES]
    table = np.zeros((len(PHONES), len(names)))
    for at, members in enumerate(names):
        table[[CODE[phone] for phone in members], at] = 1.0
    own = table.copy()
    for one, other, share in _NEAR:
        i, j = names.index(one), names.index(other)
        table[:, j] += share * own[:, i]
        table[:, i] += share * own[:, j]
    return table


def outline(counts: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The outline of a form.

    Args:
        counts: expected count of each class for each symbol in order, (n, C).

    Returns:
        Front and back, (:data:`WIDTH`,).
    """
    last = len(counts) - 1
    place = np.arange(last + 1) / last if last > 0 else np.full(last + 1, 0.5)
    sides = np.stack([1.0 - place, place]) @ counts * _WEIGHTS
    found: NDArray[np.uint8] = np.minimum(np.round(sides.ravel() * _STEPS), _MOST).astype(np.uint8)
    return found


def expected(model: kernel.Tables, learned: list[dict[int, float]]) -> NDArray[np.float64]:
    """How many sounds of each class every symbol is expected to stand for, (S, C)."""
    of_phone = classes()
    one, two = np.exp(model.emit1.astype(np.float64)), np.exp(model.emit2.astype(np.float64))
    of_unit = one @ of_phone + two.sum(axis=2) @ of_phone + two.sum(axis=1) @ of_phone
    found = np.zeros((len(model.parent), of_phone.shape[1]))
    for symbol, parent in enumerate(model.parent):
        own = [u for u in model.units[symbol] if u >= 0]
        backing = of_unit[own].sum(axis=0) if parent < 0 else found[parent]
        found[symbol] = _mixed(learned[symbol], backing, of_phone)
    return found


def _mixed(
    stretches: dict[int, float], backing: NDArray[np.float64], of_phone: NDArray[np.float64]
) -> NDArray[np.float64]:
    total, counts = 0.0, np.zeros(of_phone.shape[1])
    for code, log_share in stretches.items():
        share = float(np.exp(log_share))
        total += share
        rest = code
        while rest:
            counts += share * of_phone[rest % 64 - 1]
            rest //= 64
    mixed: NDArray[np.float64] = counts / total if total >= 1 else counts + (1 - total) * backing
    return mixed


def nearest(
    wanted: NDArray[np.uint8], outlines: NDArray[np.uint8], most: Sequence[int]
) -> list[NDArray[np.int32]]:
    """For each wanted outline the forms whose outlines are nearest by sum of differences, in ascending order.

    Args:
        wanted: (Q, :data:`WIDTH`).
        outlines: of all forms, (:data:`WIDTH`, F).
        most: how many forms for each, (Q,); of forms equally far at the edge, the earlier ones.
    """
    count = outlines.shape[1]
    found = [np.empty(min(m, count), dtype=np.int32) for m in most]
    far = np.empty((len(wanted), count), dtype=np.uint16)
    _differences(wanted, outlines, far)
    for row, out in zip(far, found, strict=True):
        _least(row, np.zeros(_MOST * WIDTH + 2, dtype=np.int32), out)
    return found


@kernel.jit
def _differences(wanted: NDArray[np.uint8], outlines: NDArray[np.uint8], far: NDArray[np.uint16]) -> None:
    # Block by block, so that outlines and sums stay near the processor. The difference of many bytes is one instruction,
    # and three of them still fit a byte (see _MOST): the wider sums are read and written a third as often.
    for begin in range(0, outlines.shape[1], _BLOCK):
        for q in range(len(wanted)):
            sums = far[q, begin : begin + _BLOCK]
            sums[:] = 0
            for k in range(0, wanted.shape[1], 3):
                one, two, three = wanted[q, k], wanted[q, k + 1], wanted[q, k + 2]
                ones, twos = outlines[k, begin : begin + _BLOCK], outlines[k + 1, begin : begin + _BLOCK]
                threes = outlines[k + 2, begin : begin + _BLOCK]
                for f in range(len(sums)):
                    first = max(ones[f], one) - min(ones[f], one)
                    second = max(twos[f], two) - min(twos[f], two)
                    third = max(threes[f], three) - min(threes[f], three)
                    sums[f] += np.uint8(first + second + third)


@kernel.jit
def _least(far: NDArray[np.uint16], histogram: NDArray[np.int32], out: NDArray[np.int32]) -> None:
    """The positions of the least values, as many as ``out`` has room for; ``histogram`` comes empty."""
    for total in far:
        histogram[total] += 1
    edge, below = 0, 0
    while edge < len(histogram) - 1 and below + histogram[edge] <= len(out):
        below += histogram[edge]
        edge += 1
    left, found = len(out) - below, 0
    for f in range(len(far)):
        if far[f] <= edge:
            if far[f] == edge:
                left -= 1
            if far[f] < edge or left >= 0:
                out[found] = f
                found += 1
