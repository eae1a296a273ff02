"""Location, scale and direction: a linear change of axes that leaves every probability as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.votes.scaling.likelihood import Floats
from onrecord.votes.scaling.newton import Fit


@dataclass(frozen=True, slots=True)
class Turn:
    """New positions are ``(theta - middle) @ matrix.T``."""

    middle: Floats
    matrix: Floats


def principal_turn(theta: Floats, standardise: bool) -> Turn:
    """Axes in order of spread; centred and scaled to unit spread when the gauge asks for it.

    ``theta`` holds the observed state-sessions only (n, D).
    """
    centre = theta.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(theta.T, bias=True).reshape(theta.shape[1], theta.shape[1]))
    matrix = vectors[:, ::-1].T
    if not standardise:
        return Turn(np.zeros_like(centre), matrix)
    spread = np.sqrt(np.maximum(values[::-1], 1e-12))
    return Turn(centre, matrix / spread[:, None])


def turned(fit: Fit, turn: Turn) -> Fit:
    """The same fit on the new axes."""
    dims = fit.theta.shape[1]
    back = np.linalg.inv(turn.matrix)
    slopes = fit.items[:, :dims]
    items = fit.items.copy()
    items[:, :dims] = slopes @ back
    items[:, dims] -= slopes @ turn.middle
    covariance = fit.covariance
    if covariance is not None:
        covariance = np.einsum("ad,nde,be->nab", turn.matrix, covariance, turn.matrix)
    draws = fit.draws
    if draws is not None:
        draws = ((draws - turn.middle) @ turn.matrix.T).astype(np.float32)
    return replace(
        fit,
        theta=(fit.theta - turn.middle) @ turn.matrix.T,
        items=items,
        covariance=covariance,
        pull=None if fit.pull is None else fit.pull @ turn.matrix.T,
        draws=draws,
    )


def signs(theta: Floats, positive: NDArray[np.bool_], negative: NDArray[np.bool_]) -> Floats:
    """+1 or -1 for each axis, so that the positive anchors lie above the negative ones (masks over nodes).

    With one side absent, that side is held against 0; with both absent the first node decides.
    """
    if not positive.any() and not negative.any():
        positive = np.arange(len(theta)) == 0
    high = theta[positive].mean(axis=0) if positive.any() else np.zeros(theta.shape[1])
    low = theta[negative].mean(axis=0) if negative.any() else np.zeros(theta.shape[1])
    return np.where(high >= low, 1.0, -1.0)
