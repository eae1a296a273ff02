"""Making a record again from a bag, with the same root."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec

from onrecord.errors import DamageFound, InvalidInput, Problem, StorageError
from onrecord.model import canonical
from onrecord.proof.bags import layout, reading
from onrecord.record import description
from onrecord.record.archive import Originals
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.leaf import Draft, unseal
from onrecord.record.ledger import Head, Ledger, Writer
from onrecord.record.notes import SignedNote, VerifierKey
from onrecord.record.places import archive_place, ledger_place, with_places


@dataclass(frozen=True, slots=True)
class Imported:
    """What came out of a bag. ``root`` is in hexadecimal."""

    leaves: int
    originals: int
    root: str


def import_bag(
    bag: Path, folder: Path, *, key: VerifierKey | None = None, ledger: str = "", archive: str = ""
) -> Imported:
    """Make the record in a bag stand in a new folder: the same lines, the same heads, the same originals.

    The signing key stays with its owner. What is put on record in the copy is signed with a key of its own, which
    every reader of its checkpoints sees.

    Args:
        key: the public key the bag must be signed with, where it was had from its owner another way.
        ledger: the ``postgresql://`` address of an empty database for the ledger; a file in the folder if empty.
        archive: the address of a store for the originals, such as ``s3://…``; a folder in the folder if empty.

    Raises:
        InvalidInput: this is not a bag of a whole record.
        DamageFound: something in it is not what its manifests, tree or signatures say; nothing is left at ``folder``
            or in the database. Originals that were stored elsewhere by then stay there; they bear their hashes.
        StorageError: ``folder`` is not empty, there is a ledger in the database, or a place cannot be written.
        UsageError: an address is of no use.
    """
    if folder.exists() and any(folder.iterdir()):
        raise StorageError(f"{folder} is not empty; it is left as it is. Name a new folder.")
    reading.check(bag)
    if (bag / "data" / layout.SHOWN).exists():
        remedy = "It can be checked with tools/verify_record.py; to go on with it ask the keeper for the whole bag."
        raise InvalidInput([Problem("The bag is the public part of a record only.", remedy, str(bag))])
    partial = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        toml = (bag / "data" / description.FILE).read_text(encoding="utf-8")
        (partial / description.FILE).write_text(
            with_places(toml, ledger, archive)
        )  # a bag does not choose where it goes
        imported = _restore(bag / "data", partial, folder, key)
    except (msgspec.MsgspecError, ValueError) as cause:
        raise InvalidInput(
            [Problem(f"{cause}.", "This is no bag of a record; ask for it again.", str(bag))]
        ) from cause
    except OSError as cause:
        where = cause.filename or folder
        raise StorageError(
            f"The bag could not be imported to {folder}: {where}: {cause.strerror}."
        ) from cause
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return imported


def _restore(data: Path, partial: Path, folder: Path, key: VerifierKey | None) -> Imported:
    """Fill the places of the record in ``partial`` and put it at ``folder``."""
    places = description.read(partial)
    store, archive = ledger_place(partial, places), archive_place(partial, places)
    with ExitStack() as undo:
        ledger = Ledger.create(store, _origin(data))
        undo.callback(store.discard)
        size, root = _restore_ledger(data, ledger, key)
        originals = _restore_originals(data / layout.ORIGINALS, archive)
        _are_those_on_record(originals, ledger)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
        undo.pop_all()
    return Imported(size, len(originals), root)


def _restore_ledger(data: Path, ledger: Ledger, key: VerifierKey | None) -> tuple[int, str]:
    keys = _keys(data, key)
    batches = [
        msgspec.json.decode(line, type=layout.Batch)
        for line in (data / layout.CHECKPOINTS).read_bytes().splitlines()
    ]
    origin = _origin(data)
    with ledger.writing() as writer, (data / layout.LEDGER).open("rb") as lines:
        for signer in keys:
            writer.know_signer(signer)
        for batch in batches:
            _restore_batch(writer, batch, lines, origin, keys)
        if lines.read(1):
            raise DamageFound(
                "The bag holds lines of the ledger that no checkpoint covers. Ask for it again."
            )
        return writer.size, writer.root().hex()


def _keys(data: Path, wanted: VerifierKey | None) -> list[VerifierKey]:
    keys = [VerifierKey.parse(line) for line in (data / layout.KEYS).read_text().splitlines()]
    if wanted and wanted not in keys:
        raise DamageFound(
            f"The bag is not signed with the key of {wanted.name} that was given. Ask its owner."
        )
    return [wanted] if wanted else keys


def _origin(data: Path) -> str:
    return Checkpoint.parse(SignedNote.parse((data / layout.CHECKPOINT).read_text()).text).origin


def _restore_batch(
    writer: Writer, batch: layout.Batch, lines: Iterator[bytes], origin: str, keys: list[VerifierKey]
) -> None:
    start = writer.size
    sealed = [line.removesuffix(b"\n") for line in islice(lines, batch.size - start)]
    drafts = [_draft(seq, line) for seq, line in enumerate(sealed, start)]
    ids = [draft.id for draft in drafts if draft.id]
    if twice := [*writer.kinds_of(ids), *(one for one, times in Counter(ids).items() if times > 1)]:
        raise DamageFound(f"The bag has a second line for {twice[0]}. Ask for it again.")
    note = SignedNote.parse(batch.checkpoint)
    said = Checkpoint.parse(note.text)
    signed = next(
        (s for k in keys for s in note.signatures if SignedNote(note.text, (s,)).signed_by(k)), None
    )
    if signed is None:
        raise DamageFound(f"The checkpoint over {batch.size} lines is not signed with the record's key.")
    head = Head(batch.size, said.root, batch.recorded, batch.author, signed.blob)
    if (said.origin, said.size, writer.restore(drafts, sealed, head)) != (origin, batch.size, said.root):
        raise DamageFound(
            f"The first {batch.size} lines in the bag are not those that its checkpoint was signed over."
        )


def _draft(seq: int, line: bytes) -> Draft:
    """A line as it is to be filed; it must be canonical and, if it is an entry, one that can be read."""
    try:
        draft = unseal(line).draft
        if msgspec.json.encode(msgspec.json.decode(line), order="sorted") != line:
            raise ValueError("it is not in canonical form")
        if draft.type == "entry":
            canonical.decode(draft.payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as cause:
        raise DamageFound(f"Line {seq} of the ledger in the bag cannot be taken in: {cause}.") from cause
    return draft


def _restore_originals(folder: Path, archive: Originals) -> set[str]:
    found = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as stream:
            kept = archive.keep(stream)
        if kept.sha256 != path.name:
            raise DamageFound(f"The original {path.name} in the bag is {kept.sha256}. Ask for the bag again.")
        found.add(kept.sha256)
    return found


def _are_those_on_record(originals: set[str], ledger: Ledger) -> None:
    with ledger.reading() as reader:
        wanted = {custody.sha256 for _, custody in reader.custodies()}
    for digest in sorted(originals ^ wanted):
        why = "is missing" if digest in wanted else "is in no line of its ledger"
        raise DamageFound(f"The original {digest} {why} in the bag. Ask for the bag again.")
