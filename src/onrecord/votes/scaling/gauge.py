"""Priors that fix the scale of an otherwise free axis.

Ideal points are known only up to location, scale and direction. The ``published`` gauge follows Bailey,
Strezhnev and Voeten (2017, Journal of Conflict Resolution 61:430-456): every state-session is standard normal
beside its random walk, and the pooled points have mean 0 and standard deviation 1. The ``free`` gauge leaves
states to walk from their first session; it predicts hidden votes a little better.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Gauge:
    """Prior of one axis; variances in squared units of the axis, items on the logit scale.

    Attributes:
        name: as callers spell it.
        walk_variance: variance of a state's step from one session to the next; k sessions apart, k times it.
        node_precision: precision of N(0, 1/p) laid on every state-session; 0 for none.
        first_precision: precision of the normal laid on a state's first session.
        slope_variance: variance of an item's discrimination. Chosen, like the walk, on hidden votes.
        cut_variance: variance of an item's first cut point.
        width_shape: shape of the Gamma prior of the distance between the two cut points.
        width_rate: its rate.
        standardise: whether the points are reported with pooled mean 0 and standard deviation 1.
    """

    name: str
    walk_variance: float
    node_precision: float
    first_precision: float
    slope_variance: float = 3.0
    cut_variance: float = 25.0
    width_shape: float = 1.5
    width_rate: float = 0.5
    standardise: bool = False

    def shared_among(self, dims: int) -> Gauge:
        """The gauge for each of several axes: walk and slopes share the prior variance of one."""
        return replace(
            self, walk_variance=self.walk_variance / dims, slope_variance=self.slope_variance / dims
        )


GAUGES = {
    gauge.name: gauge
    for gauge in (
        Gauge("published", walk_variance=0.25, node_precision=1.0, first_precision=0.0, standardise=True),
        Gauge("free", walk_variance=0.2, node_precision=0.0, first_precision=1.0, slope_variance=6.0),
    )
}
