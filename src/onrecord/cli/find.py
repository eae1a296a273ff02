"""`onrecord find`: who may be called so, whatever the script."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click
import msgspec

from onrecord.cli.main import the_record
from onrecord.cli.names_ready import prepare_names
from onrecord.cli.output import json_option, print_json
from onrecord.cli.plain import plain
from onrecord.errors import UsageError
from onrecord.ingest.catalogue import open_catalogue
from onrecord.model.dates import PartialDate
from onrecord.people import cluster_of, judged
from onrecord.record import KEEPER, Record
from onrecord.search.named.finding import LEAST, Hit, Names, names_of, percent
from onrecord.search.named.mention import About


@click.command()
@click.argument("name")
@click.option(
    "--limit", default=10, show_default=True, type=click.IntRange(1, 10_000), help="At most so many."
)
@click.option("--born", metavar="DATE", help="When the person was born: 1985, 1985-03 or 1985-03-01.")
@click.option("--place", help="A county, town or village the person is from.")
@click.option("--sex", type=click.Choice(["female", "male"]))
@click.option("--father", metavar="NAME", help="The father's name, in any script.")
@click.option(
    "--number",
    metavar="DIGITS",
    help="The beginning of a Chinese identity number: 6 digits of county, or 14 with the date of birth.",
)
@json_option
@click.pass_context
def find(
    ctx: click.Context,
    name: str,
    *,
    limit: int,
    born: str | None,
    place: str | None,
    sex: str | None,
    father: str | None,
    number: str | None,
    as_json: bool,
) -> None:
    """List people on record and names in documents that are possibly NAME, in any script.

    What is known besides raises or lowers ranks; each change is shown. What is looked for is written down nowhere.
    """
    record = the_record(ctx)
    prepare_names()
    names = names_of(record)
    known = About(_born(born), sex, place or None, _number(number), father or None)
    hits = names.find(name, known, limit)
    paths, same = _paths(record, hits), _judged_same(record, hits)
    if as_json:
        print_json([fields(hit, paths, same) for hit in hits])
    else:
        _tell(hits, paths, same)
        _sum_up(hits, names)


def _number(number: str | None) -> str | None:
    if number and not (number.isascii() and number.isdigit() and len(number) in {6, 14}):
        raise UsageError(f"{number!r} does not begin an identity number. Give its first 6 or 14 digits.")
    return number or None


def _judged_same(record: Record, hits: list[Hit]) -> dict[str, list[str]]:
    """For each hit those whom somebody judged to be the same person."""
    view = record.as_seen_by(KEEPER)
    judgements = judged(view.table("decision"), set(view.table("person")["id"]))
    return {hit.id: [other for other in cluster_of(hit.id, judgements) if other != hit.id] for hit in hits}


def _born(born: str | None) -> str | None:
    try:
        return str(PartialDate.parse(born)) if born else None
    except ValueError as cause:
        raise UsageError(f"{born!r} is no date of birth. Write 1985, 1985-03 or 1985-03-01.") from cause


def _paths(record: Record, hits: list[Hit]) -> dict[str, str]:
    """Where each document came from."""
    documents = {hit.document for hit in hits if hit.document}
    if not documents:
        return {}
    with closing(open_catalogue(record)) as catalogue:
        return {document: next(iter(catalogue.places(document)), "") for document in documents}


def fields(hit: Hit, paths: dict[str, str], same: dict[str, list[str]]) -> dict[str, Any]:
    """A hit as it is printed for scripts."""
    return {
        "id": hit.id,
        "kind": hit.kind,
        "name": hit.name,
        "document": hit.document,
        "path": paths.get(hit.document or ""),
        "locator": hit.locator,
        **msgspec.structs.asdict(hit.about),
        "probability": round(hit.probability, 4),
        "name_probability": round(hit.name_probability, 4),
        "adjustments": msgspec.to_builtins(hit.adjustments),
        "alignment": msgspec.to_builtins(hit.explanation.matched),
        "reasons": list(hit.explanation.reasons),
        "judged_same": same[hit.id],
    }


def alignment(hit: Hit) -> str:
    """Which stretch answers which, on one line, with what was assumed: ``mir = 米尔, zat = 扎提; memet = 买买提 (…)``."""
    return "; ".join(match.in_words() for match in hit.explanation.matched)


def _tell(hits: list[Hit], paths: dict[str, str], same: dict[str, list[str]]) -> None:
    for hit in hits:
        where = f"{paths.get(hit.document, '')} {hit.locator}" if hit.document else ""
        facts = ", ".join(filter(None, (hit.about.born, hit.about.sex, hit.about.place)))
        what = f"possible {'person on record' if hit.kind == 'person' else 'mention'}"
        click.echo(
            plain(f"{percent(hit.probability)}  {hit.name}  ({what} {hit.id}{'; ' + facts if facts else ''})")
        )
        if where:
            click.echo(plain(f"     in {where.strip()}"))
        click.echo(plain(f"     {alignment(hit)}"))
        if hit.adjustments:
            click.echo(plain(f"     the name alone {percent(hit.name_probability)}"))
        for change in hit.adjustments:
            click.echo(plain(f"     {change.amount:+.1f} {change.fact}: {change.reason}"))
        if same[hit.id]:
            click.echo(plain(f"     judged the same person as {', '.join(same[hit.id])}"))


def _sum_up(hits: list[Hit], names: Names) -> None:
    searched = f"{len(names):,} names of people on record and in documents were searched"
    if not hits:
        click.echo(
            f"Nobody whose name comes near; {searched}, down to {LEAST:.0%}. That is no proof that nobody is there: try "
            "other spellings, or one part of the name.",
            err=True,
        )
        return
    click.echo(
        f"{len(hits):,} possible; {searched}. A name alone decides nothing: compare a date of birth, a place, a "
        "father's name.",
        err=True,
    )
