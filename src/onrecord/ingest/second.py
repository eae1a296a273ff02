"""The second reader: Apache Tika as a native library (iscc-tika), for what the first could not read.

It knows far more kinds than we do, old ones among them, and sees less in those that we know: text without places,
nothing hidden. So it is asked only where the first reader failed or there was none. It runs in workers of its own,
confined as the others are; what it needs besides is a temporary folder, which is a file system in memory that only
that worker sees, and its own table of memory.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import resource
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from onrecord.ingest.answer import Answer
from onrecord.ingest.limits import Damaged, LimitReached, Limits
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.text import cut
from onrecord.ingest.reading import Finding, Outcome, Reading
from onrecord.ingest.source import Source

_CLAIMED = {
    "Content-Type": "media type", "dc:title": "title", "dc:creator": "author", "dcterms:created": "created",
    "dcterms:modified": "modified", "pdf:encrypted": "encrypted", "Content-Encoding": "encoding",
}  # fmt: skip
_PAGE = 4096


def installed() -> bool:
    """Whether ``pip install 'onrecord[second]'`` was done."""
    return importlib.util.find_spec("iscc_tika") is not None


def to_be_read_again(reading: Reading) -> bool:
    """Whether the first reader could not read it, and not because of a limit or a password."""
    return reading.outcome in {Outcome.FAILED, Outcome.UNSUPPORTED}


def chosen(first: Answer, second: Answer) -> Answer:
    """The second reader's answer if it found text, else the first's; either way it says that both were tried."""
    why = f"read by {READER.name}, because {first.reading.reason}"
    if second.reading.outcome in {Outcome.READ, Outcome.IN_PART}:
        first.spool.close()
        warnings = (*first.reading.warnings, why, *second.reading.warnings)
        kind = first.reading.kind
        found = msgspec.structs.replace(second.reading, kind=kind, warnings=warnings)
        return dataclasses.replace(second, tag=first.tag, reading=found)
    second.spool.close()
    reason = f"{first.reading.reason}; nor could {READER.name}: {second.reading.reason}"
    return dataclasses.replace(first, reading=msgspec.structs.replace(first.reading, reason=reason))


def start(limits: Limits) -> None:
    """Start the library in this worker and set its limits: it reserves far more addresses than it uses.

    Addresses may grow by the memory limit, and all private memory together may not exceed it, which is what keeps
    the heap inside what was reserved.
    """
    _text_of(b"started before the first foreign byte")
    with open("/proc/self/statm") as file:
        reserved = int(file.read().split()[0]) * _PAGE
    most = reserved + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, limits.memory_bytes))


def _read(source: Source) -> Finding:
    """Pieces of plain text with character ranges, members' text among it, and a few claims."""
    text, said = _text_of(source.whole())
    if len(text) > source.options.characters:
        raise LimitReached("characters", source.options.characters)
    if not text.strip():
        raise Damaged("it found no text")
    claims = sorted((_CLAIMED[key], "; ".join(values)) for key, values in said.items() if key in _CLAIMED)
    return Finding(pieces=tuple(cut(text)), claims=tuple(claims))


@cache
def _library() -> object:
    from iscc_tika import Extractor  # noqa: PLC0415 - an optional dependency

    return Extractor().set_extract_string_max_length(1 << 30)


def _text_of(data: bytes) -> tuple[str, Mapping[str, Sequence[str]]]:
    try:
        answer: tuple[str, Mapping[str, Sequence[str]]] = _library().extract_bytes_to_string(bytearray(data))  # type: ignore[attr-defined]
    except (OSError, TypeError, ValueError, RuntimeError) as error:
        raise Damaged(_in_words(str(error))) from error
    return answer


def _in_words(said: str) -> str:
    """What Tika's error means; what it says itself is the names of its classes."""
    if re.search("password|encrypt", said, re.I):
        return "it says that a password is needed"
    if re.search("not (yet )?support", said):
        return "it does not know this version of the format"
    return "it could make nothing of the bytes"


READER = Reader("Tika", package_version(2, "iscc-tika"), (), _read)
