"""The command ``onrecord``: which commands there are, and how an error reaches a person or a script."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from onrecord.cli.rooms import Rooms
from onrecord.errors import InvalidInput, OnrecordError, UsageError
from onrecord.record import Record

SECTIONS = {
    "Keep a record": {
        "demo": "Build the shipped record and open it in the browser.",
        "new": "Make a record, empty or from the shipped one.",
        "enter": "Add entries from CSV or JSON Lines, all of them or none.",
        "serve": "Show the record to the public, its owner or a team.",
        "accounts": "Invite and remove the people who sign in.",
        "publish": "Freeze what the public may see as a static site.",
    },
    "Who was taken": {
        "find": "Find a person by name, whatever the script.",
        "people": "Judge which people and names in documents are one person.",
    },
    "What shows it": {
        "add": "Take in files, folders and archives, and read what can be read.",
        "outcomes": "List what became of every file that was taken in.",
        "search": "Find words in all documents, or many at once from a list.",
        "near": "Group documents and pictures that are nearly the same.",
        "sql": "Ask a SELECT of the entries and of all tables taken in.",
        "cite": "Make a citation of a passage in an original.",
    },
    "Who promised, who signed, who voted": {
        "promises": "What was promised, and what has become of it on a day.",
        "positions": "Who signed, joined, withdrew or voted how.",
        "movers": "Who changed sides, withdrew or left.",
        "votes": "Roll calls: where states stand, who moved, the coming vote.",
        "show": "Print an entry with every state it has had.",
    },
    "Prove it": {
        "verify": "Read everything again and name what is not as acknowledged.",
        "checkpoint": "Print the signed state of the ledger.",
        "prove": "Print the proof that an entry stands in the ledger.",
        "witness": "Sign a checkpoint that somebody else shows you.",
        "stamp": "Have the ledger's state dated by an outside authority.",
        "export": "Take the whole record out, as a bag with its proofs.",
        "import": "Make a record from a bag.",
        "rebuild": "Make everything derived again from ledger and originals.",
    },
    "Sealed texts": {
        "reader-key": "Make a key for reading sealed texts.",
        "unseal": "Print the sealed texts of an entry that your key opens.",
    },
}
"""Every command with what it is for; the commands themselves say the rest."""


@click.group(
    cls=Rooms,
    package="onrecord.cli",
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
        if as_json:
            click.echo(_as_json(UsageError(misuse.format_message())), err=True)
        else:
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
