"""One record on disk: ledger, archive, views, and the gate through which it is seen."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from onrecord.errors import StorageError
from onrecord.model.kinds import Entry
from onrecord.record import description
from onrecord.record.archive import Kept, Originals
from onrecord.record.custody import Action, CustodyEvent
from onrecord.record.description import Description
from onrecord.record.entering import Placed, made_here, read_files
from onrecord.record.gate import PUBLIC, View, Viewer
from onrecord.record.keys import Signer
from onrecord.record.leaf import draft_custody
from onrecord.record.ledger import Head, Ledger, Reader
from onrecord.record.places import archive_place, ledger_place, with_places
from onrecord.record.planning import plan
from onrecord.record.sealing import Sealer
from onrecord.record.views import Progress, State, Views

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time by this machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a batch. ``head`` is None where nothing new was in it, or on a dry run."""

    added: int
    already: int
    head: Head | None


class Record:
    """A record in a folder.

    ``record.toml`` says what it is about; ``ledger.sqlite`` and ``archive/`` are kept for ever; ``keys/`` holds what
    checkpoints are signed with, ``checkpoint`` the newest of them; ``views/`` and everything else can be deleted and
    made again with :meth:`rebuild`.
    """

    def __init__(self, folder: Path, *, clock: Clock = utc_now) -> None:
        self.folder = folder
        self.description: Description = description.read(folder)
        self.signer = Signer(folder / "keys")
        self.ledger = Ledger(
            ledger_place(folder, self.description), self.signer, newest=folder / "checkpoint"
        )
        self.archive: Originals = archive_place(folder, self.description)
        self.views = Views(folder / "views", self.ledger)
        self.clock = clock

    @staticmethod
    def create(
        folder: Path,
        template: Path | None = None,
        *,
        title: str = "",
        ledger: str = "",
        archive: str = "",
        clock: Clock = utc_now,
    ) -> Record:
        """Make a record in a new or empty folder, empty or from the files of a shipped record.

        Args:
            ledger: the ``postgresql://`` address of an empty database for the ledger; a file in the folder if empty.
            archive: the address of a store for the originals, such as ``s3://…``; a folder in the folder if empty.

        Raises:
            StorageError: something is there already.
            UsageError: an address is of no use.
            InvalidInput: the template's files cannot be put on record; nothing is left behind.
        """
        if folder.exists() and any(folder.iterdir()):
            raise StorageError(f"{folder} is not empty; it is left as it is. Name a new folder.")
        toml = (template / description.FILE).read_text() if template else _toml(title or folder.name)
        with _nothing_left_on_failure(folder) as undo:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / description.FILE).write_text(with_places(toml, ledger, archive))
            store = ledger_place(folder, description.read(folder))
            Ledger.create(store, f"onrecord/{uuid.uuid4()}", Signer(folder / "keys"))
            undo.callback(store.discard)
            record = Record(folder, clock=clock)
            if template:
                record.enter_files(sorted(template.glob("*.csv")))
        return record

    def enter(
        self,
        entries: Iterable[Entry],
        *,
        by: str | None = None,
        dry_run: bool = False,
        first: Callable[[Reader], None] | None = None,
    ) -> Entered:
        """Put entries on record, all or none.

        Args:
            first: looks at the ledger just before, while nobody else can write; what it raises leaves all as it was.

        Raises:
            InvalidInput: with every problem; nothing was changed.
            StorageError: the ledger could not keep them; nothing was changed.
        """
        return self._enter(made_here(entries), by=by, dry_run=dry_run, first=first)

    def enter_files(self, paths: Iterable[Path], *, by: str | None = None, dry_run: bool = False) -> Entered:
        """Put the rows of CSV or JSON Lines files on record, all or none; rows that are there already add nothing.

        Raises:
            InvalidInput: with every problem, by file, row and column; nothing was changed.
            StorageError: the ledger could not keep them; nothing was changed.
        """
        return self._enter(read_files(paths, Sealer(self.description.readers)), by=by, dry_run=dry_run)

    def _enter(
        self,
        placed: list[Placed],
        *,
        by: str | None,
        dry_run: bool,
        first: Callable[[Reader], None] | None = None,
    ) -> Entered:
        look = first or (lambda _reader: None)
        if dry_run:
            with self.ledger.reading() as reader:
                look(reader)
                tried = plan(reader, placed)
            return Entered(len(tried.drafts), tried.already, None)
        with self.ledger.writing() as writer:
            look(writer)
            checked = plan(writer, placed)
            placed.clear()  # the drafts say it all; a million entries are not held beside them
            if not checked.drafts:
                return Entered(0, checked.already, None)
            head = writer.append(checked.drafts, by=by or self.description.keeper, recorded=self.clock())
        return Entered(len(checked.drafts), checked.already, head)

    def keep(
        self,
        stream: BinaryIO,
        *,
        tool: str,
        by: str | None = None,
        path: str | None = None,
        origin: str | None = None,
        modified: str | None = None,
    ) -> Kept:
        """Take an original into the archive and write its custody into the ledger.

        Raises:
            StorageError: it could not be kept; what lies in the archive without custody is found by ``verify``.
        """
        kept = self.archive.keep(stream)
        action: Action = "added" if kept.new else "seen_again"
        event = CustodyEvent(
            action=action,
            sha256=kept.sha256,
            size=kept.size,
            path=path,
            origin=origin,
            tool=tool,
            modified=modified,
        )
        with self.ledger.writing() as writer:
            writer.append([draft_custody(event)], by=by or self.description.keeper, recorded=self.clock())
        return kept

    def rebuild(self, progress: Progress | None = None) -> State:
        """Make everything derived anew from ledger and archive."""
        return self.views.rebuild(progress)

    def as_seen_by(self, viewer: Viewer = PUBLIC) -> View:
        """The record as one viewer may see it: the only way to pages, questions and exports."""
        return View(self.ledger, self.views, self.description, viewer)


@contextmanager
def _nothing_left_on_failure(folder: Path) -> Iterator[ExitStack]:
    """Take away what was made in the folder, and do what was put on the stack, if the block fails."""
    made = not folder.exists()
    with ExitStack() as undo:
        undo.callback(_clear, folder, whole=made)
        try:
            yield undo
        except OSError as cause:
            raise StorageError(f"No record could be made in {folder}: {cause.strerror}.") from cause
        undo.pop_all()


def _toml(title: str) -> str:
    # A JSON string is a TOML string but for DEL, which JSON leaves as it is.
    quoted = json.dumps(title, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f'title = {quoted}\ndescription = ""\nlanguages = ["en"]\nkeeper = "keeper"\n'


def _clear(folder: Path, *, whole: bool) -> None:
    if whole:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for item in folder.iterdir():
        shutil.rmtree(item, ignore_errors=True) if item.is_dir() else os.unlink(item)
