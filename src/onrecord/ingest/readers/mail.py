"""Mail messages and MHTML by the standard library's parser: headers, bodies and attachments by part number.

Parts are numbered as IMAP numbers them (RFC 3501, 6.4.5): ``1``, ``2``, ``2.1``. A message of one part has
part ``1``. An attached message becomes a member, read in its turn as mail. A message that is locked for its reader
(RFC 3156, RFC 8551) says so; what it says outside of that is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser

from onrecord.ingest.charset import decode, is_text_codec, stated
from onrecord.ingest.limits import LimitReached
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.html import html_pieces
from onrecord.ingest.reading import Child, Finding, Outcome, Piece, in_part
from onrecord.ingest.source import Source
from onrecord.model.citation import FragmentSelector

_SHOWN = ("Subject", "From", "To", "Cc", "Bcc", "Reply-To", "Date")
_CLAIMED = (*_SHOWN, "Message-ID", "In-Reply-To", "Received", "X-Mailer", "User-Agent", "X-Originating-IP")
_LOOSE = policy.compat32
_DEEPEST = 64
_LONG = 100_000  # characters; the standard library takes seconds for a header of more encoded words
_HARMLESS = {
    "InvalidMultipartContentTransferEncodingDefect": "it holds parts and is said to be encoded as a whole",
    "FirstHeaderLineIsContinuationDefect": "its header begins in the middle of a line",
    "MisplacedEnvelopeHeaderDefect": "a line of a mailbox stands in its header",
    "MissingHeaderBodySeparatorDefect": "no empty line divides its header from its body",
}
"""What the standard library finds wrong with a part of which nothing is lost, in words."""
_LOSSES = {
    "NoBoundaryInMultipartDefect": "it should hold parts, and does not say what divides them",
    "MultipartInvariantViolationDefect": "it should hold parts, and holds none",
    "StartBoundaryNotFoundDefect": "the line that begins its parts is missing",
    "CloseBoundaryNotFoundDefect": "the line that ends its parts is missing, as where a message was cut off",
    "InvalidBase64PaddingDefect": "its Base64 ends too soon",
    "InvalidBase64CharactersDefect": "characters that are no Base64 stand in it, and were passed over",
    "InvalidBase64LengthDefect": "its Base64 has a length that it cannot have",
}
"""And what it finds where something may be."""
_ENCODED = re.compile(r"=\?([^?\s*]+)[^?\s]*\?[bBqQ]\?")


def read(source: Source) -> Finding:
    """Pieces: headers (place ``message=headers``), then each text part; attachments are members."""
    message = BytesParser(policy=_LOOSE).parsebytes(source.whole())
    pieces = list(header_pieces(_headers(message)))
    children: list[Child] = []
    missing: list[str] = []
    for count, (number, part) in enumerate(_leaves(message)):
        if count >= source.options.members:
            raise LimitReached("message parts", source.options.members)
        try:
            _take(part, number, source, pieces, children)
        except (LookupError, ValueError, AssertionError) as error:
            missing.append(f"part {number}: {error}")
    missing += _told(message, _LOSSES)
    outcome, reason = in_part(missing)
    if _is_locked(message):
        outcome, reason = Outcome.ENCRYPTED, "the body opens only with its reader's key"
    return Finding(
        outcome=outcome,
        reason=reason,
        pieces=tuple(pieces),
        children=tuple(children),
        claims=tuple((name, value) for name, value in _headers(message) if name in _CLAIMED),
        warnings=tuple(_told(message, _HARMLESS)[:20]),
    )


def _told(message: Message, defects: Mapping[str, str]) -> list[str]:
    """Which of these defects the parts have, each said once of a part."""
    found = dict.fromkeys(
        ("the message" if part is message else f"part {number}", type(defect).__name__)
        for number, part in _parts(message)
        for defect in part.defects
    )
    return [f"{where}: {defects[name]}" for where, name in found if name in defects]


def _is_locked(message: Message) -> bool:
    if message.get_content_type() == "multipart/encrypted":
        return True
    is_pkcs7 = message.get_content_type() in {"application/pkcs7-mime", "application/x-pkcs7-mime"}
    return is_pkcs7 and str(message.get_param("smime-type") or "enveloped-data") != "signed-data"


def header_pieces(headers: list[tuple[str, str]]) -> Iterator[Piece]:
    """The header lines a reader of mail sees, as one piece."""
    lines = [f"{name}: {value}" for name, value in headers if name in _SHOWN]
    if lines:
        yield Piece("\n".join(lines), (FragmentSelector(value="message=headers"),), "header")


def text_pieces(text: str, number: str) -> Iterator[Piece]:
    """A plain text body as one piece."""
    if text.strip():
        yield Piece(text.replace("\r\n", "\n"), (FragmentSelector(value=f"message={number}"),))


def _headers(message: Message) -> list[tuple[str, str]]:
    """Headers in their order, encoded words decoded (RFC 2047), raw 8-bit headers through the detector."""
    canonical = {name.lower(): name for name in _CLAIMED}
    return [(canonical[k.lower()], _decoded(v)) for k, v in message.raw_items() if k.lower() in canonical]


def _decoded(raw: str) -> str:
    """A header's text: bytes beyond ASCII through the charset rule, then encoded words as RFC 2047 says."""
    text = " ".join(decode(raw.encode("utf-8", "surrogateescape")).text.split())
    if len(text) > _LONG or any(not is_text_codec(charset) for charset in _ENCODED.findall(text)):
        return text
    try:
        return str(make_header(decode_header(text))).encode("utf-8", "replace").decode()
    except (MessageError, ValueError, LookupError):
        return text


def _leaves(message: Message) -> Iterator[tuple[str, Message]]:
    """The parts that hold no parts."""
    return ((number, part) for number, part in _parts(message) if not _holds_parts(part))


def _parts(message: Message, number: str = "", depth: int = 0) -> Iterator[tuple[str, Message]]:
    yield number or "1", message
    if _holds_parts(message):
        if depth >= _DEEPEST:
            raise LimitReached("nested parts", _DEEPEST)
        for index, part in enumerate(message.get_payload(), start=1):
            if isinstance(part, Message):
                yield from _parts(part, f"{number}.{index}" if number else str(index), depth + 1)


def _holds_parts(part: Message) -> bool:
    return part.is_multipart() and part.get_content_maintype() == "multipart"


def _take(part: Message, number: str, source: Source, pieces: list[Piece], children: list[Child]) -> None:
    name = part.get_filename()
    kind = part.get_content_type()
    attached = part.get_content_disposition() == "attachment" or (name and not kind.startswith("text/"))
    if part.is_multipart():
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        data = first.as_bytes(policy=_LOOSE) if isinstance(first, Message) else b""
        children.append(_member(source, name or f"message in part {number}.eml", data, kind, number))
        return
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if attached or not kind.startswith("text/"):
        if data:
            children.append(_member(source, name or f"part {number}", data, kind, number))
    elif kind == "text/html":
        pieces += html_pieces(_text(part, data), FragmentSelector(value=f"message={number}"))
    else:
        pieces += text_pieces(_text(part, data), number)


def _text(part: Message, data: bytes) -> str:
    charset = stated(str(part.get_content_charset() or ""))
    try:
        return data.decode(charset) if charset else decode(data).text
    except UnicodeDecodeError:
        return decode(data).text


def _member(source: Source, name: str, data: bytes, kind: str, number: str) -> Child:
    shown = _decoded(name)
    raw = name.encode("utf-8", "surrogateescape")
    return source.spool.keep(shown, raw, [data], (("media type", kind), ("message part", number)))


READER = Reader("mail", package_version(5), ("eml", "mhtml"), read)
