"""`onrecord new`: make a record."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.record import Record
from onrecord.records import shipped, template


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from", "name", type=click.Choice(shipped()), help="Start from a record that comes with the program."
)
@click.option("--title", default="", help="What the record is called.")
@click.option("--ledger", default="", metavar="ADDRESS", help="Keep the ledger in PostgreSQL: postgresql://…")
@click.option(
    "--archive", default="", metavar="ADDRESS", help="Keep the originals elsewhere: s3://bucket/prefix"
)
def new(folder: Path, name: str | None, title: str, ledger: str, archive: str) -> None:
    """Make a record in FOLDER, empty or from a shipped one."""
    record = Record.create(
        folder, template(name) if name else None, title=title, ledger=ledger, archive=archive
    )
    state = record.rebuild()
    click.echo(f"{record.description.title}: {state.size:,} entries in {folder}.")
