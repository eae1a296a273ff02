"""`onrecord verify`: read everything again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import click

from onrecord.cli.keys import parse_key
from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json, progress
from onrecord.errors import DamageFound, StorageError
from onrecord.ingest.checking import damaged_derivatives, unchecked_derivatives
from onrecord.ingest.remaking import SAMPLE, Remade, remake
from onrecord.pages.resting import stake
from onrecord.proof import opentimestamps, read_note
from onrecord.proof.stamps import kept_stamps
from onrecord.record import Record
from onrecord.record.verify import Damage, Outside
from onrecord.record.verify import verify as verification
from onrecord.search.checking import damaged_index

_DERIVED = frozenset({"derivative", "table", "catalogue", "index", "view"})


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
@click.option(
    "--remake",
    "remade",
    default=str(SAMPLE),
    show_default=True,
    metavar="all|N",
    help="How many derivatives, drawn by chance, are made again from their originals and compared, and how many "
    "segments of the tables from the ledger; 0 for none.",
)
@click.option(
    "--key",
    "key_texts",
    multiple=True,
    help="The record's public key as its owner gave it to you, or a file with it: no other signature counts. May be "
    "repeated for a record that went on under another key.",
)
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    checkpoints: tuple[Path, ...],
    blocks: Path | None,
    remade: str,
    key_texts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Read every original, entry, derivative, table and the index, check the tree, name what is wrong and what rests on
    it. Exit code 0 only when clean.
    """
    count = _count(remade)
    record = the_record(ctx)
    known_blocks = opentimestamps.read_blocks(blocks) if blocks else {}
    since = [Outside(str(path), read_note(path)) for path in checkpoints]
    keys = [parse_key(text) for text in key_texts]
    kept = verification(record.ledger, record.archive, progress("Originals"), since, record.views, keys)
    again = remake(record, count, progress("Derivatives made again"))
    tables = _tables(record, count) if _reaches_pages(kept.damage) else ()
    derived = (*tables, *damaged_derivatives(record), *again.damage, *damaged_index(record))
    verdict = replace(
        kept, damage=(*kept.damage, *derived), notes=(*kept.notes, *_left_out(again), *_unchecked(record))
    )
    try:
        stamped, broken = kept_stamps(record)
        anchors, unfounded = opentimestamps.kept_anchors(record, known_blocks)
    except StorageError:
        if verdict.clean:
            raise
        stamped, broken, anchors, unfounded = [], [], [], []  # of a ledger that cannot be read enough is said
    verdict = replace(verdict, damage=(*verdict.damage, *broken, *unfounded))
    in_words = partial(_at_stake, record if _reaches_pages(verdict.damage) else None)
    if as_json:
        outside = {"stamps": [asdict(s) for s in stamped], "opentimestamps": [asdict(a) for a in anchors]}
        said = {**asdict(verdict), "clean": verdict.clean, "remade": again.compared, **outside}
        print_json(
            {**said, "damage": [{**asdict(each), "at_stake": in_words(each)} for each in verdict.damage]}
        )
        ctx.exit(0 if verdict.clean else DamageFound.exit_code)
    for damage in verdict.damage:
        at_stake = in_words(damage)
        click.echo(f"{damage.what} {damage.where}: {damage.why}. {at_stake}".rstrip(), err=True)
    if not verdict.clean:
        raise DamageFound(_in_sum(verdict.damage))
    remade_same = f"; {again.compared:,} derivatives made again are the same" if again.compared else ""
    click.echo(
        f"Clean: {verdict.leaves:,} lines of the ledger and {verdict.originals:,} originals are as "
        f"acknowledged{remade_same}.\nRoot: {verdict.root}"
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


def _tables(record: Record, count: int | None) -> Iterator[Damage]:
    """Tables that somebody made of something else than the ledger."""
    try:
        for name in record.views.made_otherwise(count):
            why = "made again from the ledger it differs; it is derived: run `onrecord rebuild`"
            yield Damage("view", name, why)
    except StorageError:
        return  # told by whoever checks the ledger


def _unchecked(record: Record) -> list[str]:
    count = unchecked_derivatives(record)
    what = "1 derivative was" if count == 1 else f"{count:,} derivatives were"
    left = "left by a run that was cut off, or by a catalogue since deleted"
    gone = "`onrecord add --retry all` takes away what nobody knows"
    return [f"{what} not checked: {left}; {gone}."] if count else []


def _count(remade: str) -> int | None:
    """How many derivatives to make again; None for all."""
    if remade == "all":
        return None
    if not remade.isdecimal():
        raise click.BadParameter(f"{remade!r} is neither a number nor all.", param_hint="--remake")
    return int(remade)


def _left_out(again: Remade) -> list[str]:
    return [
        f"{count} derivatives drawn {why}: not compared." for why, count in sorted(again.left_out.items())
    ]


def _reaches_pages(damage: Iterable[Damage]) -> bool:
    """Whether the ledger can be asked what tables and pages show: not where its own lines are in doubt."""
    return all(each.what in {"original", *_DERIVED} for each in damage)


def _at_stake(record: Record | None, damage: Damage) -> str:
    if not damage.rests_on_it:
        return ""
    try:
        if record:
            return stake(record, damage.rests_on_it).in_words()
    except StorageError:
        pass  # the damage reaches what would say more
    rest = "1 entry rests" if len(damage.rests_on_it) == 1 else f"{len(damage.rests_on_it)} entries rest"
    return f"{rest} on it: {', '.join(damage.rests_on_it)}."


def _in_sum(damage: tuple[Damage, ...]) -> str:
    found = f"{len(damage)} {'thing is' if len(damage) == 1 else 'things are'} not as acknowledged."
    if all(each.what in _DERIVED for each in damage):
        return f"{found} All of it is derived: do as said above and verify again. No original and no entry is touched."
    return f"{found} Restore them from a copy and verify again."
