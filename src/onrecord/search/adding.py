"""Documents on their way into the index: cut by the batch, and handed over no faster than tantivy takes them.

tantivy's queue holds 10,000 documents, however long each is, and who adds to a full one burns a processor waiting. So
the queue is emptied, by a commit, every so many characters, and a full one is left alone for a while.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import msgspec
import tantivy

from onrecord.search.filed import NUMBER, Document, filed
from onrecord.search.words import cut_all

_TOGETHER = 512
_CHARACTERS = 1_000_000
_ROUND = 24_000_000
_QUICK = 0.005
"""Seconds in which a batch is handed over where nobody has to wait: it takes some 0.002."""


class _Stretch(msgspec.Struct, frozen=True, gc=False):
    """Some text of a document: all of it, one of several stretches, or the last of these."""

    document: Document
    number: int
    text: str
    is_long: bool = False
    is_last: bool = True


def add_all(writer: tantivy.IndexWriter, documents: Iterable[Document], known: dict[str, int]) -> int:
    """Add documents, each under a number of its own, and take out what they replace; how many there were.

    What is added is committed in rounds. A text whose last stretch was not committed has no stamp in the index.

    Args:
        writer: of an index to which nobody else writes.
        documents: what to add.
        known: the number of each document that is there, by key. Those that are replaced are taken out of it.
    """
    last = max(known.values(), default=0)
    handing = _Handing(writer)
    count = 0
    for count, document in enumerate(documents, 1):
        if (replaced := known.pop(document.key, None)) is not None:
            writer.delete_documents_by_term(NUMBER, replaced)
        for stretch in _stretches(document, last + count):
            handing.take(stretch)
    handing.hand_over()
    writer.commit()
    return count


def _stretches(document: Document, number: int) -> Iterator[_Stretch]:
    rest = iter(document.rest)
    text, following = document.text, next(rest, None)
    if following is None:
        yield _Stretch(document, number, text)
        return
    while following is not None:
        yield _Stretch(document, number, text, is_long=True, is_last=False)
        text, following = following, next(rest, None)
    yield _Stretch(document, number, text, is_long=True)


class _Handing:
    """Hands stretches to the writer in batches of a bounded length, and commits rounds of batches."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer
        self._batch: list[_Stretch] = []
        self._characters = self._in_round = 0

    def take(self, stretch: _Stretch) -> None:
        """Take one more; a batch that is full is handed over."""
        self._batch.append(stretch)
        self._characters += len(stretch.text)
        if len(self._batch) >= _TOGETHER or self._characters >= _CHARACTERS:
            self.hand_over()

    def hand_over(self) -> None:
        """Give the writer what was taken."""
        cuts = cut_all([stretch.text for stretch in self._batch])
        began = time.monotonic()
        for each, cut in zip(self._batch, cuts, strict=True):
            made = filed(each.document, each.number, cut, is_long=each.is_long, is_last=each.is_last)
            self._writer.add_document(made)
        if (spent := time.monotonic() - began) > _QUICK:
            time.sleep(4 * spent)
        self._in_round += self._characters
        self._batch, self._characters = [], 0
        if self._in_round >= _ROUND:
            self._writer.commit()
            self._in_round = 0
