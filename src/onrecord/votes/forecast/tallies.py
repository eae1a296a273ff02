"""Counting answers: by age, by state, and drawn towards what is believed before."""

from __future__ import annotations

import numpy as np

from onrecord.votes.scaling.likelihood import Floats


def fading(age: Floats, half_life: float) -> Floats:
    """Weight of an answer by its age."""
    return np.asarray(0.5 ** (age / half_life))


def weighted(answers: Floats, weight: Floats) -> Floats:
    """Weighted answers of each state (states, 3)."""
    return np.asarray(np.tensordot(weight, answers, axes=1))


def pooled(counts: Floats, prior: Floats, strength: float) -> Floats:
    """Shares of counts, drawn towards a prior worth ``strength`` answers."""
    return np.asarray((counts + strength * prior) / (counts.sum(axis=-1, keepdims=True) + strength))
