"""Tables over the ledger as Parquet: one folder a kind, one file for each run of leaves.

Views are derived. They are cut into segments by the place of the *first* recording of an entry, so that an
append touches the last segment and a correction touches the segment of what it corrects; a rebuild from
nothing and the incremental way write the same bytes.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from onrecord.model.kinds import KINDS, Correction
from onrecord.record import columns
from onrecord.record.history import current
from onrecord.record.leaf import Leaf
from onrecord.record.ledger import Ledger, Reader

SEGMENT = 8192
FORMAT = 1

Progress = Callable[[int, int], None]


class State(msgspec.Struct, frozen=True):
    """Which ledger the views show: its size and root, and the format they are written in."""

    size: int
    root: str
    format: int = FORMAT


class Views:
    """The derived tables of one record."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.folder = folder
        self._ledger = ledger

    def state(self) -> State | None:
        """What the views on disk show, or None if there are none to rely on."""
        try:
            state = msgspec.json.decode((self.folder / "state.json").read_bytes(), type=State)
        except (OSError, msgspec.DecodeError):
            return None
        return state if state.format == FORMAT else None

    def rebuild(self, progress: Progress | None = None) -> State:
        """Throw everything away and write it anew from the ledger."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.refresh(progress)

    def refresh(self, progress: Progress | None = None) -> State:
        """Bring the tables up to the ledger, writing only the segments that changed."""
        with self._ledger.reading() as reader:
            known = self.state()
            if known and known.size == reader.size and known.root == reader.root().hex():
                return known
            if known and not _is_beginning(known, reader):
                shutil.rmtree(self.folder, ignore_errors=True)
                known = None
            stale = _stale_segments(reader, known.size if known else 0)
            for done, segment in enumerate(stale, 1):
                self._write_segment(reader, segment)
                if progress:
                    progress(done, len(stale))
            state = State(reader.size, reader.root().hex())
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(self.folder / "state.json", msgspec.json.encode(state))
        return state

    def table(self, kind: str) -> pl.DataFrame:
        """Every entry of one kind as it stands now, in the ledger's order; for keepers, not for visitors.

        Columns: :func:`onrecord.record.columns.schema`.
        """
        files = sorted((self.folder / kind).glob("*.parquet"))
        empty = pl.DataFrame(schema=columns.schema(kind))
        return pl.concat([empty, *(pl.read_parquet(file, glob=False) for file in files)])

    def _write_segment(self, reader: Reader, segment: int) -> None:
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        corrections = _corrections_of(reader, segment)
        for leaf in reader.leaves(segment * SEGMENT, (segment + 1) * SEGMENT):
            if leaf.type == "entry":
                rows[leaf.kind].append(_row(leaf, corrections.get(str(leaf.id), [])))
        for kind in KINDS:
            file = self.folder / kind / f"{segment:06d}.parquet"
            if rows[kind]:
                file.parent.mkdir(parents=True, exist_ok=True)
                partial = file.with_suffix(".partial")
                columns.frame(kind, rows[kind]).write_parquet(partial, compression="zstd")
                os.replace(partial, file)


def _row(leaf: Leaf, corrections: list[Correction]) -> dict[str, Any]:
    version = current(leaf.entry(), corrections)
    envelope = leaf.envelope
    ledger = {
        "seq": leaf.seq,
        "withdrawn": version.withdrawn,
        "corrections": len(corrections),
        "recorded": envelope["recorded"],
        "recorded_by": envelope["by"],
    }
    return columns.row(leaf.kind, version.entry, ledger)


def _corrections_of(reader: Reader, segment: int) -> dict[str, list[Correction]]:
    found: dict[str, list[Correction]] = defaultdict(list)
    for target, leaf in reader.corrections_within(segment * SEGMENT, (segment + 1) * SEGMENT):
        entry = leaf.entry()
        assert isinstance(entry, Correction)
        found[target].append(entry)
    return found


def _stale_segments(reader: Reader, since: int) -> list[int]:
    grown: Iterable[int] = range(since // SEGMENT, -(-reader.size // SEGMENT))
    touched = (leaf.seq // SEGMENT for leaf in reader.corrected_since(since))
    return sorted({*grown, *touched})


def _is_beginning(known: State, reader: Reader) -> bool:
    return known.size <= reader.size and reader.root(known.size).hex() == known.root


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(data)
    os.replace(partial, path)
