"""One flipped bit in any file of a record is found and named."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from onrecord.record import Record, verify
from tests.proof.making import fill


def kind_of(file: Path) -> str:
    return {".sqlite": "ledger", ".parquet": "view", ".json": "state", ".pem": "key"}.get(file.suffix, "checkpoint") if (
        "archive" not in file.parts) else "original"  # fmt: skip


def flip(path: Path, rng: random.Random) -> bytes:
    """Flip one bit and return what was there before."""
    whole = path.read_bytes()
    at = rng.randrange(len(whole))
    path.chmod(0o600)
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :])
    return whole


def says(path: Path) -> list[str] | None:
    """Everything the database says to whoever reads it, or None if it cannot be read."""
    db = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)
    try:
        return list(db.iterdump())
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        db.close()


def flip_and_verify(folder: Path, times: int, seed: int) -> tuple[Counter[str], Counter[str]]:
    """Flip bits one at a time; returns by kind of file how many were named, and how many say the same as before.

    Some bits of a database say nothing: room kept free in a page, counters that only the next writer reads. A flip
    there counts as harmless if every row reads back the same; anything else must be named.
    """
    rng = random.Random(seed)
    record = Record(folder)
    ledger = folder / "ledger.sqlite"
    before = says(ledger)
    skipped = {"record.toml", ".lock"}  # one is written by people, the other holds nothing
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in skipped)
    by_kind = {kind: [file for file in files if kind_of(file) == kind] for kind in map(kind_of, files)}
    named: Counter[str] = Counter()
    harmless: Counter[str] = Counter()
    for turn in range(times):
        kind = list(by_kind)[turn % len(by_kind)]
        file = rng.choice(by_kind[kind])
        whole = flip(file, rng)
        verdict = verify(Record(folder).ledger, record.archive, views=record.views)
        if verdict.clean and kind == "ledger" and says(ledger) == before:
            harmless[kind] += 1
        else:
            assert not verdict.clean, file
            if kind == "state":  # a bit in the list of views names the view that is not as listed
                assert {damage.what for damage in verdict.damage} <= {"view", "ledger"}
                assert all(damage.what == "view" or file.name in damage.where for damage in verdict.damage)
            elif kind != "ledger":  # of the ledger the line, head or tile is named
                assert any(file.name in damage.where for damage in verdict.damage), (file, verdict.damage)
            named[kind] += 1
        file.write_bytes(whole)
    return named, harmless


@pytest.fixture
def whole(record: Record) -> Path:
    fill(record, batches=6, each=50)
    record.rebuild()
    for path in record.folder.glob("ledger.sqlite-*"):
        path.unlink()
    return record.folder


def test_bits_flipped_in_every_kind_of_file_are_named(whole: Path) -> None:
    named, harmless = flip_and_verify(whole, 120, seed=1)
    assert set(named) == {"ledger", "original", "view", "state", "key", "checkpoint"}
    assert sum((named + harmless).values()) == 120
    assert set(harmless) <= {"ledger"}
    assert verify(Record(whole).ledger, Record(whole).archive, views=Record(whole).views).clean


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_thousand_flipped_bits_are_named(whole: Path, tmp_path: Path, seed: int) -> None:
    shutil.copytree(whole, tmp_path / "copy")
    named, harmless = flip_and_verify(tmp_path / "copy", 100, seed)
    assert sum((named + harmless).values()) == 100
    assert set(harmless) <= {"ledger"}
