"""`onrecord stamp`: keep what a time-stamping authority answered."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.proof import read_note
from onrecord.proof.stamps import keep_stamp

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("checkpoint", type=_FILE)
@click.argument("answer", type=_FILE)
@click.option("--ca", type=_FILE, required=True, help="The certificates (PEM) the authority is trusted by.")
@click.option("--by", help="Who does this; the record's keeper unless given.")
@click.pass_context
def stamp(ctx: click.Context, checkpoint: Path, answer: Path, ca: Path, by: str | None) -> None:
    """Check and keep ANSWER, what an authority (RFC 3161) said about the file CHECKPOINT.

    Nothing is sent from here. Ask with any tool, for instance:
    openssl ts -query -data CHECKPOINT -sha256 -cert -out QUERY
    """
    record = the_record(ctx)
    note = read_note(checkpoint)
    kept = keep_stamp(record, note, answer.read_bytes(), ca.read_bytes(), record.clock(), by=by)
    click.echo(f"{kept.authority} says that the first {kept.size:,} lines were there on {kept.time}.")
