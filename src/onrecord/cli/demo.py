"""`onrecord demo`: the shipped record in a browser, in one command."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import click

from onrecord.cli.serve import run
from onrecord.record import Record
from onrecord.record.description import FILE
from onrecord.records import template

_NAME = "xinjiang"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8321, show_default=True)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.pass_context
def demo(ctx: click.Context, port: int, no_browser: bool) -> None:
    """Build the shipped record, Xinjiang at the United Nations, and show it."""
    folder = ctx.obj or _default_folder()
    record = Record(folder) if (folder / FILE).exists() else Record.create(folder, template(_NAME))
    run(record, port, browser=not no_browser)


def _default_folder() -> Path:
    """A folder for these facts: a program that ships others makes another, and nothing is overwritten."""
    facts = sha256(b"".join(file.read_bytes() for file in sorted(template(_NAME).iterdir()))).hexdigest()[:8]
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "onrecord" / f"demo-{facts}"
