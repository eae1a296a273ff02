"""`onrecord import`: make a record again from what another machine took out."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.keys import key_option, parse_key
from onrecord.cli.rooms import Whole
from onrecord.proof.bags import import_bag
from onrecord.record import Record


@click.group("import", cls=Whole)
def import_() -> None:
    """Make a record from an export."""


@import_.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@key_option("The key the bag must be signed with, had from its owner another way.")
@click.option("--ledger", default="", metavar="ADDRESS", help="Keep the ledger in PostgreSQL: postgresql://…")
@click.option(
    "--archive", default="", metavar="ADDRESS", help="Keep the originals elsewhere: s3://bucket/prefix"
)
def bag(source: Path, folder: Path, key_text: str | None, ledger: str, archive: str) -> None:
    """Check the bag IN and make its record stand in the new folder DIR, with the same root."""
    key = parse_key(key_text) if key_text else None
    done = import_bag(source, folder, key=key, ledger=ledger, archive=archive)
    Record(folder).rebuild()
    click.echo(f"{done.leaves:,} lines and {done.originals:,} originals in {folder}.\nRoot: {done.root}")
