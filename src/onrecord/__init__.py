"""onrecord keeps one record of a human rights crisis and answers from it.

>>> import onrecord
>>> record = onrecord.open("my-record")            # doctest: +SKIP
>>> record.as_seen_by(onrecord.PUBLIC).table("instrument")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.record import KEEPER, PUBLIC, Record, View, Viewer

__version__ = "0.1.0"

__all__ = ["KEEPER", "PUBLIC", "Record", "View", "Viewer", "open"]

_OF_THE_RECORD = frozenset({"KEEPER", "PUBLIC", "Record", "View", "Viewer"})


def open(folder: str | PathLike[str]) -> Record:
    """The record in a folder.

    Raises:
        onrecord.errors.RecordNotFound: there is none.
    """
    from onrecord.record import Record  # noqa: PLC0415 - see __getattr__

    return Record(Path(folder))


def __getattr__(name: str) -> Any:
    """What the record's room offers, loaded when it is first asked for.

    The process that reads foreign files imports this package too, and shall neither hold the record's code nor wait for it.
    """
    if name in _OF_THE_RECORD:
        return getattr(import_module("onrecord.record"), name)
    raise AttributeError(f"module 'onrecord' has no attribute {name!r}")
