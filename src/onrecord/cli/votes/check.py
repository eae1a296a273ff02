"""`onrecord votes check`: what is wrong with the roll calls on record, as far as a program can tell."""

from __future__ import annotations

import click
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame
from onrecord.record import KEEPER
from onrecord.rollcalls import bodies
from onrecord.rollcalls.checked import checked
from onrecord.votes.check import RULES


@click.command("check")
@json_option
@csv_option
@click.pass_context
def check(ctx: click.Context, as_json: bool, as_csv: bool) -> None:
    """List what does not fit: tallies, members, dates, duplicates, reversed texts."""
    record = the_record(ctx)
    view, today = record.as_seen_by(KEEPER), record.clock().date()
    found = [
        checked(body, view, today).insert_column(0, pl.lit(body.body).alias("body"))
        for body in bodies(record, view).values()
    ]
    table = pl.concat(found) if found else pl.DataFrame(schema={"body": pl.String})
    if as_json or as_csv:
        print_frame(table, as_json=as_json, as_csv=as_csv)
        return
    if not found:
        click.echo("No roll calls are on record. Bring them with `onrecord votes import FILE…`.")
        return
    for rule in RULES.values():
        count = table.filter(pl.col("rule") == rule.id).height
        if count:
            click.echo(
                f"{count:6,}  {rule.id}: {rule.says}{' (left out of estimates)' if rule.excluded else ''}"
            )
    click.echo(f"{table.height:,} findings in all; --csv lists them.")
