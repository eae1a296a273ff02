"""Weighing the signals: a log-linear pool whose weights are learnt from past drafts.

The chance of an answer is proportional to ``exp(bias + sum of weight x log signal)`` (Genest and Zidek, 1986,
Statistical Science 1:114-135), with one set of weights for states that voted or signed on the situation before and
one for those that did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from onrecord.votes.forecast.signals import SIGNALS, Signals
from onrecord.votes.scaling.likelihood import Floats

COUNT = len(SIGNALS)
# Weights believed before any draft: known states by their file, others by their record and those like them.
PRIOR = {
    (True, "file"): 1.0,
    (False, "own"): 0.4,
    (False, "alike"): 0.3,
    (False, "group"): 0.3,
}
PULL = 3.0


@dataclass(frozen=True)
class Pool:
    """Learnt weights: ``weights`` (2, signals) and ``bias`` (2, 3), row 0 for unseen states, row 1 for seen ones."""

    weights: Floats
    bias: Floats

    def scores(self, found: Signals) -> Floats:
        """Log-scores of the answers (states, 3)."""
        row = found.seen.astype(int)
        return np.asarray(np.einsum("iam,im->ia", found.log, self.weights[row]) + self.bias[row])

    def contributions(self, found: Signals) -> Floats:
        """What each signal adds to each answer's score (states, 3, signals)."""
        return np.asarray(found.log * self.weights[found.seen.astype(int)][:, None, :])


def softmax(scores: Floats) -> Floats:
    """Probabilities from log-scores over the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def prior_weights() -> Floats:
    """The weights believed before any draft (2, signals)."""
    return np.array([[PRIOR.get((seen, name), 0.0) for name in SIGNALS] for seen in (False, True)])


def learn(past: Sequence[tuple[Signals, Floats]]) -> Pool:
    """Weights from drafts with their signals and one-hot answers (states, 3), by penalised maximum likelihood."""
    believed = prior_weights()
    if not past:
        return Pool(believed, np.zeros((2, 3)))
    voted = [answers.any(axis=1) for _, answers in past]
    log = np.concatenate([found.log[v] for (found, _), v in zip(past, voted, strict=True)])
    row = np.concatenate([found.seen[v] for (found, _), v in zip(past, voted, strict=True)]).astype(int)
    answer = np.concatenate([answers[v] for (_, answers), v in zip(past, voted, strict=True)])
    mine = [row == k for k in (0, 1)]

    def loss(point: Floats) -> tuple[float, Floats]:
        weights, bias = point[: 2 * COUNT].reshape(2, COUNT), point[2 * COUNT :].reshape(2, 3)
        chance = softmax(np.einsum("iam,im->ia", log, weights[row]) + bias[row])
        value = -np.log(np.maximum((chance * answer).sum(axis=1), 1e-12)).sum()
        value += PULL * ((weights - believed) ** 2).sum() + 0.5 * (bias**2).sum()
        off = chance - answer
        slope = np.stack([np.einsum("ia,iam->m", off[m], log[m]) for m in mine]) + 2 * PULL * (
            weights - believed
        )
        tilt = np.stack([off[m].sum(axis=0) for m in mine]) + bias
        return float(value), np.concatenate([slope.ravel(), tilt.ravel()])

    best = minimize(loss, np.concatenate([believed.ravel(), np.zeros(6)]), jac=True, method="L-BFGS-B").x
    return Pool(best[: 2 * COUNT].reshape(2, COUNT), best[2 * COUNT :].reshape(2, 3))
