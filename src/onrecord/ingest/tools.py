"""Programs that a reader may call: bytes in over a pipe, text out over a pipe, nothing on disk."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

from onrecord.ingest.limits import Damaged


@cache
def tesseract() -> str | None:
    """Where Tesseract is, or None where it is not installed."""
    return shutil.which("tesseract")


def run(command: list[str], data: bytes) -> bytes:
    """What a program writes when it is given ``data``.

    Raises:
        Damaged: the program failed; the message has its exit status and last line.
    """
    done = subprocess.run(command, input=data, capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise Damaged(f"{command[0]} ended with status {done.returncode}: {' '.join(last) or 'no message'}")
    return done.stdout
