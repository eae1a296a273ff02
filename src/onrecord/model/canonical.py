"""Entries as bytes, the same everywhere: JSON Canonicalization Scheme, RFC 8785.

msgspec writes sorted keys and the shortest escapes, which is the canonical form as long as keys are
ASCII and numbers are integers within 2**53. :func:`encode` relies on that because the model keeps
decimals as text; a test compares it with an independent implementation of the standard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from onrecord.model.integers import MAX_INTEGER
from onrecord.model.kinds import Base, Correction, Entry

_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Entry)


def encode(entry: Base) -> bytes:
    """The canonical bytes of an entry."""
    return _encoder.encode(entry)


def encode_all(entries: Sequence[Base]) -> list[bytes]:
    """The canonical bytes of each of many entries, several times faster than one by one."""
    return _encoder.encode_lines(entries).split(b"\n")[:-1]


def decode(data: bytes) -> Entry:
    """The entry that canonical bytes hold.

    Raises:
        msgspec.ValidationError: the bytes are not an entry of any kind.
    """
    entry: Entry = _decoder.decode(data)
    return entry


def reads_back(entries: list[Entry]) -> bool:
    """True if each entry surely comes back from its canonical bytes; False asks for a closer look at each.

    The bytes are the standard's wherever this is True: the types of the fields leave no number in doubt (they are
    within :data:`MAX_INTEGER`, none is a fraction), and every name of a field is ASCII. The one place for values of
    any type is what a correction changes, so a correction always asks for the closer look.
    """
    try:
        return Correction not in map(type, entries) and (
            _decoder.decode_lines(_encoder.encode_lines(entries)) == entries
        )
    except (msgspec.MsgspecError, ValueError, TypeError):
        return False


def to_fields(entry: Base) -> dict[str, Any]:
    """An entry as plain JSON values, kind included, fields at their default left out."""
    fields: dict[str, Any] = msgspec.to_builtins(entry)
    return fields


def from_fields(fields: dict[str, Any]) -> Entry:
    """The entry that plain JSON values describe.

    Raises:
        msgspec.ValidationError: a field is missing, unknown in value or of the wrong type.
    """
    entry: Entry = msgspec.convert(fields, Entry)
    return entry


def inexpressible(value: Any) -> str | None:
    """Why a JSON value has no canonical form here (a float, a huge integer, a key beyond ASCII), else None."""
    match value:
        case bool() | None | str():
            return _lone_surrogate(value) if isinstance(value, str) else None
        case int():
            return None if abs(value) <= MAX_INTEGER else f"the integer {value} is beyond 2^53"
        case float():
            return f"the number {value!r} is not an integer: write it as text"
        case dict():
            bad_key = next((key for key in value if not (isinstance(key, str) and key.isascii())), None)
            if bad_key is not None:
                return f"the key {bad_key!r} is not ASCII"
            return next((why for part in value.values() if (why := inexpressible(part))), None)
        case list() | tuple():
            return next((why for part in value if (why := inexpressible(part))), None)
    return f"a {type(value).__name__} has no JSON form"


def _lone_surrogate(text: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "the text holds half of a character (a lone surrogate)"
    return None
