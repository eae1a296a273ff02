"""Mail that nests and multiplies, web archives that lie about lengths."""

from __future__ import annotations

import gzip

from tests.ingest.hostile.case import FAILED, IN_PART, READ, REFUSED, Case

HEAD = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"


def _messages_in_messages(depth: int) -> bytes:
    opening = HEAD % b"outer" + b"Content-Type: message/rfc822\r\n\r\n"
    return opening * depth + HEAD % b"inner" + b"\r\nthe innermost\r\n"


def _parts_in_parts(depth: int) -> bytes:
    data = HEAD % b"deep"
    for level in range(depth):
        data += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    return data + b"Content-Type: text/plain\r\n\r\nat the bottom\r\n"


def _parts(count: int) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    return (
        HEAD % b"wide" + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + part * count + b"--b--\r\n"
    )


def _attached(name: bytes) -> bytes:
    part = (
        b'--b\r\nContent-Type: application/x; name="n"\r\nContent-Disposition: attachment; filename="%s"\r\n\r\nbody\r\n'
        % name
    )
    return HEAD % b"attached" + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + part + b"--b--\r\n"


def _plain(headers: bytes, body: bytes = b"the body\r\n") -> bytes:
    return HEAD % b"plain" + headers + b"\r\n" + body


def _warc(
    length: bytes,
    body: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>page</p>",
    more: bytes = b"",
) -> bytes:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\n" + more
    return head + b"Content-Length: %s\r\n\r\n" % length + body + b"\r\n\r\n"


def _packed_page(size: int) -> bytes:
    body = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(size))
    return _warc(b"%d" % len(body), body)


CASES: tuple[Case, ...] = (
    Case("3,000 messages in messages.eml", lambda: _messages_in_messages(3000), (READ, REFUSED, FAILED)),
    Case("1,500 parts in parts.eml", lambda: _parts_in_parts(1500), (REFUSED, FAILED)),
    Case("50,000 parts.eml", lambda: _parts(50_000), (REFUSED,)),
    Case("climbing attachment.eml", lambda: _attached(b"../../../etc/climbed"), (READ,), members=("../../../etc/climbed",)),
    Case("attachment without end.eml", lambda: _attached(b"n" * 100_000), (READ,)),
    Case("attachment with zero.eml", lambda: _attached(b"a\0b\x1b[31m.txt"), (READ,)),
    Case("impossible date.eml", lambda: _plain(b"Date: Thu, 99 Foo 99999 99:99:99 +9999\r\n"), (READ,), "the body"),
    Case("header of 1 MB.eml", lambda: _plain(b"X-Long: " + b"x" * 1_000_000 + b"\r\n"), (READ,), "the body"),
    Case("100,000 headers.eml", lambda: _plain(b"X-A: b\r\n" * 100_000), (READ,), "the body"),
    Case("zero in header.eml", lambda: _plain(b"X-A: a\0b\r\n"), (READ,), "the body"),
    Case("unknown charset.eml", lambda: _plain(b"Content-Type: text/plain; charset=klingon\r\n"), (READ,), "the body"),
    Case("broken base64.eml", lambda: _plain(b"Content-Transfer-Encoding: base64\r\n", b"!!!=abc=de\r\n"), (IN_PART,)),
    Case("no end of boundary.eml", lambda: _plain(b'Content-Type: multipart/mixed; boundary="none"\r\n'), (IN_PART,)),
    Case("empty boundary.eml", lambda: _plain(b'Content-Type: multipart/mixed; boundary=""\r\n'), (READ, IN_PART)),
    Case("encoded words that nest.eml", lambda: _plain(b"Cc: =?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=" * 2000 + b"\r\n"), (READ,)),
    Case("8-bit header.eml", lambda: _plain(b"Cc: " + "吐尔逊".encode("gbk") + b"\r\n"), (READ,)),
    Case("2,000 messages.mbox", lambda: b"From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\nbody\n\n" * 2000, (READ,)),
    Case("25,000 messages.mbox", lambda: b"From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\nbody\n\n" * 25_000, (REFUSED,)),
    Case("length that lies.warc", lambda: _warc(b"999999"), (IN_PART,)),
    Case("length of minus one.warc", lambda: _warc(b"-1"), (IN_PART,)),
    Case("length of 10^15.warc", lambda: _warc(b"999999999999999"), (REFUSED,)),
    Case("length of no digits.warc", lambda: _warc(b"abc"), (IN_PART,)),
    Case("packed page that bursts.warc", lambda: _packed_page(300_000_000), (REFUSED,)),
    Case("headers without end.warc", lambda: _warc(b"5", b"hello", b"X: y\r\n" * 10_000), (READ, IN_PART)),
    Case("chunks that lie.warc", lambda: _warc(b"74", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nshort\r\n"), (READ, IN_PART)),
    Case("head only.warc", lambda: b"WARC/1.0", (READ, IN_PART)),
)  # fmt: skip
