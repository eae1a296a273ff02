"""What of a PDF is damaged although it opens: PDFium draws what it can and does not say what it could not.

Looked at are the parts packed with deflate that say what stands on a page and where it is kept: contents, forms,
fonts, object streams, maps of letters. Pictures and colour profiles hold no words and are passed by. Each part's
checksum (RFC 1950) tells whether it is as it was written. What a locked file holds cannot be checked.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

from onrecord.ingest.limits import MIB
from onrecord.ingest.pdf_objects import OBJECT, is_locked, stream_from

_STREAM, _STREAM_END = re.compile(rb"(?<!end)stream\r?\n"), re.compile(rb"endstream")
_FILTERS = re.compile(rb"/Filter\s*(?:\[([^\]]*)\]|(/[^\s/<>\[\]()]*))")
_FILTER_NAMES = frozenset(
    b"/ASCIIHexDecode /AHx /ASCII85Decode /A85 /LZWDecode /LZW /FlateDecode /Fl /RunLengthDecode /RL /CCITTFaxDecode "
    b"/CCF /JBIG2Decode /DCTDecode /DCT /JPXDecode /Crypt".split()
)
_ZLIB = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_PACKED, _IN_LETTERS = [b"/FlateDecode"], [b"/ASCII85Decode", b"/FlateDecode"]
_WORDLESS = re.compile(rb"/Subtype\s*/Image\b|/Alternate\b|/N\s+[134]\b(?!.*/First)", re.S)
_CONTENTS = re.compile(rb"/Contents\s*(?:\[([\d\sR]*)\]|(\d+\s+\d+\s+R))")
_REFERENCE = re.compile(rb"(\d+)\s+\d+\s+R")
_END = re.compile(rb"startxref|%%EOF")
_HEAD = 600  # bytes before a stream, where its dictionary stands
_TAIL = 4096  # bytes at the end, where a PDF says that it is whole
_SHOWN = 5
_CHECKED = 256 * MIB  # unpacked, of all parts together: what is more than that is not checked


def damage(data: bytes) -> list[str]:
    """In words what is damaged, cut off or gone, or an empty list where nothing is seen to be."""
    told = [] if _is_ended(data) else ["what stood at its end, which is cut off"]
    if is_locked(data):
        return told
    broken, lists = _broken(data)
    if broken:
        told.append(
            f"what is kept in {_numbered(broken)}, which {'is' if len(broken) == 1 else 'are'} damaged"
        )
    if absent := _absent(data, lists):
        told.append(f"what {_numbered(absent)} would show on a page, which the file does not hold")
    return told


def _is_ended(data: bytes) -> bool:
    """Whether a PDF's end is there: near the end of the file, or with other things than objects behind it."""
    if _END.search(data[-_TAIL:]):
        return True
    end = max(data.rfind(b"startxref"), data.rfind(b"%%EOF"))
    return end >= 0 and not OBJECT.search(data, end)


def _numbered(objects: list[int]) -> str:
    shown = ", ".join(map(str, objects[:_SHOWN]))
    more = f" and {len(objects) - _SHOWN} more" if len(objects) > _SHOWN else ""
    return f"object{'s' if len(objects) > 1 else ''} {shown}{more}"


def _broken(data: bytes) -> tuple[list[int], list[bytes]]:
    """The numbers of damaged objects, and the object streams, unpacked; of an object saved again the last counts."""
    whole = dict.fromkeys(_headless(data), False)
    lists: list[bytes] = []
    left = _CHECKED
    for number, head, packed in _parts(data):
        unpacked = _unpacked(packed, left)
        whole[number] = unpacked is not None
        if unpacked:
            left -= len(unpacked)
            if b"/ObjStm" in head:
                lists.append(unpacked)
        if left <= 0:
            break
    return sorted(number for number, is_whole in whole.items() if not is_whole), lists


def _headless(data: bytes) -> Iterator[int]:
    """The numbers of objects with a stream that ends and, its first word being damaged, nowhere begins."""
    after = 0
    for end in _STREAM_END.finditer(data):
        start = data.rfind(b" obj", after, end.start())
        heads = list(OBJECT.finditer(data, max(start - 20, after), start + 4)) if start >= 0 else []
        if (
            heads
            and b"/Length" in data[start : start + _HEAD]
            and not _STREAM.search(data, start, end.start())
        ):
            yield int(heads[-1][1])
        after = end.end()


def _parts(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, dictionary and zlib stream of each part that may hold words and is packed with deflate.

    One that is packed in a way that nobody knows, or is packed and does not say how, counts as damaged: its stream is
    given as empty.
    """
    for found in _STREAM.finditer(data):
        before = data[max(found.start() - _HEAD, 0) : found.start()]
        if not (objects := list(OBJECT.finditer(before))):
            continue
        head = before[objects[-1].end() :]
        filters = _FILTERS.search(head)
        names = (filters[1] or filters[2] or b"").split() if filters else []
        is_strange = not _FILTER_NAMES.issuperset(names) if names else data.startswith(_ZLIB, found.end())
        if (names not in (_PACKED, _IN_LETTERS) and not is_strange) or _WORDLESS.search(head):
            continue
        packed = stream_from(data, found.end())
        if packed.strip():
            stream = b"" if is_strange else packed if names == _PACKED else _from_ascii85(packed)
            yield int(objects[-1][1]), head, stream


def _from_ascii85(text: bytes) -> bytes:
    """The bytes behind the letters; none where these are damaged, which is no zlib stream either."""
    try:
        return base64.a85decode(b"<~" + text.strip().removeprefix(b"<~"), adobe=True)
    except (ValueError, binascii.Error):
        return b""


def _unpacked(packed: bytes, allowed: int) -> bytes | None:
    """What comes out, of at most so many bytes; None where the stream is damaged or cut."""
    packer = zlib.decompressobj()
    try:
        out = packer.decompress(packed, min(allowed, 32 * MIB))
    except zlib.error:
        return None
    return out if packer.eof or packer.unconsumed_tail else None


def _absent(data: bytes, lists: list[bytes]) -> list[int]:
    """The numbers of objects that pages name as what they show and that are nowhere: such objects are never packed."""
    there = {int(found[1]) for found in OBJECT.finditer(data)}
    named = (
        int(reference)
        for text in (data, *lists)
        for found in _CONTENTS.finditer(text)
        for reference in _REFERENCE.findall(found[1] or found[2])
    )
    return sorted({number for number in named if number not in there})
