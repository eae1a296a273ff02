"""`onrecord witness`: sign what another record shows, or keep what a witness signed."""

from __future__ import annotations

from typing import TextIO

import click

from onrecord.cli.keys import key_option, parse_key
from onrecord.cli.main import the_record
from onrecord.errors import UsageError
from onrecord.proof import TOOL, witnesses


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@key_option("The other side's public key, as `onrecord checkpoint --key` prints it there.")
@click.option("--by", help="Who does this; the record's keeper unless given.")
@click.pass_context
def witness(ctx: click.Context, file: TextIO, key_text: str | None, by: str | None) -> None:
    """Sign the checkpoint in FILE (- for standard input).

    A checkpoint of another record: check that it only grew since this record signed it last, put on record that it
    was seen, and print it with this record's signature added. A checkpoint of this record that a witness has
    signed: keep it, so that `verify` can say who saw what.
    """
    record = the_record(ctx)
    request = witnesses.Request.parse(file.read())
    key = parse_key(key_text) if key_text else None
    with record.ledger.reading() as reader:
        own = reader.origin
    if request.said.origin != own:
        signed = witnesses.witness(record, request, key, record.clock(), tool=TOOL, by=by)
        click.echo(str(signed), nl=False)
        return
    if key is None:
        raise UsageError("Whose signature is to be kept? Give --key with the witness's public key.")
    seen = witnesses.keep_cosigned(record, request.note, key, record.clock(), tool=TOOL, by=by)
    click.echo(f"{key.name} saw the first {request.said.size:,} lines on {seen:%Y-%m-%d %H:%M:%S} UTC.")
