"""The record as a static site: every public page and file, for a plain file server, in any folder."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
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

    Raises:
        StorageError: the folder has something in it, or cannot be written to.
    """
    if out.exists() and any(out.iterdir()):
        raise StorageError(f"{out} is not empty; it is left as it is. Name a new folder.")
    growing = out.with_name(f".{out.name}.growing-{os.getpid()}")
    try:
        published = _write(findings_for(record, record.as_seen_by(PUBLIC), when), growing, progress)
        if out.exists():
            out.rmdir()
        os.replace(growing, out)
    except OSError as cause:
        raise StorageError(
            f"The site could not be written to {out}: {cause.strerror or cause}. Nothing is there."
        ) from cause
    finally:
        shutil.rmtree(growing, ignore_errors=True)
    return published


def _write(findings: Findings, folder: Path, progress: Callable[[int, int], None] | None) -> Published:
    asked = Asked(findings)
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
