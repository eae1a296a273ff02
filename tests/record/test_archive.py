"""Originals: kept once, whole or not at all, never written again."""

from __future__ import annotations

import io
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import StorageError
from onrecord.record.archive import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_original_is_filed_under_its_hash_and_comes_back_byte_for_byte(archive: Archive) -> None:
    data = bytes(range(256)) * 5000
    kept = archive.keep(io.BytesIO(data))
    assert (kept.sha256, kept.size, kept.new) == (sha256(data).hexdigest(), len(data), True)
    assert archive.path(kept.sha256).name == kept.sha256
    with archive.open(kept.sha256) as stream:
        assert stream.read() == data
    assert kept.sha256 in archive
    assert archive.actual(kept.sha256) == kept.sha256


def test_the_same_bytes_are_kept_once_and_not_written_again(archive: Archive) -> None:
    first = archive.keep(io.BytesIO(b"a page"))
    before = archive.path(first.sha256).stat()
    again = archive.keep(io.BytesIO(b"a page"))
    after = archive.path(first.sha256).stat()
    assert (again.sha256, again.new) == (first.sha256, False)
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert everything(archive.folder) == [archive.path(first.sha256)]


def test_an_original_is_read_only(archive: Archive) -> None:
    kept = archive.keep(io.BytesIO(b"a page"))
    assert archive.path(kept.sha256).stat().st_mode & 0o777 == 0o444


class Torn(io.RawIOBase):
    """A stream that breaks off after its first bytes, as a pulled-out disk does."""

    def __init__(self) -> None:
        self.given = False

    def read(self, size: int = -1) -> bytes:
        if self.given:
            raise OSError(5, "Input/output error")
        self.given = True
        return b"the first half"


def test_an_interrupted_write_leaves_nothing(archive: Archive) -> None:
    with pytest.raises(StorageError, match="Nothing was added"):
        archive.keep(Torn())  # type: ignore[arg-type]
    assert everything(archive.folder) == []
    assert list(archive.digests()) == []


def test_a_disk_that_is_full_at_the_last_moment_leaves_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StorageError, match="No space left on device"):
        archive.keep(io.BytesIO(b"a page"))
    assert everything(archive.folder) == []


def test_any_error_of_the_stream_leaves_nothing(archive: Archive) -> None:
    class Stopped(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.keep(Stopped())
    assert everything(archive.folder) == []


def test_what_is_not_there_cannot_be_opened(archive: Archive) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        archive.open("0" * 64)
    assert "0" * 64 not in archive


def test_changed_bytes_no_longer_give_their_name(archive: Archive) -> None:
    kept = archive.keep(io.BytesIO(b"a page"))
    path = archive.path(kept.sha256)
    path.chmod(0o644)
    path.write_bytes(b"b page")
    assert archive.actual(kept.sha256) == sha256(b"b page").hexdigest()


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_an_archive_holds_each_distinct_original_once(
    tmp_path_factory: pytest.TempPathFactory, originals: list[bytes]
) -> None:
    archive = Archive(tmp_path_factory.mktemp("many") / "archive")
    new = sum(archive.keep(io.BytesIO(data)).new for data in originals)
    expected = sorted({sha256(data).hexdigest() for data in originals})
    assert new == len(expected)
    assert list(archive.digests()) == expected
