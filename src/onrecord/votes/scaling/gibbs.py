"""The published sampler: dynamic ordinal probit by Metropolis steps within Gibbs, in one compiled pass a sweep.

Follows the estimation of Bailey, Strezhnev and Voeten (2017, Journal of Conflict Resolution 61:430-456), whose steps are
those of Johnson and Albert (1999, Ordinal Data Modeling, sections 4.3.2 and 7.3): latent normal answers, cut points by a
truncated random walk, slopes with a standard normal prior, and positions whose prior mean is the state's last
conditional mean one session earlier (one later for its first). Positions are standardised over all state-sessions in
every sweep. It looks back in time only and mixes slowly; it is here to reproduce the published series.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from onrecord.votes.scaling.compiled import compiled
from onrecord.votes.scaling.design import Design
from onrecord.votes.scaling.likelihood import Bytes, Floats, Ints, Longs, Singles
from onrecord.votes.scaling.newton import Fit

# Spread of the cut points' random walk, bound of the cut points, of the latent answers and of positions.
STEP, CUT_BOUND, LATENT_BOUND, PLACE_BOUND = 0.2 / 3, 7.0, 9.0, 5.0
SMOOTH = 0.5
# The logistic curve nearest to the normal one is this much steeper (Johnson and Albert, section 3).
LOGIT_PER_PROBIT = 1.702
BURN_SHARE = 0.375
# Draws kept for the tools that ask for them, evenly spaced; means and variances rest on all.
DRAWS = 500


@compiled
def normal_cdf(x: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@compiled
def normal_quantile(p: float) -> float:
    """Inverse of the standard normal distribution function, to about 1e-9 (Acklam's rational approximation)."""
    p = min(max(p, 1e-300), 1.0 - 1e-16)
    if p < 0.02425 or p > 1.0 - 0.02425:
        tail = p if p < 0.5 else 1.0 - p
        q = math.sqrt(-2.0 * math.log(tail))
        x = (
            (
                (
                    ((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
                    - 2.549732539343734
                )
                * q
                + 4.374664141464968
            )
            * q
            + 2.938163982698783
        ) / (
            (
                ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
                + 3.754408661907416
            )
            * q
            + 1.0
        )
        return x if p < 0.5 else -x
    q = p - 0.5
    r = q * q
    return (
        (
            (
                (
                    ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
                    + 1.383577518672690e02
                )
                * r
                - 3.066479806614716e01
            )
            * r
            + 2.506628277459239
        )
        * q
        / (
            (
                (
                    ((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
                    + 6.680131188771972e01
                )
                * r
                - 1.328068155288572e01
            )
            * r
            + 1.0
        )
    )


@compiled
def answer_bounds(y: int, low: float, high: float, place: float) -> tuple[float, float]:
    """Probability below and up to the answer's band of the latent scale."""
    below = 0.0 if y == 0 else normal_cdf((low if y == 1 else high) - place)
    upto = 1.0 if y == 2 else normal_cdf((low if y == 0 else high) - place)
    return below, upto


@compiled
def item_pass(
    item_start: Longs,
    node: Ints,
    answer: Bytes,
    theta: Floats,
    slope: Floats,
    low: Floats,
    high: Floats,
    weight: Floats,
    pull: Floats,
) -> None:
    """Draw cut points, latent answers and slopes of every item; sum what they say of each node.

    Args:
        theta: positions (N). slope, low, high: of each item, changed in place (J).
        weight, pull: out, sums of slope^2 and of slope times latent answer (N).
    """
    weight[:] = 0.0
    pull[:] = 0.0
    latent = np.empty(answer.shape[0])
    for j in range(slope.shape[0]):
        first, last = item_start[j], item_start[j + 1]
        u = np.random.random()
        reach = normal_cdf((high[j] - low[j]) / STEP)
        floor = normal_cdf((-CUT_BOUND - low[j]) / STEP)
        new_low = low[j] + STEP * normal_quantile(u * reach + (1.0 - u) * floor)
        u = np.random.random()
        reach = normal_cdf((CUT_BOUND - high[j]) / STEP)
        floor = normal_cdf((new_low - high[j]) / STEP)
        new_high = high[j] + STEP * normal_quantile(u * reach + (1.0 - u) * floor)
        ratio = (1.0 - normal_cdf((new_low - high[j]) / STEP)) / (
            1.0 - normal_cdf((low[j] - new_high) / STEP)
        )
        for v in range(first, last):
            place = slope[j] * theta[node[v]]
            below, upto = answer_bounds(answer[v], low[j], high[j], place)
            new_below, new_upto = answer_bounds(answer[v], new_low, new_high, place)
            ratio *= max(new_upto - new_below, 1e-300) / max(upto - below, 1e-300)
        if np.random.random() < ratio:
            low[j] = new_low
            high[j] = new_high
        squares = 1.0
        product = 0.0
        for v in range(first, last):
            t = theta[node[v]]
            place = slope[j] * t
            below, upto = answer_bounds(answer[v], low[j], high[j], place)
            z = place + normal_quantile(below + np.random.random() * (upto - below))
            z = min(max(z, -LATENT_BOUND), LATENT_BOUND)
            latent[v] = z
            squares += t * t
            product += t * z
        slope[j] = product / squares + np.random.standard_normal() / math.sqrt(squares)
        for v in range(first, last):
            weight[node[v]] += slope[j] * slope[j]
            pull[node[v]] += slope[j] * latent[v]


@compiled
def seeded(seed: int) -> None:
    """Seed the compiled generator, which is apart from NumPy's own."""
    np.random.seed(seed)


@dataclass(frozen=True)
class Walk:
    """Observed nodes, the node each leans on (-1 for none) and the variance of that lean."""

    nodes: Longs
    lag: Longs
    variance: Floats


def walk_of(design: Design) -> Walk:
    """Which node each observed one leans on: the state's last observed before it, the next for its first."""
    observed = np.flatnonzero(design.voted > 0)
    lag = np.full(len(design.node_actor), -1)
    latest: dict[int, int] = {}
    first: dict[int, int] = {}
    for n in observed:
        actor = int(design.node_actor[n])
        if actor in latest:
            lag[n] = latest[actor]
            if latest[actor] == first[actor] and lag[first[actor]] < 0:
                lag[first[actor]] = n
        else:
            first[actor] = int(n)
        latest[actor] = int(n)
    own = design.voted[observed].astype(np.float64)
    leaned = np.where(lag[observed] >= 0, design.voted[lag[observed]], 0)
    return Walk(observed, lag[observed], SMOOTH * own / (own + leaned))


def sample(design: Design, up: Floats, down: Floats, guess: Floats, *, sweeps: int, seed: int) -> Fit:
    """Posterior means and variances by the published sampler.

    Args:
        up, down: 1 for the nodes of the anchors that lie up and down (N); they start at 3 and -2, the rest at 0.
        guess: positions to start from where no anchor voted (N).
        sweeps: in all; the first three eighths are thrown away.
        seed: of the random numbers.
    """
    walk = walk_of(design)
    mean = 3.0 * up - 2.0 * down if (up.any() or down.any()) else guess.copy()
    slope, low, high = first_draw(design, mean)
    generator = np.random.default_rng(seed)
    seeded(seed)
    theta = np.zeros(len(mean))
    weight, pull = first_sums(design, slope, low, high)
    kept, burn = 0, int(BURN_SHARE * sweeps)
    wanted = set(np.unique(np.linspace(burn, sweeps - 1, DRAWS).astype(int)).tolist())
    draws = []
    totals = [np.zeros_like(theta), np.zeros_like(theta), *(np.zeros_like(slope) for _ in range(3))]
    for turn in range(sweeps):
        prior = np.where(walk.lag >= 0, mean[walk.lag], 0.0)
        precision = weight[walk.nodes] + 1.0 / walk.variance
        mean[walk.nodes] = (pull[walk.nodes] + prior / walk.variance) / precision
        drawn = mean[walk.nodes] + generator.standard_normal(len(walk.nodes)) / np.sqrt(precision)
        drawn = np.clip(drawn, -PLACE_BOUND, PLACE_BOUND)
        theta[walk.nodes] = (drawn - drawn.mean()) / drawn.std(ddof=1)
        item_pass(
            design.item_start, design.vote_node, design.vote_answer, theta, slope, low, high, weight, pull
        )
        if turn >= burn:
            kept += 1
            for k, value in enumerate((theta, theta**2, slope, low, high)):
                totals[k] += value
        if turn in wanted:
            draws.append(theta.astype(np.float32))
    return summary(design, [total / kept for total in totals], np.stack(draws)[:, :, None], sweeps)


def first_draw(design: Design, mean: Floats) -> tuple[Floats, Floats, Floats]:
    """Starting slopes, by how anchors' answers divide, and cut points, by the shares of the answers."""
    item = design.vote_item
    count = np.zeros((len(design.items), 3))
    np.add.at(count, (item, design.vote_answer), 1.0)
    share = np.cumsum(count, axis=1) / count.sum(axis=1, keepdims=True)
    place = mean[design.vote_node]
    centred = design.vote_answer - (count @ np.arange(3.0) / count.sum(axis=1))[item]
    slope = np.sign(np.round(np.bincount(item, place * centred, minlength=len(design.items)), 9))
    return slope, -1 + 2 * share[:, 0], -1 + 2 * np.maximum(share[:, 1], share[:, 0] + 1e-3)


def first_sums(design: Design, slope: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """What the items say of each node before any draw, positions at 0."""
    nodes = len(design.node_actor)
    item = design.vote_item
    middle = np.where(
        design.vote_answer == 0,
        low[item] - 0.8,
        np.where(design.vote_answer == 2, high[item] + 0.8, 0.5 * (low[item] + high[item])),
    )
    weight = np.bincount(design.vote_node, slope[item] ** 2, minlength=nodes)
    pull = np.bincount(design.vote_node, slope[item] * middle, minlength=nodes)
    return weight.astype(np.float64), pull.astype(np.float64)


def summary(design: Design, means: list[Floats], draws: Singles, sweeps: int) -> Fit:
    """Posterior means on the logit scale of ``likelihood``, nodes without votes at the state's last place."""
    theta, square, slope, low, high = means
    variance = np.maximum(square - theta**2, 0.0)
    for n in range(len(theta)):
        if design.voted[n] == 0:
            theta[n], variance[n] = theta[design.previous[n]], variance[design.previous[n]]
    items = np.column_stack([slope, low, np.log(np.maximum(high - low, 1e-6))])
    items[:, :2] *= LOGIT_PER_PROBIT
    items[:, 2] += np.log(LOGIT_PER_PROBIT)
    none = float("nan")
    return Fit(theta[:, None], items, variance[:, None, None], None, none, sweeps, none, True, draws)
