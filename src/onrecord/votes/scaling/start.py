"""Where the climb begins: leading directions of each session's votes, turned to agree with the session before.

Two states that vote alike lie close, so the leading eigenvectors of the state-by-state products of centred
votes are a good first guess, found by orthogonal iteration. Each session's guess has a free sign (a free
rotation in several dimensions); an orthogonal Procrustes turn towards the states' last known places removes
it. So the end does not depend on the random vectors the iteration begins from.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from onrecord.votes.scaling.design import Design
from onrecord.votes.scaling.likelihood import Floats, Longs

# Products taken between two orthogonalisations, and how often.
PRODUCTS, ROUNDS = 5, 8


def starting_points(design: Design, dims: int, seed: int) -> Floats:
    """First guess of every node (N, D), of unit spread in each session."""
    generator = np.random.default_rng(seed)
    theta = np.zeros((len(design.node_actor), dims))
    place = np.zeros((len(design.actors), dims))
    known = np.zeros(len(design.actors), dtype=bool)
    for t, table in enumerate(session_tables(design)):
        a, b = design.session_start[t], design.session_start[t + 1]
        actor = design.node_actor[a:b]
        guess = leading_directions(table, design.voted[a:b], dims, generator)
        common = known[actor] & (design.voted[a:b] > 0)
        guess = guess @ turn_towards(guess[common], place[actor[common]])
        guess = np.where(design.voted[a:b, None] > 0, guess, place[actor])
        theta[a:b] = guess
        place[actor] = guess
        known[actor] = True
    return theta


def session_tables(design: Design) -> Iterator[Floats]:
    """One table a session (states, items of the session): answers less the item's mean; 0 where no vote."""
    item = design.vote_item
    session = design.node_session[design.vote_node]
    by_session = np.argsort(session, kind="stable")
    bounds = np.searchsorted(session[by_session], np.arange(len(design.sessions) + 1))
    for t in range(len(design.sessions)):
        rows = by_session[bounds[t] : bounds[t + 1]]
        column = np.cumsum(np.diff(item[rows], prepend=-1) != 0) - 1
        answer = design.vote_answer[rows].astype(np.float64)
        mean = np.bincount(column, answer) / np.bincount(column)
        table = np.zeros((design.session_start[t + 1] - design.session_start[t], len(mean)))
        table[design.vote_node[rows] - design.session_start[t], column] = answer - mean[column]
        yield table


def leading_directions(table: Floats, voted: Longs, dims: int, generator: np.random.Generator) -> Floats:
    """Leading directions of a session's table by orthogonal iteration, as scores of unit spread (states, D)."""
    states = table.shape[0]
    columns = min(dims + 2, states)
    basis = generator.standard_normal((states, columns))
    product = table @ table.T
    product = product / max(np.trace(product), 1e-12) + 1e-9 * np.eye(states)
    for _ in range(ROUNDS):
        for _ in range(PRODUCTS):
            basis = product @ basis
        basis = np.linalg.qr(basis)[0]
    inner = np.linalg.eigh(basis.T @ product @ basis)[1][:, ::-1]
    scores = np.zeros((states, dims))
    found = min(dims, columns)
    scores[:, :found] = (table @ (table.T @ (basis @ inner[:, :found]))) / np.maximum(voted, 1)[:, None]
    spread = np.sqrt(np.mean(scores**2, axis=0))
    return scores / np.where(spread > 0, spread, 1.0)


def turn_towards(guess: Floats, place: Floats) -> Floats:
    """Orthogonal matrix that turns ``guess`` nearest to ``place`` (Procrustes; Schoenemann 1966)."""
    left, _, right = np.linalg.svd(guess.T @ place)
    return np.asarray(left @ right)
