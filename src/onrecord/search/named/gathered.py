"""The names in everything ingested, gathered once for each document and kept as Arrow files under ``derived/names/``.

One file holds the mentions of the documents that were new when it was written; ``gathered.json`` lists the files and what
was in each document's derivative. A document that is read anew or gone makes all of it be gathered again. Deletable.
"""

from __future__ import annotations

from contextlib import closing
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import msgspec

from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.derived import Derived
from onrecord.names.tables import rows as name_table
from onrecord.record import Record
from onrecord.record.files import write_whole
from onrecord.search.named.kept import alone
from onrecord.search.named.mentions import mentions_of
from onrecord.search.named.rows import write

FORMAT = 3
"""Raised when mentions are found by another rule, so that older ones are gathered anew."""


class _State(msgspec.Struct):
    """What was gathered: by which rules, at which state of the catalogue, from which derivatives, in which files."""

    rules: str
    changes: int
    documents: dict[str, str]
    files: list[str]


def gathered(record: Record) -> list[Path]:
    """The files of mentions (see :class:`onrecord.search.named.rows.Mentions`), brought up to what was read.

    Raises:
        StorageError: a derivative is damaged, or the disk refuses.
    """
    folder = record.folder / "derived" / "names"
    with alone(folder / ".gathering"), closing(open_catalogue(record)) as catalogue:
        state = _state(folder)
        if state.changes != catalogue.changes:
            wanted = {digest: key for digest, key, *_ in catalogue.read_files()}
            state = _brought_up(state, wanted, folder, Derived(record.folder / "derived"))
            state.changes = catalogue.changes
            write_whole(folder / "gathered.json", msgspec.json.encode(state))
        return [folder / name for name in state.files]


def _brought_up(state: _State, wanted: dict[str, str], folder: Path, derived: Derived) -> _State:
    if any(wanted.get(digest) != key for digest, key in state.documents.items()):
        state = _empty()
    if not state.documents:
        for old in folder.glob("mentions-*.arrow"):
            old.unlink()
    new = {digest: key for digest, key in wanted.items() if digest not in state.documents}
    mentions = (
        mention
        for digest, key in new.items()
        for mention in mentions_of(digest, derived.reading(digest, key), derived.path(digest, key))
    )
    if new:
        name = f"mentions-{len(state.files) + 1:06}-{_fingerprint(new)}.arrow"
        write(folder / name, mentions)
        state.files.append(name)
    state.documents.update(new)
    return state


def _fingerprint(documents: dict[str, str]) -> str:
    said = "\n".join([_rules(), *(f"{digest} {key}" for digest, key in documents.items())])
    return sha256(said.encode()).hexdigest()[:16]


def _rules() -> str:
    """A mark of the rules: of this module, the column heads, the characters that transcribe, the words of names."""
    heads = files("onrecord.search.named").joinpath("headers.csv").read_text(encoding="utf-8")
    characters = "".join(sorted({row["symbol"] for row in name_table("channel.csv")}))
    listed = [
        row for table in ("given", "variants", "titles", "affixes") for row in name_table(f"{table}.csv")
    ]
    return sha256(f"{FORMAT}\n{heads}\n{characters}\n{listed}".encode()).hexdigest()[:16]


def _empty() -> _State:
    return _State(_rules(), -1, {}, [])


def _state(folder: Path) -> _State:
    try:
        state = msgspec.json.decode((folder / "gathered.json").read_bytes(), type=_State)
    except (OSError, msgspec.DecodeError):
        return _empty()
    whole = all((folder / name).exists() for name in state.files)
    return state if whole and state.rules == _rules() else _empty()
