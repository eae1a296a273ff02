"""What kindred texts say: each state's answers foretold from the votes of all on texts with like words.

A Gaussian process over texts (Rasmussen and Williams, 2006, chapter 2): what a state's answers differ from its own
record is taken to vary smoothly with the words and the day of a text. Unlike an average over like
texts it does not count ten repeats of one text ten times, and it says little where no text is like the new one. One
factorisation serves every state and every draft that became known the same day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from onrecord.votes.forecast.history import History
from onrecord.votes.forecast.tallies import fading, pooled, weighted
from onrecord.votes.scaling.likelihood import Floats

# Variance of one vote about what its text leads one to expect, in units of what texts differ by.
NOISE = 0.3
# Years in which what a text says of another fades by e; half-lives, in years, of a state's own record and of likeness.
FADE, RECORD, LIKENESS = 6.0, 2.0, 4.0
# Cosines are raised to this power, so that a shared common word counts for little.
SHARPNESS = 1.5
LEAST_CHANCE = 0.004


@dataclass(frozen=True)
class Kindred:
    """What was voted before a day, ready to be asked about drafts that became known on it.

    Attributes:
        rows: the past drafts. record: each state's own record (states, 3). likeness: how much each state's vote tells
            of each other's (states, states). factor: Cholesky factor of the past drafts' kinship, noise included.
        weights: of each past draft in a forecast (rows, states, 3).
    """

    rows: NDArray[np.int64]
    record: Floats
    likeness: Floats
    factor: Floats
    weights: Floats

    def foretold(self, history: History, row: int, letters: Floats) -> Floats:
        """Chances of each state's answers to a draft (states, 3).

        Args:
            letters: what each state signed, in earlier votes (states, 3): votes on this very text, as it were.
        """
        near = kinship(history, np.array([row]), self.rows)[0]
        moved = self.record + np.tensordot(near, self.weights, axes=1)
        open_still = max(1.0 - float(near @ cho_solve((self.factor, True), near)), 0.0)
        signed = letters.sum(axis=1, keepdims=True)
        moved += open_still / (open_still * signed + NOISE) * (letters - signed * moved)
        kept = np.maximum(moved, LEAST_CHANCE)
        return np.asarray(kept / kept.sum(axis=1, keepdims=True))


def kindred_before(history: History, row: int) -> Kindred:
    """Learn from what was voted before a draft became known; absent states are thought to answer as states like them."""
    rows = history.past(row)
    answers = history.answers[rows].astype(np.float64)
    age = history.known[row] - history.date[rows]
    likeness = alike(answers, age)
    record = pooled(weighted(answers, fading(age, RECORD)), shares(answers), 1.0)
    thought = pooled(likeness @ answers, record, 1.0)
    differs = np.where(answers.any(axis=2, keepdims=True), answers, thought) - record
    factor, _ = cho_factor(kinship(history, rows, rows) + NOISE * np.eye(len(rows)), lower=True)
    weights = cho_solve((factor, True), differs.reshape(len(rows), record.size)).reshape(differs.shape)
    return Kindred(rows, record, likeness, factor, weights)


def kinship(history: History, some: NDArray[np.int64], others: NDArray[np.int64]) -> Floats:
    """How near drafts are to each other (some, others), 1 for a draft with itself: likeness of titles and of titles with
    headings in equal parts, fading with the time between them."""
    both = [(rows[some] @ rows[others].T).todense() for rows in (history.words, history.texts)]
    apart = np.abs(history.date[some][:, None] - history.date[others])
    return np.asarray(np.mean(both, axis=0) ** SHARPNESS * np.exp(-apart / FADE))


def shares(answers: Floats) -> Floats:
    """Shares of the three answers among all votes cast."""
    return pooled(answers.sum(axis=(0, 1)), np.full(3, 1 / 3), 3.0)


def alike(answers: Floats, age: Floats) -> Floats:
    """How much each state's vote tells of each other's (states, states), from agreement on everything of late."""
    states = answers.shape[1]
    faded = answers * np.sqrt(fading(age, LIKENESS))[:, None, None]
    flat = faded.transpose(1, 0, 2).reshape(states, -1)
    taken = faded.sum(axis=2).T
    both = taken @ taken.T
    share = np.where(both > 0, (flat @ flat.T + 0.5) / (both + 1.2), 0.0)
    np.fill_diagonal(share, 0.0)
    return np.asarray(np.maximum(share - 0.55, 0.0) ** 3 * (both / (both + 5)))
