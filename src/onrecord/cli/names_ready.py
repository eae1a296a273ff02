"""Names of many scripts can be compared only once the alignments are compiled: say so before it takes a while."""

from __future__ import annotations

import click

from onrecord.names import ready


def prepare_names() -> None:
    """Compile what comparing names needs, with a word on standard error where that was not done yet."""
    if not ready.compiled():
        click.echo(ready.NOTICE, err=True)
        ready.prepare()
