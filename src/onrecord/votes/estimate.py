"""What an ideal-point fit says: points with intervals, items, and the probability of any vote."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from onrecord.errors import InvalidInput, Problem, UsageError
from onrecord.votes.frames import ABSTAIN, NO, YES, require
from onrecord.votes.scaling.design import Design
from onrecord.votes.scaling.likelihood import Floats, Ints, probabilities_of
from onrecord.votes.scaling.newton import Fit, one_item
from onrecord.votes.scaling.orient import Turn

# 95th percentile of the standard normal: q05 and q95 bound the middle 90%.
NORMAL_95 = 1.6448536269514722


@dataclass(frozen=True)
class Estimate:
    """Ideal points of states over sessions, from roll calls.

    Attributes:
        gauge: name of the gauge. dimensions: number of axes.
        design: votes and nodes as arrays. fit: the mode, oriented; mode: as it was found, to refit from; turn: what
            was done to it.
        rollcall_items: rcid, item, session of every roll call handed in, unanimous ones too.
        unanimous: item, answer (1, 2, 3), votes: items on which all agreed; they tell nothing of position.
        oriented_by: the anchors that fixed the direction, in words.
    """

    gauge: str
    dimensions: int
    design: Design
    fit: Fit
    mode: Fit
    turn: Turn
    rollcall_items: pl.DataFrame
    unanimous: pl.DataFrame
    oriented_by: str

    @property
    def points(self) -> pl.DataFrame:
        """Positions: actor, session, mean, sd, q05, q95, dimension (from 1), votes.

        One row a state, session and dimension in which the state voted on a contested item. The interval is
        the middle 90% of the normal approximation at the mode, in the free gauge wider by how far the priors pull
        the point; null when intervals were not asked for.
        """
        seen = np.flatnonzero(self.design.voted > 0)
        frames = [self._axis(seen, d) for d in range(self.dimensions)]
        return pl.concat(frames).sort("actor", "session", "dimension")

    def _axis(self, seen: np.ndarray[tuple[int], np.dtype[np.int64]], axis: int) -> pl.DataFrame:
        design, fit = self.design, self.fit
        table = pl.DataFrame(
            {
                **design.labels(seen),
                "mean": fit.theta[seen, axis],
                "dimension": np.full(len(seen), axis + 1, dtype=np.int8),
                "votes": design.voted[seen],
            }
        )
        sd = pl.lit(None, pl.Float64)
        if fit.covariance is not None:
            pull = 0.0 if fit.pull is None else fit.pull[seen, axis]
            sd = pl.lit(pl.Series(np.sqrt(fit.covariance[seen, axis, axis] + pull**2)))
        return table.with_columns(sd=sd).select(
            "actor",
            "session",
            "mean",
            "sd",
            (pl.col("mean") - NORMAL_95 * pl.col("sd")).alias("q05"),
            (pl.col("mean") + NORMAL_95 * pl.col("sd")).alias("q95"),
            "dimension",
            "votes",
        )

    @property
    def items(self) -> pl.DataFrame:
        """Contested items: item, slope_1..slope_D, cut_1, cut_2, votes.

        ``P(yes) = F(cut_1 - slope.x)``, ``P(yes or abstain) = F(cut_2 - slope.x)``: with a positive slope, states
        further up the axis say no more often. In one dimension a state at ``cut_1 / slope`` is as likely as
        not to say yes: the cut line.
        """
        design, items, dims = self.design, self.fit.items, self.dimensions
        columns = {f"slope_{d + 1}": items[:, d] for d in range(dims)}
        return pl.DataFrame(
            {
                "item": design.items,
                **columns,
                "cut_1": items[:, dims],
                "cut_2": items[:, dims] + np.exp(items[:, dims + 1]),
                "votes": np.diff(design.item_start),
            }
        )

    @property
    def diagnostics(self) -> dict[str, object]:
        """Convergence, counts and orientation, plain values fit for JSON."""
        return {
            "gauge": self.gauge,
            "dimensions": self.dimensions,
            "converged": self.fit.converged,
            "steps": self.fit.steps,
            "decrement": self.fit.decrement,
            "log_posterior": self.fit.log_posterior,
            "votes": len(self.design.vote_node),
            "items": len(self.design.items),
            "state_sessions": int((self.design.voted > 0).sum()),
            "unanimous_items": self.unanimous.height,
            "oriented_by": self.oriented_by,
        }

    def probabilities(self, votes: pl.DataFrame) -> pl.DataFrame:
        """Probability of each answer for rows of state and roll call.

        Args:
            votes: rcid, iso3 and any other columns; the answer itself is not looked at.

        Returns:
            the rows with p_yes, p_abstain, p_no and ``basis``: ``position`` (state and item are in the fit),
            ``carried`` (the state has no vote in that session; its position nearest in time is used),
            ``unanimous`` (all agreed on the item; Laplace's rule of succession on their answer), or
            ``unknown`` (state or roll call not in the fit; probabilities null).

        Raises:
            InvalidInput: a column is missing.
        """
        require(votes, ("rcid", "iso3"), "votes")
        keys = self._keys(votes)
        known = keys["item_at"].is_not_null() & keys["node"].is_not_null()
        out = np.full((votes.height, 3), np.nan)
        rows = known.arg_true().to_numpy()
        out[rows] = self._known(keys.filter(known))
        alike = keys["answer"].is_not_null().to_numpy()
        out[alike] = unanimous_chances(keys.filter(pl.Series(alike)))
        basis = (
            pl.when(pl.Series(alike))
            .then(pl.lit("unanimous"))
            .when(~known)
            .then(pl.lit("unknown"))
            .when(keys["carried"])
            .then(pl.lit("carried"))
            .otherwise(pl.lit("position"))
        )
        names = ("p_yes", "p_abstain", "p_no")
        columns = [pl.Series(name, out[:, k]).fill_nan(None) for k, name in enumerate(names)]
        return votes.with_columns(*columns, basis.alias("basis"))

    def with_rollcall(self, rcid: int | str, session: int, votes: pl.DataFrame) -> Estimate:
        """The estimate with one more roll call, states standing where they stood: quick, until the next refit.

        Args:
            rcid: of the new roll call; not yet in the estimate. votes: iso3, vote (1, 2, 3); states not in the
                estimate are passed over.

        Raises:
            UsageError: the roll call is already in the estimate.
            InvalidInput: a column is missing, or no known state voted.
        """
        require(votes, ("iso3", "vote"), "votes")
        if self.rollcall_items["rcid"].index_of(rcid) is not None:
            raise UsageError(f"Roll call {rcid} is already in the estimate. Refit to change its votes.")
        call = pl.DataFrame(
            {"rcid": [rcid], "item": [rcid], "session": [session]}, schema=self.rollcall_items.schema
        )
        wider = replace(self, rollcall_items=pl.concat([self.rollcall_items, call]))
        nearest = self.design.nearest_nodes(session)
        cast = [
            (nearest[state], vote)
            for state, vote in votes.select("iso3", "vote").iter_rows()
            if state in nearest
        ]
        counted = [(node, vote - YES) for node, vote in cast if vote in {YES, ABSTAIN, NO}]
        if not counted:
            raise InvalidInput(
                [Problem("no state of the estimate voted.", "Estimate anew with these states.")]
            )
        node = np.array([place for place, _ in counted], dtype=np.int32)
        answer = np.array([vote for _, vote in counted], dtype=np.int8)
        if len(np.unique(answer)) == 1:
            agreed = pl.DataFrame(
                {"item": [rcid], "answer": [int(answer[0]) + YES], "votes": [len(answer)]},
                schema=self.unanimous.schema,
            )
            return replace(wider, unanimous=pl.concat([self.unanimous, agreed]))
        item = one_item(self.fit.theta, node, answer)
        return replace(
            wider,
            design=self.design.with_item(call["item"], node, answer),
            fit=replace(self.fit, items=np.vstack([self.fit.items, item])),
            mode=replace(self.mode, items=np.vstack([self.mode.items, item])),
        )

    def _keys(self, votes: pl.DataFrame) -> pl.DataFrame:
        """Place of each row's item and node in the fit, null where there is none."""
        design = self.design
        item_at = pl.DataFrame({"item": design.items}).with_row_index("item_at")
        asked = votes.select(pl.col("rcid").cast(self.rollcall_items.schema["rcid"]), "iso3")
        rows = (
            asked.join(self.rollcall_items, on="rcid", how="left", maintain_order="left")
            .join(item_at, on="item", how="left", maintain_order="left")
            .join(self.unanimous.rename({"votes": "agreed"}), on="item", how="left", maintain_order="left")
            .with_row_index("row")
        )
        nodes = pl.DataFrame(
            {
                "iso3": design.actors.gather(design.node_actor),
                "session": design.sessions[design.node_session],
                "node_session": design.sessions[design.node_session],
                "node": np.arange(len(design.node_actor), dtype=np.int64),
                "seen": design.voted > 0,
            }
        ).sort("session")
        placed = rows.sort("session").join_asof(
            nodes, on="session", by="iso3", strategy="nearest", check_sortedness=False
        )
        carried = (pl.col("node_session") != pl.col("session")) | ~pl.col("seen")
        return placed.sort("row").with_columns(carried=carried.fill_null(True))

    def _known(self, keys: pl.DataFrame) -> Floats:
        """Probabilities of rows whose item and state are in the fit (rows, 3)."""
        fit = self.fit
        spread = fit.covariance
        if spread is None:
            spread = np.zeros((len(fit.theta), self.dimensions, self.dimensions))
        out = np.empty((keys.height, 3))
        node: Ints = keys["node"].to_numpy().astype(np.int32)
        item: Ints = keys["item_at"].to_numpy().astype(np.int32)
        probabilities_of(fit.theta, spread, fit.items, node, item, out)
        return out


def unanimous_chances(keys: pl.DataFrame) -> Floats:
    """Laplace's rule of succession on an item where all gave one answer: (votes + 1) / (votes + 3) for it."""
    agreed = keys["agreed"].to_numpy().astype(np.float64)
    answer = keys["answer"].to_numpy().astype(np.int64)
    out = np.repeat(1.0 / (agreed + 3.0)[:, None], NO - YES + 1, axis=1)
    out[np.arange(len(answer)), answer - YES] = (agreed + 1.0) / (agreed + 3.0)
    return out
