"""MBOX: every message a member. A message starts at a ``From `` line after an empty line (RFC 4155).

Such a line names a sender and a time; a sentence that begins with that word and has a time in it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.ingest.limits import LimitReached
from onrecord.ingest.readers.base import Reader
from onrecord.ingest.reading import Child, Finding, Outcome
from onrecord.ingest.source import Source

_START = re.compile(rb"^From \S+ +((Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\d).*\d{2}:\d{2}")


def read(source: Source) -> Finding:
    """The messages as members named by their number."""
    children: list[Child] = []
    try:
        for number, message in enumerate(_messages(source), start=1):
            name = f"message {number}.eml"
            children.append(source.spool.keep(name, name.encode(), [message]))
    except LimitReached as limit:
        return Finding(outcome=Outcome.REFUSED, reason=str(limit), children=tuple(children))
    return Finding(children=tuple(children))


def _messages(source: Source) -> Iterator[bytes]:
    source.file.seek(0)
    lines: list[bytes] = []
    size, blank = 0, True
    for line in source.file:
        if blank and _START.match(line):
            if lines:
                yield b"".join(lines)
            lines, size = [], 0
        else:
            lines.append(line[1:] if re.match(rb">+From ", line) else line)
            size += len(line)
            if size > source.options.whole_bytes:
                raise LimitReached("message bytes", source.options.whole_bytes)
        blank = not line.strip()
    if lines:
        yield b"".join(lines)


READER = Reader("MBOX", "2", ("mbox",), read)
