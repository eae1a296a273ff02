"""`onrecord sql`: ask the entries on record and the tables that were found in the documents."""

from __future__ import annotations

import click
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame
from onrecord.cli.waiting import tell_what_waits
from onrecord.search.tables import ask
from onrecord.search.tracing import NO_PLACES, leads_back


@click.command()
@click.argument("query")
@json_option
@csv_option
@click.pass_context
def sql(ctx: click.Context, query: str, as_json: bool, as_csv: bool) -> None:
    """Ask one SELECT of the entries, one table a kind, and of all sheets taken in; `select * from tables` lists these.

    Every row of a table has _document (SHA-256), _sheet and _row, and every entry _entry, asked for or not, so that it
    can be cited. Counts and groups have no such place; that is said.
    """
    record = the_record(ctx)
    rows = ask(record, query)
    tell_what_waits(record)
    print_frame(rows if as_json or as_csv else _shortened(rows), as_json=as_json, as_csv=as_csv)
    if not leads_back(rows.columns):
        click.echo(NO_PLACES, err=True)


def _shortened(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows for reading, with so much of a document's hash as names it, for `onrecord cite` too."""
    return rows.with_columns(pl.col("^_?document(_[0-9]+)?$").cast(pl.String).str.head(16))
