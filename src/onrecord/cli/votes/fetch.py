"""`onrecord votes fetch`: the official files of roll calls, brought here where there is a network."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.output import progress
from onrecord.rollcalls.fetching import PUBLISHERS, fetched, offered


@click.command("fetch")
@click.argument("name", type=click.Choice(list(PUBLISHERS)))
@click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default="here",
    help="The folder that the file is put into.",
)
@click.option("--yes", is_flag=True, help="Download without asking first.")
def fetch(name: str, folder: Path, yes: bool) -> None:
    """Download an official file of roll calls: the Assembly's (ga) or the Security Council's (sc) from the UN Digital
    Library, or Erik Voeten's.

    Address and size are told before anything is downloaded. Where there is no network, or the publisher lets no program in,
    it says which file to download by hand and where to put it. Nothing is taken into a record: that is `votes import`.
    """
    publisher = PUBLISHERS[name]
    click.echo(f"Asking {publisher.listing} …", err=True)
    offer = offered(publisher)
    size = f"{offer.size / 1e6:,.1f} MB" if offer.size else "its size is not told"
    click.echo(f"{publisher.title}\n  {offer.address}\n  {offer.name}, {size}; {publisher.terms}.", err=True)
    if not yes:
        click.confirm("Download it?", abort=True, err=True)
    path = fetched(publisher, offer, folder, progress=progress("Bytes"))
    click.echo(str(path))
    click.echo(f"Take it in with `onrecord -r DIR votes import {path}`.", err=True)
