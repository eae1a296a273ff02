"""How a vote falls and whose vote decides it, exactly, from each member's probabilities.

The members' answers are taken as independent given their probabilities, so the counts of yes and no follow a
convolution of one three-way draw a member. Taking one member out again is a division of polynomials, unstable
in floating point; instead the counts of the members before one meet the chances of adoption from those after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from onrecord.errors import InvalidInput, Problem
from onrecord.votes.frames import require
from onrecord.votes.rules import Rule
from onrecord.votes.scaling.compiled import compiled
from onrecord.votes.scaling.likelihood import Floats

CHANCES = ("p_yes", "p_abstain", "p_no")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Distribution of one vote's result.

    Attributes:
        counts: probability of each (yes, no) count, a square table with members + 1 rows for yes and columns
            for no; abstentions are the rest.
        adopted: probability that the rule is met.
        members: the member table handed in with ``abstain_to_yes`` and ``no_to_abstain``: the probability that
            all the others leave the result such that this change alone turns a failed draft into an adopted
            one. ``no_to_yes`` is their sum: the change in two steps.
    """

    counts: Floats
    adopted: float
    members: pl.DataFrame

    @property
    def yes(self) -> Floats:
        """Probability of each count of yes, 0 to members."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def margin(self) -> pl.DataFrame:
        """margin (yes less no), probability; every possible margin, ascending."""
        size = self.counts.shape[0]
        margins = np.arange(size)[:, None] - np.arange(size)
        chance = np.bincount((margins + size - 1).ravel(), self.counts.ravel(), minlength=2 * size - 1)
        return pl.DataFrame({"margin": np.arange(1 - size, size), "probability": chance})


def pivots(probabilities: pl.DataFrame, rule: Rule) -> Outcome:
    """Result and decisive members of one vote.

    Args:
        probabilities: one row a member with p_yes, p_abstain, p_no (each in [0, 1], summing to 1 within 1e-6;
            absent counts as abstain); other columns pass through.
        rule: what adoption takes, from ``onrecord.votes.rules``.

    Returns:
        the distribution, exact up to rounding (checked to 1e-12 against enumeration).

    Raises:
        InvalidInput: a column is missing, or a row is not a probability distribution.
    """
    chances = checked(probabilities)
    size = len(chances)
    met = rule.table(size)
    counts, up_one, across = convolve(chances, met)
    members = probabilities.with_columns(
        abstain_to_yes=pl.Series(up_one),
        no_to_abstain=pl.Series(across),
        no_to_yes=pl.Series(up_one + across),
    )
    return Outcome(counts, float(counts[met].sum()), members)


def checked(probabilities: pl.DataFrame) -> Floats:
    """The three columns as an array (members, 3), each row scaled to sum to exactly 1.

    Raises:
        InvalidInput: as ``pivots``.
    """
    require(probabilities, CHANCES, "probabilities")
    chances = probabilities.select(pl.col(CHANCES).cast(pl.Float64)).to_numpy()
    total = chances.sum(axis=1)
    wrong = np.flatnonzero(~((chances >= 0).all(axis=1) & (np.abs(total - 1.0) <= 1e-6)))
    if len(wrong):
        raise InvalidInput(
            [
                Problem(
                    f"the chances {', '.join(f'{x:g}' for x in chances[row])} are not a distribution.",
                    "Give three numbers from 0 to 1 that sum to 1.",
                    row=int(row) + 2,
                )
                for row in wrong
            ]
        )
    return np.ascontiguousarray(chances / total[:, None])


@compiled
def layer_start(k: int) -> int:
    """Where layer k begins: the sizes of the triangles before it."""
    return k * (k + 1) * (k + 2) // 6


@compiled
def row_start(k: int, y: int) -> int:
    """Where the row of y in layer k begins, n running from 0 to k - y."""
    return layer_start(k) + y * (k + 1) - y * (y - 1) // 2


@compiled
def convolve(
    chances: Floats, met: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> tuple[Floats, Floats, Floats]:
    """Counts of all members, and per member the weight of the others' counts on the edge of adoption.

    Layer k of ``forward`` holds the counts of the first k members, packed as a triangle (y + n <= k); ``value`` runs
    backward and holds the chance of adoption given the counts so far, the members from k on still to come.
    """
    size = chances.shape[0]
    value = met.astype(np.float64)
    forward = np.zeros(layer_start(size + 1))
    forward[0] = 1.0
    for k in range(size):
        yes, rest, no = chances[k]
        for y in range(k + 1):
            here = row_start(k, y)
            beside = row_start(k + 1, y)
            above = row_start(k + 1, y + 1)
            for n in range(k + 1 - y):
                p = forward[here + n]
                forward[above + n] += p * yes
                forward[beside + n] += p * rest
                forward[beside + n + 1] += p * no
    up_one = np.empty(size)
    across = np.empty(size)
    for k in range(size - 1, -1, -1):
        yes, rest, no = chances[k]
        up = 0.0
        over = 0.0
        for y in range(k + 1):
            here = row_start(k, y)
            for n in range(k + 1 - y):
                p = forward[here + n]
                up += p * (value[y + 1, n] - value[y, n])
                over += p * (value[y, n] - value[y, n + 1])
                value[y, n] = yes * value[y + 1, n] + rest * value[y, n] + no * value[y, n + 1]
        up_one[k] = up
        across[k] = over
    counts = np.zeros((size + 1, size + 1))
    for y in range(size + 1):
        here = row_start(size, y)
        counts[y, : size + 1 - y] = forward[here : here + size + 1 - y]
    return counts, up_one, across
