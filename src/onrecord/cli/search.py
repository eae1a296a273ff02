"""`onrecord search`: find words in everything that was taken in, one query or a list of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import msgspec
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.name_list import names_in
from onrecord.cli.output import csv_option, json_option, print_frame, print_json, progress
from onrecord.cli.plain import plain
from onrecord.cli.waiting import tell_what_waits
from onrecord.model.citation import Citation, locator_in_words
from onrecord.pages.words import plural
from onrecord.record import Record
from onrecord.search.collection import Answer, Collection
from onrecord.search.snippets import Passage

_NAMED = 100


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
@click.option(
    "--column", default="", help="Look for the fields of this column; the list's first line names them."
)
@json_option
@csv_option
@click.pass_context
def search(
    ctx: click.Context,
    query: str | None,
    *,
    limit: int,
    names: Path | None,
    column: str,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Find QUERY: words, "a phrase", begin*, -without, OR, (…), kind: folder: script: has:table name: after: before:."""
    if (query is None) == (names is None) or (column and names is None):
        raise click.UsageError("Give a query, or a list of names with --list.")
    record = the_record(ctx)
    queries = {name: _phrase(name) for name in names_in(names, column)} if names else {str(query): str(query)}
    found = _search(record, queries, limit)
    tell_what_waits(record)
    if names is not None:
        _tell_nowhere(found)
    hits = [hit for one in found.values() for hit in one]
    if as_json:
        print_json(hits)
    elif as_csv:
        print_frame(_frame(hits), as_json=False, as_csv=True)
    else:
        _tell(hits)


def _phrase(name: str) -> str:
    return '"' + name.replace('"', " ") + '"'


def _search(record: Record, queries: dict[str, str], limit: int) -> dict[str, list[dict[str, Any]]]:
    """The hits of each query, under what the person calls it."""
    report = progress("looked for") if len(queries) > 1 else None
    found: dict[str, list[dict[str, Any]]] = {}
    with closing(Collection(record)) as collection:
        for asked, query in queries.items():
            found[asked] = list(_hits(asked, collection.search(query, limit)))
            if report:
                report(len(found), len(queries))
    return found


def _tell_nowhere(found: dict[str, list[dict[str, Any]]]) -> None:
    """Which of the names looked for no document holds: the list of hits is silent about them."""
    nowhere = [name for name, hits in found.items() if not hits]
    told = f": {plain('; '.join(nowhere[:_NAMED]))}" if nowhere else ""
    more = f"; and {len(nowhere) - _NAMED:,} more" if len(nowhere) > _NAMED else ""
    click.echo(
        f"{len(nowhere):,} of {plural(len(found), 'name', 'names')} found nowhere{told}{more}", err=True
    )


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
