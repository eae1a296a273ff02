"""A directory for a PDF that lost its own: what is cut off most often is the end, where a PDF says where everything is.

The objects that are left are found by their own heads, those packed together in object streams are unpacked, and
behind them stand a new trailer and, if need be, a new list of pages in the order of the file. PDFium does the rest.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import islice

from onrecord.ingest.limits import MIB
from onrecord.ingest.pdf_objects import OBJECT, is_locked, stream_from

_BODY_ENDS = re.compile(rb"endobj|(?P<stream>stream\r?\n)|" + OBJECT.pattern)
_CATALOG, _PAGE = re.compile(rb"/Type\s*/Catalog\b"), re.compile(rb"/Type\s*/Page\b")
_TABLE = re.compile(rb"(?<!start)xref\s+")
_LINE = re.compile(rb"\s{0,4}(\d{1,10}) (\d{1,10})(?: ([nf]))?(?=\s)")
_PAGES = re.compile(rb"/Pages\s+(\d{1,9})\s+\d{1,5}\s+R")
_PACKED = re.compile(rb"/Type\s*/ObjStm\b")
_NUMBER, _FIRST = re.compile(rb"/N\s+(\d{1,9})"), re.compile(rb"/First\s+(\d{1,9})")
_LINES = 5000  # of a table are compared with the file
_LONGEST = 64 * 1024  # bytes of a dictionary
_UNPACKED = 64 * MIB  # of all object streams together
_MOST = 4_194_304  # the highest number of an object that PDFium takes

Objects = dict[int, bytes]


def mended(data: bytes) -> bytes | None:
    """The PDF with a new directory at its end; None where no page is left or the file is locked."""
    if is_locked(data):
        return None
    heads = list(_heads(data))
    plain = {number: head for number, head, _ in heads}  # of one that was saved again the last counts
    packed = _unpacked(data, heads)
    objects = packed | plain
    root, added = _root(objects)
    if not root:
        return None
    made = b"".join(
        b"%d 0 obj\n%s\nendobj\n" % item for item in (packed | added).items() if item[0] not in plain
    )
    return b"%s\nendstream\nendobj\n%strailer\n<</Root %d 0 R>>\nstartxref\n0\n%%%%EOF\n" % (data, made, root)


def is_misplaced(data: bytes) -> bool:
    """Whether a table of the PDF says of an object that it begins where it does not (ISO 32000-1, 7.5.4).

    Its first thousands of lines are looked at.
    """
    start = max(data.find(b"%PDF-", 0, 1024), 0)
    lines = islice(_lines(data), _LINES)
    return any(not _begins(data, place, number, start) for number, place in lines)


def _lines(data: bytes) -> Iterator[tuple[int, int]]:
    """Number and place of each object that a table names as being in use."""
    for table in _TABLE.finditer(data):
        number, at = 0, table.end()
        while line := _LINE.match(data, at):
            at = line.end()
            if line[3] is None:
                number = int(line[1])
                continue
            if line[3] == b"n":
                yield number, int(line[1])
            number += 1


def _begins(data: bytes, at: int, number: int, start: int) -> bool:
    """Whether an object with this number begins there, counted from the first byte or from the PDF's own first."""
    heads = (OBJECT.match(data, place) for place in (at, at + start, at + 1))
    return any(head is not None and int(head[1]) == number for head in heads)


def _heads(data: bytes) -> Iterator[tuple[int, bytes, int | None]]:
    """Each object's number, what it begins with, its dictionary above all, and where its stream begins if it has one."""
    for head in OBJECT.finditer(data):
        longest = head.end() + _LONGEST
        end = _BODY_ENDS.search(data, head.end(), longest)
        body = data[head.end() : end.start() if end else longest]
        yield int(head[1]), body, end.end() if end and end["stream"] else None


def _unpacked(data: bytes, heads: list[tuple[int, bytes, int | None]]) -> Objects:
    """The objects in object streams (ISO 32000-1, 7.5.7), as far as these are whole."""
    found: Objects = {}
    left = _UNPACKED
    for _, head, start in heads:
        if start is not None and _PACKED.search(head):
            text = _inflated(stream_from(data, start), left)
            left -= len(text)
            found |= _listed(text, head)
    return found


def _inflated(packed: bytes, allowed: int) -> bytes:
    """All that comes out before the stream breaks, at most so many bytes."""
    packer, out = zlib.decompressobj(), b""
    try:
        for at in range(0, len(packed), 4096):
            out += packer.decompress(packed[at : at + 4096], max(allowed - len(out), 1))
            if len(out) >= allowed:
                break
    except zlib.error:
        pass  # what came before is what can be had
    return out


def _listed(text: bytes, head: bytes) -> Objects:
    count, first = _NUMBER.search(head), _FIRST.search(head)
    if not count or not first:
        return {}
    start = int(first[1])
    numbers = [int(word) for word in text[:start].split()[: 2 * int(count[1])] if word.isdigit()]
    places = [start + place for place in numbers[1::2]]
    return {
        number: text[place:end]
        for number, place, end in zip(numbers[::2], places, [*places[1:], len(text)], strict=False)
        if place < len(text)
    }


def _root(objects: Objects) -> tuple[int, Objects]:
    """The number of the catalog and what has to be added for it; 0 where there is no page."""
    for number, body in reversed(objects.items()):
        if (
            _CATALOG.search(body)
            and (named := _PAGES.search(body))
            and b"/Kids" in objects.get(int(named[1]), b"")
        ):
            return number, {}
    pages = [
        b"%d 0 R" % number for number, body in objects.items() if number < _MOST - 1 and _PAGE.search(body)
    ]
    if not pages:
        return 0, {}
    tree = max(number for number in objects if number < _MOST - 1) + 1
    tree_of_all = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), b" ".join(pages))
    return tree + 1, {tree: tree_of_all, tree + 1: b"<</Type/Catalog/Pages %d 0 R>>" % tree}
