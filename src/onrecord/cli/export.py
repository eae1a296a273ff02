"""`onrecord export`: take the record out in plain files."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.cli.rooms import Whole
from onrecord.proof.bags import export_bag, export_public_bag


@click.group(cls=Whole)
def export() -> None:
    """Take the record out."""


@export.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--by", help="Who takes it out; the record's keeper unless given. It is put on record.")
@click.option(
    "--public", is_flag=True, help="Only what the public may see, with hashes in place of the rest."
)
@click.pass_context
def bag(ctx: click.Context, out: Path, by: str | None, public: bool) -> None:
    """Write ledger, originals and checkpoints to the new folder OUT, as a bag (RFC 8493).

    Without --public everything is in it, private entries and all originals too: whoever has the bag has the record. Only the
    signing key stays here. That it was taken out is put on record.
    """
    if public:
        given = export_public_bag(the_record(ctx), out, by=by)
        click.echo(
            f"{given.whole:,} lines and the hashes of {given.withheld:,} more in {out}.\nRoot: {given.root}"
        )
        return
    done = export_bag(the_record(ctx), out, by=by)
    click.echo(f"{done.leaves:,} lines and {done.originals:,} originals in {out}.\nRoot: {done.root}")
    click.echo("Private entries and originals are in it: keep it as safe as the record.", err=True)
