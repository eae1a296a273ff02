"""`onrecord sql`: ask the entries on record and the tables that were found in the documents."""

from __future__ import annotations

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame
from onrecord.search.tables import ask


@click.command()
@click.argument("query")
@json_option
@csv_option
@click.pass_context
def sql(ctx: click.Context, query: str, as_json: bool, as_csv: bool) -> None:
    """Ask one SELECT of the entries, one table a kind, and of all sheets taken in; `select * from tables` lists these.

    Every row of a table has _document (SHA-256), _sheet and _row, so that it can be cited.
    """
    print_frame(ask(the_record(ctx), query), as_json=as_json, as_csv=as_csv)
