"""onrecord keeps one record of a human rights crisis and answers from it.

>>> import onrecord
>>> record = onrecord.open("my-record")            # doctest: +SKIP
>>> record.as_seen_by(onrecord.PUBLIC).table("instrument")  # doctest: +SKIP
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from onrecord.record import KEEPER, PUBLIC, Record, View, Viewer

__version__ = "0.1.0"

__all__ = ["KEEPER", "PUBLIC", "Record", "View", "Viewer", "open"]


def open(folder: str | PathLike[str]) -> Record:
    """The record in a folder.

    Raises:
        onrecord.errors.RecordNotFound: there is none.
    """
    return Record(Path(folder))
