"""Starting workers and holding a record against what they were told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from onrecord.record import Record, verify

HOUSE = Path(__file__).parents[2]


def command(folder: Path, *arguments: object) -> list[str]:
    """The command line of a worker."""
    return [sys.executable, "-m", "tests.faults.worker", str(folder), *map(str, arguments)]


def start(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """A worker that has just been started."""
    return subprocess.Popen(command(folder, *arguments), stdout=subprocess.PIPE, text=True, cwd=HOUSE)


def everything_acknowledged_is_there(record: Record, told: Iterable[str]) -> int:
    """Assert that the record is whole and holds all that was told; returns how much that was."""
    verdict = verify(record.ledger, record.archive, views=record.views)
    assert verdict.clean, verdict.damage
    entries, originals = set(), set()
    for line in told:
        kind, _, name = line.strip().partition(" ")
        {"entry": entries, "original": originals}.get(kind, set()).add(name)
    with record.ledger.reading() as reader:
        there = {leaf.id for leaf in reader.leaves()}
        kept = {leaf.custody().sha256 for leaf in reader.leaves() if leaf.type == "custody"}
    assert entries <= there
    assert originals <= kept
    assert originals <= set(record.archive.digests())
    assert set(record.views.table("event")["id"]) <= there
    record.views.refresh()
    assert set(record.views.table("event")["id"]) == {
        entry_id for entry_id in there if str(entry_id).startswith("event/")
    }
    return len(entries) + len(originals)
