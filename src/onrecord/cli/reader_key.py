"""`onrecord reader-key`: a key for somebody for whom texts are to be sealed."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.record.sealing import new_key


@click.command("reader-key")
@click.argument("file", type=click.Path(path_type=Path))
def reader_key(file: Path) -> None:
    """Write a new age key to FILE, readable by you alone, and print the line for record.toml."""
    recipient = new_key(file)
    click.echo(
        f'Keep {file} where nobody else can read it. In record.toml, under [readers]:\n\nyour-name = "{recipient}"'
    )
