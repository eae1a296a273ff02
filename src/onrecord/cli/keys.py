"""Public keys on the command line: as text or as a file that holds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from onrecord.errors import InvalidInput, Problem
from onrecord.record.notes import VerifierKey


def key_option(explained: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--key``, with what it is for."""
    return click.option("--key", "key_text", metavar="KEY", help=explained)


def parse_key(text: str) -> VerifierKey:
    """The key that was pasted or that lies in the file named.

    Raises:
        InvalidInput: it is neither.
    """
    path = Path(text)
    try:
        return VerifierKey.parse(path.read_text() if path.is_file() else text)
    except (OSError, ValueError) as cause:
        remedy = "Paste what `onrecord checkpoint --key` printed, or name a file with it."
        raise InvalidInput([Problem(f"{cause}.", remedy)]) from cause
