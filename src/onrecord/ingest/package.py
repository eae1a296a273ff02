"""Parts of a ZIP package (OOXML, OpenDocument) and their XML, read without DTD, entities, network or trust."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lxml import etree

from onrecord.ingest.limits import Damaged, Encrypted, LimitReached
from onrecord.ingest.source import Options, in_chunks, unpacked

_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError)


class Package:
    """A ZIP opened for its parts."""

    def __init__(self, file: BinaryIO, options: Options) -> None:
        self._options = options
        try:
            self._zip = zipfile.ZipFile(file)
        except _ZIP_ERRORS as error:
            raise Damaged(f"the ZIP directory cannot be read: {error}") from error
        self.names = frozenset(self._zip.namelist())

    def part(self, name: str) -> bytes:
        """One part's bytes.

        Raises:
            Damaged: it is absent, cut or its checksum is wrong.
            Encrypted: it is locked with a password.
            LimitReached: it unpacks to more than a part may.
        """
        try:
            entry = self._zip.getinfo(name)
            if entry.flag_bits & 1:
                raise Encrypted(f"the part {name} is locked with a password")
            with self._zip.open(entry) as stream:
                return self._joined(unpacked(in_chunks(stream), entry.compress_size, self._options))
        except KeyError as error:
            raise Damaged(f"the part {name} is absent") from error
        except _ZIP_ERRORS as error:
            raise Damaged(f"the part {name} cannot be unpacked: {error}") from error

    def _joined(self, chunks: Iterable[bytes]) -> bytes:
        whole = bytearray()
        for chunk in chunks:
            whole += chunk
            if len(whole) > self._options.part_bytes:
                raise LimitReached("part bytes", self._options.part_bytes)
        return bytes(whole)

    def xml(self, name: str) -> etree._Element:
        """The root element of an XML part."""
        return parse_xml(self.part(name), name)

    def matching(self, pattern: str) -> list[str]:
        """Names of parts that a pattern matches whole, with numbers in the order of numbers."""
        return sorted((name for name in self.names if re.fullmatch(pattern, name)), key=_natural)


def elements(data: bytes, name: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """The elements of a large XML document with these names, one after the other, each gone when the next one comes.

    Raises:
        Damaged: as :func:`parse_xml`, when that is met.
    """
    if b"<!DOCTYPE" in data[:65536]:
        raise Damaged(f"{name} has a DTD, which is never read here")
    found = etree.iterparse(
        io.BytesIO(data), tag=[f"{{*}}{tag}" for tag in tags], resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in found:
            yield element
            element.clear()
            while (before := element.getprevious()) is not None:
                element.getparent().remove(before)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(f"the XML of {name} is not well-formed: {error}") from error
    if found.root is not None and found.root.getroottree().docinfo.doctype:
        raise Damaged(f"{name} has a DTD, which is never read here")  # one that no byte of ASCII told


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root element of an XML document.

    Entities are not expanded, DTDs not loaded, nothing is fetched, and lxml's own limits on depth and size
    of text hold.

    Raises:
        Damaged: it is not well-formed, nests deeper than 256, or defines entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        recover=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(f"the XML of {name} is not well-formed: {error}") from error
    grammar: etree.DTD | None = root.getroottree().docinfo.internalDTD
    if grammar is not None and grammar.entities():  # type: ignore[attr-defined] # missing in the stubs
        raise Damaged(f"{name} defines XML entities, which are never expanded here")
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute's value by its name without namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def core_claims(package: Package, part: str) -> tuple[tuple[str, str], ...]:
    """What a package says of its author, dates and title: claims, not facts."""
    if part not in package.names:
        return ()
    try:
        root = package.xml(part)
    except Damaged:
        return ()
    return tuple(
        (local(element), element.text.strip())
        for element in root.iter()
        if isinstance(element.tag, str) and len(element) == 0 and element.text and element.text.strip()
    )


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part or 0), text) for text, part in re.findall(r"(\D*)(\d*)", name)]
