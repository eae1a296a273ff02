"""The tables of this room: linguistic knowledge and the trained channel, each row with its source."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one shipped table.

    Args:
        name: file name inside this folder, such as ``"letters.csv"``.

    Returns:
        One dict a row, header names as keys, in file order.
    """
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
