"""`onrecord search`: find words in everything that was taken in, one query or a list of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import msgspec
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame, print_json
from onrecord.cli.plain import plain
from onrecord.cli.waiting import tell_what_waits
from onrecord.ingest.charset import decode
from onrecord.model.citation import Citation, locator_in_words
from onrecord.pages.words import plural
from onrecord.search.collection import Answer, Collection
from onrecord.search.snippets import Passage
from onrecord.search.words import split


@click.command()
@click.argument("query", required=False)
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="At most so many documents.",
)
@click.option(
    "--list",
    "names",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A CSV file: look for the first field of each line, as it stands, one after the other.",
)
@json_option
@csv_option
@click.pass_context
def search(
    ctx: click.Context, query: str | None, *, limit: int, names: Path | None, as_json: bool, as_csv: bool
) -> None:
    """Find QUERY: words, "a phrase", begin*, -without, OR, (…), kind: folder: script: has:table name: after: before:."""
    if (query is None) == (names is None):
        raise click.UsageError("Give a query, or a list of names with --list.")
    queries = [query] if query is not None else list(_quoted(names))
    record = the_record(ctx)
    with closing(Collection(record)) as collection:
        found = {one: list(_hits(one, collection.search(one, limit))) for one in queries}
    tell_what_waits(record)
    if names is not None:
        _tell_nowhere(found)
    hits = [hit for one in queries for hit in found[one]]
    if as_json:
        print_json(hits)
    elif as_csv:
        print_frame(_frame(hits), as_json=False, as_csv=True)
    else:
        _tell(hits)


def _quoted(path: Path | None) -> Iterator[str]:
    """The first field of each line as a phrase; what has no word to look for is told and passed."""
    if path is None:
        return
    lines = decode(path.read_bytes()).text.removeprefix("\ufeff")
    for number, row in enumerate(csv.reader(io.StringIO(lines, newline="")), start=1):
        name = row[0].strip().replace('"', " ") if row else ""
        if split(name).split():
            yield f'"{name}"'
        elif name:
            click.echo(plain(f"Line {number} of the list has no word to look for: {name}"), err=True)


def _tell_nowhere(found: dict[str, list[dict[str, Any]]]) -> None:
    """Which of the names looked for no document holds: the list of hits is silent about them."""
    nowhere = [query.strip('"') for query, hits in found.items() if not hits]
    told = f": {plain('; '.join(nowhere))}" if nowhere else ""
    click.echo(f"{len(nowhere):,} of {plural(len(found), 'name', 'names')} found nowhere{told}", err=True)


def _hits(query: str, answers: list[Answer]) -> Iterator[dict[str, Any]]:
    """One object a passage; a document found by a filter alone gives one without a place."""
    for answer in answers:
        for passage in answer.passages or (None,):
            yield {
                "query": query,
                "document": answer.hit.document,
                "path": answer.places[0] if answer.places else answer.hit.path,
                "kind": answer.hit.kind,
                "locator": _locator(passage),
                "place": _in_words(answer, passage),
                "snippet": passage.snippet if passage else "",
                "score": round(answer.hit.score, 4),
            }


def _locator(passage: Passage | None) -> dict[str, Any] | None:
    if passage is None:
        return None
    return {
        "selectors": msgspec.to_builtins(passage.selectors),
        "piece": passage.piece,
        "start": passage.start,
        "end": passage.end,
        "marked": list(passage.marked),
        "cell": passage.cell,
        "mark": passage.mark,
    }


def _in_words(answer: Answer, passage: Passage | None) -> str:
    if passage is None:
        return ""
    place = Citation(source=answer.hit.document, selectors=passage.selectors[:-1])  # the last is the quote
    words = locator_in_words(place) or "the whole"
    return ", ".join(
        part for part in (f"cell {passage.cell}" if passage.cell else words, passage.mark) if part
    )


def _frame(hits: list[dict[str, Any]]) -> pl.DataFrame:
    columns = ("query", "document", "path", "kind", "place", "snippet")
    return pl.DataFrame(
        [{name: hit[name] for name in columns} for hit in hits], schema=dict.fromkeys(columns, pl.String)
    )


def _tell(hits: list[dict[str, Any]]) -> None:
    for hit in hits:
        click.echo(plain(f"{hit['path']}  {hit['place']}  {hit['document'][:12]}"))
        if hit["locator"]:
            start, end = hit["locator"]["marked"]
            text = hit["snippet"]
            found = click.style(plain(text[start:end]), bold=True)
            click.echo(f"    {plain(text[:start])}{found}{plain(text[end:])}")
    count = len({hit["document"] for hit in hits})
    click.echo(f"{plural(count, 'document', 'documents')}.", err=True)
