"""`onrecord unseal`: open what was sealed for you."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json
from onrecord.record import KEEPER
from onrecord.record.sealing import unseal as opened


@click.command()
@click.argument("entry_id")
@click.option("--key", type=click.Path(path_type=Path), required=True, help="Your file of age identities.")
@json_option
@click.pass_context
def unseal(ctx: click.Context, entry_id: str, key: Path, as_json: bool) -> None:
    """Print the sealed texts of ENTRY_ID that your key opens; nothing is written anywhere."""
    entry = the_record(ctx).as_seen_by(KEEPER).entry(entry_id).entry
    texts = {sealed.name: opened(sealed, key) for sealed in entry.sealed}
    if as_json:
        print_json(texts)
    elif not texts:
        click.echo(f"Nothing of {entry_id} is sealed.")
    for name, text in texts.items() if not as_json else ():
        click.echo(f"{name}: {text}")
