"""What members share on the day: a common shift of all towards yes or towards no.

Members taken as independent make the result look far surer than it is. A draft's shift u ~ N(0, spread^2) is added to
every yes score and taken off every no score; its spread is learnt from past forecasts, for drafts on situations
seen before and for new ones. Integrals are Gauss-Hermite sums.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onrecord.votes.forecast.pool import softmax
from onrecord.votes.scaling.likelihood import Floats

TILT = np.array([1.0, 0.0, -1.0])
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
SPREADS = np.arange(0.0, 1.55, 0.1)
# Spread believed before enough forecasts were scored, worth this many drafts.
BELIEVED, WORTH = 0.5, 5.0


def shifted(scores: Floats, spread: float) -> Floats:
    """Probabilities at every node of the shift (nodes, members, 3)."""
    return softmax(scores[None] + spread * NODES[:, None, None] * TILT)


def learn_spread(past: Sequence[tuple[Floats, Floats]]) -> float:
    """Spread that makes past answers (members, 3 one-hot) likeliest given their forecast scores (members, 3)."""
    value = -WORTH * np.log(np.cosh(SPREADS - BELIEVED))
    for scores, answers in past:
        for k, spread in enumerate(SPREADS):
            log = np.log(np.maximum((shifted(scores, spread) * answers).sum(axis=2), 1e-12)).sum(axis=1)
            value[k] += np.logaddexp.reduce(log + np.log(WEIGHTS))
    return float(SPREADS[np.argmax(value)])
