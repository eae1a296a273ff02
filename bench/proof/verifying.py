"""Verifying originals beside the speed of the hash itself, and proving that a large ledger only grew.

    python bench/proof/verifying.py [--megabytes 1000] [--leaves 1000000] [--json FILE]

`verify` reads every original of a record; beside it `hashlib.sha256` from memory, over the same files, and over them on
all cores; `sha256sum -c`, `bagit` (its Python validation with SHA-256) and `restic check --read-data`, each over the same
files and left out where it is not installed. CPU seconds (with those of threads) and wall seconds; the files are in the
page cache. `restic` unpacks and decrypts as well: it is what a user would run, not the same work. The proof is
made and checked from the tiles of a tree of random leaf hashes, the middle and the worst of 200 tries between random sizes, in CPU time.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import importlib.util
import io
import os
import platform
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from common import tell

from onrecord.record import Record, merkle, verify

FILE_MB = 10


def timed(work: Callable[[], object], megabytes: float, *, children: bool = False) -> dict[str, float]:
    """Megabytes a CPU second and a wall second."""
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    before, wall = resource.getrusage(who), time.perf_counter()
    work()
    after, wall = resource.getrusage(who), time.perf_counter() - wall
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"mb_per_cpu_s": megabytes / cpu, "mb_per_wall_s": megabytes / wall}


def sizes(megabytes: int) -> list[int]:
    """Files of 10 MB and what is left over, in bytes."""
    whole, rest = divmod(megabytes, FILE_MB)
    return [FILE_MB * 1_000_000] * whole + [rest * 1_000_000] * (rest > 0)


def hash_file(file: str) -> None:
    with open(file, "rb") as stream:
        hashlib.file_digest(stream, "sha256")


def originals(megabytes: int) -> dict[str, dict[str, float]]:
    rng = random.Random(0)
    with tempfile.TemporaryDirectory() as name:
        record = Record.create(Path(name) / "record", title="Bench")
        for size in sizes(megabytes):
            record.keep(io.BytesIO(rng.randbytes(size)), tool="bench")
        files = [str(record.archive.path(digest)) for digest in record.archive.digests()]  # type: ignore[attr-defined]
        memory = bytes(100_000_000)

        def hash_files() -> None:
            for file in files:
                hash_file(file)

        def hash_on_all_cores() -> None:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(hash_file, files))

        def verified() -> None:
            assert verify(record.ledger, record.archive).clean

        hash_files()
        return {
            "hashlib, from memory": timed(lambda: hashlib.sha256(memory), 100),
            "hashlib, the files": timed(hash_files, megabytes),
            "hashlib, the files, all cores": timed(hash_on_all_cores, megabytes),
            "onrecord verify": timed(verified, megabytes),
            **{peer: timed(run, megabytes, children=True) for peer, run in peers(Path(name), files).items()},
        }


def peers(folder: Path, files: list[str]) -> dict[str, Callable[[], object]]:
    """What users verify files with, ready to run over copies of the files where it needs them in its own form."""
    sums = folder / "sums"
    sums.write_text("".join(f"{Path(file).name}  {file}\n" for file in files))
    ready = {"sha256sum -c": [["sha256sum", "-c", "--quiet", str(sums)]]}
    if importlib.util.find_spec("bagit"):
        bag = folder / "bag"
        bag.mkdir()
        for file in files:
            shutil.copy(file, bag)
        module = [sys.executable, "-m", "bagit", "--quiet"]
        ready["bagit"] = [[*module, "--sha256", str(bag)], [*module, "--validate", str(bag)]]
    if restic := shutil.which("restic"):
        command = [restic, "-q", "-r", str(folder / "restic"), "--no-cache"]
        originals = str(Path(files[0]).parents[2])
        ready["restic check --read-data"] = [
            [*command, "init"],
            [*command, "backup", originals],
            [*command, "check", "--read-data"],
        ]
    for *preparing, _ in ready.values():
        for command in preparing:
            ran(command)
    return {peer: functools.partial(ran, commands[-1]) for peer, commands in ready.items()}


def ran(command: list[str]) -> None:
    env = {**os.environ, "RESTIC_PASSWORD": "bench"}
    subprocess.run(command, check=True, capture_output=True, env=env)


def installed(package: str) -> dict[str, str]:
    """The version of a Python package, if it is installed."""
    return {package: version(package)} if importlib.util.find_spec(package) else {}


def printed(command: str, option: str) -> dict[str, str]:
    """The version that a command says it has, if it is installed."""
    if not shutil.which(command):
        return {}
    return {command: subprocess.check_output([command, option], text=True).splitlines()[0]}


def proofs(leaves: int) -> dict[str, float]:
    rng = random.Random(0)
    tiles = merkle.appended(lambda _level, _index: b"", 0, [rng.randbytes(32) for _ in range(leaves)])

    def tile(level: int, index: int) -> bytes:
        return tiles[level, index]

    new_root, made, checked = merkle.root(tile, leaves), [], []
    for _ in range(200):
        old = rng.randrange(1, leaves)
        old_root = merkle.root(tile, old)
        start = time.process_time()
        proof = merkle.consistency_proof(tile, old, leaves)
        middle = time.process_time()
        assert merkle.verify_consistency(old, leaves, old_root, new_root, proof)
        made.append((middle - start) * 1000)
        checked.append((time.process_time() - middle) * 1000)
    return {
        "leaves": leaves,
        "made_cpu_ms_median": statistics.median(made),
        "made_cpu_ms_worst": max(made),
        "checked_cpu_ms_median": statistics.median(checked),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--leaves", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    result = {
        "task": "verify originals and prove growth",
        "machine": platform.platform(),
        "cores": os.cpu_count(),
        "load when begun": os.getloadavg(),
        "python": sys.version.split()[0],
        "peers": {**installed("bagit"), **printed("restic", "version"), **printed("sha256sum", "--version")},
        "megabytes": given.megabytes,
        "originals": originals(given.megabytes),
        "consistency proof": proofs(given.leaves),
    }
    tell(result, given.json)


if __name__ == "__main__":
    main()
