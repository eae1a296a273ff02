"""`onrecord serve`: the record in a browser."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from contextlib import closing

import click
import uvicorn
from starlette.types import ASGIApp

from onrecord.accounts import accounts_of
from onrecord.cli.main import the_record
from onrecord.errors import UsageError
from onrecord.record import Record
from onrecord.serve.app import make_app
from onrecord.serve.drawing import Drawing
from onrecord.serve.owner import make_owner_app
from onrecord.serve.team.app import make_team_app
from onrecord.serve.team.place import Place

_HOST = "127.0.0.1"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8321, show_default=True)
@click.option(
    "--as",
    "viewer",
    type=click.Choice(["public", "keeper"]),
    default="public",
    show_default=True,
    help="As the keeper: everything, documents included, for the browser that opens the address printed.",
)
@click.option(
    "--accounts",
    "team",
    is_flag=True,
    help="With sign-in for those whom `onrecord accounts` invited; everybody else sees what is public.",
)
@click.option(
    "--address",
    default="",
    metavar="URL",
    help="With --accounts: where people reach it through a TLS proxy on this machine, https://record.example.org",
)
@click.pass_context
def serve(ctx: click.Context, port: int, viewer: str, team: bool, address: str) -> None:
    """Show the record at a local address, as the public or its keeper sees it, or with sign-in for a team."""
    if (team and viewer == "keeper") or (address and not team):
        raise UsageError("Use --accounts without --as keeper, and --address with --accounts only.")
    if team:
        run_for_team(the_record(ctx), port, Place.parse(address) if address else Place())
    elif viewer == "keeper":
        run_for_owner(the_record(ctx), port)
    else:
        run(the_record(ctx), port, browser=False)


def run(record: Record, port: int, *, browser: bool) -> None:
    """Serve until interrupted; open a browser at the first page if asked to.

    Raises:
        UsageError: the port is taken.
    """
    address = f"http://{_HOST}:{port}/"
    server, listening = _bound(record, make_app(record), port)
    click.echo(f"{record.description.title} is at {address} (Ctrl-C ends)")
    if browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    server.run(sockets=[listening])


def run_for_owner(record: Record, port: int) -> None:
    """Serve everything to the browser that opens the address printed, until interrupted.

    Raises:
        UsageError: the port is taken.
    """
    key = secrets.token_urlsafe(24)
    with closing(Drawing(record)) as drawing:
        server, listening = _bound(record, make_owner_app(record, key, drawing), port)
        click.echo(
            f"{record.description.title}, with all that is private, is at http://{_HOST}:{port}/?key={key} "
            "for whoever has this address (Ctrl-C ends)"
        )
        server.run(sockets=[listening])


def run_for_team(record: Record, port: int, place: Place) -> None:
    """Serve with sign-in until interrupted.

    Raises:
        UsageError: the port is taken.
        StorageError: the database of the record cannot be written to.
    """
    accounts = accounts_of(record)
    with closing(Drawing(record)) as drawing:
        app = make_team_app(record, accounts, drawing, place)
        server, listening = _bound(record, app, port, proxy=bool(place.origin))
        here = f"http://{_HOST}:{port}"
        click.echo(
            f"{record.description.title} is at {place.origin or here}/ with sign-in (Ctrl-C ends)"
            + (f"; the proxy finds it at {here}" if place.origin else "")
        )
        if not accounts.everybody():
            click.echo(
                "Nobody can sign in yet: `onrecord accounts invite NAME --role owner` prints a link.",
                err=True,
            )
        server.run(sockets=[listening])


def _bound(
    record: Record, app: ASGIApp, port: int, *, proxy: bool = False
) -> tuple[uvicorn.Server, socket.socket]:
    """A server at a port of this machine; behind a proxy there it believes it where requests come from."""
    record.views.refresh()
    config = uvicorn.Config(
        app, host=_HOST, port=port, log_level="warning", access_log=False, server_header=False, proxy_headers=proxy,
        forwarded_allow_ips=_HOST,
    )  # fmt: skip
    try:
        return uvicorn.Server(config), config.bind_socket()
    except SystemExit as taken:
        raise UsageError(
            f"Port {port} cannot be used; another program may have it. Choose one with --port N."
        ) from taken
