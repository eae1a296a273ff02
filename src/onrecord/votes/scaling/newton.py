"""Joint Newton climb over states and items together, items eliminated, to the mode and its curvature.

Every step: one pass over the votes, a dense block a session, one block-tridiagonal solve. Repeated texts tie
sessions far apart; that part is left to conjugate gradients, which the block solve preconditions so well that
a few iterations do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas

from onrecord.votes.scaling.chain import Factor, NotDefinite, Step, factor
from onrecord.votes.scaling.design import Design
from onrecord.votes.scaling.gauge import GAUGES, Gauge
from onrecord.votes.scaling.likelihood import (
    Bytes,
    Floats,
    Ints,
    Singles,
    item_step,
    off_states,
    repeated_product,
    spread_out,
    sweep_in,
    walk_step,
)


@dataclass(frozen=True, slots=True)
class Fit:
    """The mode and what was learnt on the way.

    Attributes:
        theta: positions (N, D). items: (J, D + 2), as in ``likelihood``.
        covariance: of each node (N, D, D), from the curvature of states and items together; None if not asked.
        pull: how far the priors hold each node from where the votes alone would have it (N, D); None if not asked
            or standardised.
        log_posterior: value at the mode, up to a constant.
        steps: Newton steps taken.
        decrement: expected gain of one more step, in log-posterior; below the tolerance when converged.
        converged: whether it is.
        draws: positions drawn by the sampler, thinned (draws, N, D); None where there was none.
    """

    theta: Floats
    items: Floats
    covariance: Floats | None
    pull: Floats | None
    log_posterior: float
    steps: int
    decrement: float
    converged: bool
    draws: Singles | None = None


@dataclass(slots=True)
class Pass:
    """What one pass over the votes leaves behind; buffers are reused from step to step."""

    slope: Floats
    curvature: Floats
    factors: Floats
    pulls: Floats
    cross: Singles
    value: float = 0.0


# Gain per vote under which the climb counts as near the mode.
NEAR = 3e-4
# The climb ends when the next step expects to gain less log-posterior than this. With several axes the last
# digits of nearly free rotations are not worth their steps.
TOLERANCE, TOLERANCE_PER_VOTE_SEVERAL_AXES = 1e-2, 1e-5
# A step that gains less than SMALL tolerances leaves the curvature good enough to see by that no more is to be gained, and
# sure enough when what is left by it is under SURE tolerances (the ties left out make it up to three times as much).
SMALL, SURE = 500.0, 0.25
NOTHING: Singles = np.empty((0, 0, 0), dtype=np.float32)
NO_MOVE: Floats = np.empty((0, 0))


class Climb:
    """One model on one set of votes, with the buffers of its passes."""

    def __init__(self, design: Design, gauge: Gauge, dims: int) -> None:
        self.design, self.gauge, self.dims = design, gauge, dims
        nodes, items, votes = len(design.node_actor), len(design.items), len(design.vote_node)
        self.state = Pass(
            slope=np.empty((nodes, dims)),
            curvature=np.empty((nodes, dims, dims)),
            factors=np.empty((items, dims + 2, dims + 2)),
            pulls=np.empty((items, dims + 2)),
            cross=np.empty((votes, dims, dims + 2), dtype=np.float32),
        )
        self.sweep = sweep_in(dims)
        self.solver: Factor | None = None
        self.first = design.previous < 0
        self.precision = np.where(self.first, 0.0, 1.0 / (gauge.walk_variance * design.gap))
        self.own = gauge.node_precision + np.where(self.first, gauge.first_precision, 0.0)
        self.stay = self.own + self.precision
        np.add.at(self.stay, design.previous[~self.first], self.precision[~self.first])
        self.repeated = np.flatnonzero(items_over_sessions(design) > 1)
        self.steps = ties(design, self.precision, dims)
        self.segments = session_votes(design)

    def look(self, theta: Floats, items: Floats, residual: float, cross: bool = True) -> float:
        """Pass over the votes at a point; the log-posterior there."""
        design, gauge, state = self.design, self.gauge, self.state
        value = self.sweep(
            design.item_start,
            design.vote_node,
            design.vote_answer,
            theta,
            items,
            1.0 / gauge.slope_variance,
            1.0 / gauge.cut_variance,
            gauge.width_shape,
            gauge.width_rate,
            residual,
            state.slope,
            state.curvature,
            state.factors,
            state.pulls,
            state.cross if cross else NOTHING,
        )
        self.solver = None
        state.value = value + self.walk_value(theta)
        return state.value

    def walk_value(self, theta: Floats) -> float:
        """Log-density of the states' walk, up to a constant."""
        change = theta - theta[self.design.previous]
        squares = self.precision[:, None] * change**2 + self.own[:, None] * theta**2
        return float(-0.5 * squares.sum())

    def walk_product(self, vector: Floats) -> Floats:
        """Precision of the walk times a vector (N, D)."""
        change = (vector - vector[self.design.previous]) * self.precision[:, None]
        out = change + self.own[:, None] * vector
        np.subtract.at(out, self.design.previous[~self.first], change[~self.first])
        return out

    def reduced_hessian(self) -> Factor:
        """Factor of the reduced Hessian, ties of repeated texts between sessions left out."""
        design, dims = self.design, self.dims
        blocks = []
        for t, (rows, column, columns) in enumerate(self.segments):
            a, b = design.session_start[t], design.session_start[t + 1]
            count = (b - a) * dims
            own = self.state.curvature[a:b] + self.stay[a:b, None, None] * np.eye(dims)
            block = np.zeros((b - a, dims, b - a, dims))
            block[np.arange(b - a), :, np.arange(b - a), :] = own
            spread = np.zeros((columns, dims + 2, b - a, dims))
            spread_out(rows, column, design.vote_node, a, self.state.cross, spread)
            matrix = np.asfortranarray(block.reshape(count, count))
            flat = spread.reshape(-1, count).T
            blocks.append(blas.dsyrk(-1.0, flat, beta=1.0, c=matrix, lower=1, overwrite_c=1))
        return factor(blocks, design.session_start * dims, self.steps)

    def gain_left(self, theta: Floats, nearby: Factor) -> float:
        """About what one more step would gain, by a factor from a small step before; ties between sessions left out."""
        right = self.state.slope - self.walk_product(theta)
        move = nearby.solve(right.ravel()).reshape(right.shape)
        return 0.5 * float((move * right).sum() + (self.state.pulls**2).sum())

    def factor_at(self, theta: Floats, items: Floats) -> Factor:
        """The reduced Hessian's factor from the curvature at the last look.

        Where nearly free rotations leave the full Hessian indefinite, the Gauss-Newton one stands in.
        """
        try:
            return self.solver or self.reduced_hessian()
        except NotDefinite:
            self.look(theta, items, 0.0)
            return self.reduced_hessian()

    def pull(self, solver: Factor, theta: Floats, items: Floats) -> Floats:
        """How far the priors hold each node from where the votes alone would have it, to first order (N, D).

        Votes drawn from the mode have a gradient of zero there on average, so that a fit to them is moved by the priors'
        gradient alone: one Newton step along it.
        """
        design, gauge, dims = self.design, self.gauge, self.dims
        width = np.exp(items[:, dims + 1 :])
        slopes, cuts = items[:, :dims] / gauge.slope_variance, items[:, dims : dims + 1] / gauge.cut_variance
        prior = np.hstack([-slopes, -cuts, gauge.width_shape - 1.0 - gauge.width_rate * width])
        pulls = np.asarray(np.linalg.solve(np.tril(self.state.factors), prior[:, :, None])[:, :, 0])
        right: Floats = -self.walk_product(theta)
        off_states(design.item_start, design.vote_node, self.state.cross, pulls, right)
        move = solver.solve(right.ravel()).reshape(right.shape)
        if not len(self.repeated):
            return move
        try:
            return self.conjugate_gradients(solver, right, move, accuracy=1e-3)
        except NotDefinite:
            # Nearly free rotations of several axes; the ties between sessions are left out, as in the covariance.
            return move

    def between_sessions(self, vector: Floats) -> Floats:
        """The part of the reduced Hessian that the block solve leaves out, times a vector (N, D), sign turned."""
        design = self.design
        out = np.empty_like(vector)
        repeated_product(
            self.repeated,
            design.item_start,
            design.vote_node,
            design.node_session,
            self.state.cross,
            vector,
            out,
        )
        return out

    def approach(self, theta: Floats, items: Floats, rounds: int) -> tuple[Floats, Floats]:
        """Move items and states by turns, each given the other: cheap, and fast while far from the mode."""
        design, state = self.design, self.state
        for turn in range(2 * rounds):
            self.look(theta, items, 0.0, cross=False)
            if turn % 2 == 0:
                move = item_step(
                    design.item_start, design.vote_node, NOTHING, state.factors, state.pulls, NO_MOVE
                )
                items = items + bounded(move, 1.5)
            else:
                right = state.slope - self.walk_product(theta)
                move = walk_step(right, state.curvature, self.precision, self.stay, design.previous)
                theta = theta + bounded(move, 1.5)
        return theta, items

    def advance(
        self, theta: Floats, items: Floats, move: Floats, step: Floats, value: float, residual: float
    ) -> tuple[Floats, Floats, float]:
        """Take the step, or the largest half of it that does not lose; the point and its log-posterior."""
        scale = 1.0
        while True:
            new_theta, new_items = theta + bounded(scale * move, 1.5), items + bounded(scale * step, 1.5)
            new_value = self.look(new_theta, new_items, residual)
            if new_value >= value - 1e-9 * abs(value) or scale < 1e-4:
                return new_theta, new_items, new_value
            scale /= 2.0

    def direction(self, theta: Floats, accuracy: float) -> tuple[Floats, Floats, float]:
        """Newton step of states and of items from the last look, and the gain it expects.

        Raises:
            NotDefinite: the Hessian has a direction of ascent here.
        """
        right = self.state.slope - self.walk_product(theta)
        solver = self.solver = self.reduced_hessian()
        move = solver.solve(right.ravel()).reshape(right.shape)
        if len(self.repeated):
            move = self.conjugate_gradients(solver, right, move, accuracy)
        gain = 0.5 * float((move * right).sum() + (self.state.pulls**2).sum())
        step = item_step(
            self.design.item_start,
            self.design.vote_node,
            self.state.cross,
            self.state.factors,
            self.state.pulls,
            move,
        )
        return move, step, gain

    def conjugate_gradients(self, solver: Factor, right: Floats, start: Floats, accuracy: float) -> Floats:
        """Solve the whole reduced system, the block solve as preconditioner."""
        answer = start
        rest = self.between_sessions(start)
        search, along_blocks = np.zeros_like(rest), np.zeros_like(rest)
        old = 1.0
        first = float((right * start).sum())
        for _ in range(60):
            better = solver.solve(rest.ravel()).reshape(rest.shape)
            size = float((rest * better).sum())
            if size <= accuracy * first:
                break
            search = better + (size / old) * search
            # The blocks times the new direction follow from the residual, so only the left-out part is computed.
            along_blocks = rest + (size / old) * along_blocks
            along = along_blocks - self.between_sessions(search)
            bend = float((search * along).sum())
            if bend <= 0.0:
                raise NotDefinite
            answer = answer + (size / bend) * search
            rest = rest - (size / bend) * along
            old = size
        return answer


def items_over_sessions(design: Design) -> NDArray[np.int64]:
    """Number of sessions in which each item was voted on."""
    session = design.node_session[design.vote_node]
    fresh = np.diff(session, prepend=-1) != 0
    fresh[design.item_start[:-1]] = True
    return np.add.reduceat(fresh.astype(np.int64), design.item_start[:-1])


def ties(design: Design, precision: Floats, dims: int) -> list[Step]:
    """Ties of each session's unknowns to those of the next."""
    steps = []
    for t in range(1, len(design.sessions)):
        a, b = design.session_start[t], design.session_start[t + 1]
        later = np.flatnonzero(design.previous[a:b] >= 0)
        earlier = design.previous[a:b][later].astype(np.int64) - design.session_start[t - 1]
        wide = np.arange(dims)
        steps.append(
            Step(
                earlier=(earlier[:, None] * dims + wide).ravel(),
                later=(later[:, None] * dims + wide).ravel(),
                tie=np.repeat(precision[a:b][later], dims),
            )
        )
    return steps


def session_votes(design: Design) -> list[tuple[Ints, Ints, int]]:
    """Votes of each session, the column of each vote's item in the session, and the number of columns."""
    item = design.vote_item
    session = design.node_session[design.vote_node]
    order = np.argsort(session, kind="stable").astype(np.int32)
    bounds = np.append(0, np.cumsum(np.bincount(session, minlength=len(design.sessions))))
    found = []
    for t in range(len(design.sessions)):
        rows = order[bounds[t] : bounds[t + 1]]
        column = np.cumsum(np.diff(item[rows], prepend=-1) != 0, dtype=np.int32) - 1
        found.append((rows, column, int(column[-1]) + 1 if len(column) else 0))
    return found


def first_items(design: Design, dims: int) -> Floats:
    """Items without discrimination, cut where the answers divide; half a vote added to each answer."""
    counts = np.zeros((len(design.items), 3))
    np.add.at(counts, (design.vote_item, design.vote_answer), 1.0)
    share = np.cumsum(counts + 0.5, axis=1) / (counts.sum(axis=1, keepdims=True) + 1.5)
    low, high = np.log(share[:, 0] / (1 - share[:, 0])), np.log(share[:, 1] / (1 - share[:, 1]))
    items = np.zeros((len(design.items), dims + 2))
    items[:, dims] = low
    items[:, dims + 1] = np.log(high - low)
    return items


def one_item(theta: Floats, node: Ints, answer: Bytes) -> Floats:
    """Parameters of one item (D + 2) given where its voters stand; the slope's prior as in the free gauge."""
    dims = theta.shape[1]
    gauge = GAUGES["free"].shared_among(dims)
    shares = np.bincount(answer, minlength=3) + 0.5
    odds = np.cumsum(shares)[:2] / shares.sum()
    cuts = np.log(odds / (1 - odds))
    item = np.concatenate([np.zeros(dims), [cuts[0], np.log(cuts[1] - cuts[0])]])[None, :]
    own = theta[node]
    place = np.arange(len(node), dtype=np.int32)
    start = np.array([0, len(node)], dtype=np.int64)
    state = Pass(
        slope=np.empty_like(own),
        curvature=np.empty((len(own), dims, dims)),
        factors=np.empty((1, dims + 2, dims + 2)),
        pulls=np.empty((1, dims + 2)),
        cross=NOTHING,
    )
    for _ in range(12):
        sweep_in(dims)(
            start,
            place,
            answer,
            own,
            item,
            1.0 / gauge.slope_variance,
            1.0 / gauge.cut_variance,
            gauge.width_shape,
            gauge.width_rate,
            0.0,
            state.slope,
            state.curvature,
            state.factors,
            state.pulls,
            NOTHING,
        )
        item = item + bounded(item_step(start, place, NOTHING, state.factors, state.pulls, NO_MOVE), 1.5)
    return np.asarray(item[0])


def bounded(step: Floats, limit: float) -> Floats:
    """A step no longer than ``limit`` in any coordinate."""
    return np.clip(step, -limit, limit)


def climb(
    design: Design,
    gauge: Gauge,
    dims: int,
    theta: Floats,
    items: Floats,
    *,
    warm: int,
    covariance: bool = True,
    most: int = 60,
) -> Fit:
    """Climb to the mode from a starting point.

    Args:
        warm: rounds of items and states by turns before the joint steps, to forgive a poor start.
        covariance: whether to return the covariance of each node and, in a gauge that does not standardise,
            the priors' pull.
        most: most joint steps.
    """
    model = Climb(design, gauge, dims)
    theta, items = model.approach(theta, items, warm)
    # A warm start is near the mode already.
    value = model.look(theta, items, residual := 1.0 if warm == 0 else 0.0)
    tolerance = TOLERANCE if dims == 1 else TOLERANCE_PER_VOTE_SEVERAL_AXES * len(design.vote_node)
    taken, gain = 0, np.inf
    nearby: Factor | None = None
    while taken < most:
        if nearby is not None and (left := model.gain_left(theta, nearby)) < SURE * tolerance:
            gain = left
            break
        nearby = None
        try:
            move, step, gain = model.direction(theta, accuracy=1e-2)
        except NotDefinite:
            if residual == 0.0:
                raise
            value = model.look(theta, items, residual := 0.0)
            continue
        if gain < tolerance and residual == 1.0:
            break
        if residual == 1.0 and gain < SMALL * tolerance:
            nearby = model.solver
        # The full Hessian is definite near the mode only; a step gaining little per vote says we are near.
        residual = 1.0 if gain < NEAR * len(design.vote_node) else 0.0
        theta, items, value = model.advance(theta, items, move, step, value, residual)
        taken += 1
    blocks = pull = None
    if covariance:
        solver = nearby or model.factor_at(theta, items)
        blocks = solver.variance_blocks(dims)
        # Where points are standardised, most of the pull is a change of scale, which that takes out again.
        pull = None if gauge.standardise else model.pull(solver, theta, items)
    return Fit(theta, items, blocks, pull, value, taken, float(gain), bool(gain < tolerance))


def factor_of(design: Design, gauge: Gauge, dims: int, fit: Fit) -> Factor:
    """The reduced Hessian's factor at a fit."""
    model = Climb(design, gauge, dims)
    model.look(fit.theta, fit.items, 1.0)
    return model.factor_at(fit.theta, fit.items)
