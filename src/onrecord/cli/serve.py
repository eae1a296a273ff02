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

from onrecord.cli.main import the_record
from onrecord.errors import UsageError
from onrecord.record import Record
from onrecord.serve.app import make_app
from onrecord.serve.drawing import Drawing
from onrecord.serve.owner import make_owner_app

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
@click.pass_context
def serve(ctx: click.Context, port: int, viewer: str) -> None:
    """Show the record at a local address, as the public or its keeper sees it."""
    if viewer == "keeper":
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


def _bound(record: Record, app: ASGIApp, port: int) -> tuple[uvicorn.Server, socket.socket]:
    record.views.refresh()
    config = uvicorn.Config(app, host=_HOST, port=port, log_level="warning", access_log=False)
    try:
        return uvicorn.Server(config), config.bind_socket()
    except SystemExit as taken:
        raise UsageError(
            f"Port {port} cannot be used; another program may have it. Choose one with --port N."
        ) from taken
