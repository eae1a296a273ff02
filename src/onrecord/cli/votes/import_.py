"""`onrecord votes import`: files of roll calls into the archive."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json
from onrecord.rollcalls import take_in


@click.command("import")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--public", is_flag=True, help="Let visitors see what is made from these files; private unless given."
)
@click.option("--by", help="Who brings them; the record's keeper unless given.")
@json_option
@click.pass_context
def import_(ctx: click.Context, files: tuple[Path, ...], public: bool, by: str | None, as_json: bool) -> None:
    """Import FILES that belong together: answers, roll calls, repeated texts."""
    record = the_record(ctx)
    taken = take_in(record, files, by=by, visibility="public" if public else "private")
    record.views.refresh()
    if as_json:
        fields = ("body", "format", "rollcalls", "answers")
        print_json(
            {
                "event": taken.event,
                "new": taken.new,
                "bodies": [dict(zip(fields, c, strict=True)) for c in taken.counts],
            }
        )
        return
    for body, form, rollcalls, answers in taken.counts:
        told = f"{rollcalls:,} roll {'call' if rollcalls == 1 else 'calls'}, {answers:,} {'answer' if answers == 1 else 'answers'}"
        click.echo(f"{body} ({form}): {told}.")
    click.echo(
        f"On record as {taken.event}."
        if taken.new
        else f"These files were on record already as {taken.event}."
    )
