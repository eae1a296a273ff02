"""`onrecord prove`: the proof that an entry, or the taking in of an original, is in the ledger."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json
from onrecord.errors import EntryNotFound
from onrecord.passages.originals import custody_of
from onrecord.proof import entries, states
from onrecord.record import Record

_SHA256 = re.compile("[0-9a-f]{64}")


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
    """Print the proof that ENTRY_ID stands in the ledger: its line, the path to the root, the signed checkpoint.

    The SHA-256 of an original gives the proof of the line that tells how it was first taken in.
    """
    record = the_record(ctx)
    is_original = _SHA256.fullmatch(entry_id) is not None
    proof = _taking_in(record, entry_id) if is_original else entries.prove(record, entry_id)
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


def _taking_in(record: Record, digest: str) -> entries.EntryProof:
    lines = custody_of(record, digest)
    if not lines:
        raise EntryNotFound(f"No original {digest} was taken in. `onrecord outcomes` lists what there is.")
    return entries.prove_lines(record, [lines[0].seq])[0]
