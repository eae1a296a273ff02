"""`onrecord positions`: what each state did on an instrument."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import Any

import click
import polars as pl

from onrecord.cli.dates import as_of_option, day_of
from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame, print_json
from onrecord.cli.plain import plain
from onrecord.errors import EntryNotFound
from onrecord.positions import absences, lists, stances
from onrecord.positions.stance import DID_NOT_SIGN
from onrecord.record import KEEPER, View


@click.command()
@click.option(
    "--instrument", "instrument", metavar="ID", help="One instrument; all of them, a line each, unless given."
)
@as_of_option
@json_option
@csv_option
@click.pass_context
def positions(
    ctx: click.Context, instrument: str | None, as_of: str | None, as_json: bool, as_csv: bool
) -> None:
    """Print who signed, joined late, withdrew or voted how, with the count as stated and the names on record."""
    record = the_record(ctx)
    view, day = record.as_seen_by(KEEPER), day_of(record, as_of)
    if instrument is None:
        every = lists(view, as_of=day)
        if not (as_json or as_csv):
            every = every.select("instrument", "date", "side", "list_status", "stated_count", "listed", "net")
        print_frame(every, as_json=as_json, as_csv=as_csv)
        return
    text = _instrument(view, instrument)
    stood = _positions(view, instrument, day)
    if as_json:
        print_json(
            {
                **_summary(view, text, day),
                **_absence(view, instrument, day),
                "as_of": day,
                "positions": stood.to_dicts(),
            }
        )
        return
    if not as_csv:
        click.echo(f"{plain(text['title'])} ({text['date']})\n{_in_words(_summary(view, text, day))}\n")
        stood = stood.select("actor", "name", "stance", "act", "date", "confidence")
    print_frame(stood, as_json=False, as_csv=as_csv)


def _instrument(view: View, instrument: str) -> dict[str, Any]:
    table = view.table("instrument")
    rows = table.filter(pl.col("id") == instrument).to_dicts()
    if rows:
        return rows[0]
    close = get_close_matches(instrument, table["id"].to_list(), n=3, cutoff=0.4)
    meant = f" Did you mean {' or '.join(close)}?" if close else ""
    raise EntryNotFound(
        f"There is no instrument {instrument!r} on record.{meant} `onrecord positions` lists all of them."
    )


def _positions(view: View, instrument: str, day: date) -> pl.DataFrame:
    names = view.table("actor").select(pl.col("id").alias("actor"), "name")
    return (
        stances(view, as_of=day)
        .filter(pl.col("instrument") == instrument)
        .join(names, on="actor", how="left", maintain_order="left")
        .select(
            "actor",
            "name",
            "act",
            "acts",
            "date",
            "date_is",
            "stance",
            "confidence",
            "entries",
            "open_entries",
        )
    )


def _summary(view: View, text: dict[str, Any], day: date) -> dict[str, Any]:
    shown = ("id", "title", "date", "body", "instrument_kind", "topic", "side", "lead", "symbol", "note")
    counted = ("list_status", "stated_count", "listed", "joined", "withdrew", "net", "unverified",
               "yes", "no", "abstained", "absent")  # fmt: skip
    line = lists(view, as_of=day).filter(pl.col("instrument") == text["id"]).to_dicts()
    counts = line[0] if line else {"list_status": text["list_status"], "stated_count": text["stated_count"]}
    return {
        "instrument": {name: text[name] for name in shown},
        **{name: counts.get(name, 0) for name in counted},
    }


def _absence(view: View, instrument: str, day: date) -> dict[str, Any]:
    """What absence from the list means, and who did not sign where it means that; None where nobody can say."""
    absent = absences(view, as_of=day).filter(pl.col("instrument") == instrument)
    meaning = absent["stance"].first() if absent.height else None
    return {
        "absence_means": meaning,
        "did_not_sign": absent["actor"].to_list() if meaning == DID_NOT_SIGN else None,
    }


def _in_words(summary: dict[str, Any]) -> str:
    stated = "no count stated" if summary["stated_count"] is None else f"{summary['stated_count']} stated"
    return (
        f"List {summary['list_status']}: {stated}, {summary['listed']} named, "
        f"{summary['joined']} joined late, {summary['withdrew']} withdrew, net {summary['net']}."
    )
