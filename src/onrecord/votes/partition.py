"""Cutting a series into spells of one level: exact probabilities of every cut by a forward and a backward sum."""

from __future__ import annotations

import numpy as np

from onrecord.votes.scaling.likelihood import Floats

# Spread of levels before anything is known: the published axis has unit spread.
LEVEL_SPREAD = 1.0


def change_chances(value: Floats, error: Floats, chance: float) -> Floats:
    """Probability that a new spell begins at each place (T); the first is 1 by definition.

    Args:
        value, error: level observed and its standard error, independent given the spells (T).
        chance: prior probability of a cut before each place but the first.
    """
    size = len(value)
    spell = spell_evidence(value, error)
    ahead = np.full(size + 1, -np.inf)
    ahead[0] = 0.0
    cut, stay = np.log(chance), np.log1p(-chance)
    for end in range(1, size + 1):
        starts = np.arange(end)
        prior = np.where(starts > 0, cut, 0.0) + (end - 1 - starts) * stay
        ahead[end] = np.logaddexp.reduce(ahead[starts] + prior + spell[starts, end])
    behind = np.full(size + 1, -np.inf)
    behind[size] = 0.0
    for start in range(size - 1, -1, -1):
        ends = np.arange(start + 1, size + 1)
        prior = (cut if start > 0 else 0.0) + (ends - 1 - start) * stay
        behind[start] = np.logaddexp.reduce(behind[ends] + prior + spell[start, ends])
    return np.asarray(np.exp(ahead[:size] + behind[:size] - ahead[size]))


def spell_evidence(value: Floats, error: Floats) -> Floats:
    """Log-density of each spell [start, end) with its level integrated over N(mean, LEVEL_SPREAD^2)."""
    weight = 1 / error**2
    centred = value - np.average(value, weights=weight)
    total, first, second, logs = (
        np.concatenate([np.zeros(1), np.cumsum(part)])
        for part in (weight, weight * centred, weight * centred**2, -np.log(error) - 0.5 * np.log(2 * np.pi))
    )

    def over(sums: Floats) -> Floats:
        return np.asarray(sums[None, :] - sums[:, None])

    precision = np.maximum(over(total), 0.0) + 1 / LEVEL_SPREAD**2
    fit = over(second) - over(first) ** 2 / precision
    return over(logs) - 0.5 * fit - 0.5 * np.log(precision * LEVEL_SPREAD**2)


def spell_means(value: Floats, error: Floats, at: int, window: int) -> tuple[float, float, float]:
    """Weighted means over the window before and from ``at`` on, and the standard error of their difference."""
    means, variance = [], 0.0
    for part in (slice(max(at - window, 0), at), slice(at, at + window)):
        weight = 1 / error[part] ** 2
        means.append(float(np.average(value[part], weights=weight)))
        variance += 1 / weight.sum()
    return means[0], means[1], float(np.sqrt(variance))
