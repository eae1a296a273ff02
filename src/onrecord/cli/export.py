"""`onrecord export`: take the whole record out in plain files."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.proof.bags import export_bag


@click.group()
def export() -> None:
    """Take the whole record out."""


@export.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--by", help="Who takes it out; the record's keeper unless given. It is put on record.")
@click.pass_context
def bag(ctx: click.Context, out: Path, by: str | None) -> None:
    """Write ledger, originals and checkpoints to the new folder OUT, as a bag (RFC 8493).

    Everything is in it, private entries and all originals too: whoever has the bag has the record. Only the
    signing key stays here. That it was taken out is put on record.
    """
    done = export_bag(the_record(ctx), out, by=by)
    click.echo(f"{done.leaves:,} lines and {done.originals:,} originals in {out}.\nRoot: {done.root}")
    click.echo("Private entries and originals are in it: keep it as safe as the record.", err=True)
