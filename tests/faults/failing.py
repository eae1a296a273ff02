"""A process whose disk fails at a call of our choice; it runs with ``failing.c`` loaded.

python -m tests.faults.failing FOLDER SORT STEP=EVERY…

FOLDER holds a whole record. For each step and n = 1, 1 + EVERY, … the step is done on a copy of it with the n-th call and all after it
failing, until n is more than the step makes. Each turn prints ``step n outcome``; the outcome is what was refused, ``done``,
or what is wrong afterwards.
"""

from __future__ import annotations

import ctypes
import errno
import os
import random
import shutil
import sys
from itertools import count
from pathlib import Path

from onrecord.errors import OnrecordError
from onrecord.record import Record, verify
from tests.faults.watching import everything_acknowledged_is_there
from tests.faults.worker import STEPS, print_at_once

ERRORS = {"w": errno.ENOSPC, "s": errno.EIO, "r": errno.EIO}


def check(record: Record, _rng: random.Random, _number: int) -> list[str]:
    """Read everything; what cannot be read is an error, as the command ends with one."""
    verdict = verify(record.ledger, record.archive, views=record.views)
    if not verdict.clean:
        raise OnrecordError("; ".join(f"{d.what} {d.where}: {d.why}" for d in verdict.damage))
    return []


def turn(shim: ctypes.CDLL, folder: Path, step: str, sort: str, n: int) -> tuple[str, int]:
    """Do the step with the disk failing from the n-th call on; what came of it, and how many calls it made."""
    told: list[str] = []
    do = {**STEPS, "verify": check}[step]
    shim.fail_at(ord(sort), n, ERRORS[sort])
    try:
        told += do(Record(folder), random.Random(n), 1_000_000)
        outcome = "done"
    except OnrecordError as refused:
        outcome = f"refused {type(refused).__name__}: {str(refused).splitlines()[0]}"
    finally:
        calls = shim.calls()
        shim.fail_at(0, 0, 0)
    everything_acknowledged_is_there(Record(folder), told)
    list(do(Record(folder), random.Random(n), 2_000_000))  # with the disk mended it goes on
    everything_acknowledged_is_there(Record(folder), told)
    return outcome, calls


def turns(shim: ctypes.CDLL, whole: Path, step: str, sort: str, every: int) -> None:
    """Fail the step at every n-th call."""
    for n in count(1, every):
        place = whole.parent / f"{step}-{n}"
        os.environ["FAILING_FOLDER"] = str(place)
        shutil.copytree(whole, place / "record")
        outcome, calls = turn(shim, place / "record", step, sort, n)
        shutil.rmtree(place)
        print_at_once(f"{step} {n} {outcome}")
        if calls < n:
            break


def main() -> None:
    """Do as the arguments say."""
    shim = ctypes.CDLL(os.environ["LD_PRELOAD"])
    shim.fail_at.argtypes = [ctypes.c_int, ctypes.c_long, ctypes.c_int]
    shim.calls.restype = ctypes.c_long
    for asked in sys.argv[3:]:
        step, every = asked.split("=")
        turns(shim, Path(sys.argv[1]), step, sys.argv[2], int(every))


if __name__ == "__main__":
    main()
