"""`onrecord votes check`: what is wrong with the roll calls on record, as far as a program can tell."""

from __future__ import annotations

import click
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame
from onrecord.record import KEEPER, Record, View
from onrecord.rollcalls import Body, bodies
from onrecord.votes.check import RULES, findings


@click.command("check")
@json_option
@csv_option
@click.pass_context
def check(ctx: click.Context, as_json: bool, as_csv: bool) -> None:
    """List what does not fit: tallies, members, dates, duplicates, reversed texts."""
    record = the_record(ctx)
    view = record.as_seen_by(KEEPER)
    found = [checked(body, view, record) for body in bodies(record, view).values()]
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


def checked(body: Body, view: View, record: Record) -> pl.DataFrame:
    """The findings for one body, with its name; members are checked where their terms are on record."""
    terms = view.table("membership").filter(pl.col("of") == body.body)
    members = terms.select(
        pl.col("actor").alias("iso3"), pl.col("start_first").alias("start"), pl.col("end_last").alias("end")
    )
    table = findings(
        body.votes,
        body.rollcalls,
        membership=members if members.height else None,
        as_of=record.clock().date(),
    )
    return table.insert_column(0, pl.lit(body.body).alias("body"))
