"""Tables over the ledger as Parquet: one folder a kind, one file for each run of leaves.

Views are derived. They are cut into segments by the place of the *first* recording of an entry, so that an
append touches the last segment and a correction touches the segment of what it corrects; a rebuild from
nothing and the incremental way write the same bytes.

A file is named by the hash of its bytes and is never written twice; ``state.json`` says which files are the views.
So a reader sees one state or another whatever dies in between, and a flipped bit is found.
"""

from __future__ import annotations

import fcntl
import io
import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from onrecord.errors import StorageError
from onrecord.model import canonical
from onrecord.model.kinds import KINDS, Correction
from onrecord.record import columns
from onrecord.record.files import write_whole
from onrecord.record.history import current
from onrecord.record.leaf import Leaf
from onrecord.record.ledger import Ledger, Reader

SEGMENT = 4096
_STATE = "state.json"
_draw = random.SystemRandom()
_LAYOUT = 3
"""Raised when the files are written differently for the same columns."""

Progress = Callable[[int, int], None]


@cache
def format_of_views() -> str:
    """A mark of the layout and of every column, so that views made by a program with other columns are not relied on."""
    described = [
        _LAYOUT,
        {kind: {name: str(dtype) for name, dtype in columns.schema(kind).items()} for kind in KINDS},
    ]
    return sha256(msgspec.json.encode(described)).hexdigest()[:16]


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which ledger the views show: its size and root; the files they are made of; the format of those."""

    size: int
    root: str
    files: tuple[str, ...]
    format: str


class Views:
    """The derived tables of one record."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.folder = folder
        self._ledger = ledger

    @property
    def listing(self) -> Path:
        """The file that says which files are the views."""
        return self.folder / _STATE

    def state(self) -> State | None:
        """What the views on disk show, or None if there are none to rely on."""
        try:
            state = msgspec.json.decode(self.listing.read_bytes(), type=State)
        except (OSError, ValueError, msgspec.DecodeError):
            return None
        return state if state.format == format_of_views() else None

    def rebuild(self, progress: Progress | None = None) -> State:
        """Throw everything away and write it anew from the ledger."""
        with self._alone():
            self._forget()
            return self._refresh(progress)

    def refresh(self, progress: Progress | None = None) -> State:
        """Bring the tables up to the ledger, writing only the segments that changed."""
        with self._ledger.reading() as reader:
            known = self.state()
            if known and known.size == reader.size and known.root == reader.root().hex():
                return known
        with self._alone():
            return self._refresh(progress)

    def _refresh(self, progress: Progress | None) -> State:
        with self._ledger.reading() as reader:
            known = self.state()
            if known is None or not _is_beginning(known, reader):
                self._forget()
                known = State(0, "", (), format_of_views())
            stale = _stale_segments(reader, known.size)
            files = [name for name in known.files if _segment_of(name) not in stale]
            for done, segment in enumerate(stale, 1):
                files += self._write_segment(reader, segment)
                if progress:
                    progress(done, len(stale))
            state = State(reader.size, reader.root().hex(), tuple(sorted(files)), format_of_views())
        write_whole(self.listing, msgspec.json.encode(state))
        for name in set(known.files) - set(state.files):
            (self.folder / name).unlink(missing_ok=True)
        return state

    def table(self, kind: str, only: Sequence[str] | None = None) -> pl.DataFrame:
        """Every entry of one kind as it stands now, in the ledger's order; for keepers, not for visitors.

        Columns: :func:`onrecord.record.columns.schema`, or ``only`` some of them.
        """
        wanted = list(columns.schema(kind) if only is None else only)
        try:
            return self._table(kind, wanted)
        except FileNotFoundError:  # another process has just replaced a segment, or is making all anew
            with self._alone():
                self._refresh(None)
                return self._table(kind, wanted)

    def _table(self, kind: str, wanted: list[str]) -> pl.DataFrame:
        state = self.state() or self.refresh()  # in the middle of a rebuild there is none: wait for it
        names = [name for name in state.files if name.startswith(f"{kind}/")]
        empty = pl.DataFrame(schema={name: columns.schema(kind)[name] for name in wanted})
        files = (pl.read_parquet(self.folder / name, glob=False, columns=wanted) for name in names)
        return pl.concat([empty, *files])

    def damaged(self) -> list[str]:
        """What lies here and is not what was written, each file by name; mended by :meth:`rebuild`."""
        # Another process may replace files while they are read here; what is damaged is so at a second look too.
        return self._damaged() and self._damaged()

    def _damaged(self) -> list[str]:
        if not self.listing.exists():
            return []
        state = self.state()
        if state is None:
            return [_STATE]
        with self._ledger.reading() as reader:
            stray = [] if _is_beginning(state, reader) else [_STATE]
        return stray + [name for name in state.files if not _is_whole(self.folder / name)]

    def made_otherwise(self, count: int | None = None) -> list[str]:
        """Files whose rows are not those that the ledger gives, though they bear the hash of their bytes.

        Args:
            count: how many segments to make again, drawn by chance so that nobody can know which; None for all.
        """
        state = self.state()
        with self._ledger.reading() as reader:
            if state is None or not _is_beginning(state, reader):
                return []
            segments = range(-(-state.size // SEGMENT))
            some = segments if count is None else _draw.sample(segments, min(count, len(segments)))
            return [name for segment in sorted(some) for name in self._otherwise(reader, state, segment)]

    def _otherwise(self, reader: Reader, state: State, segment: int) -> Iterator[str]:
        rows = _rows(reader, segment, state.size)
        kept = {name.partition("/")[0]: name for name in state.files if _segment_of(name) == segment}
        for kind in sorted(rows.keys() | kept.keys()):
            name = kept.get(kind, f"{kind}/{segment:06d}-….parquet")
            try:
                found = pl.read_parquet(self.folder / name, glob=False)
            except (OSError, pl.exceptions.PolarsError):
                found = None  # it is gone or damaged
            if found is None or not found.equals(columns.frame(kind, rows.get(kind, []))):
                yield name

    def ids_at(self, run: range) -> list[str]:
        """The entries that were recorded in a run of leaves, as the tables on disk say; nothing is brought up to date."""
        state = self.state()
        segments = range(run.start // SEGMENT, (run.stop - 1) // SEGMENT + 1)
        names = [name for name in state.files if _segment_of(name) in segments] if state else []
        whole = [name for name in names if _is_whole(self.folder / name)]
        tables = (pl.read_parquet(self.folder / name, glob=False, columns=["seq", "id"]) for name in whole)
        found = {seq: entry_id for table in tables for seq, entry_id in table.iter_rows() if seq in run}
        return [found[seq] for seq in sorted(found)]

    def _write_segment(self, reader: Reader, segment: int) -> list[str]:
        rows = _rows(reader, segment, reader.size)
        return [self._write(kind, segment, rows[kind]) for kind in KINDS if rows[kind]]

    def _write(self, kind: str, segment: int, rows: list[dict[str, Any]]) -> str:
        buffer = io.BytesIO()
        columns.frame(kind, rows).write_parquet(buffer, compression="zstd")
        name = f"{kind}/{segment:06d}-{sha256(buffer.getvalue()).hexdigest()}.parquet"
        if not _is_whole(self.folder / name):
            (self.folder / kind).mkdir(exist_ok=True)
            write_whole(self.folder / name, buffer.getvalue())
        return name

    def _forget(self) -> None:
        """Delete everything, what says that it can be relied on first."""
        self.listing.unlink(missing_ok=True)
        for kind in KINDS:
            shutil.rmtree(self.folder / kind, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """The right to write here, held by one process at a time."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / ".lock").open("wb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as cause:
            raise StorageError(
                f"The views in {self.folder} could not be written: {cause.strerror or cause}. Nothing that is kept "
                "for ever was touched; free some space or mend the disk and run `onrecord rebuild`."
            ) from cause


def _segment_of(name: str) -> int:
    return int(name.partition("/")[2][:6])


def _is_whole(path: Path) -> bool:
    """True if the file is there with the bytes its name says."""
    try:
        with path.open("rb") as stream:
            return path.stem.partition("-")[2] == file_digest(stream, "sha256").hexdigest()
    except OSError:
        return False


def _rows(reader: Reader, segment: int, size: int) -> dict[str, list[dict[str, Any]]]:
    """The rows of one segment by kind, as the first ``size`` leaves give them."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    corrections = _corrections_of(reader, segment, size)
    for leaf in reader.leaves(segment * SEGMENT, min((segment + 1) * SEGMENT, size)):
        if leaf.type == "entry":
            rows[leaf.kind].append(_row(leaf, corrections.get(str(leaf.id), [])))
    return rows


def _row(leaf: Leaf, corrections: list[Correction]) -> dict[str, Any]:
    """The fields of an entry as it stands now, with the ledger's own columns."""
    envelope = leaf.envelope
    fields, withdrawn = envelope["entry"], False
    if corrections:
        version = current(leaf.entry(), corrections)
        fields, withdrawn = canonical.to_fields(version.entry), version.withdrawn
    return {
        **fields,
        "seq": leaf.seq,
        "withdrawn": withdrawn,
        "corrections": len(corrections),
        "recorded": envelope["recorded"],
        "recorded_by": envelope["by"],
    }


def _corrections_of(reader: Reader, segment: int, size: int) -> dict[str, list[Correction]]:
    found: dict[str, list[Correction]] = defaultdict(list)
    for target, leaf in reader.corrections_within(segment * SEGMENT, (segment + 1) * SEGMENT):
        entry = leaf.entry()
        if not isinstance(entry, Correction):
            raise StorageError(
                f"Leaf {leaf.seq} is filed as a correction and is none. Run `onrecord verify`."
            )
        if leaf.seq < size:
            found[target].append(entry)
    return found


def _stale_segments(reader: Reader, since: int) -> list[int]:
    grown: Iterable[int] = range(since // SEGMENT, -(-reader.size // SEGMENT))
    touched = (leaf.seq // SEGMENT for leaf in reader.corrected_since(since))
    return sorted({*grown, *touched})


def _is_beginning(known: State, reader: Reader) -> bool:
    return known.size <= reader.size and reader.root(known.size).hex() == known.root
