"""What is indexed of a document, and how it lies in the index: words, facts to filter by, and what a hit shows.

A fact is one word of the field ``facts``: ``kind:pdf``, ``folder:leak/2018``, ``script:han``, ``has:table``,
``name:list``. One field costs a fraction of what a field for each would.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec
import tantivy

from onrecord.search.words import Cut, split

WORDS, FACTS, DATE, NUMBER, SHOWN = "words", "facts", "date", "number", "shown"
CUT = "cut"
"""The tokenizer of words that were cut beforehand: it parts them at spaces."""

_NO_SPACE = "\x1f"

LONG = "long:yes"
"""The fact that marks the stretches of a text too long to be one document of the index."""


class Document(msgspec.Struct, frozen=True, gc=False):
    """What is indexed of one file.

    Attributes:
        key: its SHA-256; a document added under a known key replaces that one.
        text: all of its text, or the first stretch of it.
        rest: the further stretches of a text that is too long to be held at once.
        stamp: what the text was made by; kept so that a better reading can be told from an older one.
        paths: every place it came from.
        date: a claimed date as the number 20180524, or None.
    """

    key: str
    text: str
    rest: Iterable[str] = ()
    stamp: str = ""
    kind: str = ""
    paths: tuple[str, ...] = ()
    date: int | None = None
    has: tuple[str, ...] = ()


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What the index gives back of a document. ``number`` tells its stretches from those of every other."""

    key: str
    stamp: str
    kind: str
    path: str
    number: int


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Shown)


def schema() -> tantivy.Schema:
    """The fields of the index."""
    made = tantivy.SchemaBuilder()
    for field in (WORDS, FACTS):
        made.add_text_field(field, stored=False, tokenizer_name=CUT, index_option="position")
    made.add_integer_field(DATE, stored=False, indexed=True)
    made.add_integer_field(NUMBER, stored=False, indexed=True)
    made.add_bytes_field(SHOWN, stored=True)
    return made.build()


def filed(document: Document, number: int, cut: Cut, *, is_long: bool, is_last: bool) -> tantivy.Document:
    """A stretch of a document as the index takes it. Only the last one bears the stamp: then all are there."""
    made = tantivy.Document()
    made.add_text(WORDS, cut.words)
    facts = _facts(document, cut.scripts)
    made.add_text(FACTS, f"{facts} {LONG}" if is_long else facts)
    made.add_integer(NUMBER, number)
    if document.date is not None:
        made.add_integer(DATE, document.date)
    path = document.paths[0].encode("utf-8", "backslashreplace").decode() if document.paths else ""
    stamp = document.stamp if is_last else ""
    made.add_bytes(SHOWN, _encoder.encode(Shown(document.key, stamp, document.kind, path, number)))
    return made


def shown(document: tantivy.Document) -> Shown:
    """What was filed with a document of the index."""
    return _decoder.decode(bytes(document.get_first(SHOWN)))


def fact(field: str, value: str) -> str:
    """A fact as one word. Spaces in a folder's name would make it several: they become a character nobody types."""
    value = value.strip("/") if field == "folder" else value.lower()
    return f"{field}:{_NO_SPACE.join(value.split())}"


def name_facts(name: str) -> str:
    """The facts of the words in a file's name, in order, parted by spaces."""
    words = split(name).split()
    return "name:" + " name:".join(words) if words else ""


def _facts(document: Document, scripts: tuple[str, ...]) -> str:
    facts = [_common(document.kind, document.has, scripts)]
    for path in document.paths:
        parent, _, name = path.rpartition("/")
        facts.append(_of_folder(parent))
        facts.append(name_facts(name))
    return " ".join(facts)


@lru_cache(4096)
def _of_folder(parent: str) -> str:
    """Every stretch of a path's folders, so that ``folder:2018`` finds ``leak/2018/maps`` too."""
    steps = parent.strip("/").split("/") if parent.strip("/") else []
    count = len(steps)
    return " ".join(
        fact("folder", "/".join(steps[first:last]))
        for first in range(count)
        for last in range(first + 1, count + 1)
    )


@lru_cache(4096)
def _common(kind: str, has: tuple[str, ...], scripts: tuple[str, ...]) -> str:
    pairs = [("kind", kind), *(("has", thing) for thing in has), *(("script", script) for script in scripts)]
    return " ".join(fact(field, value) for field, value in pairs)
