# ruff: noqa: PLR0912, PLR0915 (compiled loops take arrays by position and stay in one piece)
"""Compiled passes over the votes: value, gradient and curvature of the ordered logit.

A vote ``y`` (0 yes, 1 abstain, 2 no) of state-session ``n`` on item ``j`` has
``P(y <= 0) = F(c - b.theta)`` and ``P(y <= 1) = F(c + exp(l) - b.theta)`` with ``F`` the logistic function;
``c`` is the first cut point and ``exp(l)`` the width of the abstention band. The item vector is ordered
``(b_1..b_D, c, l)``. One exponential a vote suffices, since the second cut shares ``exp(-exp(l))`` over the item.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from onrecord.votes.scaling.compiled import compiled

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]
Longs = NDArray[np.int64]
Sweep = Callable[..., float]


@compiled
def vote_terms(y: int, x: float, q: float, r: float) -> tuple[float, float, float, float, float, float]:
    """Probability of one vote, the slopes of its logarithm in x and width, and three negative second derivatives.

    ``x = c - b.theta``, ``q = exp(-width)``, ``r = q / (1 - q)``.
    """
    a = np.exp(-min(max(x, -35.0), 35.0))
    u1 = 1.0 / (1.0 + a)
    u2 = 1.0 / (1.0 + a * q)
    f1 = u1 * (1.0 - u1)
    f2 = u2 * (1.0 - u2)
    if y == 0:
        return u1, 1.0 - u1, 0.0, f1, 0.0, 0.0
    if y == 1:
        return u2 * (1.0 - u1) * (1.0 - q), 1.0 - u2 - u1, 1.0 - u2 + r, f1 + f2, f2, f2 + r * (1.0 + r)
    return a * q * u2, -u2, -u2, f2, f2, f2


@compiled
def cholesky_in_place(matrix: Floats) -> None:
    """Lower Cholesky factor of a small positive definite matrix, over the matrix itself."""
    size = matrix.shape[0]
    for i in range(size):
        for k in range(i + 1):
            total = matrix[i, k]
            for m in range(k):
                total -= matrix[i, m] * matrix[k, m]
            if i == k:
                matrix[i, i] = np.sqrt(max(total, 1e-12))
            else:
                matrix[i, k] = total / matrix[k, k]


@compiled
def forward_in_place(factor: Floats, vector: Floats) -> None:
    """Solve ``L v = vector`` over the vector itself."""
    for i in range(vector.shape[0]):
        total = vector[i]
        for m in range(i):
            total -= factor[i, m] * vector[m]
        vector[i] = total / factor[i, i]


@compiled
def backward_in_place(factor: Floats, vector: Floats) -> None:
    """Solve ``L' v = vector`` over the vector itself."""
    size = vector.shape[0]
    for i in range(size - 1, -1, -1):
        total = vector[i]
        for m in range(i + 1, size):
            total -= factor[m, i] * vector[m]
        vector[i] = total / factor[i, i]


@cache
def sweep_in(dims: int) -> Sweep:
    """The pass over the votes for a model of ``dims`` dimensions; knowing the number halves its time."""

    @compiled
    def sweep(
        item_start: Longs,
        node: Ints,
        answer: Bytes,
        theta: Floats,
        items: Floats,
        slope_precision: float,
        cut_precision: float,
        shape: float,
        rate: float,
        residual: float,
        slope: Floats,
        curvature: Floats,
        factors: Floats,
        pulls: Floats,
        cross: Singles,
    ) -> float:
        """One pass over all votes, items eliminated as it goes.

        Args:
            item_start: first vote of each item, with the number of votes at the end (J + 1).
            node, answer: of each vote, sorted by item.
            theta: positions (N, D). items: (J, D + 2).
            residual: 1 for the full Hessian, 0 for Gauss-Newton (drops the bilinear term; always definite).
            slope: out (N, D), gradient of the log-likelihood in theta; with ``cross`` asked for, the items' answer
                is taken off it.
            curvature: out (N, D, D), negative second derivative in theta, items fixed.
            factors: out (J, D+2, D+2), lower Cholesky factors L of each item's block.
            pulls: out (J, D+2), ``L^-1 gradient`` of each item.
            cross: out (V, D, D+2), each vote's row of ``B L^-T``; pass a length-0 array to skip it. Single precision
                is plenty for the direction of a step and halves the largest array.

        Returns:
            the log-posterior without the part that depends on theta alone.
        """
        size = dims + 2
        want_cross = cross.shape[0] > 0
        longest = 0
        for j in range(items.shape[0]):
            longest = max(longest, item_start[j + 1] - item_start[j])
        terms = np.empty((longest, 4))
        row = np.empty(size)
        scale = np.empty(size)
        slope[:] = 0.0
        curvature[:] = 0.0
        value = 0.0
        chance = 1.0
        for j in range(items.shape[0]):
            cut = items[j, dims]
            width = np.exp(items[j, dims + 1])
            q = np.exp(-width)
            r = q / (1.0 - q)
            block = factors[j]
            gradient = pulls[j]
            block[:] = 0.0
            gradient[:] = 0.0
            width_slope = 0.0
            for v in range(item_start[j], item_start[j + 1]):
                n = node[v]
                x = cut
                for d in range(dims):
                    x -= items[j, d] * theta[n, d]
                part, s, sw, wxx, wxw, www = vote_terms(answer[v], x, q, r)
                chance *= part
                if chance < 1e-200:
                    value += np.log(chance + 1e-300)
                    chance = 1.0
                wxl = width * wxw
                k = v - item_start[j]
                terms[k, 0] = s
                terms[k, 1] = wxx
                terms[k, 2] = wxl
                width_slope += sw
                gradient[dims] += s
                block[dims, dims] += wxx
                block[dims + 1, dims] += wxl
                block[dims + 1, dims + 1] += width * width * www
                for d in range(dims):
                    t = theta[n, d]
                    gradient[d] -= t * s
                    slope[n, d] -= items[j, d] * s
                    block[dims, d] -= t * wxx
                    block[dims + 1, d] -= t * wxl
                    for e in range(d + 1):
                        block[d, e] += t * theta[n, e] * wxx
                    for e in range(dims):
                        curvature[n, d, e] += items[j, d] * items[j, e] * wxx
            for d in range(dims):
                gradient[d] -= items[j, d] * slope_precision
                block[d, d] += slope_precision
                value -= 0.5 * items[j, d] * items[j, d] * slope_precision
            gradient[dims] -= cut * cut_precision
            block[dims, dims] += cut_precision
            value -= 0.5 * cut * cut * cut_precision
            gradient[dims + 1] = width * width_slope + shape - 1.0 - rate * width
            # Away from the mode the chain-rule term of the log width can be negative; it is dropped there.
            block[dims + 1, dims + 1] += max(rate * width - width * width_slope, 0.0) + 1e-6
            value += (shape - 1.0) * items[j, dims + 1] - rate * width
            cholesky_in_place(block)
            forward_in_place(block, gradient)
            for e in range(size):
                scale[e] = 1.0 / block[e, e]
            if not want_cross:
                continue
            for v in range(item_start[j], item_start[j + 1]):
                n = node[v]
                k = v - item_start[j]
                for d in range(dims):
                    b = items[j, d]
                    for e in range(dims):
                        row[e] = b * theta[n, e] * terms[k, 1]
                    row[d] += residual * terms[k, 0]
                    row[dims] = -b * terms[k, 1]
                    row[dims + 1] = -b * terms[k, 2]
                    total = 0.0
                    for e in range(size):
                        part = row[e]
                        for m in range(e):
                            part -= block[e, m] * row[m]
                        row[e] = part * scale[e]
                        total += row[e] * gradient[e]
                        cross[v, d, e] = row[e]
                    slope[n, d] -= total
        return value + float(np.log(chance))

    return sweep


@compiled
def item_step(
    item_start: Longs, node: Ints, cross: Singles, factors: Floats, pulls: Floats, move: Floats
) -> Floats:
    """Newton step of every item, given the step of theta (N, D); ``cross`` empty means theta stands still."""
    step = pulls.copy()
    if cross.shape[0] > 0:
        for j in range(step.shape[0]):
            for v in range(item_start[j], item_start[j + 1]):
                for d in range(move.shape[1]):
                    for e in range(step.shape[1]):
                        step[j, e] -= cross[v, d, e] * move[node[v], d]
    for j in range(step.shape[0]):
        backward_in_place(factors[j], step[j])
    return step


@compiled
def off_states(item_start: Longs, node: Ints, cross: Singles, pulls: Floats, right: Floats) -> None:
    """Take what the items answer to their pulls (J, D + 2) off the states' side of the equations (N, D)."""
    for j in range(pulls.shape[0]):
        for v in range(item_start[j], item_start[j + 1]):
            for d in range(right.shape[1]):
                for e in range(pulls.shape[1]):
                    right[node[v], d] -= cross[v, d, e] * pulls[j, e]


@compiled
def walk_step(right: Floats, curvature: Floats, tie: Floats, stay: Floats, previous: Ints) -> Floats:
    """Newton step of every state's walk, items standing still: one block-tridiagonal solve a state.

    Args:
        right: gradient (N, D). curvature: (N, D, D), of the votes.
        tie: precision between a node and its previous one (N). stay: the walk's own diagonal (N).
        previous: previous node, -1 for a state's first; always an earlier number.
    """
    count, dims = right.shape
    answer = right.copy()
    factors = np.empty((count, dims, dims))
    column = np.empty(dims)
    for n in range(count):
        block = factors[n]
        block[:] = curvature[n]
        for d in range(dims):
            block[d, d] += stay[n]
        before = previous[n]
        if before >= 0:
            for d in range(dims):
                column[:] = 0.0
                column[d] = tie[n]
                forward_in_place(factors[before], column)
                backward_in_place(factors[before], column)
                for e in range(dims):
                    block[e, d] -= tie[n] * column[e]
            column[:] = answer[before]
            forward_in_place(factors[before], column)
            backward_in_place(factors[before], column)
            for d in range(dims):
                answer[n, d] += tie[n] * column[d]
        cholesky_in_place(block)
    done = np.zeros(count, dtype=np.bool_)
    for n in range(count - 1, -1, -1):
        if not done[n]:
            forward_in_place(factors[n], answer[n])
            backward_in_place(factors[n], answer[n])
        before = previous[n]
        if before >= 0:
            for d in range(dims):
                answer[before, d] += tie[n] * answer[n, d]
            forward_in_place(factors[before], answer[before])
            backward_in_place(factors[before], answer[before])
            done[before] = True
    return answer


@compiled
def spread_out(rows: Ints, column: Ints, node: Ints, first: int, cross: Singles, out: Floats) -> None:
    """Lay one session's votes out as a table (items of the session, D + 2, its nodes from ``first``, D)."""
    for k in range(rows.shape[0]):
        v = rows[k]
        for d in range(cross.shape[1]):
            for e in range(cross.shape[2]):
                out[column[k], e, node[v] - first, d] = cross[v, d, e]


@compiled
def repeated_product(
    repeated: Longs, item_start: Longs, node: Ints, session: Ints, cross: Singles, vector: Floats, out: Floats
) -> None:
    """What repeated texts tie between sessions: that part of ``B D^-1 B' vector`` (N, D), into ``out``.

    Args:
        repeated: items voted on in more than one session; their votes stand session by session.
        session: of each node.
    """
    dims = vector.shape[1]
    size = cross.shape[2]
    out[:] = 0.0
    whole = np.empty(size)
    part = np.empty(size)
    for j in repeated:
        whole[:] = 0.0
        for v in range(item_start[j], item_start[j + 1]):
            for d in range(dims):
                for e in range(size):
                    whole[e] += cross[v, d, e] * vector[node[v], d]
        begin = item_start[j]
        while begin < item_start[j + 1]:
            end = begin
            part[:] = whole
            while end < item_start[j + 1] and session[node[end]] == session[node[begin]]:
                for d in range(dims):
                    for e in range(size):
                        part[e] -= cross[end, d, e] * vector[node[end], d]
                end += 1
            for v in range(begin, end):
                for d in range(dims):
                    for e in range(size):
                        out[node[v], d] += cross[v, d, e] * part[e]
            begin = end


@compiled
def probabilities_of(
    theta: Floats, spread: Floats, items: Floats, node: Ints, item: Ints, out: Floats
) -> None:
    """Probability of yes, abstain and no for each row, averaged over the posterior of theta.

    The average uses MacKay's scaling of the logit (Neural Computation 4:720-736, 1992):
    ``E F(x) ~ F(x / sqrt(1 + pi v / 8))`` with ``v`` the variance of ``b.theta``; ``spread`` (N, D, D) is the
    covariance of theta, all zero for the plain plug-in.
    """
    dims = theta.shape[1]
    for v in range(node.shape[0]):
        n = node[v]
        j = item[v]
        x = items[j, dims]
        variance = 0.0
        for d in range(dims):
            x -= items[j, d] * theta[n, d]
            for e in range(dims):
                variance += items[j, d] * items[j, e] * spread[n, d, e]
        shrink = 1.0 / np.sqrt(1.0 + np.pi * variance / 8.0)
        low = 1.0 / (1.0 + np.exp(-x * shrink))
        high = 1.0 / (1.0 + np.exp(-(x + np.exp(items[j, dims + 1])) * shrink))
        out[v, 0] = low
        out[v, 1] = max(high - low, 0.0)
        out[v, 2] = 1.0 - high
