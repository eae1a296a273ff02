"""Who reads the originals: this machine's sandbox, or a cluster of machines that each have one.

Both answer in the order of asking, so a record made with one is the same, line by line, as one made with the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from onrecord.ingest.answer import Answer
from onrecord.ingest.confine import Confinement
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.source import Options
from onrecord.ingest.spool import on_disk
from onrecord.record import Record
from onrecord.record.archive import Originals


class Readers(Protocol):
    """Reads originals that lie in an archive."""

    @property
    def confinement(self) -> Confinement | None:
        """What held for the workers, as soon as one of them said so."""

    @property
    def pending(self) -> int:
        """Originals asked for whose answers were not taken yet."""

    @property
    def full(self) -> bool:
        """Whether :meth:`submit` should wait for :meth:`next`."""

    def submit(self, digest: str, name: str, tag: Any, *, members: bool) -> None:
        """Ask for an original to be read, with its members or without; StorageError if it cannot be had."""

    def next(self) -> Answer:
        """The answer to the oldest that has none yet."""

    def is_current(self, kind: str, reader: str, version: str) -> bool:
        """Whether what this reader made of such a file is what would be made of it now."""


class LocalReaders:
    """The sandbox of this machine, fed from an archive."""

    def __init__(self, sandbox: Sandbox, archive: Originals, folder: Path) -> None:
        self._sandbox, self._archive, self._folder = sandbox, archive, folder
        self.is_current = sandbox.is_current
        self.next = sandbox.next

    @property
    def confinement(self) -> Confinement | None:
        """As the sandbox says."""
        return self._sandbox.confinement

    @property
    def pending(self) -> int:
        """As the sandbox says."""
        return self._sandbox.pending

    @property
    def full(self) -> bool:
        """As the sandbox says."""
        return self._sandbox.full

    def submit(self, digest: str, name: str, tag: Any, *, members: bool) -> None:
        """Hand an original to the sandbox; its members wait in the answer whether they are wanted or not."""
        with self._archive.open(digest) as kept, on_disk(kept, digest, self._folder) as file:
            self._sandbox.submit(file, name, tag)


@contextmanager
def readers(
    record: Record, options: Options, *, workers: int, folder: Path, cluster: str
) -> Iterator[Readers]:
    """The readers for a run.

    Args:
        workers: how many read at a time on this machine.
        folder: where nameless files may lie.
        cluster: the address of a Dask scheduler, or empty for this machine.

    Raises:
        SandboxBroken: no reader can be started.
        UsageError: Dask is not installed.
    """
    if cluster:
        from onrecord.ingest.cluster import Cluster  # noqa: PLC0415 - it needs the extra onrecord[cluster]

        with Cluster(cluster, record.folder, record.description.archive, options) as many:
            yield many
    else:
        with Sandbox(options, workers=workers, spools=folder) as sandbox:
            yield LocalReaders(sandbox, record.archive, folder)
