"""What members share on the day: a common shift of all towards yes or towards no.

Members taken as independent make the result look far surer than it is. A draft's shift, of Student's t with five degrees
of freedom times a spread, is added to every yes score and taken off every no score: most drafts shift little, a few
shift far. The spread is learnt from past forecasts, for drafts on situations seen before and for new ones. Integrals are
Gauss-Hermite sums over the normal deviate that a shift corresponds to.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, stdtrit

from onrecord.votes.forecast.pool import softmax
from onrecord.votes.scaling.likelihood import Floats

TILT = np.array([1.0, 0.0, -1.0])
FREEDOM = 5
DEVIATES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
NODES = stdtrit(FREEDOM, ndtr(DEVIATES))
WEIGHTS = WEIGHTS / WEIGHTS.sum()
SPREADS = np.arange(0.0, 1.55, 0.1)
# Spread believed before enough forecasts were scored, worth this many drafts.
BELIEVED, WORTH = 0.5, 5.0
STEPS, TINY = 6, 1e-12


def shifted(scores: Floats, spread: float) -> Floats:
    """Probabilities at every node of the shift (nodes, members, 3).

    Averaged over the shift they are ``softmax(scores)`` again: the shift moves members together and makes none of them
    less sure than the pool has learnt. The scores at no shift that do so are found by fixed-point steps.
    """
    chances = softmax(scores)
    centre = scores
    for _ in range(STEPS if spread > 0.0 else 0):
        mean = np.tensordot(WEIGHTS, at_nodes(centre, spread), axes=1)
        centre = centre + np.log(np.maximum(chances, TINY)) - np.log(np.maximum(mean, TINY))
    return at_nodes(centre, spread)


def at_nodes(centre: Floats, spread: float) -> Floats:
    """Probabilities at every node from the scores at no shift (nodes, members, 3)."""
    return softmax(centre[None] + spread * NODES[:, None, None] * TILT)


def evidence(scores: Floats, answers: Floats) -> Floats:
    """Log-likelihood of a draft's answers (members, 3 one-hot) under each of ``SPREADS``, given their scores."""
    told = np.stack([(shifted(scores, spread) * answers).sum(axis=2) for spread in SPREADS])
    by_node = np.log(np.maximum(told, TINY)).sum(axis=2) + np.log(WEIGHTS)
    return np.asarray(np.logaddexp.reduce(by_node, axis=1))


def learn_spread(past: Sequence[Floats]) -> float:
    """Spread that makes past answers likeliest, from the ``evidence`` of each past draft."""
    believed = -WORTH * np.log(np.cosh(SPREADS - BELIEVED))
    return float(SPREADS[np.argmax(believed + np.sum(past, axis=0))])
