"""`onrecord verify`: read everything again."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json, progress
from onrecord.errors import DamageFound, StorageError
from onrecord.ingest.checking import damaged_derivatives
from onrecord.proof import opentimestamps, read_note
from onrecord.proof.stamps import kept_stamps
from onrecord.record.verify import Outside
from onrecord.record.verify import verify as verification


@click.command()
@click.option(
    "--since",
    "checkpoints",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A file with an older checkpoint of this record: prove that nothing before it changed. May be repeated.",
)
@click.option(
    "--blocks",
    type=click.Path(path_type=Path),
    help="A file with Bitcoin block headers to hold OpenTimestamps proofs against: a line is the block's number and its "
    "header or Merkle root in hexadecimal.",
)
@json_option
@click.pass_context
def verify(ctx: click.Context, checkpoints: tuple[Path, ...], blocks: Path | None, as_json: bool) -> None:
    """Read every original, entry and derivative, check the tree, name what is wrong. Exit code 0 only when clean."""
    record = the_record(ctx)
    known_blocks = opentimestamps.read_blocks(blocks) if blocks else {}
    since = [Outside(str(path), read_note(path)) for path in checkpoints]
    kept = verification(record.ledger, record.archive, progress("Originals"), since, record.views)
    verdict = replace(kept, damage=(*kept.damage, *damaged_derivatives(record)))
    try:
        stamped, broken = kept_stamps(record)
        anchors, unfounded = opentimestamps.kept_anchors(record, known_blocks)
    except StorageError:
        if verdict.clean:
            raise
        stamped, broken, anchors, unfounded = [], [], [], []  # of a ledger that cannot be read enough is said
    verdict = replace(verdict, damage=(*verdict.damage, *broken, *unfounded))
    if as_json:
        outside = {"stamps": [asdict(s) for s in stamped], "opentimestamps": [asdict(a) for a in anchors]}
        print_json({**asdict(verdict), "clean": verdict.clean, **outside})
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
    for size in verdict.unchanged_since:
        click.echo(f"Nothing before line {size:,} has changed since the checkpoint over it.")
    for seen in verdict.witnesses:
        click.echo(f"{seen.witness} saw the first {seen.size:,} lines on {seen.seen}.")
    for stamp in stamped:
        click.echo(f"{stamp.authority} says that the first {stamp.size:,} lines were there on {stamp.time}.")
    for anchor in anchors:
        click.echo(str(anchor))
    for note in verdict.notes:
        click.echo(note)
