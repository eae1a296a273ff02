"""`onrecord verify`: read everything again."""

from __future__ import annotations

from dataclasses import asdict

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json, progress
from onrecord.errors import DamageFound
from onrecord.record.verify import verify as verification


@click.command()
@json_option
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Read every original and every entry, check the tree, name what is wrong. Exit code 0 only when clean."""
    record = the_record(ctx)
    verdict = verification(record.ledger, record.archive, progress("Originals"))
    if as_json:
        print_json({**asdict(verdict), "clean": verdict.clean})
        ctx.exit(0 if verdict.clean else DamageFound.exit_code)
    for damage in verdict.damage:
        rests = (
            f" {len(damage.rests_on_it)} entries rest on it: {', '.join(damage.rests_on_it)}."
            if damage.rests_on_it
            else ""
        )
        click.echo(f"{damage.what} {damage.where}: {damage.why}.{rests}", err=True)
    if not verdict.clean:
        raise DamageFound(
            f"{len(verdict.damage)} things are not as acknowledged. Restore them from a copy and verify again."
        )
    click.echo(
        f"Clean: {verdict.leaves:,} lines of the ledger and {verdict.originals:,} originals are as acknowledged.\n"
        f"Root: {verdict.root}"
    )
