"""`onrecord prove`: the proof that an entry is in the ledger."""

from __future__ import annotations

import base64
from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json
from onrecord.proof import entries, states


@click.command()
@click.argument("entry_id")
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    help="Prove as well that nothing before the checkpoint in this file changed.",
)
@json_option
@click.pass_context
def prove(ctx: click.Context, entry_id: str, since: Path | None, as_json: bool) -> None:
    """Print the proof that ENTRY_ID stands in the ledger: its line, the path to the root, the signed checkpoint."""
    record = the_record(ctx)
    proof = entries.prove(record, entry_id)
    fields = proof.fields()
    if since:
        growth = states.growth_since(record, states.read_note(since))
        fields["since"] = {
            "size": growth.old.size,
            "root": base64.b64encode(growth.old.root).decode(),
            "path": [base64.b64encode(part).decode() for part in growth.path],
            "checkpoint": str(growth.new),
        }
        click.echo(f"Nothing before line {growth.old.size:,} has changed.", err=True)
    if as_json:
        print_json(fields)
    else:
        click.echo(str(proof), nl=False)
