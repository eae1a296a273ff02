"""`onrecord near`: documents that are nearly the same, pictures that look the same."""

from __future__ import annotations

from contextlib import closing

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json
from onrecord.cli.plain import plain
from onrecord.search.collection import Collection


@click.command()
@click.option(
    "--least",
    default=0.6,
    show_default=True,
    type=click.FloatRange(0.1, 1.0),
    help="The share of text in common.",
)
@json_option
@click.pass_context
def near(ctx: click.Context, least: float, as_json: bool) -> None:
    """Group documents that share most of their text, and pictures that look the same as wholes."""
    with closing(Collection(the_record(ctx))) as collection:
        groups = [("text", group) for group in collection.alike(least)]
        groups += [("picture", group) for group in collection.look_alike()]
        places = {key: collection.places(key) for _, group in groups for key in group}
    if as_json:
        print_json([{"by": by, "documents": {key: places[key] for key in group}} for by, group in groups])
        return
    for by, group in groups:
        click.echo(f"{len(group)} alike by {by}:")
        for key in group:
            click.echo(plain(f"    {key[:12]}  {', '.join(places[key])}"))
