"""The ``.ots`` form: a digest, and ways from it to what attests that it was there.

A way is a run of operations on bytes; at its end stands an attestation: of a calendar, which only promises (pending), or
of a Bitcoin block, whose Merkle root the way must give. The form is that of python-opentimestamps 0.4, with its
limits. Everything here is pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"

SHA256, APPEND, PREPEND = 0x08, 0xF0, 0xF1

_VERSION = 1
_FORK, _ATTESTATION = 0xFF, 0x00
_UNFOLLOWED = (0x02, 0x03, 0x67, 0xF2, 0xF3)
"""SHA-1, RIPEMD-160, Keccak-256, reverse, hexlify: read and kept, but a way through them is not believed here. The
first is broken, and no calendar uses any of them."""

_PENDING = bytes.fromhex("83dfe30d2ef90c8e")
_BITCOIN = bytes.fromhex("0588960d73d71901")
_MAX_BYTES = 4096
_MAX_PAYLOAD = 8192
_MAX_STEPS = 256
_MAX_FILE = 1 << 16
_MAX_ADDRESS = 1000
_ADDRESS = re.compile(rb"[A-Za-z0-9._/:-]+")


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on the bytes so far; ``argument`` is empty where it takes none."""

    tag: int
    argument: bytes = b""


@dataclass(frozen=True, slots=True)
class Attestation:
    """Who attests, in the form's own bytes; kinds that are not known here are kept as they are.

    ``calendar`` is the address of the calendar that promises an attestation, ``height`` the number of the Bitcoin block
    that attests; None where it is not of that kind.
    """

    tag: bytes
    payload: bytes
    calendar: str | None = None
    height: int | None = None

    @classmethod
    def read(cls, tag: bytes, payload: bytes) -> Attestation:
        """An attestation as it stands in a file.

        Raises:
            ValueError: it is of a kind that is known here, and malformed.
        """
        reading = _Reading(payload)
        calendar = height = None
        if tag == _PENDING:
            address = reading.sized(_MAX_ADDRESS)
            if not _ADDRESS.fullmatch(address):
                raise ValueError(f"{address[:80]!r} is no address of a calendar")
            calendar = address.decode()
            reading.end()
        elif tag == _BITCOIN:
            height = reading.number()
            reading.end()
        return cls(tag, payload, calendar, height)

    @classmethod
    def pending(cls, calendar: str) -> Attestation:
        """The promise of a calendar."""
        return cls.read(_PENDING, _sized(calendar.encode()))

    @classmethod
    def bitcoin(cls, height: int) -> Attestation:
        """The attestation of a block."""
        return cls.read(_BITCOIN, _number(height))


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a digest to an attestation."""

    steps: tuple[Step, ...]
    attestation: Attestation


@dataclass(frozen=True, slots=True)
class Proof:
    """What an ``.ots`` file says: the SHA-256 of some file, and every way from it, in the order of the file."""

    digest: bytes
    ways: tuple[Way, ...]

    @classmethod
    def parse(cls, data: bytes) -> Proof:
        """Read an ``.ots`` file.

        Raises:
            ValueError: it is none, is too large, or is over another hash than SHA-256.
        """
        if not data.startswith(MAGIC):
            raise ValueError("it is no proof by OpenTimestamps: it does not begin as one")
        reading = _Reading(data, len(MAGIC))
        if (reading.number(), reading.take(1)) != (_VERSION, bytes([SHA256])):
            raise ValueError("it is of another version, or over another hash than SHA-256")
        digest = reading.take(32)
        ways = tuple(reading.ways())
        reading.end()
        return cls(digest, ways)

    def __bytes__(self) -> bytes:
        head = MAGIC + _number(_VERSION) + bytes([SHA256]) + self.digest
        return head + _written([(way.steps, way.attestation) for way in self.ways])


def parse_ways(data: bytes) -> tuple[Way, ...]:
    """The ways that a calendar answers with; they begin at the bytes it was asked about.

    Raises:
        ValueError: the answer is malformed.
    """
    reading = _Reading(data)
    ways = tuple(reading.ways())
    reading.end()
    return ways


def write_ways(ways: Iterable[Way]) -> bytes:
    """The bytes that :func:`parse_ways` reads."""
    return _written([(way.steps, way.attestation) for way in ways])


def walked(message: bytes, steps: Iterable[Step]) -> bytes | None:
    """What the steps make of a message; None where one of them is not followed here.

    Raises:
        ValueError: the bytes grow beyond what the form allows.
    """
    for step in steps:
        if step.tag == SHA256:
            message = sha256(message).digest()
        elif step.tag == APPEND:
            message += step.argument
        elif step.tag == PREPEND:
            message = step.argument + message
        else:
            return None
        if len(message) > _MAX_BYTES:
            raise ValueError("a way grows beyond 4,096 bytes")
    return message


class _Reading:
    """Bytes, and how far they were read."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        if len(data) > _MAX_FILE:
            raise ValueError(f"it has more than {_MAX_FILE:,} bytes")
        self._data, self._at = data, at

    def take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) < count:
            raise ValueError("it is cut off")
        self._at += count
        return taken

    def number(self) -> int:
        """An unsigned number of up to 64 bits, little-endian, seven bits a byte (LEB128)."""
        value = 0
        for shift in range(0, 64, 7):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return value
        raise ValueError("a number in it is too large")

    def sized(self, most: int) -> bytes:
        size = self.number()
        if size > most:
            raise ValueError(f"a part of it has {size} bytes where {most} are allowed")
        return self.take(size)

    def ways(self, before: tuple[Step, ...] = ()) -> Iterator[Way]:
        if len(before) >= _MAX_STEPS:
            raise ValueError("a way in it is too long")
        while (tag := self.take(1)[0]) == _FORK:
            yield from self._way(self.take(1)[0], before)
        yield from self._way(tag, before)

    def _way(self, tag: int, before: tuple[Step, ...]) -> Iterator[Way]:
        if tag == _ATTESTATION:
            yield Way(before, Attestation.read(self.take(8), self.sized(_MAX_PAYLOAD)))
        elif tag in (APPEND, PREPEND):
            yield from self.ways((*before, Step(tag, self.sized(_MAX_BYTES))))
        elif tag == SHA256 or tag in _UNFOLLOWED:
            yield from self.ways((*before, Step(tag)))
        else:
            raise ValueError(f"it holds an operation {tag:#04x} that is not known here")

    def end(self) -> None:
        if self._at < len(self._data):
            raise ValueError("something follows after its end")


def _written(ways: list[tuple[tuple[Step, ...], Attestation]]) -> bytes:
    """Ways as the form writes them: what they begin with in common stands once, all branches but the last marked."""
    if not ways:
        raise ValueError("a proof without an attestation cannot be written")
    branches: dict[Step, list[tuple[tuple[Step, ...], Attestation]]] = {}
    parts = []
    for steps, attestation in ways:
        if steps:
            branches.setdefault(steps[0], []).append((steps[1:], attestation))
        else:
            parts.append(bytes([_ATTESTATION]) + attestation.tag + _sized(attestation.payload))
    for step, rest in branches.items():
        argument = _sized(step.argument) if step.tag in (APPEND, PREPEND) else b""
        parts.append(bytes([step.tag]) + argument + _written(rest))
    return b"".join([*(bytes([_FORK]) + part for part in parts[:-1]), parts[-1]])


def _number(value: int) -> bytes:
    low, high = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _number(high) if high else bytes([low])


def _sized(data: bytes) -> bytes:
    return _number(len(data)) + data
