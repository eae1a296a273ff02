"""How well positions explain the votes: per roll call, per state, and in all.

Proportional reduction in error compares the model's mistakes with those of calling everyone's vote as the most frequent
answer (Poole and Rosenthal, 1997, Congress, ch. 2); its aggregate is APRE. The geometric mean probability is the
exponential of the mean log-likelihood of a vote.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from onrecord.votes.estimate import Estimate


def explained(estimate: Estimate, votes: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Fit of an estimate to votes, for groups of them.

    Args:
        votes: rcid, iso3, vote (1, 2, 3); hidden ones for an honest figure, those of the fit for a description.
        by: columns to group by: ``["rcid"]``, ``["iso3"]``, ``["session"]``, several, or none for all together.

    Returns:
        the columns of ``by``, votes, correct (share whose likeliest answer came true), baseline_correct (share with the
        roll call's most frequent answer), apre (share of the baseline's mistakes put right; null without
        mistakes), geometric_mean (0 to 1). Rows outside the estimate are left out.

    Raises:
        InvalidInput: a column is missing.
    """
    told = estimate.probabilities(votes.filter(pl.col("vote").is_in([1, 2, 3])))
    told = told.filter(pl.col("basis").is_in(["position", "carried"]))
    sessions = estimate.rollcall_items.select("rcid", "session")
    told = told.drop("session", strict=False).join(sessions, on="rcid", how="left")
    chances = ("p_yes", "p_abstain", "p_no")
    largest = pl.max_horizontal(chances)
    likeliest = (
        pl.when(pl.col("p_yes") == largest).then(1).when(pl.col("p_abstain") == largest).then(2).otherwise(3)
    )
    given = (
        pl.when(pl.col("vote") == 1)
        .then("p_yes")
        .when(pl.col("vote") == 2)
        .then("p_abstain")
        .otherwise("p_no")
    )
    told = told.with_columns(
        right=likeliest == pl.col("vote"),
        modal=pl.col("vote") == pl.col("vote").mode().min().over("rcid"),
        log=given.clip(1e-12).log(),
    )
    groups = (
        told.group_by(list(by), maintain_order=True) if by else told.group_by(pl.lit("all").alias("group"))
    )
    table = groups.agg(
        pl.len().alias("votes"),
        pl.col("right").mean().alias("correct"),
        pl.col("modal").mean().alias("baseline_correct"),
        pl.col("log").mean().exp().alias("geometric_mean"),
    )
    mistakes = 1 - pl.col("baseline_correct")
    apre = pl.when(mistakes > 0).then((pl.col("correct") - pl.col("baseline_correct")) / mistakes)
    return table.with_columns(apre=apre).select(
        *by, "votes", "correct", "baseline_correct", "apre", "geometric_mean"
    )
