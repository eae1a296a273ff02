"""`onrecord votes estimate`: where states stand, session by session."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame, print_json
from onrecord.record import KEEPER
from onrecord.rollcalls.bodies import body_named
from onrecord.rollcalls.estimates import estimate_of
from onrecord.votes.inference_data import write_netcdf


@click.command("estimate")
@click.option(
    "--body", default="unga", show_default=True, help="Whose roll calls: unga, hrc, sc, or as imported."
)
@click.option("--issue", type=click.Choice(["hr"]), help="Only roll calls on human rights.")
@click.option("--dimensions", type=click.IntRange(1, 4), default=1, show_default=True)
@click.option(
    "--netcdf",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the estimate to this file, for ArviZ and xarray; needs the extra `arviz`.",
)
@json_option
@csv_option
@click.pass_context
def estimate(
    ctx: click.Context,
    body: str,
    issue: str | None,
    dimensions: int,
    netcdf: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Estimate the ideal point of every state in every session, with 90 % intervals."""
    record = the_record(ctx)
    click.echo("Estimating positions; all sessions of the General Assembly take some seconds …", err=True)
    estimate = estimate_of(
        body_named(record, record.as_seen_by(KEEPER), body), issue=issue, dimensions=dimensions
    )
    if netcdf is not None:
        write_netcdf(estimate, netcdf)
        click.echo(f"Written to {netcdf}; open it with arviz.from_netcdf.", err=True)
    points = estimate.points
    if as_json:
        print_json({"diagnostics": estimate.diagnostics, "points": points.to_dicts()})
        return
    if not as_csv:
        last = points["session"].sort()[-1]
        click.echo(
            f"{points['actor'].n_unique()} states, {points['session'].n_unique()} sessions; session {last}:"
        )
        points = points.filter(pl.col("session") == last).sort("dimension", "mean")
    print_frame(points, as_json=False, as_csv=as_csv)
