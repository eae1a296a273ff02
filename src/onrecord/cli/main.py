"""The command ``onrecord``: which commands there are, and how an error reaches a person or a script."""

from __future__ import annotations

import importlib
import json
import os
import sys
from keyword import iskeyword
from pathlib import Path

import click

from onrecord.errors import InvalidInput, OnrecordError, UsageError
from onrecord.record import Record

COMMANDS = (
    "demo",
    "new",
    "enter",
    "add",
    "outcomes",
    "search",
    "near",
    "find",
    "people",
    "sql",
    "cite",
    "verify",
    "checkpoint",
    "prove",
    "witness",
    "stamp",
    "export",
    "import",
    "rebuild",
    "show",
    "unseal",
    "reader-key",
    "positions",
    "movers",
    "promises",
    "votes",
    "publish",
    "serve",
    "accounts",
)
"""One module each in this folder, with a click command of the module's name; `import` lives in `import_`."""


class Rooms(click.Group):
    """Commands are loaded when they are called, so that `onrecord verify` does not wait for the charts."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module_name = f"{name}_" if iskeyword(name) else name.replace("-", "_")
        module = importlib.import_module(f"onrecord.cli.{module_name}")
        command: click.Command = getattr(module, module_name)
        return command


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-r",
    "--record",
    "folder",
    type=click.Path(path_type=Path),
    envvar="ONRECORD",
    help="The record's folder; ONRECORD in the environment does the same.",
)
@click.version_option(package_name="onrecord")
@click.pass_context
def cli(ctx: click.Context, folder: Path | None) -> None:
    """Keep one record of a crisis: who was taken, what shows it, who promised, who signed and voted."""
    ctx.obj = folder


def the_record(ctx: click.Context) -> Record:
    """The record named with -r or ONRECORD.

    Raises:
        UsageError: none was named.
        RecordNotFound: there is none at that place.
    """
    if ctx.obj is None:
        raise UsageError("Which record? Name its folder: `onrecord -r DIR …`, or set ONRECORD=DIR.")
    return Record(ctx.obj)


def main() -> None:
    """Run a command and end with its exit code; an error is told in words, never as a traceback."""
    as_json = "--json" in sys.argv
    try:
        # Not cli.main(): it turns exit codes into return values, and a reader that went away into an error.
        with cli.make_context("onrecord", sys.argv[1:]) as context:
            cli.invoke(context)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(misuse.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered goes nowhere
        sys.exit(0)
    except OnrecordError as error:
        click.echo(_as_json(error) if as_json else f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as fault:
        if os.environ.get("ONRECORD_DEBUG"):
            raise
        click.echo(
            f"Error: this should not have happened ({type(fault).__name__}: {fault}). What was on record is as it was. "
            "Run it again with ONRECORD_DEBUG=1 and send us what it prints.",
            err=True,
        )
        sys.exit(OnrecordError.exit_code)
    sys.exit(0)


def _as_json(error: OnrecordError) -> str:
    problems = error.problems if isinstance(error, InvalidInput) else []
    fields = ("message", "remedy", "file", "row", "column")
    return json.dumps(
        {
            "error": type(error).__name__,
            "message": str(error),
            "exit_code": error.exit_code,
            "problems": [{name: getattr(problem, name) for name in fields} for problem in problems],
        },
        ensure_ascii=False,
    )
