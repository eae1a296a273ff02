"""The line on a terminal that says how far taking in is: what matters most stands first, and it is cut, not wrapped."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from onrecord.ingest.taking_in import Progress

_EVERY = 0.1
"""Seconds from one drawing to the next."""
_GUESSES = 1
"""Seconds after which a guess of the time left is worth reading."""


@contextmanager
def bar(count: Callable[[], int]) -> Iterator[Callable[[Progress], None] | None]:
    """What is to be told of progress, and the line's end when the block ends; None where nobody looks.

    Args:
        count: counts the files that will be walked; asked only where somebody looks.
    """
    if not sys.stderr.isatty():
        yield None
        return
    line = _Line(count())
    try:
        yield line.report
    finally:
        line.end()


class _Line:
    """One line, drawn over itself."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._start = time.monotonic()
        self._drawn = 0.0
        self._last = Progress(0, 0, 0, 0)

    def report(self, progress: Progress) -> None:
        self._last = progress
        if time.monotonic() - self._drawn >= _EVERY:
            self._draw()

    def end(self) -> None:
        if self._drawn:
            self._draw()
            click.echo(err=True)

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        width = os.get_terminal_size(sys.stderr.fileno()).columns or 80
        told = in_words(self._last, self._total, self._drawn - self._start)
        click.echo(f"\r{told[: width - 1]}\x1b[K", nl=False, err=True)


def in_words(progress: Progress, total: int, seconds: float) -> str:
    """How far a run of so many files is after so many seconds, with the rate and the time that is left."""
    parts = [f"{progress.walked:,} of {max(total, progress.walked):,} files"] if total else []
    done = progress.walked >= total and not progress.waiting
    if not done and seconds >= _GUESSES:
        parts.append(f"about {_duration(_left(progress, total, seconds))} left")
    parts += [f"{progress.read:,} read with members", f"{progress.read / max(seconds, 0.001):,.0f} a second"]
    return ", ".join(parts)


def _left(progress: Progress, total: int, seconds: float) -> float:
    """Seconds, as the walk goes while there is one, and then as the reading goes."""
    if progress.walked < total:
        return (total - progress.walked) * seconds / max(progress.walked, 1)
    return progress.waiting * seconds / max(progress.read, 1)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
