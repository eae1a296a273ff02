"""Groups of commands whose help says of each command, in whole sentences, what it is for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

import click


class Whole(click.Group):
    """The list of commands in the help holds the first sentence of each, wrapped and never cut short."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._sentence(ctx, name)) for name in self.list_commands(ctx)])

    def _sentence(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        words = " ".join((command.help or "").split()) if command else ""
        return f"{words.partition('. ')[0].removesuffix('.')}."


class Rooms(Whole):
    """One module each for the commands, loaded when it is called, so that none waits for what it does not need.

    Args:
        package: where the modules lie; each holds a click command of its own name. A hyphen becomes an
            underscore, and a name that Python keeps for itself has an underscore after it.
        sections: heading to command to what it is for, in the order of the help.
    """

    def __init__(
        self, *args: Any, package: str, sections: Mapping[str, Mapping[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.package, self.sections = package, sections

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return [name for commands in self.sections.values() for name in commands]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, None if there is none."""
        if name not in self.list_commands(ctx):
            return None
        module = f"{name}_" if iskeyword(name) else name.replace("-", "_")
        command: click.Command = getattr(importlib.import_module(f"{self.package}.{module}"), module)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings without loading any, all in one column."""
        widest = max(map(len, self.list_commands(ctx)))
        for heading, commands in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(widest), words) for name, words in commands.items()])
