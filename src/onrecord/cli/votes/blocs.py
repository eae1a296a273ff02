"""`onrecord votes blocs`: which states vote together, and how surely."""

from __future__ import annotations

import click
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame, print_json
from onrecord.record import KEEPER
from onrecord.rollcalls.blocs import DRAWS, SESSIONS, blocs_of
from onrecord.rollcalls.bodies import body_named


@click.command("blocs")
@click.option(
    "--body", default="unga", show_default=True, help="Whose roll calls: unga, hrc, sc, or as imported."
)
@click.option(
    "--sessions", type=click.IntRange(1), default=SESSIONS, show_default=True, help="How many sessions."
)
@click.option("--until", type=int, help="The last of them; the last on record unless given.")
@click.option("--issue", type=click.Choice(["hr"]), help="Only roll calls on human rights.")
@click.option(
    "--resolution",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="Larger finds more and smaller blocs.",
)
@click.option(
    "--draws", type=click.IntRange(1), default=DRAWS, show_default=True, help="Of roll calls, for stability."
)
@json_option
@csv_option
@click.pass_context
def blocs(
    ctx: click.Context,
    body: str,
    sessions: int,
    until: int | None,
    issue: str | None,
    resolution: float,
    draws: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Find the blocs that vote together, by the Leiden algorithm, with how often each state falls into its own."""
    record = the_record(ctx)
    found = blocs_of(
        body_named(record, record.as_seen_by(KEEPER), body),
        sessions=sessions,
        until=until,
        issue=issue,
        resolution=resolution,
        draws=draws,
    )
    told = found.blocs
    if as_json:
        print_json(
            {
                "first_session": found.first,
                "last_session": found.last,
                "rollcalls": told.rollcalls,
                "modularity": told.modularity,
                "blocs": told.blocs.to_dicts(),
                "members": told.members.to_dicts(),
            }
        )
        return
    if as_csv:
        print_frame(told.members, as_json=False, as_csv=True)
        return
    click.echo(
        f"{told.blocs.height} blocs in sessions {found.first} to {found.last} ({told.rollcalls} roll calls that divided):\n"
    )
    for bloc in told.blocs.to_dicts():
        mine = told.members.filter(pl.col("bloc") == bloc["bloc"])["actor"]
        sure = "none" if bloc["stability"] is None else f"{bloc['stability']:.2f}"
        click.echo(f"Bloc {bloc['bloc']}, {bloc['states']} states, stability {sure}: {' '.join(mine)}\n")
