"""`onrecord movers`: who moved."""

from __future__ import annotations

import click

from onrecord import positions
from onrecord.cli.dates import as_of_option, day_of
from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame
from onrecord.cli.plain import plain
from onrecord.record import KEEPER


@click.command()
@as_of_option
@click.option(
    "--topic",
    "topics",
    multiple=True,
    help="Only texts on this topic; the record's main topics unless given.",
)
@json_option
@csv_option
@click.pass_context
def movers(
    ctx: click.Context, as_of: str | None, topics: tuple[str, ...], as_json: bool, as_csv: bool
) -> None:
    """Rank the states that changed sides, took their name off, left, came or came back, with the entries that show it."""
    record = the_record(ctx)
    found = positions.movers(record.as_seen_by(KEEPER), as_of=day_of(record, as_of), topics=topics or None)
    if as_json or as_csv:
        print_frame(found, as_json=as_json, as_csv=as_csv)
        return
    for rank, kind, sentence in found.select("rank", "kind", "sentence").iter_rows():
        click.echo(f"{rank:>3}  {kind:<21} {plain(sentence)}")
