"""`onrecord cite`: from words in an original to a citation that leads back to them."""

from __future__ import annotations

import click
import msgspec

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_json
from onrecord.cli.plain import plain
from onrecord.passages.citing import Made, Said
from onrecord.passages.citing import cite as cite_passage
from onrecord.passages.places import wanted


@click.command()
@click.argument("sha256")
@click.option("--exact", default="", help="The words as they stand in the document.")
@click.option("--prefix", default="", help="The words just before them.")
@click.option("--suffix", default="", help="The words just after them.")
@click.option("--page", type=click.IntRange(1), help="The page they stand on.")
@click.option(
    "--cells", default="", help="The cells they are or stand in, within one row: B5, B5:D5, List1!B5."
)
@click.option("--speaker", help="Make a quote entry: whose words they are.")
@click.option("--date", help="When they were used: 2018, 2018-05 or 2018-05-24. Goes with --speaker.")
@click.option("--language", help="The language of the words as a BCP 47 tag, such as ug-Arab.")
@click.option("--title", default="", help="What a new source is called; its file name unless given.")
@click.option("--by", help="Who enters this; the record's keeper unless given.")
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
@json_option
@click.pass_context
def cite(
    ctx: click.Context,
    sha256: str,
    *,
    exact: str,
    prefix: str,
    suffix: str,
    page: int | None,
    cells: str,
    speaker: str | None,
    date: str | None,
    language: str | None,
    title: str,
    by: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Cite the passage of the original SHA256 (or its first digits) that holds these words, or these cells.

    Words must stand there, at one place only. A private source entry is made for the original if the record has
    none. The citation is printed as JSON, to be put into an entry; with --speaker and --date a quote entry is made.
    """
    if not exact and not cells:
        raise click.UsageError("Say what is cited: --exact for words, --cells for cells of a table.")
    if (speaker is None) != (date is None):
        raise click.UsageError("A quote needs both --speaker and --date.")
    said = Said(speaker, date, language) if speaker is not None and date is not None else None
    record = the_record(ctx)
    passage = wanted(exact, prefix, suffix, page, cells)
    made = cite_passage(record, sha256, passage, said, title=title, by=by, dry_run=dry_run)
    if not dry_run:
        record.views.refresh()
    if as_json:
        print_json(_fields(made))
    else:
        _tell(made, dry_run=dry_run)


def _fields(made: Made) -> dict[str, object]:
    return {
        "citation": msgspec.to_builtins(made.citation),
        "source": msgspec.to_builtins(made.source),
        "quote": msgspec.to_builtins(made.quote) if made.quote else None,
        "added": made.added,
    }


def _tell(made: Made, *, dry_run: bool) -> None:
    click.echo(plain(msgspec.json.encode(made.citation).decode()))
    verb = "would be added" if dry_run else "added"
    click.echo(plain(f"Source {made.source.id}: {made.source.title}"), err=True)
    if made.quote:
        click.echo(f"Quote {made.quote.id}", err=True)
    click.echo(f"{made.added} {'entry' if made.added == 1 else 'entries'} {verb}.", err=True)
