"""`onrecord votes movers`: which states took another position, when, and how surely."""

from __future__ import annotations

import click
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame
from onrecord.record import KEEPER
from onrecord.rollcalls.bodies import body_named
from onrecord.rollcalls.estimates import estimated


@click.command("movers")
@click.option(
    "--body", default="unga", show_default=True, help="Whose roll calls: unga, hrc, sc, or as imported."
)
@click.option("--state", help="Only this state, by its ISO 3166-1 alpha-3 code.")
@json_option
@csv_option
@click.pass_context
def movers(ctx: click.Context, body: str, state: str | None, as_json: bool, as_csv: bool) -> None:
    """List change points of states' positions, the likeliest first, with answers changed on repeated texts."""
    record = the_record(ctx)
    click.echo("Estimating positions; all sessions of the General Assembly take some seconds …", err=True)
    found = estimated(record, body_named(record, record.as_seen_by(KEEPER), body)).movers
    if state is not None:
        found = found.filter(pl.col("actor") == state.upper())
    if not as_json and not as_csv:
        found = found.select(
            "actor", "session", "probability", "shift", "toward", "repeats", "repeats_changed"
        ).head(40)
    print_frame(found, as_json=as_json, as_csv=as_csv)
