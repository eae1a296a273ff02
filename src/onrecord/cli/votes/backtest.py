"""`onrecord votes backtest`: how well past votes would have been foretold."""

from __future__ import annotations

from datetime import datetime

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_frame, print_json, progress
from onrecord.record import KEEPER
from onrecord.rollcalls.backtests import back_tested
from onrecord.rollcalls.bodies import body_named


@click.command("backtest")
@click.option("--body", default="hrc", show_default=True, help="Whose roll calls: hrc, unga, or as imported.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day scored; the last six years with answers unless given, three where titles are compared.",
)
@json_option
@click.pass_context
def backtest(ctx: click.Context, body: str, since: datetime | None, as_json: bool) -> None:
    """Foretell every past draft from what was known before it, and score the forecasts beside plain guesses.

    What it finds is kept with the record, for the page on how well past votes would have been foretold.
    """
    record = the_record(ctx)
    view = record.as_seen_by(KEEPER)
    result = back_tested(
        record,
        view,
        body_named(record, view, body),
        since=since.date() if since else None,
        progress=progress("Drafts"),
    )
    if as_json:
        print_json(
            {
                "since": result.since,
                "scores": result.scores.to_dicts(),
                "calibration": result.calibration.to_dicts(),
                "drafts": result.drafts.to_dicts(),
                "interval_share": result.interval_share,
            }
        )
        return
    click.echo(
        f"{result.drafts.height} drafts since {result.since}; the count of yes lay in its 80 % interval in {result.interval_share:.0%} of them.\n"
    )
    print_frame(result.scores, as_json=False, as_csv=False)
