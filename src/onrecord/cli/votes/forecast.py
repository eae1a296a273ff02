"""`onrecord votes forecast`: how the next vote will fall."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from onrecord.cli.main import the_record
from onrecord.cli.output import json_option, print_frame, print_json, progress
from onrecord.record import KEEPER
from onrecord.rollcalls.bodies import body_named
from onrecord.rollcalls.draft import read_draft
from onrecord.rollcalls.forecasts import Foretold, foretell
from onrecord.rollcalls.frozen import freeze as keep
from onrecord.rollcalls.frozen import frozen


@click.command("forecast")
@click.option(
    "--draft", "file", type=click.Path(path_type=Path), required=True, help="The draft, in TOML or JSON."
)
@click.option("--freeze", is_flag=True, help="Keep the forecast on record, so that it can be scored later.")
@click.option("--public", is_flag=True, help="With --freeze: let visitors see it.")
@json_option
@click.pass_context
def forecast(ctx: click.Context, file: Path, freeze: bool, public: bool, as_json: bool) -> None:
    """Foretell the vote on a draft: each member's chances and reasons, the result, whose vote decides it."""
    record = the_record(ctx)
    draft = read_draft(file)
    view = record.as_seen_by(KEEPER)
    body = body_named(record, view, draft.body)
    told = foretell(record, view, body, draft, progress=progress("Past drafts"))
    if freeze:
        kept = frozen(told, view, body, record.clock().date())
        event = keep(record, kept, visibility="public" if public else "private")
        click.echo(f"Kept as {event}.", err=True)
    if as_json:
        print_json(_as_json(told))
        return
    _print(told)


def _as_json(told: Foretold) -> dict[str, Any]:
    made = told.forecast
    return {
        "title": told.draft.title,
        "date": told.draft.date,
        "rule": told.draft.rule,
        "adopted": made.adopted,
        "yes": dict(zip(("q10", "q50", "q90"), made.yes, strict=True)),
        "margin": dict(zip(("q10", "q50", "q90"), made.margin, strict=True)),
        "members": made.members.to_dicts(),
        "reasons": made.reasons.to_dicts(),
    }


def _print(told: Foretold) -> None:
    made = told.forecast
    click.echo(
        f"{told.draft.title}, {told.draft.date}: adopted with probability {made.adopted:.2f} ({told.draft.rule}).\n"
        f"Yes: {made.yes[1]} (80 %: {made.yes[0]} to {made.yes[2]}); "
        f"yes less no: {made.margin[1]:+d} (80 %: {made.margin[0]:+d} to {made.margin[2]:+d}).\n"
    )
    shown = (
        "iso3",
        "p_yes",
        "p_abstain",
        "p_no",
        "likeliest",
        "movability",
        "abstain_to_yes",
        "no_to_abstain",
    )
    print_frame(made.members.select(shown).sort("p_yes", descending=True), as_json=False, as_csv=False)
