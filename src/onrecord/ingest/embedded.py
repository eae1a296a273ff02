"""Objects inside old office files: a workbook in a letter, a PDF in a workbook, a packed file in anything.

[MS-OLEDS] wraps them in storages of the container, or in an older stream of their own. Here the wrapping is taken
off, so that what was put in comes out; where nothing is wrapped, the object is handed on as a container.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

import olefile

from onrecord.ingest.charset import decode
from onrecord.ingest.container import container
from onrecord.ingest.limits import Damaged
from onrecord.ingest.ole import OLE_ERRORS, opened, stream
from onrecord.ingest.reading import Child
from onrecord.ingest.source import Source

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NATIVE = "\x01ole10native"
_ABOUT = {
    "\x01ole",
    "\x01compobj",
    "\x03objinfo",
    "\x03linkinfo",
    "\x03print",
    "\x03eprint",
    "\x03meta",
    "\x02olepres000",
}
"""Streams that describe an object or show its picture, and are not the object."""

Named = tuple[str, bytes]


def keep_objects(objects: Iterator[Named], source: Source, missing: list[str]) -> tuple[Child, ...]:
    """The objects as members; one that cannot be taken out is named in ``missing``, with all after it."""
    children: list[Child] = []
    try:
        for name, data in objects:
            if data:
                children.append(source.spool.keep(name, name.encode("utf-8", "surrogatepass"), [data]))
    except (Damaged, *OLE_ERRORS) as error:
        missing.append(f"objects after the first {len(children)}: {error}")
    return tuple(children)


def in_storages(ole: olefile.OleFileIO) -> Iterator[Named]:
    """The objects of a workbook (storages ``MBD…``) or a document (storages in ``ObjectPool``)."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], bytes]] = {}
    for path in ole.listdir():
        depth = 2 if path[0] == "ObjectPool" else 1
        if len(path) > depth and (depth == 2 or path[0].startswith("MBD")):
            found.setdefault(tuple(path[:depth]), {})[tuple(path[depth:])] = stream(ole, *path)
    for storage, streams in sorted(found.items()):
        yield from unwrapped(storage[-1], streams)


def in_container(data: bytes, name: str) -> Iterator[Named]:
    """The object that a whole container inside a file is, or wraps."""
    with opened(data) as ole:
        streams = {tuple(path): stream(ole, *path) for path in ole.listdir()}
    if found := wrapped(name, streams):
        yield found
    elif _is_document(streams):
        yield name, data


def unwrapped(name: str, streams: Mapping[tuple[str, ...], bytes]) -> Iterator[Named]:
    """The object that a storage's streams hold, with the name it was packed under if it had one."""
    if found := wrapped(name, streams):
        yield found
    elif _is_document(streams):
        yield name, container(streams)


def wrapped(name: str, streams: Mapping[tuple[str, ...], bytes]) -> Named | None:
    """The file that a storage's streams wrap, or None where they are a document themselves."""
    by_name = {path[0].lower(): data for path, data in streams.items() if len(path) == 1}
    if "package" in by_name:
        return name, by_name["package"]
    if _NATIVE in by_name:
        return packed_file(by_name[_NATIVE][4:], name)
    if "contents" in by_name:
        return name, by_name["contents"]
    return None


def _is_document(streams: Mapping[tuple[str, ...], bytes]) -> bool:
    return any(len(path) == 1 and path[0].lower() not in _ABOUT for path in streams)


def packed_file(data: bytes, name: str) -> Named:
    """The file in native data of the class Package, and the label it was packed under; other data as they are."""
    if data[:2] != b"\2\0":
        return name, data
    try:
        label, at = _until_zero(data, 2)
        _, at = _until_zero(data, at)
        place = struct.unpack_from("<I", data, at + 4)[0]
        start = at + 8 + place
        size = struct.unpack_from("<I", data, start)[0]
    except (struct.error, ValueError):
        return name, data
    return decode(label).text.replace("\0", "") or name, data[start + 4 : start + 4 + size]


def _until_zero(data: bytes, at: int) -> tuple[bytes, int]:
    end = data.index(b"\0", at)
    return data[at:end], end + 1


def from_ole1(data: bytes, name: str) -> Iterator[Named]:
    """The object in an OLE 1 stream ([MS-OLEDS] 2.2.5), as RTF holds it; nothing where it is only a link."""
    try:
        kind = struct.unpack_from("<I", data, 4)[0]
        at = 8
        for _ in range(3):
            length = struct.unpack_from("<I", data, at)[0]
            at += 4 + length
        size = struct.unpack_from("<I", data, at)[0]
    except struct.error as error:
        raise Damaged(f"the object {name} is cut") from error
    native = data[at + 4 : at + 4 + size]
    if kind != 2:
        return
    if native.startswith(_OLE):
        yield from in_container(native, name)
    else:
        yield packed_file(native, name)
