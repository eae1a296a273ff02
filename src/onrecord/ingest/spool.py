"""An original as a file of this machine, wherever the archive keeps it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO


@contextmanager
def on_disk(kept: BinaryIO, folder: Path | None) -> Iterator[IO[bytes]]:
    """The original as a file that a worker can be handed: itself, or a nameless copy if its store is elsewhere."""
    try:
        kept.fileno()
    except OSError:
        with tempfile.TemporaryFile(dir=folder) as copy:
            shutil.copyfileobj(kept, copy, 1 << 20)
            copy.flush()
            yield copy
    else:
        yield kept
