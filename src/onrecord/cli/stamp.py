"""`onrecord stamp`: keep what somebody outside said about when a checkpoint was there."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.errors import InvalidInput, Problem, UsageError
from onrecord.proof import opentimestamps as ots
from onrecord.proof import read_note
from onrecord.proof.opentimestamps.calendars import address, ask, upgrade
from onrecord.proof.stamps import keep_stamp
from onrecord.record import Record
from onrecord.record.notes import SignedNote

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_told = partial(click.echo, err=True)


@click.command()
@click.argument("checkpoint", type=_FILE, required=False)
@click.argument("answer", type=_FILE, required=False)
@click.option("--ca", type=_FILE, help="The certificates (PEM) an authority is trusted by.")
@click.option(
    "--opentimestamps",
    "calendars",
    metavar="URL",
    multiple=True,
    help="Send a hash of CHECKPOINT to this OpenTimestamps calendar and keep its promise. May be repeated.",
)
@click.option(
    "--upgrade",
    "upgraded",
    metavar="URL",
    multiple=True,
    help="Ask this calendar for what it promised, for every proof on record that is pending there. May be repeated.",
)
@click.option("--by", help="Who does this; the record's keeper unless given.")
@click.pass_context
def stamp(
    ctx: click.Context,
    checkpoint: Path | None,
    answer: Path | None,
    ca: Path | None,
    calendars: tuple[str, ...],
    upgraded: tuple[str, ...],
    by: str | None,
) -> None:
    """Check and keep what an authority (RFC 3161) or OpenTimestamps said about the file CHECKPOINT.

    ANSWER is an authority's answer, checked with --ca, or an .ots file. Without --opentimestamps and --upgrade nothing is
    sent from here; with them only to the addresses given, each told before it is called. To ask an authority:
    openssl ts -query -data CHECKPOINT -sha256 -cert -out QUERY
    """
    record = the_record(ctx)
    match checkpoint, answer, calendars, upgraded:
        case None, None, (), (_, *_):
            _upgrade(record, frozenset(map(address, upgraded)), by)
        case Path(), None, (_, *_), ():
            note = read_note(checkpoint)
            _keep_anchor(record, note, ask(ots.digest_of(note), calendars, _told), by)
        case Path(), Path(), (), ():
            _keep(record, read_note(checkpoint), answer, ca, by)
        case _:
            raise UsageError(
                "Name the file CHECKPOINT with ANSWER or with --opentimestamps URL; or --upgrade URL alone."
            )


def _keep(record: Record, note: SignedNote, answer: Path, ca: Path | None, by: str | None) -> None:
    data = answer.read_bytes()
    if data.startswith(ots.MAGIC):
        try:
            _keep_anchor(record, note, ots.Proof.parse(data), by)
        except ValueError as cause:
            raise InvalidInput([Problem(f"{cause}.", "Ask for the proof again.", str(answer))]) from cause
        return
    if ca is None:
        raise UsageError("By whom is the authority trusted? Give --ca with its certificates.")
    kept = keep_stamp(record, note, data, ca.read_bytes(), record.clock(), by=by)
    click.echo(f"{kept.authority} says that the first {kept.size:,} lines were there on {kept.time}.")


def _keep_anchor(record: Record, note: SignedNote, proof: ots.Proof, by: str | None) -> None:
    click.echo(str(ots.keep_anchor(record, note, proof, record.clock(), by=by)))


def _upgrade(record: Record, calendars: frozenset[str], by: str | None) -> None:
    waiting = ots.pending(record)
    for note, proof in waiting:
        better = upgrade(proof, calendars, _told)
        if better != proof:
            _keep_anchor(record, note, better, by)
    if not waiting:
        click.echo("No proof on record is pending.")
