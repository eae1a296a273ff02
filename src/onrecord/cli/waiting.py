"""A word on originals that no reader has read yet: what is asked of the documents says nothing of them."""

from __future__ import annotations

from contextlib import closing

import click

from onrecord.ingest.catalogue import open_catalogue
from onrecord.pages.words import plural
from onrecord.record import Record


def tell_what_waits(record: Record) -> None:
    """Say on stderr how many originals are kept and not read, as after a run cut short or a newer version; else nothing."""
    with closing(open_catalogue(record)) as catalogue:
        waiting = len(catalogue.waiting())
    if waiting:
        click.echo(
            f"{plural(waiting, 'original is', 'originals are')} kept and not read yet, and not in this answer; "
            "the next `onrecord add` reads them.",
            err=True,
        )
