"""An OLE2 container ([MS-CFB], version 3) made of streams: what an object inside another file is handed on as.

The same streams give the same bytes: no times, no identifiers, entries in a fixed order.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

_SECTOR, _MINI, _SMALL = 512, 64, 4096
_FREE, _END, _TABLE, _LIST = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
_IN_HEADER = 109
_STORAGE, _STREAM, _ROOT = 1, 2, 5

Path = tuple[str, ...]


def container(streams: Mapping[Path, bytes]) -> bytes:
    """The container whose streams have these paths and bytes."""
    sectors = _Sectors()
    starts, mini = _small_streams(streams)
    for path, data in streams.items():
        if len(data) >= _SMALL:
            starts[path] = sectors.put(data)
    mini_start = sectors.put(mini[1])
    mini_table = sectors.put(struct.pack(f"<{len(mini[0])}I", *mini[0]), filler=b"\xff")
    directory = sectors.put(_directory(streams, starts, mini_start, len(mini[1])))
    return sectors.closed(directory, mini_table, -(-4 * len(mini[0]) // _SECTOR))


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END] if count else []


def _small_streams(streams: Mapping[Path, bytes]) -> tuple[dict[Path, int], tuple[list[int], bytes]]:
    """Where each short stream starts in the mini stream, its table of sectors, and the mini stream."""
    starts: dict[Path, int] = {}
    table: list[int] = []
    joined = bytearray()
    for path, data in streams.items():
        if 0 < len(data) < _SMALL:
            starts[path] = len(table)
            table += _chain(len(table), -(-len(data) // _MINI))
            joined += data.ljust(-(-len(data) // _MINI) * _MINI, b"\0")
    return starts, (table, bytes(joined))


class _Sectors:
    def __init__(self) -> None:
        self._table: list[int] = []
        self._body = bytearray()

    def put(self, data: bytes, filler: bytes = b"\0") -> int:
        """Append data; its first sector."""
        if not data:
            return _END
        start, count = len(self._table), -(-len(data) // _SECTOR)
        self._table += _chain(start, count)
        self._body += data.ljust(count * _SECTOR, filler)
        return start

    def closed(self, directory: int, mini_table: int, mini_sectors: int) -> bytes:
        """The whole file: header, sectors, the table of sectors, and the list of the sectors that the table is in."""
        used, per = len(self._table), _SECTOR // 4
        count, lists = 0, 0
        while count * per < used + count + lists:
            count += 1
            lists = -(-max(count - _IN_HEADER, 0) // (per - 1))
        table = [*self._table, *[_TABLE] * count, *[_LIST] * lists]
        table += [_FREE] * (count * per - len(table))
        places = [*range(used, used + count)]
        listed = b""
        for number in range(lists):
            start = _IN_HEADER + number * (per - 1)
            part = places[start : start + per - 1]
            after = used + count + number + 1 if number + 1 < lists else _END
            listed += struct.pack(f"<{per}I", *part, *[_FREE] * (per - 1 - len(part)), after)
        head = [*places[:_IN_HEADER], *[_FREE] * (_IN_HEADER - count)]
        header = (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
            + struct.pack("<IIIII", 0, count, directory, 0, _SMALL)
            + struct.pack("<IIII", mini_table, mini_sectors, used + count if lists else _END, lists)
            + struct.pack(f"<{_IN_HEADER}I", *head)
        )  # fmt: skip
        return header + bytes(self._body) + struct.pack(f"<{len(table)}I", *table) + listed


def _directory(streams: Mapping[Path, bytes], starts: Mapping[Path, int], mini: int, mini_size: int) -> bytes:
    """The entries: the root, then every storage and stream; siblings form a balanced tree."""
    steps = (path[:n] for path in sorted(streams, key=lambda p: (len(p), p)) for n in range(1, len(path) + 1))
    paths: list[Path] = list(dict.fromkeys([(), *steps]))
    number = {path: index for index, path in enumerate(paths)}
    inside: dict[Path, list[Path]] = {}
    for path in sorted(paths[1:], key=lambda path: (len(path[-1]), path[-1].upper())):
        inside.setdefault(path[:-1], []).append(path)
    left: dict[Path, int] = {}
    right: dict[Path, int] = {}
    top = {above: number[_balanced(siblings, number, left, right)] for above, siblings in inside.items()}
    entries = bytearray()
    for path in paths:
        child = top.get(path, _FREE)
        beside = (left.get(path, _FREE), right.get(path, _FREE))
        if not path:
            entries += _entry("Root Entry", _ROOT, beside, child, mini, mini_size)
        elif path in streams:
            data = streams[path]
            entries += _entry(path[-1], _STREAM, beside, _FREE, starts.get(path, _END), len(data))
        else:
            entries += _entry(path[-1], _STORAGE, beside, child, 0, 0)
    return bytes(entries)


def _balanced(
    siblings: Sequence[Path], number: Mapping[Path, int], left: dict[Path, int], right: dict[Path, int]
) -> Path:
    """The entry in the middle of sorted siblings, after those on either side were hung below it in the same way."""
    middle = len(siblings) // 2
    path = siblings[middle]
    if middle:
        left[path] = number[_balanced(siblings[:middle], number, left, right)]
    if middle + 1 < len(siblings):
        right[path] = number[_balanced(siblings[middle + 1 :], number, left, right)]
    return path


def _entry(name: str, kind: int, beside: tuple[int, int], child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")[:62] + b"\0\0"
    return raw.ljust(64, b"\0") + struct.pack(
        "<HBBIII16sIQQIQ", len(raw), kind, 1, *beside, child, bytes(16), 0, 0, 0, start, size
    )
