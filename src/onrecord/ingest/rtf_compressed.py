"""Compressed RTF, as Outlook stores message bodies ([MS-OXRTFCP])."""

from __future__ import annotations

import struct

from onrecord.ingest.limits import MIB, Damaged, LimitReached

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_MOST = 64 * MIB


def decompressed(packed: bytes) -> bytes:
    """The RTF in a compressed body.

    Raises:
        Damaged: it is cut or of an unknown kind.
        LimitReached: it unpacks to more than 64 MiB.
    """
    if len(packed) < 16:
        raise Damaged("the compressed RTF is cut")
    _, size, kind, _ = struct.unpack_from("<IIII", packed)
    if kind == 0x414C454D:
        return packed[16 : 16 + size]
    if kind != 0x75465A4C:
        raise Damaged("the compressed RTF is of an unknown kind")
    return _expanded(packed, min(size, _MOST))


def _expanded(packed: bytes, size: int) -> bytes:
    window = bytearray(_DICTIONARY.ljust(4096, b"\0"))
    write, at, out = len(_DICTIONARY), 16, bytearray()
    while at < len(packed) and len(out) <= size:
        control, at = packed[at], at + 1
        for bit in range(8):
            if at + (control >> bit & 1) >= len(packed):
                return bytes(out)
            if control >> bit & 1:
                reference = packed[at] << 8 | packed[at + 1]
                at += 2
                start, length = reference >> 4, (reference & 15) + 2
                if start == write % 4096:
                    return bytes(out)
                chunk = [0] * length
                for step in range(length):
                    chunk[step] = window[(start + step) % 4096]
                    window[write % 4096] = chunk[step]
                    write += 1
                out += bytes(chunk)
            else:
                out.append(packed[at])
                window[write % 4096] = packed[at]
                write, at = write + 1, at + 1
    if len(out) > _MOST:
        raise LimitReached("RTF bytes", _MOST)
    return bytes(out)
