"""`onrecord serve`: the record in a browser."""

from __future__ import annotations

import threading
import webbrowser

import click
import uvicorn

from onrecord.cli.main import the_record
from onrecord.errors import UsageError
from onrecord.record import Record
from onrecord.serve.app import make_app

_HOST = "127.0.0.1"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8321, show_default=True)
@click.pass_context
def serve(ctx: click.Context, port: int) -> None:
    """Show the record at a local address, as the public sees it."""
    run(the_record(ctx), port, browser=False)


def run(record: Record, port: int, *, browser: bool) -> None:
    """Serve until interrupted; open a browser at the first page if asked to.

    Raises:
        UsageError: the port is taken.
    """
    record.views.refresh()
    config = uvicorn.Config(make_app(record), host=_HOST, port=port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    address = f"http://{_HOST}:{port}/"
    try:
        socket = config.bind_socket()
    except SystemExit as taken:
        raise UsageError(
            f"Port {port} cannot be used; another program may have it. Choose one with --port N."
        ) from taken
    click.echo(f"{record.description.title} is at {address} (Ctrl-C ends)")
    if browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    server.run(sockets=[socket])
