"""The index as plain arrays, and as one file.

The file is an uncompressed NumPy ``.npz``: no code is loaded from it. It is derived data; deleting it costs
the time to build it again.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.names import tables
from onrecord.names.bank import Bank
from onrecord.names.errors import IndexFileError

FORMAT = 3


class Data(NamedTuple):
    """Everything an index knows; ``N`` names, ``P`` distinct parts.

    Attributes:
        texts: the distinct parts, in the order first seen, (P,).
        start: the parts of name n are ``parts[start[n]:start[n + 1]]``, (N + 1,).
        parts: positions in ``texts``.
        bank: the readings of the parts.
        posting_start, posting: the names that have each part, (P + 1,) and as many as ``parts``.
    """

    texts: tuple[str, ...]
    start: NDArray[np.uint32]
    parts: NDArray[np.uint32]
    bank: Bank
    posting_start: NDArray[np.int64]
    posting: NDArray[np.uint32]


@cache
def fingerprint() -> str:
    """SHA-256 over the shipped tables: readings stored under other tables are worked out again."""
    folder = files(tables.__package__)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))
    return hashlib.sha256(b"".join(folder.joinpath(name).read_bytes() for name in names)).hexdigest()


def save(data: Data, path: Path) -> None:
    """Write an index to one file, replacing what is there only once all of it is written."""
    arrays: dict[str, NDArray[Any]] = {
        "format": np.array(FORMAT),
        "fingerprint": np.array(fingerprint()),
        "texts": np.frombuffer("\n".join(data.texts).encode(), dtype=np.uint8),
    }
    for field in ("start", "parts", "posting_start", "posting"):
        arrays[field] = getattr(data, field)
    arrays |= {f"bank.{field}": value for field, value in data.bank._asdict().items()}
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    part.replace(path)


def load(path: Path) -> tuple[Data, bool]:
    """Read an index from its file.

    Returns:
        The data, and whether its readings were made with the tables of this version.

    Raises:
        IndexFileError: there is no file, or it is no index of this format.
    """
    try:
        # Opened here, since NumPy leaves a file open that turns out to be no archive.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = dict(file)
        if int(arrays["format"]) != FORMAT:
            raise IndexFileError(_complaint(path, f"its format is {arrays['format']}, not {FORMAT}"))
        return _data(arrays), str(arrays["fingerprint"]) == fingerprint()
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile) as error:
        raise IndexFileError(_complaint(path, str(error))) from error


def _complaint(path: Path, reason: str) -> str:
    return f"The names index {path} cannot be read: {reason}. Delete it and build it again."


def _data(arrays: Mapping[str, NDArray[Any]]) -> Data:
    text = arrays["texts"].tobytes().decode()
    return Data(
        texts=tuple(text.split("\n")) if text else (),
        **{field: arrays[field] for field in ("start", "parts", "posting_start", "posting")},
        bank=Bank(*(arrays[f"bank.{field}"] for field in Bank._fields)),
    )
