"""`onrecord people`: which entries and mentions are one person, judged by somebody, with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO, get_args

import click
import polars as pl

from onrecord.cli.main import the_record
from onrecord.cli.names_ready import prepare_names
from onrecord.cli.output import json_option, print_json
from onrecord.cli.plain import plain
from onrecord.cli.rooms import Whole
from onrecord.people import clusters, conflicts, counted, judged, worklist
from onrecord.people.exchange import from_lines, to_lines
from onrecord.record import KEEPER, Record
from onrecord.search.named.finding import names_of, percent
from onrecord.search.named.linking import Verdict, judge, undo
from onrecord.search.named.pairs import near_pairs

_by = click.option("--by", help="Who decided; the record's keeper unless given.")
_reason = click.option("--reason", required=True, help="Why, for those who come after.")


@click.group(cls=Whole)
def people() -> None:
    """Judge whether people on record and names in documents are one person; see who judged so and why."""


@people.command()
@click.argument("a")
@click.argument("b")
@click.option("--verdict", type=click.Choice(get_args(Verdict)), required=True)
@_reason
@_by
@click.option("--public", is_flag=True, help="Let visitors who may see both people see the decision.")
@json_option
@click.pass_context
def link(
    ctx: click.Context,
    a: str,
    b: str,
    *,
    verdict: Verdict,
    reason: str,
    by: str | None,
    public: bool,
    as_json: bool,
) -> None:
    """Put on record that A and B are the same person, are different, or that it cannot be said.

    A later decision on the same two takes the place of this one; `people undo` withdraws it.
    """
    record = the_record(ctx)
    done = judge(record, a, b, verdict, reason, by=by, public=public)
    record.views.refresh()
    if as_json:
        print_json({"decision": done.decision, "mentions_put_on_record": done.mentions})
        return
    for mention in done.mentions:
        click.echo(f"{mention} is on record now, for keepers only, with its place in the document.")
    click.echo(plain(f"On record as {done.decision}: {a} and {b} are judged {verdict}."))


@people.command("undo")
@click.argument("a")
@click.argument("b")
@_reason
@_by
@click.pass_context
def undo_(ctx: click.Context, a: str, b: str, reason: str, by: str | None) -> None:
    """Withdraw the last decision on A and B; the one before it, if any, counts again. Both stay readable."""
    record = the_record(ctx)
    decision = undo(record, a, b, reason, by=by)
    record.views.refresh()
    click.echo(f"{decision} no longer counts.")


@people.command("clusters")
@json_option
@click.pass_context
def clusters_(ctx: click.Context, as_json: bool) -> None:
    """List who was judged to be one person, judgements that contradict each other, and how many people that makes."""
    record = the_record(ctx)
    known, judgements = _judgements(record)
    groups, against, count = (
        clusters(judgements),
        conflicts(judgements),
        counted(known["id"].to_list(), judgements),
    )
    if as_json:
        print_json(
            {
                "clusters": groups.to_dicts(),
                "conflicts": against.to_dicts(),
                "judgements": judgements.to_dicts(),
                "counted": count._asdict(),
            }
        )
        return
    names = dict(known.iter_rows())
    for group in groups.iter_rows(named=True):
        click.echo(plain(" = ".join(f"{names[m]} ({m})" for m in group["members"])))
    for row in judgements.iter_rows(named=True):
        said = (
            f"{row['a']} and {row['b']}: {row['verdict']}, by {row['by']}, {row['decided']}: {row['reason']}"
        )
        click.echo(plain(f"  {said} [{row['decision']}]"))
    for row in against.iter_rows(named=True):
        chain = " = ".join(row["path"])
        click.echo(
            plain(
                f"Conflict: {row['a']} and {row['b']} were judged different ({row['decision']}), but {chain} "
                f"({', '.join(row['same'])}). Decide one of them anew."
            )
        )
    click.echo(
        f"{count.entries:,} entries stand for {count.people:,} people; this rests on {count.links:,} {'judgement' if count.links == 1 else 'judgements'} of same. "
        f"Unsure: {count.unsure:,}. In conflict: {count.conflicts:,}."
    )


@people.command("worklist")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@click.option(
    "--asked",
    default=2_000,
    show_default=True,
    type=click.IntRange(1),
    help="Compare so many names with all others: people on record first, then names in documents.",
)
@json_option
@click.pass_context
def worklist_(ctx: click.Context, limit: int, asked: int, as_json: bool) -> None:
    """List the pairs whose judgement would tell most: near one half first, judged ones left out."""
    record = the_record(ctx)
    prepare_names()
    names = names_of(record)
    pairs = worklist(near_pairs(names, asked), _judgements(record)[1], limit)
    if as_json:
        print_json(pairs.to_dicts())
        return
    for row in pairs.iter_rows(named=True):
        click.echo(plain(f"{percent(row['probability'])}  {row['name_a']} ({row['a']})"))
        click.echo(plain(f"     possibly {row['name_b']} ({row['b']})"))
        for change in row["adjustments"]:
            click.echo(plain(f"     {change}"))
    compared = min(asked, len(names))
    click.echo(
        f"{pairs.height:,} pairs to judge with `onrecord people link A B`; {compared:,} of {len(names):,} names were "
        "compared with all.",
        err=True,
    )


@people.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, writable=True, allow_dash=True))
@click.pass_context
def export(ctx: click.Context, file: Path) -> None:
    """Write the standing judgements to FILE (- for standard output) as nomenklatura's resolver keeps them."""
    lines = "".join(to_lines(_judgements(the_record(ctx))[1]))
    with click.open_file(str(file), "w", encoding="utf-8") as out:
        out.write(lines)


@people.command("import")
@click.argument("file", type=click.File(encoding="utf-8"))
@_reason
@_by
@click.pass_context
def import_(ctx: click.Context, file: TextIO, reason: str, by: str | None) -> None:
    """Put judgements from a resolver FILE of nomenklatura on record; those that stand already are passed over."""
    record = the_record(ctx)
    standing = set(_judgements(record)[1].select("a", "b", "verdict").iter_rows())
    new = [edge for edge in from_lines(file) if (edge.a, edge.b, edge.verdict) not in standing]
    for edge in new:
        judge(record, edge.a, edge.b, edge.verdict, reason, by=by or edge.by)
    record.views.refresh()
    click.echo(f"{len(new):,} judgements are on record now.")


def _judgements(record: Record) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Id and name of everybody on record, and the standing judgements on them."""
    view = record.as_seen_by(KEEPER)
    known = view.table("person").select("id", pl.col("names").list.first().struct.field("text").alias("name"))
    return known, judged(view.table("decision"), set(known["id"]))
