"""Writing a file so that under its name stands the old content or the new, never a part of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from onrecord.errors import StorageError


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put ``data`` at ``path``, on disk before this returns; with mode 0600 nobody else could ever read it.

    Raises:
        StorageError: the disk refused; what was there before is still there.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            temporary.chmod(mode)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as cause:
        raise StorageError(f"{path} could not be written: {cause.strerror}.") from cause


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk, not only the bytes under them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
