"""`onrecord checkpoint`: the signed state of the record, to be kept by somebody else."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.errors import UsageError
from onrecord.proof import states


@click.command()
@click.option("--key", is_flag=True, help="Print the public key that readers check checkpoints with.")
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    help="Print, before the checkpoint, the proof that nothing before the checkpoint in this file changed: "
    "what a witness asks for.",
)
@click.pass_context
def checkpoint(ctx: click.Context, key: bool, since: Path | None) -> None:
    """Print the signed checkpoint: name, number of lines, root, signature. Whoever keeps it can prove any later change."""
    record = the_record(ctx)
    if key and since:
        raise UsageError("Ask for the key or for a proof, not for both at once.")
    if key:
        click.echo(str(states.public_key(record)))
    elif since:
        click.echo(str(states.growth_since(record, states.read_note(since))), nl=False)
    else:
        click.echo(str(states.checkpoint(record)), nl=False)
