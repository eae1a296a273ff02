"""ZIP, TAR and 7z: their members, with names kept as bytes. No member is ever written under its name."""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise

import msgspec

from onrecord.ingest import torn_zip
from onrecord.ingest.charset import Names
from onrecord.ingest.damage import in_words
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Child, Finding, Outcome, in_part
from onrecord.ingest.source import Source, in_chunks, unpacked

_PACKED_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
)


class _Lost(Exception):
    """A member that could not be taken out, and why."""


Taken = Iterator[Callable[[], Child | None]]


def _collected(members: Taken, warnings: list[str]) -> Finding:
    """All members that come out; those that do not are named; a limit ends the archive, not what came before."""
    children: list[Child] = []
    missing: list[str] = []
    locked = 0
    try:
        for take in members:
            try:
                if child := take():
                    children.append(child)
            except Encrypted as lock:
                locked += 1
                missing.append(str(lock))
            except _Lost as lost:
                missing.append(str(lost))
    except LimitReached as limit:
        return Finding(
            outcome=Outcome.REFUSED,
            reason=f"{limit}; {len(children)} members came out before it",
            children=tuple(children),
            warnings=tuple(warnings),
        )
    if locked and not children:
        return Finding(outcome=Outcome.ENCRYPTED, reason=missing[0], warnings=tuple(warnings))
    outcome, reason = in_part(missing)
    if missing and not children:
        outcome = Outcome.FAILED
    return Finding(outcome=outcome, reason=reason, children=tuple(children), warnings=tuple(warnings[:100]))


def read_zip(source: Source) -> Finding:
    """Members of a ZIP. Links and folders are named in the warnings, never followed or made."""
    try:
        archive = zipfile.ZipFile(source.file)
    except _PACKED_ERRORS as error:
        return _torn(source, in_words(error))
    warnings: list[str] = []
    entries = [entry for entry in archive.infolist() if _is_file(entry, warnings)]
    if shared := _sharing(entries):
        return Finding(outcome=Outcome.REFUSED, reason=shared, warnings=tuple(warnings))
    names = Names(_raw_name(entry) for entry in entries)
    return _collected((_zip_take(archive, entry, names, source) for entry in entries), warnings)


def _torn(source: Source, why: str) -> Finding:
    """What is left of a ZIP without its directory.

    Raises:
        Damaged: nothing is.
    """
    names = Names()
    finding = _collected((_torn_take(torn, names, source) for torn in torn_zip.members(source.whole())), [])
    if not finding.children and finding.outcome in {Outcome.REFUSED, Outcome.ENCRYPTED}:
        return finding
    if not finding.children:
        raise Damaged(f"the ZIP cannot be read: {why}")
    lost = f"what stood behind the last member: {why}; the members were found without it"
    outcome = Outcome.REFUSED if finding.outcome == Outcome.REFUSED else Outcome.IN_PART
    more = finding.reason.removeprefix("missing: ")
    reason = f"{more}; {lost}" if more else lost
    return msgspec.structs.replace(
        finding, outcome=outcome, reason=reason if outcome == Outcome.REFUSED else f"missing: {reason}"
    )


def _torn_take(torn: torn_zip.Torn, names: Names, source: Source) -> Callable[[], Child | None]:
    def take() -> Child | None:
        name = names.text(torn.head.name)
        if torn.head.is_locked:
            raise Encrypted(f"{name} is locked with a password")
        child = source.spool.keep(name, torn.head.name, unpacked(torn.chunks(), source.size, source.options))
        if not child.length and not torn.whole:
            raise _Lost(f"{name}: nothing of it comes out")
        return (
            child
            if torn.whole
            else msgspec.structs.replace(child, claims=(("cut after bytes", str(child.length)),))
        )

    return take


_HEAD = 30  # bytes of a member's own head, its name and extra fields not counted


def _sharing(entries: list[zipfile.ZipInfo]) -> str:
    """Which members have bytes in common, as only a bomb's have (Fifield 2019); empty where none have."""
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    for one, other in pairwise(in_order):
        if one.header_offset + _HEAD + one.compress_size > other.header_offset:
            return f"members {_shown(one.orig_filename)} and {_shown(other.orig_filename)} share packed bytes, as in a bomb"
    return ""


def _is_file(entry: zipfile.ZipInfo, warnings: list[str]) -> bool:
    if stat.S_ISLNK(entry.external_attr >> 16):
        warnings.append(f"link not followed: {entry.orig_filename}")
        return False
    return (
        not entry.filename.endswith("/") or entry.file_size > 0
    )  # bytes can be hidden in what is called a folder


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    utf8 = bool(entry.flag_bits & 0x800)
    return entry.orig_filename.encode("utf-8" if utf8 else "cp437", errors="surrogateescape")


def _zip_take(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, names: Names, source: Source
) -> Callable[[], Child | None]:
    def take() -> Child:
        raw = _raw_name(entry)
        name = names.text(raw)
        if entry.flag_bits & 1:
            raise Encrypted(f"{name} is locked with a password")
        claims = (("modified", _zip_time(entry)), ("packed bytes", str(entry.compress_size)))
        try:
            with archive.open(entry) as stream:
                chunks = unpacked(in_chunks(stream), entry.compress_size, source.options)
                return source.spool.keep(name, raw, chunks, claims)
        except _PACKED_ERRORS as error:
            raise _Lost(f"{name}: {in_words(error)}") from error

    return take


def _zip_time(entry: zipfile.ZipInfo) -> str:
    try:
        return datetime(*entry.date_time).isoformat(sep=" ")
    except ValueError:
        return f"impossible: {entry.date_time}"


def read_tar(source: Source) -> Finding:
    """Regular files of a TAR; links, devices and other specials are named in the warnings."""
    source.file.seek(0)
    try:
        archive = tarfile.open(fileobj=source.file, mode="r:", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    except (tarfile.TarError, *_PACKED_ERRORS) as error:
        raise Damaged(f"the TAR cannot be read: {in_words(error)}") from error
    warnings: list[str] = []
    return _collected(_tar_members(archive, source, warnings), warnings)


def _tar_members(archive: tarfile.TarFile, source: Source, warnings: list[str]) -> Taken:
    count, names = 0, Names()
    while True:
        try:
            entry = archive.next()
        except (tarfile.TarError, *_PACKED_ERRORS) as error:
            yield _lost(f"what follows member {count}: {in_words(error)}")
            return
        if entry is None:
            return
        count += 1
        if count > source.options.members:
            raise LimitReached("members", source.options.members)
        if entry.isreg():
            yield _tar_take(archive, entry, names, source)
        elif not entry.isdir():
            warnings.append(f"link, device or other special not made: {_shown(entry.name)}")


def _tar_take(
    archive: tarfile.TarFile, entry: tarfile.TarInfo, names: Names, source: Source
) -> Callable[[], Child | None]:
    def take() -> Child:
        raw = entry.name.encode("utf-8", "surrogateescape")
        claims = (("modified", str(entry.mtime)), ("owner", f"{entry.uname or entry.uid}"))
        stream = archive.extractfile(entry)
        if stream is None:
            raise _Lost(f"{_shown(entry.name)}: no bytes")
        try:
            chunks = unpacked(in_chunks(stream), source.size, source.options)
            child = source.spool.keep(names.text(raw), raw, chunks, claims)
        except (tarfile.TarError, *_PACKED_ERRORS) as error:
            raise _Lost(f"{_shown(entry.name)}: {in_words(error)}") from error
        if child.length != entry.size:
            what = f"cut after {child.length:,} of" if entry.size >= 0 else "said to have"
            raise _Lost(f"{_shown(entry.name)}: {what} {entry.size:,} bytes")
        return child

    return take


def _lost(reason: str) -> Callable[[], Child | None]:
    def take() -> None:
        raise _Lost(reason)

    return take


def _shown(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


ZIP = Reader("ZIP", package_version(6), ("zip", "wacz"), read_zip)
TAR = Reader("TAR", package_version(3), ("tar",), read_tar)
