"""Write the reference of all commands into docs/commands.md, from what the commands say of themselves.

    python tools/build_commands.py

A test compares the page with this, so that no command and no option is left undocumented.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from onrecord.cli.main import cli

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
START, END = "<!-- commands: written by tools/build_commands.py -->", "<!-- end of commands -->"


def commands(group: click.Group, way: str = "onrecord") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it, in the order of the list of commands."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from commands(command, f"{way} {name}")
        else:
            yield f"{way} {name}", command


def reference() -> str:
    """The reference as Markdown."""
    return "\n\n".join(section for way, command in commands(cli) for section in _sections(way, command))


def _sections(way: str, command: click.Command) -> Iterator[str]:
    places = [_place(part) for part in command.params if isinstance(part, click.Argument)]
    yield "### " + " ".join([f"`{way}`", *(f"`{place}`" for place in places)])
    yield from (" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    options = [part for part in command.params if isinstance(part, click.Option)]
    if options:
        yield "\n".join(["| option | |", "| --- | --- |", *map(_row, options)])


def _place(argument: click.Argument) -> str:
    name = argument.make_metavar(click.Context(click.Command(None)))
    return name


def _row(option: click.Option) -> str:
    context = click.Context(click.Command(None))
    words, says = option.get_help_record(context) or ("", "")
    return f"| `{_cell(words)}` | {_cell(says)} |"


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


def written(page: str) -> str:
    """The page with the reference put between its two marks."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{reference()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
