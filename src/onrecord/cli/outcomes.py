"""`onrecord outcomes`: what became of every file."""

from __future__ import annotations

from collections import Counter

import click
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame, print_json
from onrecord.cli.plain import plain
from onrecord.cli.waiting import tell_what_waits
from onrecord.ingest.catalogue import FileRow, open_catalogue
from onrecord.ingest.mending import cause_of, how_to_mend
from onrecord.ingest.reading import Outcome

_DEEPEST = 16


@click.command()
@click.option(
    "--outcome",
    type=click.Choice([str(outcome) for outcome in Outcome], case_sensitive=False),
    help="Only these.",
)
@json_option
@csv_option
@click.pass_context
def outcomes(ctx: click.Context, outcome: str | None, as_json: bool, as_csv: bool) -> None:
    """List every file and every member with its outcome: path, SHA-256, kind, outcome, reason, children."""
    record = the_record(ctx)
    catalogue = open_catalogue(record)
    try:
        found = list(catalogue.files())
    finally:
        catalogue.close()
    rows = [row for row in found if outcome in {None, row.outcome}]
    tell_what_waits(record)
    if as_json:
        print_json([_fields(row) for row in rows])
    elif as_csv:
        print_frame(_frame(rows), as_json=False, as_csv=True)
    else:
        _tell(rows, {row.sha256: row for row in reversed(found) if row.sha256})


def _fields(row: FileRow) -> dict[str, object]:
    return {
        "path": row.path,
        "sha256": row.sha256,
        "kind": row.kind,
        "outcome": row.outcome,
        "reason": row.reason,
        "children": list(row.children),
        "member_of": row.member_of,
        "reader": row.reader,
        "version": row.version,
    }


def _frame(rows: list[FileRow]) -> pl.DataFrame:
    fields = [_fields(row) | {"children": " ".join(row.children)} for row in rows]
    return pl.DataFrame(fields, schema=dict.fromkeys(_fields(FileRow("", None, "", "", "", ())), pl.String))


def _tell(rows: list[FileRow], within: dict[str, FileRow]) -> None:
    for row in rows:
        reason = f": {row.reason}" if row.reason else ""
        click.echo(plain(f"{row.outcome:13} {row.kind:8} {_whole_path(row, within)}{reason}"))
    counts = Counter(row.outcome for row in rows)
    click.echo(
        f"{len(rows):,} files: " + ", ".join(f"{count:,} {name}" for name, count in counts.most_common())
    )
    had = [
        row for row in rows if row.sha256 or row.outcome == Outcome.REFUSED
    ]  # others say how in their reason
    for cause, count in Counter(cause_of(row.outcome, row.reason) for row in had).most_common():
        if told := how_to_mend(cause):
            click.echo(f"{count:>9,}  {cause}: {told}.")


def _whole_path(row: FileRow, within: dict[str, FileRow]) -> str:
    """The path of a file; for a member the chain of names from the outermost file on, by one way to it."""
    steps = [row.path]
    while row.member_of and (above := within.get(row.member_of)) and len(steps) <= _DEEPEST:
        steps.append(above.path)
        row = above
    return "/".join(reversed(steps))
