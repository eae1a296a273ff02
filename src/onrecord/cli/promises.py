"""`onrecord promises`: what became of each promise."""

from __future__ import annotations

import click
import polars as pl

from onrecord.cli.dates import as_of_option, day_of
from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame
from onrecord.promises import outcomes
from onrecord.record import KEEPER


@click.command()
@as_of_option
@click.option(
    "--class",
    "promise_class",
    type=click.Choice(["promise", "aspiration", "obligation", "ask"]),
    help="Only this class; classes are never added up.",
)
@json_option
@csv_option
@click.pass_context
def promises(
    ctx: click.Context, as_of: str | None, promise_class: str | None, as_json: bool, as_csv: bool
) -> None:
    """Print every promise with its outcome on a day: kept, kept late, overdue, waiting, broken or not to be rated.

    "days" is the least number of days that surely lie in the outcome; "days_most" is larger where a date is only
    a month or a year.
    """
    record = the_record(ctx)
    day = day_of(record, as_of)
    found = outcomes(record.as_seen_by(KEEPER), as_of=day)
    if promise_class:
        found = found.filter(pl.col("promise_class") == promise_class)
    if not (as_json or as_csv):
        found = found.select("id", "promise_class", "by", "to_whom", "outcome", "sentence")
        print_frame(found, as_json=False, as_csv=False)
        return
    print_frame(
        found.rename({"promise_class": "class"}).with_columns(
            pl.col("days_least").alias("days"), pl.lit(day).alias("as_of")
        ),
        as_json=as_json,
        as_csv=as_csv,
    )
