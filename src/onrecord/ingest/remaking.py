"""Making derivatives again and comparing them with what is kept: the only proof that they say what the originals say."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import msgspec

from onrecord.errors import StorageError
from onrecord.ingest.catalogue import Catalogue, Settled
from onrecord.ingest.checking import REMADE, Resting
from onrecord.ingest.derived import Derived, with_choices
from onrecord.ingest.reading import Outcome
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.spool import on_disk
from onrecord.ingest.stream import Malformed
from onrecord.ingest.taking_in import TREE_LIMITS
from onrecord.ingest.tools import tesseract
from onrecord.record import Record
from onrecord.record.verify import Damage

SAMPLE = 8
"""Derivatives made again when nobody says how many."""

_TIMED = ("limit CPU seconds", "limit wall seconds")
_WITH_OCR = 3600

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Remade:
    """How many derivatives were made again and compared, what differed, and why others could not be compared."""

    compared: int = 0
    damage: list[Damage] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def remake(record: Record, count: int | None = SAMPLE, progress: Progress | None = None) -> Remade:
    """Make derivatives again from their originals and compare them to the byte; nothing is kept.

    Args:
        count: how many, drawn by chance so that nobody can know which; None for all.
        progress: told how many of how many are done.

    Raises:
        SandboxBroken: no reader can be started.
    """
    done = Remade()
    if not count and count is not None:
        return done
    chosen = _chosen(record, count)
    by_choices: dict[str, list[Settled]] = defaultdict(list)
    for each in chosen:
        by_choices[each.choices].append(each)
    for choices, together in by_choices.items():
        for number, _ in enumerate(_compared(record, choices, together, done), start=1):
            if progress:
                progress(number, len(together))
    return done


def _chosen(record: Record, count: int | None) -> list[Settled]:
    path = record.folder / "derived" / "catalogue.sqlite"
    if not path.exists():
        return []
    try:
        with closing(Catalogue(path, checked=True)) as catalogue:
            everything = catalogue.settled()
    except (StorageError, ValueError):
        return []  # told by whoever checks the catalogue
    return (
        everything if count is None else random.SystemRandom().sample(everything, min(count, len(everything)))
    )


def _compared(record: Record, choices: str, together: Iterable[Settled], done: Remade) -> Iterator[None]:
    options = with_choices(choices)
    if options.ocr and tesseract() is None:
        done.left_out["were read with Tesseract, which is not installed here"] += sum(1 for _ in together)
        return
    if options.ocr:
        options = msgspec.structs.replace(options, wall_seconds=_WITH_OCR)
    resting = Resting(record)
    with Sandbox(options, workers=1) as sandbox:
        for each in together:
            if not sandbox.is_current(each.row.kind, each.row.reader, each.row.version):
                done.left_out["were made by another version of their reader"] += 1
            elif sums := _made_again(record, sandbox, each, done):
                done.compared += 1
                if sums != each.sums:
                    done.damage.append(_differs(each, resting))
            yield


def _made_again(record: Record, sandbox: Sandbox, each: Settled, done: Remade) -> str:
    """What the files of the derivative give when it is made again; empty if it cannot be compared."""
    try:
        digest = str(each.row.sha256)
        with record.archive.open(digest) as kept, on_disk(kept, digest, None) as file:
            sandbox.submit(file, each.row.path, None)
    except StorageError:
        done.left_out["have an original that cannot be read"] += 1
        return ""
    with (answer := sandbox.next()).spool:
        told = answer.reading
        if told.reason.startswith(_TIMED) or each.row.reason.startswith(_TIMED):
            done.left_out["met a limit of time, which depends on the machine"] += 1
            return ""
        if each.row.reason.startswith(TREE_LIMITS):  # a limit of the whole that it lay in
            told = msgspec.structs.replace(told, outcome=Outcome.REFUSED, reason=each.row.reason)
        try:
            return Derived(record.folder / "derived").made(told, answer.frames())
        except Malformed as cause:
            return f"the worker's answer was not one: {cause}"


def _differs(each: Settled, resting: Resting) -> Damage:
    digest = str(each.row.sha256)
    why = f"made again from its original it differs, so it does not say what the original says; {REMADE}"
    return Damage("derivative", f"{digest}/{each.row.key}", why, resting.on(digest))
