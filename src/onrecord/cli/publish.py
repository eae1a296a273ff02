"""`onrecord publish`: what the public may see, frozen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json, progress
from onrecord.cli.rooms import Whole
from onrecord.publish.site import publish_site


@click.group(cls=Whole)
def publish() -> None:
    """Freeze what the public may see."""


@publish.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Compute everything for this day; today unless given."
)
@json_option
@click.pass_context
def site(ctx: click.Context, out: Path, as_of: datetime | None, as_json: bool) -> None:
    """Write a static site to the new folder OUT; any file server can show it, in any subfolder."""
    record = the_record(ctx)
    when = (as_of or record.clock()).date()
    published = publish_site(record, out, when=when, progress=progress("Pages"))
    if as_json:
        print_json(
            {"pages": published.pages, "files": published.files, "bytes": published.size, "out": str(out)}
        )
        return
    click.echo(
        f"{published.pages:,} pages and {published.files:,} files, {published.size / 1e6:.1f} MB, in {out}."
    )
