"""Writing a bag: every file is hashed as it is written, and the whole appears under its name at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from onrecord.errors import StorageError
from onrecord.proof.bags import layout
from onrecord.record.files import sync_folder


class Bag:
    """A bag in the making."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._payload: dict[str, str] = {}
        self._bytes = 0

    def add(self, name: str, chunks: Iterable[bytes]) -> str:
        """Write one file under ``data/`` and return its SHA-256."""
        digest, size = self._write(f"data/{name}", chunks)
        self._payload[f"data/{name}"] = digest
        self._bytes += size
        return digest

    def close(self, info: dict[str, str]) -> None:
        """Write the tag files (RFC 8493, 2.2): declaration, bag-info with the payload's size, both manifests."""
        oxum = {"Payload-Oxum": f"{self._bytes}.{len(self._payload)}"}
        lines = "".join(f"{name}: {value}\n" for name, value in {**info, **oxum}.items())
        tags = {
            "bagit.txt": layout.DECLARATION,
            "bag-info.txt": lines.encode(),
            layout.MANIFEST: _manifest(self._payload),
        }
        hashes = {name: self._write(name, [content])[0] for name, content in tags.items()}
        self._write(layout.TAG_MANIFEST, [_manifest(hashes)])

    def _write(self, name: str, chunks: Iterable[bytes]) -> tuple[str, int]:
        path, digest, size = self._folder / name, sha256(), 0
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        return digest.hexdigest(), size


@contextmanager
def new_bag(out: Path) -> Iterator[Bag]:
    """A bag that stands at ``out`` once the block is left in peace; on an error nothing is left there.

    Raises:
        StorageError: something is at ``out`` already, or the disk refused.
    """
    if out.exists():
        raise StorageError(f"There is something at {out} already; it is left as it is. Name a new folder.")
    partial = out.with_name(f".{out.name}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        yield Bag(partial)
        partial.rename(out)
        sync_folder(out.parent)
    except OSError as cause:
        raise StorageError(
            f"The bag could not be written to {out}: {cause.strerror}. Nothing is left there."
        ) from cause
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _manifest(hashes: dict[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())).encode()
