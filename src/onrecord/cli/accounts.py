"""`onrecord accounts`: who may sign in to the record on a server, and what they looked at."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import cast

import click
import polars as pl

from onrecord.accounts import ROLES, Role, accounts_of
from onrecord.accounts.accounts import OPEN_FOR
from onrecord.cli.main import the_record
from onrecord.cli.output import csv_option, json_option, print_frame
from onrecord.cli.rooms import Whole

_BY = "the command line"
_HOURS = int(OPEN_FOR.total_seconds() // 3600)


@click.group(cls=Whole)
def accounts() -> None:
    """Invite and remove the people who sign in to `serve --accounts`; read the access log."""


@accounts.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice(ROLES), required=True, help="What they may do; see docs/serving.md."
)
@click.option(
    "--address",
    default="http://127.0.0.1:8321/",
    show_default=True,
    help="Where the server is, for the link: https://record.example.org/",
)
@click.option(
    "--hours",
    type=click.IntRange(1, 24 * 30),
    default=_HOURS,
    show_default=True,
    help="How long it can be used.",
)
@click.pass_context
def invite(ctx: click.Context, name: str, role: str, address: str, hours: int) -> None:
    """Print a link with which NAME chooses a password and signs in: once, and not for long.

    The name stands beside what they put on record, for everybody who may see it. To somebody who has an account
    the link gives a new password.
    """
    desk = accounts_of(the_record(ctx))
    secret = desk.invite(name, cast("Role", role), _BY, open_for=timedelta(hours=hours))
    click.echo(f"{address.rstrip('/')}/invitation/{secret}/")
    click.echo(
        f"Whoever opens it first is {name} ({role}). It works once, for {hours} hours: hand it over in a safe way.",
        err=True,
    )


@accounts.command("list")
@json_option
@csv_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool, as_csv: bool) -> None:
    """Show every account, and the invitations that are still open."""
    desk = accounts_of(the_record(ctx))
    rows: list[tuple[str | None, ...]] = [
        (a.name, a.role, a.made, a.signed_in, None) for a in desk.everybody()
    ]
    rows += [(i.name, i.role, None, None, i.expires) for i in desk.invitations()]
    columns = ("name", "role", "made", "signed_in", "invited_until")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    print_frame(frame, as_json=as_json, as_csv=as_csv)


@accounts.command()
@click.argument("name")
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """Take away the account of NAME, end its sessions and any invitation. What they put on record stays."""
    accounts_of(the_record(ctx)).remove(name, _BY)
    click.echo(f"{name} cannot sign in any more.")


@accounts.command()
@click.option("--who", default="", metavar="NAME", help="Only what this account did.")
@click.option("--last", type=click.IntRange(1), help="Only so many lines.")
@json_option
@csv_option
@click.pass_context
def log(ctx: click.Context, who: str, last: int | None, as_json: bool, as_csv: bool) -> None:
    """Show who saw or took what is not public, and who changed what, the newest first."""
    lines = accounts_of(the_record(ctx)).accesses(who=who, most=last)
    print_frame(pl.DataFrame([asdict(line) for line in lines], schema=LOG), as_json=as_json, as_csv=as_csv)


LOG = {
    "seq": pl.Int64(),
    "at": pl.String(),
    "who": pl.String(),
    "role": pl.String(),
    "act": pl.String(),
    "address": pl.String(),
    "what": pl.List(pl.String()),
    "size": pl.Int64(),
}
