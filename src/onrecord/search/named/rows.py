"""Mentions in Arrow files, mapped into memory: any row by its position, without reading the others.

A mention takes some 130 bytes on disk and nothing in memory until it is asked for. Its id follows from the other columns and
is not stored.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path

import msgspec
import pyarrow as pa

from onrecord.errors import StorageError
from onrecord.search.named.mention import About, Mention

_BATCH = 65_536
_FACTS = About.__struct_fields__
_SCHEMA = pa.schema(
    [("document", pa.binary(32)), *((name, pa.string()) for name in ("name", "locator", "selector", *_FACTS))]
)


def write(path: Path, mentions: Iterable[Mention]) -> int:
    """Write mentions into a file; how many there were.

    Raises:
        OSError: the disk refused.
    """
    count = 0
    rows = map(_stored, mentions)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, _SCHEMA) as writer:
        while batch := list(islice(rows, _BATCH)):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=_SCHEMA))
            count += len(batch)
    return count


class Mentions:
    """The mentions in several files, one after the other."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Map the files.

        Raises:
            StorageError: one of them is missing or damaged; deleting ``derived/names`` mends that.
        """
        try:
            readers = [pa.ipc.open_file(pa.memory_map(str(path))) for path in files]
            self._batches = [r.get_batch(at) for r in readers for at in range(r.num_record_batches)]
        except (OSError, pa.ArrowException) as cause:
            raise StorageError(
                f"The gathered names cannot be read: {cause}. Delete derived/names in the record's folder: it is made "
                "again when a name is looked for."
            ) from cause
        self._starts: list[int] = [0, *accumulate(batch.num_rows for batch in self._batches)]

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, position: int) -> Mention:
        """The mention at a position, counted from 0 over all files."""
        batch = bisect_right(self._starts, position) - 1
        (row,) = self._batches[batch].slice(position - self._starts[batch], 1).to_pylist()
        return _mention(row)

    def names(self) -> list[str]:
        """The name of every mention, in order."""
        return [name for batch in self._batches for name in batch.column("name").to_pylist()]

    def of_document(self, beginning: str) -> Iterator[Mention]:
        """The mentions in documents whose SHA-256 begins so; ``beginning`` has an even number of hexadecimal digits."""
        import pyarrow.compute as pc  # noqa: PLC0415 - a tenth of a second that finding a name does not need

        wanted = bytes.fromhex(beginning)
        for batch in self._batches:
            heads = pc.binary_slice(batch.column("document"), 0, len(wanted))
            yield from map(_mention, batch.filter(pc.equal(heads, pa.scalar(wanted, heads.type))).to_pylist())


def _stored(mention: Mention) -> dict[str, bytes | str | None]:
    return {
        "document": bytes.fromhex(mention.document),
        "name": mention.name,
        "locator": mention.locator,
        "selector": mention.selector,
        **msgspec.structs.asdict(mention.about),
    }


def _mention(row: dict[str, object]) -> Mention:
    about = About(**{name: row.pop(name) for name in _FACTS})  # type: ignore[arg-type]
    document = row.pop("document")
    assert isinstance(document, bytes)
    return Mention(document=document.hex(), about=about, **row)  # type: ignore[arg-type]
