"""Ending a long run when a person, a closed terminal or a system that shuts down asks for it, and saying what stays."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stopped(KeyboardInterrupt):
    """A signal came. The message is its number."""


@contextmanager
def stoppable(what_stays: str) -> Iterator[None]:
    """Signals end the block in order, readers included; then ``what_stays`` is told on standard error.

    Raises:
        click.exceptions.Exit: with 128 and the signal's number, as shells count. What was told to ignore a signal, as
            by ``nohup``, goes on ignoring it.
    """
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    heard = [number for number in _SIGNALS if before[number] is not signal.SIG_IGN]
    try:
        for number in heard:
            signal.signal(number, _stop)
        yield
    except _Stopped as stopped:
        click.echo(f"Stopped. {what_stays}", err=True)
        raise click.exceptions.Exit(128 + stopped.args[0]) from None
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _stop(number: int, _: FrameType | None) -> None:
    raise _Stopped(number)
