"""The record as a static site: every public page and file, for a plain file server, in any folder."""

from __future__ import annotations

import fcntl
import glob
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import onrecord.pages
from onrecord.errors import StorageError
from onrecord.pages.answers.search import index
from onrecord.pages.downloads import downloads
from onrecord.pages.findings import Findings, findings_for
from onrecord.pages.page import Asked
from onrecord.pages.render import render
from onrecord.pages.routes import every_path, page_at
from onrecord.record import PUBLIC, Record

_ASSETS = Path(onrecord.pages.__file__).parent / "assets"


@dataclass(frozen=True, slots=True)
class Published:
    """How many pages and files a site has, and their size in bytes."""

    pages: int
    files: int
    size: int


def publish_site(
    record: Record, out: Path, *, when: date, progress: Callable[[int, int], None] | None = None
) -> Published:
    """Write the site into a new or empty folder; it appears there whole, or not at all.

    What publishing that was cut off left beside the folder is cleared away.

    Raises:
        StorageError: the folder has something in it, or cannot be written to.
    """
    if out.exists() and any(out.iterdir()):
        raise StorageError(f"{out} is not empty; it is left as it is. Name a new folder.")
    growing = out.with_name(f".{out.name}.growing-{os.getpid()}")
    try:
        _clear_abandoned(out)
        with _held(growing):
            published = _write(findings_for(record, record.as_seen_by(PUBLIC), when), growing, progress)
            os.replace(growing, out)
    except OSError as cause:
        raise StorageError(
            f"The site could not be written to {out}: {cause.strerror or cause}. Nothing is there."
        ) from cause
    finally:
        shutil.rmtree(growing, ignore_errors=True)
    return published


@contextmanager
def _held(growing: Path) -> Iterator[None]:
    """A new folder, locked while this process lives: whoever finds it unlocked finds what a dead process left."""
    growing.mkdir(parents=True)
    folder = os.open(growing, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(folder)


def _clear_abandoned(out: Path) -> None:
    for left in out.parent.glob(f".{glob.escape(out.name)}.growing-*"):
        folder = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left)
        except BlockingIOError:  # somebody is publishing there now
            continue
        finally:
            os.close(folder)


def _write(findings: Findings, folder: Path, progress: Callable[[int, int], None] | None) -> Published:
    asked = Asked(findings, frozen=True)
    paths = list(every_path(findings))
    files = size = 0
    for done, path in enumerate(paths, 1):
        page = page_at(path, asked)
        size += _save(folder / path / "index.html", render(page, asked, live=False).encode())
        for download in downloads(page, findings):
            size += _save(folder / path / download.name, download.make())
            files += 1
        if progress:
            progress(done, len(paths))
    shutil.copytree(_ASSETS, folder / "assets")
    _save(folder / "search" / "index.json", json.dumps(index(findings), ensure_ascii=False).encode())
    return Published(len(paths), files, size)


def _save(path: Path, data: bytes) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return len(data)
