"""`onrecord votes`: roll calls in, where states stand, who moved, how the next vote will fall."""

from __future__ import annotations

import importlib

import click

COMMANDS = ("fetch", "import", "check", "estimate", "movers", "agreement", "blocs", "forecast", "backtest")
"""One module each in this folder; a name that Python keeps for itself has an underscore after it."""


class Votes(click.Group):
    """Commands are loaded when they are called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"onrecord.cli.votes.{name.replace('import', 'import_')}")
        command: click.Command = module.command
        return command


@click.group(cls=Votes)
def votes() -> None:
    """Roll calls: bring them in, check them, see where states stand."""
