"""`onrecord show`: one entry with its history and its place in the ledger."""

from __future__ import annotations

import json

import click
import msgspec

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option
from onrecord.record import KEEPER


@click.command()
@click.argument("entry_id")
@json_option
@click.pass_context
def show(ctx: click.Context, entry_id: str, as_json: bool) -> None:
    """Print the entry ENTRY_ID as it stands now, with every state it was in."""
    seen = the_record(ctx).as_seen_by(KEEPER).entry(entry_id)
    value = msgspec.to_builtins(seen)
    click.echo(json.dumps(value, ensure_ascii=False, indent=None if as_json else 2))
