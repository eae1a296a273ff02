"""How answers are printed: as a table for people, as JSON or CSV for scripts; progress on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import click
import polars as pl

from onrecord.cli.plain import plain
from onrecord.pages.tabular import to_csv

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Print CSV, safe to open in a spreadsheet.")


def print_json(value: Any) -> None:
    """Print a value as JSON; dates as ISO text."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def print_frame(frame: pl.DataFrame, *, as_json: bool, as_csv: bool) -> None:
    """Print a table in the form asked for: a JSON array of objects, CSV, or columns to read."""
    if as_json:
        print_json(frame.to_dicts())
    elif as_csv:
        click.echo(to_csv(frame), nl=False)
    else:
        _print_columns(frame)


def _print_columns(frame: pl.DataFrame) -> None:
    frame = frame.with_columns(pl.col(pl.String).map_elements(plain, return_dtype=pl.String))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=60, tbl_hide_dataframe_shape=True,
                   tbl_hide_column_data_types=True, tbl_formatting="NOTHING", tbl_width_chars=160):  # fmt: skip
        click.echo(str(frame))


def progress(label: str) -> Callable[[int, int], None] | None:
    """A report of ``done of total`` on a terminal, at most ten times a second; None where nobody looks."""
    if not sys.stderr.isatty():
        return None
    shown = 0.0

    def report(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if done == total or now - shown > 0.1:
            shown = now
            click.echo(f"\r{label}: {done:,} of {total:,}", nl=done == total, err=True)

    return report
