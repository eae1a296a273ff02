"""`onrecord votes agreement`: how alike states vote, with consensus set apart and chance taken off."""

from __future__ import annotations

import click
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame
from onrecord.record import KEEPER
from onrecord.rollcalls.bodies import body_named
from onrecord.rollcalls.estimates import selected
from onrecord.votes import alignment


@click.command("agreement")
@click.option(
    "--with", "other", required=True, help="The state to compare with, by its ISO 3166-1 alpha-3 code."
)
@click.option(
    "--body", default="unga", show_default=True, help="Whose roll calls: unga, hrc, sc, or as imported."
)
@click.option("--issue", type=click.Choice(["hr"]), help="Only roll calls on human rights.")
@click.option("--state", help="Only this state.")
@json_option
@csv_option
@click.pass_context
def agreement(
    ctx: click.Context,
    other: str,
    body: str,
    issue: str | None,
    state: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Compare every state's answers with another state's, session by session."""
    record = the_record(ctx)
    votes, rollcalls = selected(body_named(record, record.as_seen_by(KEEPER), body), issue)
    table = alignment.agreement(votes, rollcalls, {other.upper(): [other.upper()]})
    if state is not None:
        table = table.filter(pl.col("actor") == state.upper())
    if not as_json and not as_csv:
        latest = table["session"].sort()[-1] if table.height else None
        chosen = (pl.col("part") == "divided") & (
            (pl.col("session") == latest) if state is None else pl.lit(value=True)
        )
        table = table.filter(chosen).select(
            "actor", "session", "rollcalls", "agreement", "agreement_q05", "agreement_q95", "s_score", "kappa"
        )
    print_frame(table, as_json=as_json, as_csv=as_csv)
