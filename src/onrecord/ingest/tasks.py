"""What is asked of a worker and what it answers: plain data, msgpack on a socket, nothing that can execute."""

from __future__ import annotations

import msgspec

from onrecord.ingest.confine import Confinement
from onrecord.ingest.reading import Reading
from onrecord.ingest.source import Options


class Read(msgspec.Struct, frozen=True, tag=True):
    """Read a file. ``name`` is what it is called, not where it is."""

    name: str
    options: Options


class Stretch(msgspec.Struct, frozen=True, array_like=True):
    """Words in the text of a page, from this character of it on, as the reader gives that text."""

    start: int
    words: str


class Picture(msgspec.Struct, frozen=True, tag=True):
    """Draw a page, counted from 1, ``width`` pixels wide, and say where these words stand on it."""

    name: str
    page: int
    width: int
    find: tuple[Stretch, ...]
    options: Options


class Started(msgspec.Struct, frozen=True, tag=True):
    """The kind is known and the reader chosen: what is told of the file if the worker dies now."""

    kind: str
    reader: str
    version: str


class Box(msgspec.Struct, frozen=True, array_like=True):
    """A rectangle in pixels from the top left corner."""

    left: int
    top: int
    width: int
    height: int


class Drawn(msgspec.Struct, frozen=True, tag=True):
    """A page as PNG at the start of the spool, and the boxes of what was looked for.

    ``recognised`` is the width in pixels of the picture of this page that words are recognised from.
    """

    length: int
    width: int
    height: int
    pages: int
    recognised: float
    boxes: tuple[Box, ...]


class Refused(msgspec.Struct, frozen=True, tag=True):
    """No picture could be drawn, and why."""

    reason: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """The reading of a file. In the spool lie its members and then, ``length`` bytes from ``start``, tables and text."""

    reading: Reading
    start: int
    length: int


class Fork(msgspec.Struct, frozen=True, tag=True):
    """Ask for a worker, with the first readers or the second; its socket travels with the message."""

    options: Options
    second: bool = False


class End(msgspec.Struct, frozen=True, tag=True):
    """End a worker and tell how it ended."""

    pid: int


class Born(msgspec.Struct, frozen=True, tag=True):
    """A worker's process id."""

    pid: int


class Ready(msgspec.Struct, frozen=True, tag=True):
    """A worker has given up its rights and waits. ``readers``: kind to the reader's name and version."""

    confinement: Confinement
    readers: dict[str, tuple[str, str]]


class Ended(msgspec.Struct, frozen=True, tag=True):
    """How a worker ended: an exit status of waitpid."""

    status: int


encoder = msgspec.msgpack.Encoder()
asked: msgspec.msgpack.Decoder[Read | Picture] = msgspec.msgpack.Decoder(Read | Picture)
answered: msgspec.msgpack.Decoder[Ready | Started | Done | Drawn | Refused] = msgspec.msgpack.Decoder(
    Ready | Started | Done | Drawn | Refused
)
ordered: msgspec.msgpack.Decoder[Fork | End] = msgspec.msgpack.Decoder(Fork | End)
reported: msgspec.msgpack.Decoder[Born | Ended] = msgspec.msgpack.Decoder(Born | Ended)
