"""Disks that are full, read-only or fail to read: refused in words, nothing acknowledged is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.errors import StorageError
from onrecord.proof.bags import export_bag
from onrecord.record import Record, verify
from tests.faults.watching import HOUSE, everything_acknowledged_is_there, start
from tests.proof.making import events, fill


def _may_mount() -> bool:
    if sys.platform != "linux" or not shutil.which("unshare"):
        return False
    tried = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


mounting = pytest.mark.skipif(not _may_mount(), reason="this machine does not let a user mount a small disk")


def shell(script: str, **environment: object) -> list[str]:
    """Run a script where mounts are its own and are gone when it ends."""
    values = {**os.environ, **{name: str(value) for name, value in environment.items()}}
    done = subprocess.run(["unshare", "-rm", "sh", "-ec", script], cwd=HOUSE, env=values, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("limit", [*range(60_000, 180_000, 12_000), 300_000])
def test_when_no_file_can_grow_beyond_a_limit_the_change_is_refused_and_the_rest_stands(
    record: Record, limit: int
) -> None:
    worker = start(record.folder, "fill", 1, limit)
    told, _ = worker.communicate()
    assert worker.returncode == 0
    lines = told.splitlines()
    assert lines[-1].startswith("refused ")
    assert "could not be" in lines[-1]
    everything_acknowledged_is_there(record, lines[:-1])
    record.enter(events(0, 5))
    everything_acknowledged_is_there(record, [*lines[:-1], "entry event/4"])


@mounting
@pytest.mark.parametrize("kilobytes", [400, 700, 1500])
def test_a_full_disk_refuses_and_with_space_again_goes_on(
    record: Record, tmp_path: Path, kilobytes: int
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    lines = shell(
        """
        mount -t tmpfs -o size=${SIZE}k none "$SMALL"
        cp -r "$FULL" "$SMALL/record"
        head -c 100000 /dev/zero > "$SMALL/ballast"
        "$PYTHON" -m tests.faults.worker "$SMALL/record" fill 1 0
        "$PYTHON" -m tests.faults.worker "$SMALL/record" verify
        rm "$SMALL/ballast"
        "$PYTHON" -m tests.faults.worker "$SMALL/record" enter 7 1
        "$PYTHON" -m tests.faults.worker "$SMALL/record" verify
        cp -r "$SMALL/record" "$FULL.after"
        """,
        SIZE=kilobytes,
        SMALL=small,
        FULL=record.folder,
        PYTHON=sys.executable,
    )
    assert [line for line in lines if line.startswith("damage")] == []
    assert lines[-1] == "verified"
    assert any(line.startswith("refused") for line in lines)
    told = [line for line in lines if line.startswith(("entry event", "original"))]
    after = Record(Path(f"{record.folder}.after"))
    assert everything_acknowledged_is_there(after, told) == len(told)


@mounting
def test_a_record_on_a_read_only_disk_can_be_read_and_verified_and_nothing_else(record: Record) -> None:
    fill(record)
    record.rebuild()
    lines = shell(
        """
        mount --bind "$HERE" "$HERE" && mount -o remount,ro,bind "$HERE"
        "$PYTHON" -m tests.faults.worker "$HERE" verify
        "$PYTHON" -m onrecord.cli.main -r "$HERE" show event/1 > /dev/null
        "$PYTHON" -m tests.faults.worker "$HERE" fill 1 0
        """,
        HERE=record.folder,
        PYTHON=sys.executable,
    )
    assert lines[0] == "verified"
    assert lines[-1].startswith("refused ")


def test_an_original_that_the_disk_cannot_read_is_named(record: Record) -> None:
    fill(record)
    digest = next(record.archive.digests())
    path = record.archive.path(digest)
    path.unlink()
    path.symlink_to("/proc/self/mem")  # opens, and answers the first read with EIO
    (found,) = verify(record.ledger, record.archive).damage
    assert (found.what, found.where) == ("original", digest)
    assert "Input/output error" in found.why
    assert f"source/{digest[:8]}" in found.rests_on_it


def test_a_bag_that_does_not_fit_leaves_nothing_behind(record: Record, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="could not be written"):
        export_bag(record, tmp_path / "file" / "bag")
    assert {path.name for path in tmp_path.iterdir()} == {"file", "record"}
