"""Small XLS, PPT and RTF files, record by record, with things in them that nobody is meant to see."""

from __future__ import annotations

import struct
import zlib

from onrecord.ingest.container import container


def biff(kind: int, body: bytes = b"") -> bytes:
    """One record of a workbook."""
    return struct.pack("<HH", kind, len(body)) + body


def workbook(*sheets: tuple[str, bytes], head: bytes = b"") -> bytes:
    """The Workbook stream of sheets, each a name and its records."""
    bof = [biff(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0x07CC, 0, 6)) for kind in (0x0005, 0x0010)]
    names = [struct.pack("<BB", len(name), 1) + name.encode("utf-16-le") for name, _ in sheets]
    bodies = [bof[1] + records + biff(0x000A) for _, records in sheets]
    start = len(bof[0]) + len(head) + sum(10 + len(name) for name in names) + 4
    listed = b""
    for name, body in zip(names, bodies, strict=True):
        listed += biff(0x0085, struct.pack("<IBB", start, 0, 0) + name)
        start += len(body)
    return bof[0] + head + listed + biff(0x000A) + b"".join(bodies)


def xls(*sheets: tuple[str, bytes], head: bytes = b"", **streams: bytes) -> bytes:
    """A workbook in its container."""
    return container(
        {("Workbook",): workbook(*sheets, head=head), **{(name,): data for name, data in streams.items()}}
    )


def number(row: int, column: int, value: float) -> bytes:
    """A cell with a number, counted from 0."""
    return biff(0x0203, struct.pack("<HHHd", row, column, 0, value))


def row(index: int, *, hidden: bool) -> bytes:
    """A row's properties."""
    return biff(0x0208, struct.pack("<HHHHHHHH", index, 0, 5, 255, 0, 0, 0x20 if hidden else 0, 0))


def hidden_columns(first: int, last: int) -> bytes:
    """Columns that are not shown, counted from 0."""
    return biff(0x007D, struct.pack("<HHHHHH", first, last, 0, 0, 1, 0))


def remark(row: int, column: int, text: str, number: int = 1) -> bytes:
    """A comment on a cell: the object, its text, and the note that joins them."""
    common = struct.pack("<HHHHHIII", 0x15, 0x12, 0x19, number, 0, 0, 0, 0)
    said = struct.pack("<HH6xHHI", 0, 0, len(text), 0, 0)
    return (
        biff(0x005D, common) + biff(0x01B6, said) + biff(0x003C, b"\1" + text.encode("utf-16-le"))
        + biff(0x001C, struct.pack("<HHHHHB", row, column, 0, number, 1, 0) + b"a\0")
    )  # fmt: skip


def packed(name: bytes, data: bytes) -> bytes:
    """Native data of the class Package: a file as somebody dropped it into a document."""
    place = b"C:\\tmp\\" + name + b"\0"
    inner = b"\2\0" + name + b"\0" + place + struct.pack("<II", 0x30000, len(place)) + place
    return inner + struct.pack("<I", len(data)) + data


def ppt_with(inside: bytes) -> bytes:
    """A presentation that holds a container, compressed, and a picture."""
    body = struct.pack("<I", len(inside)) + zlib.compress(inside)
    held = struct.pack("<HHI", 0x10, 0x1011, len(body)) + body
    picture = struct.pack("<HHI", 0x6E0, 0xF01E, 17 + 4) + bytes(17) + b"\x89PNG"
    return container({("PowerPoint Document",): held, ("Pictures",): picture})


def rtf_with(class_name: bytes, native: bytes) -> bytes:
    """RTF that holds an object in an OLE 1 stream, and a picture."""
    named = struct.pack("<I", len(class_name) + 1) + class_name + b"\0"
    stream = struct.pack("<II", 0x501, 2) + named + bytes(8) + struct.pack("<I", len(native)) + native
    digits = b"\r\n".join(stream.hex()[at : at + 80].encode() for at in range(0, 2 * len(stream), 80))
    return (
        b"{\\rtf1 text {\\object\\objemb{\\*\\objclass x}{\\*\\objdata "
        + digits
        + b"}}{\\pict\\pngblip 89504e47} end}"
    )
