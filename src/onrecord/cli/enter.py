"""`onrecord enter`: put rows on record."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json


@click.command()
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
@click.option("--by", help="Who enters this; the record's keeper unless given. It is kept with the entries.")
@json_option
@click.pass_context
def enter(ctx: click.Context, files: tuple[Path, ...], dry_run: bool, by: str | None, as_json: bool) -> None:
    """Add the rows of CSV or JSON Lines FILES, all of them or none."""
    record = the_record(ctx)
    entered = record.enter_files(files, by=by, dry_run=dry_run)
    if not dry_run:
        record.views.refresh()
    if as_json:
        print_json({"added": entered.added, "already": entered.already, "dry_run": dry_run})
        return
    verb = "would be added" if dry_run else "added"
    click.echo(f"{entered.added:,} entries {verb}; {entered.already:,} were on record already.")
