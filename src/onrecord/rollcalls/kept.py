"""What was worked out from a body's roll calls, kept as Parquet under ``derived/`` until what it rests on changes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import polars as pl

from onrecord.record import Record
from onrecord.rollcalls.bodies import Body


def kept(
    record: Record,
    what: str,
    body: Body,
    told: tuple[str, ...],
    make: Callable[[], Mapping[str, pl.DataFrame]],
) -> dict[str, pl.DataFrame]:
    """Tables by name: read where they are kept for this body as it is, else made and kept.

    Args:
        what: they are; the first word of the folder's name.
        told: everything else that they depend on, the version of the code that makes them included.
    """
    key = sha256("\n".join([body.body, *body.identity, *told]).encode()).hexdigest()[:16]
    folder = record.folder / "derived" / "rollcalls" / f"{what}-{key}"
    if not folder.exists():
        _keep(make(), folder)
    return {file.stem: pl.read_parquet(file) for file in sorted(folder.glob("*.parquet"))}


def _keep(tables: Mapping[str, pl.DataFrame], folder: Path) -> None:
    growing = folder.with_name(f"{folder.name}.partial-{os.getpid()}")
    growing.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_parquet(growing / f"{name}.parquet")
    try:
        os.replace(growing, folder)
    except OSError:  # another process made the same one first
        shutil.rmtree(growing)
