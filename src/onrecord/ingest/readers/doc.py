"""Word 97 to 2003 and Word 95 documents, by their piece table ([MS-DOC] 2.4.1), over olefile.

Tracked and hidden runs are found through the character properties ([MS-DOC] 2.9.33, sprmCFRMarkDel,
sprmCFRMark, sprmCFVanish) and marked.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

import olefile

from onrecord.ingest.charset import decode
from onrecord.ingest.embedded import in_storages, keep_objects
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.ole import claims_of, opened, stream
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Finding, Mark, Piece, in_part
from onrecord.ingest.source import Source
from onrecord.model.citation import TextPositionSelector

_STORIES: tuple[tuple[int, Mark], ...] = (
    (0x4C, ""),
    (0x50, "note"),
    (0x54, "header"),
    (0x5C, "comment"),
    (0x60, "note"),
    (0x64, ""),
    (0x68, "header"),
)
_MAGIC = {0xA5EC, 0xA5DC, 0xA697, 0xA699}
_CODE_PAGES = {0x0404: "cp950", 0x0804: "cp936", 0x0C04: "cp950", 0x0411: "cp932", 0x0412: "cp949", 0x0419: "cp1251", 0x041F: "cp1254",
               0x043F: "cp1251", 0x0401: "cp1256", 0x0429: "cp1256", 0x0420: "cp1256"}  # fmt: skip
"""Of Word 6 and 95, by the language that the head names."""
_LOW, _FOREIGN = bytes(range(128)), 0.2  # no language written in cp1252 has so many accents
_MARKS: dict[int, Mark] = {0x0800: "deleted", 0x0801: "inserted", 0x083C: "hidden"}
_ORDER: tuple[Mark, ...] = ("deleted", "hidden", "inserted")
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_FIELD = re.compile("\x13[^\x13\x14\x15]*\x14?|[\x14\x15]")
_CONTROLS = re.compile("[\x00-\x06\x08\x0e-\x1f]")


class _Run(NamedTuple):
    start: int  # in characters
    end: int
    at: int  # in bytes of the WordDocument stream
    wide: bool

    def length(self, word: bytes) -> int:
        """How many characters of it the stream holds."""
        return min(self.end - self.start, max(len(word) - self.at, 0) // (2 if self.wide else 1))


_Part = tuple[Mark, int, str]  # with the place of its first character


def read(source: Source) -> Finding:
    """Pieces by paragraph, their ranges in characters of the document's text; objects inside are members."""
    with opened(source.whole()) as ole:
        word = stream(ole, "WordDocument")
        missing: list[str] = []
        try:
            pieces = tuple(_paragraphs(_parts(ole, word, source.options.characters)))
        except Damaged as damage:
            missing.append(f"the text: {damage}")
            pieces = ()
        children = keep_objects(in_storages(ole), source, missing)
        if missing and not pieces and not children:
            raise Damaged("; ".join(missing).removeprefix("the text: "))
        outcome, reason = in_part(missing)
        return Finding(
            outcome=outcome, reason=reason, pieces=pieces, children=children, claims=claims_of(ole)
        )


def _parts(ole: olefile.OleFileIO, word: bytes, characters: int) -> list[_Part]:
    """The text in stretches of one mark each.

    Raises:
        Damaged: it is no document of Word, or says nothing of where its text lies.
        Encrypted: it is locked.
        LimitReached: it says that it has more characters than a file may.
    """
    if len(word) < 0x200:
        raise Damaged("the stream WordDocument is cut")
    magic, number = struct.unpack_from("<HH", word)
    flags = struct.unpack_from("<H", word, 0x0A)[0]
    if magic not in _MAGIC:
        raise Damaged("the stream WordDocument does not begin as one of Word")
    if flags & 0x0100:
        raise Encrypted("the document opens only with a password")
    if number < 0xC1:
        return _word_95(word)
    return _word_97(word, stream(ole, "1Table" if flags & 0x0200 else "0Table"), characters)


def _word_95(word: bytes) -> list[_Part]:
    """The text in the code page of the language that the head names, which is often only that of the program."""
    start, end, language = *struct.unpack_from("<II", word, 0x18), struct.unpack_from("<H", word, 6)[0]
    raw = word[start : min(end, len(word))]
    high = len(raw.translate(None, _LOW))
    if language not in _CODE_PAGES and high > len(raw) * _FOREIGN:
        return [("", 0, decode(raw).text)]
    return [("", 0, raw.decode(_CODE_PAGES.get(language, "cp1252"), errors="replace"))]


def _word_97(word: bytes, table: bytes, characters: int) -> list[_Part]:
    runs = _runs(word, table)
    if sum(run.length(word) for run in runs) > characters:
        raise LimitReached("characters", characters)
    marks = _marked(word, table)
    parts: list[_Part] = []
    stories = _stories(word)
    for run in runs:
        parts += _by_mark(word, run, marks, stories)
    return parts


def _runs(word: bytes, table: bytes) -> list[_Run]:
    offset, length = struct.unpack_from("<II", word, 0x1A2)
    clx = table[offset : offset + length]
    position = 0
    while position + 3 <= len(clx) and clx[position] == 1:
        position += 3 + struct.unpack_from("<H", clx, position + 1)[0]
    if position + 5 > len(clx) or clx[position] != 2:
        raise Damaged("the document has no piece table")
    size = min(struct.unpack_from("<I", clx, position + 1)[0], len(clx) - position - 5)
    count = (size - 4) // 12
    if count < 1:
        raise Damaged("the piece table is empty")
    base = position + 5
    ends = struct.unpack_from(f"<{count + 1}I", clx, base)
    places = [struct.unpack_from("<I", clx, base + 4 * (count + 1) + 8 * i + 2)[0] for i in range(count)]
    return [
        _Run(ends[i], ends[i + 1], (fc & 0x3FFFFFFF) // (2 if fc & 0x40000000 else 1), not fc & 0x40000000)
        for i, fc in enumerate(places)
        if ends[i] < ends[i + 1]
    ]


def _stories(word: bytes) -> list[tuple[int, Mark]]:
    """First character and mark of each story: main text, notes, headers, comments, text boxes."""
    starts, at = [], 0
    for offset, mark in _STORIES:
        starts.append((at, mark))
        at += max(struct.unpack_from("<i", word, offset)[0], 0)
    return starts


def _by_mark(
    word: bytes, run: _Run, marks: list[tuple[int, int, Mark]], stories: list[tuple[int, Mark]]
) -> Iterator[_Part]:
    """The run cut where a property or a story begins or ends: mark, first character, text."""
    width = 2 if run.wide else 1
    length = run.length(word)
    inside = [m for m in marks if m[0] < run.at + length * width and m[1] > run.at]
    cuts = {0, length}
    cuts.update(min(max((edge - run.at) // width, 0), length) for m in inside for edge in m[:2])
    cuts.update(min(max(start - run.start, 0), length) for start, _ in stories)
    edges = sorted(cuts)
    starts = [start for start, _ in stories]
    for first, last in pairwise(edges):
        at = run.at + first * width
        found = {mark for begin, end, mark in inside if begin <= at < end}
        story = stories[bisect_right(starts, run.start + first) - 1][1]
        raw = word[at : run.at + last * width]
        text = raw.decode("utf-16-le" if run.wide else "cp1252", errors="replace")
        yield next((mark for mark in _ORDER if mark in found), story), run.start + first, text


def _marked(word: bytes, table: bytes) -> list[tuple[int, int, Mark]]:
    """Byte ranges of the WordDocument stream whose characters are deleted, inserted or hidden."""
    offset, length = struct.unpack_from("<II", word, 0xFA)
    count = (min(length, len(table) - offset) - 4) // 8
    found: list[tuple[int, int, Mark]] = []
    for index in range(max(count, 0)):
        number = struct.unpack_from("<I", table, offset + 4 * (count + 1) + 4 * index)[0] & 0x3FFFFF
        page = word[number * 512 : number * 512 + 512]
        if len(page) == 512:
            found += _page_marks(page)
    return found


def _page_marks(page: bytes) -> Iterator[tuple[int, int, Mark]]:
    count = min(page[511], 101)
    edges = struct.unpack_from(f"<{count + 1}I", page, 0)
    for index in range(count):
        at = page[4 * (count + 1) + index] * 2
        if at:
            for code in _switched_on(page[at + 1 : at + 1 + page[at]]):
                yield edges[index], edges[index + 1], _MARKS[code]


def _switched_on(properties: bytes) -> Iterator[int]:
    at = 0
    while at + 3 <= len(properties):
        code = struct.unpack_from("<H", properties, at)[0]
        size = _OPERAND.get(code >> 13)
        if size is None:
            size = 1 + properties[at + 2]
        if code in _MARKS and properties[at + 2] == 1:
            yield code
        at += 2 + size


def _paragraphs(parts: list[_Part]) -> Iterator[Piece]:
    for mark, group in groupby(parts, key=lambda part: part[0]):
        stretch = list(group)
        text, at = "".join(part[2] for part in stretch), stretch[0][1]
        for line in re.finditer("[^\r\x0c]+", text):
            shown = _CONTROLS.sub("", _FIELD.sub("", line[0])).replace("\x07", "\t").replace("\x0b", "\n")
            if shown.strip():
                place = TextPositionSelector(start=at + line.start(), end=at + line.end())
                yield Piece(shown, (place,), mark)


READER = Reader("DOC", package_version(3, "olefile"), ("doc",), read)
