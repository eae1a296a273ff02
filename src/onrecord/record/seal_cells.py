"""Cells that are to be sealed: ``sealed.<name>`` holds the text, ``sealed_for`` the readers, all of them if left out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import msgspec

from onrecord.errors import Problem
from onrecord.record.rows import Row
from onrecord.record.sealing import Sealer

_TEXT = "sealed."
_FOR = "sealed_for"


def with_seals(row: Row, sealer: Sealer) -> Row | Problem:
    """The row with its texts sealed in place of the clear ones, or why they cannot be."""
    texts = _texts(row)
    if not texts:
        return row
    readers = row.cells.get(_FOR, [])
    chosen = (
        [part.strip() for part in readers.split(";") if part.strip()] if isinstance(readers, str) else readers
    )
    try:
        sealed = [msgspec.to_builtins(sealer.seal(name, text, chosen)) for name, text in texts.items()]
    except ValueError as cause:
        return row.problem(
            f"A text cannot be sealed: {cause}.",
            "Name readers under [readers] in record.toml, each with an age recipient, and in 'sealed_for'.",
            _FOR,
        )
    rest: dict[str, Any] = {
        k: v for k, v in row.cells.items() if not k.startswith(_TEXT) and k not in (_FOR, "sealed")
    }
    return replace(row, cells={**rest, "sealed": sealed if row.from_json else json.dumps(sealed)})


def _texts(row: Row) -> dict[str, str]:
    given = row.cells.get("sealed")
    if row.from_json and isinstance(given, dict):
        return {str(name): str(text) for name, text in given.items()}
    return {name.removeprefix(_TEXT): str(text) for name, text in row.cells.items() if name.startswith(_TEXT)}
