"""WARC (ISO 28500): every record with a payload a member; addresses, times and digests kept as claims."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from onrecord.ingest.limits import LimitReached
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Child, Finding, Outcome, in_part
from onrecord.ingest.source import Source, unpacked

_KEPT = frozenset({"response", "resource", "conversion", "metadata"})
_HEADER_BYTES = 64 * 1024
_DEFLATED = frozenset({"gzip", "x-gzip", "deflate"})
_HEX = re.compile(rb"[0-9A-Fa-f]{1,16}")


class _Record(NamedTuple):
    headers: dict[str, str]
    body: bytes
    cut: bool


def read(source: Source) -> Finding:
    """Members named by their address; HTTP headers are taken off, chunks joined, gzip and deflate undone."""
    children: list[Child] = []
    missing: list[str] = []
    source.file.seek(0)
    try:
        for number, record in enumerate(_records(source.file, source.options.part_bytes), start=1):
            if record.cut:
                missing.append(f"record {number}, which is cut or lies about its length")
            if record.headers.get("warc-type") in _KEPT and record.body:
                children.append(_member(record, number, source, missing))
    except LimitReached as limit:
        return Finding(outcome=Outcome.REFUSED, reason=str(limit), children=tuple(children))
    outcome, reason = in_part(missing)
    return Finding(outcome=outcome, reason=reason, children=tuple(children))


def _records(file: BinaryIO, allowed: int) -> Iterator[_Record]:
    while line := file.readline(_HEADER_BYTES):
        if not line.strip():
            continue
        if not line.startswith(b"WARC/"):
            yield _Record({}, b"", True)
            return
        headers = _headers(file)
        said = headers.get("content-length", "")
        length = int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
        if length > allowed:
            raise LimitReached("record bytes", allowed)
        body = file.read(length)
        yield _Record(headers, body, len(body) < length or not said.isdigit())


def _headers(file: BinaryIO) -> dict[str, str]:
    headers = {}
    while (line := file.readline(_HEADER_BYTES)).strip():
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers[name.strip().lower()] = value.strip()
        if len(headers) > 200:
            break
    return headers


def _member(record: _Record, number: int, source: Source, missing: list[str]) -> Child:
    address = record.headers.get("warc-target-uri", "").strip("<>") or f"record {number}"
    body = record.body
    claims: list[tuple[str, str]] = [(name, record.headers[name]) for name in
              ("warc-type", "warc-date", "warc-target-uri", "warc-payload-digest", "content-type")
              if name in record.headers]  # fmt: skip
    if body.startswith(b"HTTP/"):
        status, fields, body = _http(body)
        claims += [("http status", status), ("media type", fields.get("content-type", ""))]
        body, problem = _undone(body, fields, source)
        if problem:
            missing.append(f"the page of {address} as it was shown: {problem}")
    return source.spool.keep(address, address.encode(), [body], claims)


def _http(body: bytes) -> tuple[str, dict[str, str], bytes]:
    head, _, payload = body.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
    }
    return lines[0], fields, payload


def _undone(body: bytes, fields: dict[str, str], source: Source) -> tuple[bytes, str]:
    """The payload without its codings as far as they can be undone, and in words what could not be."""
    problem = ""
    if fields.get("transfer-encoding", "").lower() == "chunked":
        body, problem = _joined(body)
    codings = [name.strip().lower() for name in fields.get("content-encoding", "").split(",")]
    for coding in reversed(codings):
        if coding in {"", "identity"}:
            continue
        if coding not in _DEFLATED:
            return body, f"it is kept packed, because no reader here knows the packing {coding}"
        try:
            decoder = zlib.decompressobj(_window(coding, body))
            body = b"".join(unpacked(_inflated(decoder, body), len(body), source.options))
        except zlib.error:
            return (
                body,
                f"it is said to be packed by {coding} and is not, or is damaged; it is kept as it stands",
            )
        if not decoder.eof:
            problem = f"it is packed by {coding} and cut"
    return body, problem


def _window(coding: str, body: bytes) -> int:
    """What zlib calls the form: GZIP, zlib, or the bare stream that some servers send as ``deflate``."""
    if coding != "deflate":
        return 31
    is_zlib = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0
    return 15 if is_zlib else -15


def _inflated(decoder: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    while body and not decoder.eof:
        yield decoder.decompress(body, 1 << 20)
        body = decoder.unconsumed_tail


def _joined(body: bytes) -> tuple[bytes, str]:
    """The payload of chunked transfer coding (RFC 9112, 7.1), and in words what is wrong with it.

    What has no chunk is given back as it is: crawlers keep pages whose chunks they have joined already.
    """
    out, at = bytearray(), 0
    while (end := body.find(b"\r\n", at)) != -1:
        said = body[at:end].split(b";")[0].strip()
        if not _HEX.fullmatch(said):
            return (bytes(out), "a chunk of it has no length") if out else (body, "")
        length = int(said, 16)
        if length == 0:
            return bytes(out), ""
        out += body[end + 2 : end + 2 + length]
        at = end + 2 + length + 2
    return (bytes(out), "its last chunk is missing or cut") if out else (body, "")


READER = Reader("WARC", package_version(2), ("warc",), read)
