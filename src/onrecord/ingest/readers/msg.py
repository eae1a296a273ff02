"""Outlook messages ([MS-OXMSG]) over olefile: headers, bodies, attachments, messages inside messages."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

import olefile

from onrecord.ingest.charset import decode
from onrecord.ingest.limits import Damaged, LimitReached
from onrecord.ingest.ole import OLE_ERRORS, opened, stream
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.html import declared, html_pieces
from onrecord.ingest.readers.mail import header_pieces, text_pieces
from onrecord.ingest.reading import Child, Finding, Outcome, Piece, in_part
from onrecord.ingest.rtf_compressed import decompressed
from onrecord.ingest.source import Source
from onrecord.model.citation import FragmentSelector

_FIELDS = {"Subject": "0037", "From": "0C1A", "To": "0E04", "Cc": "0E03", "Bcc": "0E02", "Message-ID": "1035"}
_ADDRESS, _BODY, _HTML, _RTF = "0C1F", "1000", "1013", "1009"
_DATA, _LONG_NAME, _NAME, _EMBEDDED = "3701", "3707", "3704", "3701000D"
_DEEPEST = 16


def read(source: Source) -> Finding:
    """Pieces by part as in mail; a message inside this one has its parts numbered below its attachment's."""
    with opened(source.whole()) as ole:
        streams = {"/".join(path): path for path in ole.listdir()}
        message = _Message(ole, streams, "", source)
        pieces = list(message.pieces("", 0))
        outcome, reason = (Outcome.REFUSED, message.limit) if message.limit else in_part(message.missing)
        return Finding(
            outcome=outcome,
            reason=reason,
            pieces=tuple(pieces),
            children=tuple(message.children),
            claims=tuple(message.headers("")),
        )


class _Message:
    def __init__(
        self, ole: olefile.OleFileIO, streams: dict[str, list[str]], encoding: str, source: Source
    ) -> None:
        self._ole, self._streams, self._source = ole, streams, source
        self._encoding = encoding or _code_page(self._raw("__properties_version1.0"))
        self._storages = {
            "/".join(path[:depth]) for path in streams.values() for depth in range(1, len(path))
        }
        self.children: list[Child] = []
        self.missing: list[str] = []
        self.limit = ""

    def headers(self, prefix: str) -> list[tuple[str, str]]:
        """The fields of a message, with the sender's address beside the name."""
        found = [(name, self._text(prefix, tag)) for name, tag in _FIELDS.items()]
        address = self._text(prefix, _ADDRESS)
        fields = [
            (name, f"{text} <{address}>" if name == "From" and address and address != text else text)
            for name, text in found
            if text
        ]
        date = re.search(r"^Date:\s*(.+)$", self._text(prefix, "007D"), re.M)
        return [*fields, ("Date", date[1].strip())] if date else fields

    def pieces(self, prefix: str, depth: int, number: str = "") -> Iterator[Piece]:
        """Headers, body and what is attached, of the message stored below ``prefix``."""
        if depth > _DEEPEST:
            self.limit = f"{LimitReached('nested messages', _DEEPEST)}; what is above it was read"
            return
        yield from header_pieces(self.headers(prefix))
        yield from self._body(prefix, f"{number}body")
        for index, storage in enumerate(self._attachments(prefix), start=1):
            inside = f"{storage}/__substg1.0_{_EMBEDDED}"
            if inside in self._storages:
                yield from self.pieces(f"{inside}/", depth + 1, f"{number}{index}.")
            else:
                self._attach(storage, f"{number}{index}")

    def _body(self, prefix: str, number: str) -> Iterator[Piece]:
        if text := self._text(prefix, _BODY):
            yield from text_pieces(text, number)
            return
        html = self._binary(prefix, _HTML)
        markup = decode(html, declared(html)).text if html else self._text(prefix, _HTML)
        if markup:
            yield from html_pieces(markup, FragmentSelector(value=f"message={number}"))
        elif packed := self._binary(prefix, _RTF):
            self._keep_rtf(packed, number)

    def _keep_rtf(self, packed: bytes, number: str) -> None:
        try:
            rtf = decompressed(packed)
        except Damaged as damage:
            self.missing.append(f"the body: {damage}")
            return
        name = f"message {number}.rtf"
        self.children.append(self._source.spool.keep(name, name.encode(), [rtf]))

    def _attachments(self, prefix: str) -> list[str]:
        found = re.compile(re.escape(prefix) + r"__attach_version1\.0_#[0-9A-Fa-f]{8}")
        return sorted({match[0] for name in self._streams if (match := found.match(name))})

    def _attach(self, storage: str, number: str) -> None:
        name = (
            self._text(f"{storage}/", _LONG_NAME)
            or self._text(f"{storage}/", _NAME)
            or f"attachment {number}"
        )
        try:
            data = stream(self._ole, *self._streams[f"{storage}/__substg1.0_{_DATA}0102"])
        except (Damaged, KeyError) as error:
            self.missing.append(f"attachment {number} ({name}): {error}")
            return
        self.children.append(self._source.spool.keep(name, name.encode("utf-8", "replace"), [data]))

    def _text(self, prefix: str, tag: str) -> str:
        if wide := self._raw(f"{prefix}__substg1.0_{tag}001F"):
            return wide.decode("utf-16-le", errors="replace").rstrip("\0")
        narrow = self._raw(f"{prefix}__substg1.0_{tag}001E").rstrip(b"\0")
        return decode(narrow, self._encoding).text if narrow else ""

    def _binary(self, prefix: str, tag: str) -> bytes:
        return self._raw(f"{prefix}__substg1.0_{tag}0102")

    def _raw(self, name: str) -> bytes:
        path = self._streams.get(name)
        if path is None:
            return b""
        try:
            data: bytes = self._ole.openstream(path).read()
        except OLE_ERRORS:
            return b""
        return data


def _code_page(properties: bytes) -> str:
    """The encoding of 8-bit strings (PidTagMessageCodepage, else PidTagInternetCodepage), or empty."""
    pages = {}
    for at in range(32, len(properties) - 15, 16):
        tag, _, value = struct.unpack_from("<IIQ", properties, at)
        pages[tag] = value & 0xFFFF
    page = pages.get(0x3FFD0003) or pages.get(0x3FDE0003) or 0
    return {65001: "utf-8", 936: "gb18030", 54936: "gb18030"}.get(
        page, f"cp{page}" if 874 <= page <= 1258 else ""
    )


READER = Reader("MSG", package_version(2, "olefile", "selectolax"), ("msg",), read)
