"""7z, through py7zr where it is installed (``pip install onrecord[archives]``)."""

from __future__ import annotations

import importlib.util

from onrecord.ingest.limits import Damaged, Encrypted, LimitReached, NeedsTool
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Child, Finding, Outcome
from onrecord.ingest.source import Source, allow_expansion


def read(source: Source) -> Finding:
    """Members of a 7z archive; they are held in memory until the archive ends, so the output limit is halved."""
    if importlib.util.find_spec("py7zr") is None:
        raise NeedsTool("7z archives are read with py7zr: pip install 'onrecord[archives]', then add --retry")
    members = _Members(source)
    try:
        _extract(source, members)
    except LimitReached as limit:
        children = _kept(source, members)
        reason = f"{limit}; {len(children)} members came out before it"
        return Finding(outcome=Outcome.REFUSED, reason=reason, children=children)
    return Finding(children=_kept(source, members))


def _kept(source: Source, members: _Members) -> tuple[Child, ...]:
    return tuple(
        source.spool.keep(name, name.encode("utf-8", "surrogatepass"), [bytes(member.data)])
        for name, member in members.made.items()
    )


def _extract(source: Source, members: _Members) -> None:
    import py7zr  # noqa: PLC0415 - an optional dependency
    from py7zr.exceptions import (  # noqa: PLC0415
        ArchiveError,
        PasswordRequired,
        UnsupportedCompressionMethodError,
    )

    source.file.seek(0)
    try:
        with py7zr.SevenZipFile(source.file, mode="r") as archive:
            if archive.needs_password():
                raise Encrypted("the archive opens only with a password")
            archive.extract(factory=members)
    except PasswordRequired as error:
        raise Encrypted("the archive opens only with a password") from error
    except UnsupportedCompressionMethodError as error:
        raise Damaged("the 7z archive is packed by a method that no reader here knows") from error
    except (ArchiveError, EOFError, OSError, ValueError, TypeError, KeyError, IndexError) as error:
        raise Damaged(
            "the 7z archive cannot be read: its list of members or their bytes are damaged"
        ) from error


class _Members:
    """Where py7zr writes: memory, up to the limits. Follows its WriterFactory."""

    def __init__(self, source: Source) -> None:
        self._options, self._packed, self._unpacked = source.options, source.size, 0
        self._allowed = source.options.output_bytes // 2
        self.made: dict[str, _Member] = {}

    def create(self, filename: str) -> _Member:
        if len(self.made) >= self._options.members:
            raise LimitReached("members", self._options.members)
        return self.made.setdefault(filename, _Member(self))

    def spend(self, count: int) -> None:
        self._unpacked += count
        if self._unpacked > self._allowed:
            raise LimitReached("output bytes", self._allowed)
        allow_expansion(self._unpacked, self._packed, self._options)


class _Member:
    """One member being written. Follows py7zr's Py7zIO."""

    def __init__(self, members: _Members) -> None:
        self._members = members
        self.data = bytearray()

    def write(self, chunk: bytes | bytearray) -> int:
        try:
            self._members.spend(len(chunk))
        except LimitReached:
            self._members.made.popitem()  # this one, begun last and not whole
            raise
        self.data += chunk
        return len(chunk)

    def read(self, size: int | None = None) -> bytes:
        return bytes(self.data[:size])

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def flush(self) -> None: ...

    def size(self) -> int:
        return len(self.data)

    def close(self) -> None: ...


READER = Reader("7z", package_version(3, "py7zr"), ("7z",), read)
