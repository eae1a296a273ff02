"""`onrecord rebuild`: make everything derived anew."""

from __future__ import annotations

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import progress


@click.command()
@click.pass_context
def rebuild(ctx: click.Context) -> None:
    """Throw away what is derived and make it again from ledger and archive."""
    state = the_record(ctx).rebuild(progress("Segments"))
    click.echo(f"Views rebuilt over {state.size:,} lines of the ledger, root {state.root}.")
