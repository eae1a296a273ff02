"""`onrecord add`: take in files, read them, say what became of each."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from onrecord.cli.bar import bar
from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json
from onrecord.cli.stopping import stoppable
from onrecord.ingest.reading import Outcome
from onrecord.ingest.second import installed
from onrecord.ingest.source import Options
from onrecord.ingest.taking_in import RETRIES, TakenIn, take_in
from onrecord.ingest.tools import tesseract
from onrecord.ingest.walking import files

_WHAT_STAYS = "What was taken in so far is kept; the same command goes on from there."
_WITH_OCR = 3600  # a scanned book takes its time; every page still has the CPU limit


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--retry",
    type=click.Choice(RETRIES, case_sensitive=False),
    help="Read again what had this outcome before.",
)
@click.option("--by", help="Who adds them; the record's keeper unless given.")
@click.option(
    "--ocr",
    default="auto",
    show_default=True,
    help="Read pictures with Tesseract: auto, languages joined by + (chi_sim+eng), or off.",
)
@click.option(
    "--encoding", default="", help="The encoding of all text files of this run, instead of finding it."
)
@click.option(
    "--second-reader/--no-second-reader",
    "second",
    default=None,
    help="Let Tika try what the own readers could not read; on where it is installed.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="How many readers run at a time.")
@click.option("--cluster", default="", help="Read on the Dask cluster of this scheduler, tcp://HOST:PORT.")
@json_option
@click.pass_context
def add(
    ctx: click.Context,
    paths: tuple[Path, ...],
    *,
    retry: str | None,
    by: str | None,
    ocr: str,
    encoding: str,
    second: bool | None,
    workers: int | None,
    cluster: str,
    as_json: bool,
) -> None:
    """Take in the files and folders PATHS: keep every byte, read what can be read, name what cannot.

    The same command again changes nothing, and completes a run that was cut short.
    """
    if not paths and retry is None:
        raise click.UsageError("Name files or folders to add, or an outcome to --retry.")
    record = the_record(ctx)
    options = _options(ocr, encoding, second)
    with stoppable(_WHAT_STAYS), bar(lambda: sum(1 for _ in files(paths, record.folder))) as progress:
        done = take_in(
            record,
            paths,
            by=by,
            retry=retry,
            workers=workers,
            cluster=cluster,
            options=options,
            progress=progress,
        )
    if as_json:
        print_json(asdict(done) | {"confinement": done.confinement.in_words() if done.confinement else None})
    else:
        _tell(done, retry)


def _options(ocr: str, encoding: str, second: bool | None) -> Options:
    if second and not installed():
        raise click.UsageError("The second reader is not installed: pip install 'onrecord[second]'.")
    if encoding:
        try:
            "".encode(encoding).decode(encoding)
        except LookupError as cause:
            raise click.BadParameter(f"There is no encoding {encoding!r}.") from cause
    languages = "" if ocr == "off" or tesseract() is None else ocr
    return Options(
        encoding=encoding,
        ocr=languages,
        second=installed() if second is None else second,
        wall_seconds=_WITH_OCR if languages else 120,
    )


def _tell(done: TakenIn, retry: str | None) -> None:
    click.echo(
        f"{done.added:,} added, {done.seen_again:,} seen again elsewhere, {done.unchanged:,} unchanged."
    )
    for outcome, count in done.outcomes.items():
        click.echo(f"{count:>9,}  {outcome}")
    if retry and not done.read:
        click.echo(f"Nothing was read again: no file is to be retried by {retry!r}.", err=True)
    if any(outcome != Outcome.READ for outcome in done.outcomes):
        click.echo("Why, and what to do, says: onrecord outcomes.", err=True)
    unread = sum(done.outcomes.get(outcome, 0) for outcome in (Outcome.FAILED, Outcome.UNSUPPORTED))
    if unread and not installed():
        click.echo(
            f"A second reader may read some of the {unread:,} that failed or are unsupported: "
            "pip install 'onrecord[second]', then add --retry failed and add --retry unsupported.",
            err=True,
        )
    if done.confinement:
        click.echo(f"Readers were confined by: {done.confinement.in_words()}.", err=True)
        if not done.confinement.network_closed:
            click.echo("Warning: this system could not keep the readers off the network.", err=True)
