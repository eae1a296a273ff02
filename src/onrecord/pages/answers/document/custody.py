"""What was done with an original, line by line of the ledger, and the proof of each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from onrecord.pages import addresses
from onrecord.pages.blocks import Cell, Table
from onrecord.pages.marked import visible
from onrecord.passages.originals import Handled, custody_of
from onrecord.proof.entries import prove_lines
from onrecord.record import Record
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.custody import CustodyEvent

_SHOWN = 100
_PROVED = 10
_COLUMNS = (
    "line", "recorded", "clock", "by", "action", "path", "modified", "member_of", "tool",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Custody:
    """The first lines about an original as a table, all of them to take away, and proofs of the first ones.

    Attributes:
        proofs: by the name of the file under which each is offered (C2SP tlog-proof).
        size: how many lines the ledger had under the root that the proofs lead to.
        key: what its signature is checked with. example: the file of the first proof.
    """

    table: Table
    rows: pl.DataFrame
    proofs: Mapping[str, bytes]
    size: int
    key: str
    example: str


def custody_shown(record: Record, digest: str) -> Custody:
    """The custody of an original, oldest first."""
    lines = custody_of(record, digest)
    proofs = prove_lines(record, [line.seq for line in lines[:_PROVED]])
    return Custody(
        table=_table(digest, lines),
        rows=_frame(lines),
        proofs={_file(proof.index): str(proof).encode() for proof in proofs},
        size=Checkpoint.parse(proofs[0].note.text).size,
        key=str(proofs[0].key),
        example=_file(proofs[0].index),
    )


def _file(index: int) -> str:
    return f"custody-{index + 1}.tlog-proof"


def _table(digest: str, lines: Sequence[Handled]) -> Table:
    more = f"; the first {_SHOWN} of {len(lines):,}, the files below hold all" if len(lines) > _SHOWN else ""
    return Table(
        "custody",
        f"What was done with the original, oldest first{more}",
        (
            ("Line", "number"),
            ("Proof", "date"),
            ("Recorded, UTC", "date"),
            ("Its clock, by its own word", "text"),
            ("By", "text"),
            ("What", "text"),
            ("Place or name", "text"),
            ("Modified, as claimed", "date"),
            ("Held by", "text"),
            ("Tool", "text"),
        ),
        [
            (
                line.seq + 1,
                _proof(digest, line) if number < _PROVED else Cell(""),
                line.recorded,
                _clock(line.event),
                visible(line.by),
                line.event.action.replace("_", " "),
                Cell(visible(line.event.path or "")),
                Cell(line.event.modified or ""),
                _holder(line.event.member_of),
                line.event.tool,
            )
            for number, line in enumerate(lines[:_SHOWN])
        ],
        heading="Custody",
    )


def _proof(digest: str, line: Handled) -> Cell:
    return Cell(f"of line {line.seq + 1:,}", f"{addresses.document(digest)}{_file(line.seq)}")


def _clock(event: CustodyEvent) -> str:
    if event.clock and event.clock_offset:
        return f"{event.clock}, {float(event.clock_offset):.3f} s to make up"
    return event.clock or "not recorded"


def _holder(digest: str | None) -> Cell:
    return Cell(f"{digest[:16]}…", addresses.document(digest)) if digest else Cell("")


def _frame(lines: Sequence[Handled]) -> pl.DataFrame:
    rows = [
        (line.seq + 1, line.recorded, _clock(line.event), line.by, line.event.action, line.event.path,
         line.event.modified, line.event.member_of, line.event.tool)
        for line in lines
    ]  # fmt: skip
    schema = {**dict.fromkeys(_COLUMNS, pl.String), "line": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")
