"""Parts of a ZIP package (OOXML, OpenDocument): their bytes and their XML, as much of them as comes out.

Names of parts are compared without case, as both standards have it. Where a name stands twice in the package, the
last part is read under it, as most programs do, and the others under the same name with a number behind it.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import BinaryIO

from lxml import etree

from onrecord.ingest.damage import in_words
from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.markup import local, parse_xml, saved_xml
from onrecord.ingest.reading import Child
from onrecord.ingest.source import Options, Source, in_chunks, unpacked
from onrecord.ingest.torn_zip import inflated

_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    OSError,
    NotImplementedError,
    struct.error,
)
_WITHHELD = (Damaged, Encrypted, LimitReached)
_HEAD, _DEFLATED = 30, 8
_MOST_CLAIMS, _LONGEST_CLAIM = 1000, 10_000


class Package:
    """A ZIP opened for its parts."""

    def __init__(self, file: BinaryIO, options: Options) -> None:
        self._file, self._options = file, options
        try:
            self._zip = zipfile.ZipFile(file)
        except _ZIP_ERRORS as error:
            raise Damaged(f"the ZIP directory cannot be read: {in_words(error)}") from error
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._doubled: dict[str, str] = {}
        for entry in self._zip.infolist():
            name = entry.filename.replace("\\", "/").lstrip("/")
            if name in self._entries:
                another = f"{name} ({len(self._doubled) + 1})"
                self._doubled[another], self._entries[another] = name, self._entries[name]
            self._entries[name] = entry
        self._folded = {name.lower(): name for name in self._entries}

    def named(self, name: str) -> str | None:
        """The name as the package writes it, or None where it has no such part."""
        return name if name in self._entries else self._folded.get(name.lower())

    def size(self, name: str) -> int:
        """How many bytes a part is said to have, 0 where it is absent."""
        known = self.named(name)
        return self._entries[known].file_size if known else 0

    def part(self, name: str) -> bytes:
        """One part's bytes.

        Raises:
            Damaged: it is absent, cut or its checksum is wrong.
            Encrypted: it is locked with a password.
            LimitReached: it unpacks to more than a part may.
        """
        entry = self._entry(name)
        try:
            with self._zip.open(entry) as stream:
                return self._joined(unpacked(in_chunks(stream), entry.compress_size, self._options))
        except _ZIP_ERRORS as error:
            raise Damaged(f"the part {name} cannot be unpacked: {in_words(error)}") from error

    def _entry(self, name: str) -> zipfile.ZipInfo:
        known = self.named(name)
        if known is None:
            raise Damaged(f"the part {name} is absent")
        entry = self._entries[known]
        if entry.flag_bits & 1:
            raise Encrypted(f"the part {name} is locked with a password")
        return entry

    def _joined(self, chunks: Iterable[bytes]) -> bytes:
        whole = bytearray()
        for chunk in chunks:
            whole += chunk
            if len(whole) > self._options.part_bytes:
                raise LimitReached("part bytes", self._options.part_bytes)
        return bytes(whole)

    def _saved(self, name: str) -> bytes:
        """What comes out of a damaged part before the place of the damage, whatever its checksum."""
        entry = self._entry(name)
        self._file.seek(entry.header_offset)
        head = self._file.read(_HEAD)
        if len(head) < _HEAD or entry.compress_type != _DEFLATED:
            return b""
        self._file.seek(sum(struct.unpack_from("<HH", head, 26)), io.SEEK_CUR)
        packed = self._file.read(min(entry.compress_size, self._options.part_bytes))
        return self._joined(unpacked(inflated(packed), len(packed), self._options))

    def xml(self, name: str) -> etree._Element:
        """The root element of an XML part.

        Raises:
            Damaged: the part does not come out whole, or is not well-formed.
        """
        return parse_xml(self.part(name), name)

    def saved(self, name: str) -> tuple[etree._Element, str]:
        """The root element of an XML part, of a damaged one as much as there is; and what is wrong with it, or nothing.

        Raises:
            Damaged: nothing of it can be read.
        """
        try:
            return saved_xml(self.part(name), name)
        except Damaged as damage:
            if self.named(name) is None or not (data := self._saved(name)):
                raise
            return saved_xml(data, name)[0], str(damage)

    def matching(self, pattern: str) -> list[str]:
        """Names of parts that a pattern matches whole, with numbers in the order of numbers."""
        fits = re.compile(pattern, re.I).fullmatch
        return sorted((name for name in self._entries if fits(self._doubled.get(name, name))), key=_natural)


def kept(package: Package, names: Iterable[str], source: Source, missing: list[str]) -> tuple[Child, ...]:
    """Parts as members. Those that do not come out are named in ``missing``, and so is a limit that ends them."""
    children: list[Child] = []
    for name in names:
        try:
            data = package.part(name)
        except _WITHHELD as why:
            missing.append(named(name, why))
            continue
        try:
            children.append(source.spool.keep(name, name.encode("utf-8", "surrogatepass"), [data]))
        except LimitReached as limit:
            missing.append(f"what is inside after the first {len(children)}: {limit}")
            break
    return tuple(children)


def named(part: str, why: Exception) -> str:
    """Why a part does not come out, with its name."""
    return f"the part {part}: {why}" if isinstance(why, LimitReached) else str(why)


def core_claims(package: Package, part: str, missing: list[str]) -> tuple[tuple[str, str], ...]:
    """What a package says of its author, dates and title: claims, not facts. What is wrong is named in ``missing``."""
    if package.named(part) is None:
        return ()
    try:
        root, wrong = package.saved(part)
    except _WITHHELD as why:
        missing.append(named(part, why))
        return ()
    said = [
        (local(element), element.text.strip())
        for element in root.iter()
        if isinstance(element.tag, str) and len(element) == 0 and element.text and element.text.strip()
    ]
    if len(said) > _MOST_CLAIMS or any(len(text) > _LONGEST_CLAIM for _, text in said):
        wrong = (
            wrong
            or f"properties after the first {_MOST_CLAIMS}, or letters of one after the first {_LONGEST_CLAIM}"
        )
    missing += [wrong] if wrong else []
    return tuple((name, text[:_LONGEST_CLAIM]) for name, text in said[:_MOST_CLAIMS])


def _natural(name: str) -> list[tuple[int, str, str]]:
    """A key that sorts numbers by size, however many digits they have: by their count, then digit by digit."""
    found = ((text, digits.lstrip("0")) for text, digits in re.findall(r"(\D*)(\d*)", name))
    return [(len(digits), digits, text) for text, digits in found]
