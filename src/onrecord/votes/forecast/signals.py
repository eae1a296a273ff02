"""What speaks for each answer of each state: nine signals, each a distribution over yes, abstain and no.

All rest on votes before the draft became known. A signal that has nothing to say repeats a broader one, or is even.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.votes.forecast.history import Bearing, History, bearing
from onrecord.votes.forecast.kindred import Kindred, kindred_before
from onrecord.votes.forecast.tallies import fading, pooled, weighted
from onrecord.votes.scaling.likelihood import Floats

SIGNALS = {
    "own": "the state's own record on such questions",
    "file": "its votes and signatures on this situation or text",
    "last": "its last vote on this situation or text",
    "all": "how all states divided on this situation or text",
    "recent": "its votes of the last months",
    "group": "its regional group on neighbouring situations or texts",
    "self": "it is the state concerned",
    "alike": "states that vote like it, on neighbouring situations or texts",
    "kindred": "votes of all on texts with the same words or subject",
}
# Half-lives in years.
OWN, FILE, RECENT, GROUP, ALIKE = 2.0, 2.0, 0.8, 5.0, 1.5


@dataclass(frozen=True)
class Signals:
    """Signals of one draft: ``log`` (states, 3, signals), centred over the answers; ``seen``: whether the state has
    voted or signed on the situation or text before (states)."""

    log: Floats
    seen: NDArray[np.bool_]
    distributions: dict[str, Floats]


def signals(
    history: History,
    row: int,
    letters: Floats | None = None,
    members: NDArray[np.bool_] | None = None,
    kindred: Kindred | None = None,
) -> Signals:
    """Signals of one draft for every state.

    Args:
        letters: evidence from signatures (states, 3), or None.
        members: who will vote, for the balance of the signatures; all states if None.
        kindred: from ``kindred_before`` for a draft known the same day, to spare computing it again.
    """
    near = bearing(history, row)
    answers = history.answers[near.rows].astype(np.float64)
    letters = np.zeros((len(history.states), 3)) if letters is None else letters
    everyone = np.ones(len(history.states), dtype=bool) if members is None else members
    found: dict[str, Floats] = {}
    own = weighted(answers, near.comparable * fading(near.age, OWN))
    overall = pooled(own.sum(axis=0), np.full(3, 1 / 3), 3.0)
    groups = by_group(history, own, overall, 5.0)
    found["own"] = pooled(own, groups, 1.0)
    on_file = weighted(answers, near.same * fading(near.age, FILE))
    found["file"] = pooled(on_file + letters, found["own"], 0.3)
    last = last_answer(answers, near)
    signed = letters.sum(axis=1) > 0
    last[signed] = letters[signed] / letters[signed].sum(axis=1, keepdims=True)
    seen = last.sum(axis=1) > 0
    found["last"] = np.where(seen[:, None], (last + 0.05) / 1.15, 1 / 3)
    found["all"] = balance(on_file, letters, everyone, overall)
    found["recent"] = pooled(weighted(answers, near.comparable * fading(near.age, RECENT)), found["own"], 0.7)
    close = weighted(answers, near.close * near.comparable * fading(near.age, GROUP))
    found["group"] = by_group(history, close, groups, 3.0)
    found["self"] = concerned(history, row)
    kindred = kindred_before(history, row) if kindred is None else kindred
    there = weighted(answers, near.near * fading(near.age, ALIKE))
    found["alike"] = pooled(kindred.likeness @ there, groups, 1.0)
    found["kindred"] = kindred.foretold(history, row, letters)
    log = np.stack([np.log(found[name]) for name in SIGNALS], axis=-1)
    return Signals(log - log.mean(axis=1, keepdims=True), seen, found)


def by_group(history: History, counts: Floats, prior: Floats, strength: float) -> Floats:
    """Shares of each state's regional group (states, 3); a state of no known group gets the prior."""
    member = np.equal.outer(np.unique(history.group), history.group).astype(np.float64)
    place = np.searchsorted(np.unique(history.group), history.group)
    shares = pooled((member @ counts)[place], prior, strength)
    return np.asarray(np.where((history.group >= 0)[:, None], shares, np.broadcast_to(prior, shares.shape)))


def last_answer(answers: Floats, near: Bearing) -> Floats:
    """Each state's latest answer on the situation or text (states, 3), zero where none."""
    last = np.zeros(answers.shape[1:])
    for place in np.argsort(-near.age, kind="stable"):
        if near.same[place] > 0:
            given = answers[place].any(axis=1)
            last[given] = answers[place][given]
    return last


def balance(on_file: Floats, letters: Floats, members: NDArray[np.bool_], overall: Floats) -> Floats:
    """How all divided on the situation or text against how they divide in general (states, 3), alike for all.

    Each signing or silent member counts once at most, however much it signed.
    """
    total = letters.sum(axis=1, keepdims=True)
    once = letters / np.maximum(total, 1e-9) * np.minimum(total, 1.0)
    counts = on_file.sum(axis=0) + once[members].sum(axis=0)
    return np.asarray(np.tile(pooled(counts, overall, 1.0) / overall, (len(on_file), 1)))


def concerned(history: History, row: int) -> Floats:
    """Nearly certain no for the state concerned, even for the rest."""
    shares = np.full((len(history.states), 3), 1 / 3)
    place = history.states.index_of(history.drafts["target"][row]) if history.drafts["target"][row] else None
    if place is not None:
        shares[place] = (0.02, 0.03, 0.95)
    return shares
