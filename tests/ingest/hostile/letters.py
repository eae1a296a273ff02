"""More mail and rich text: headers by the thousand, charsets that are programs, boundaries alike, groups that lie."""

from __future__ import annotations

import base64

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, READ, REFUSED, Case
from tests.ingest.hostile.mail_and_web import HEAD

WORDS = b"the words that matter"


def _mail(headers: bytes, body: bytes = WORDS + b"\r\n") -> bytes:
    return HEAD % b"letter" + headers + b"\r\n" + body


def _text_in(charset: bytes) -> bytes:
    return _mail(b"Content-Type: text/plain; charset=%s\r\n" % charset)


def _named_charset(name: bytes) -> Case:
    shown = name.decode().replace("/", "-")
    return Case(f"charset {shown}.eml", lambda: _text_in(name), (READ, IN_PART), WORDS.decode())


def _parts(boundary: bytes, *parts: bytes, kind: bytes = b"mixed", end: bytes = b"") -> bytes:
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts)
    return _mail(
        b'Content-Type: multipart/%s; boundary="%s"\r\n' % (kind, boundary),
        body + (end or b"--%s--\r\n" % boundary),
    )


def _plain(text: bytes = WORDS) -> bytes:
    return b"Content-Type: text/plain\r\n\r\n" + text


def _file(headers: bytes, body: bytes) -> bytes:
    return b"Content-Disposition: attachment\r\n" + headers + b"\r\n" + body


def _boundaries_alike() -> bytes:
    """Parts whose boundaries begin with that of the part around them."""
    inner = b'Content-Type: multipart/mixed; boundary="bb"\r\n\r\n--bb\r\n' + _plain() + b"\r\n--bb--"
    return _parts(b"b", inner, _plain(b"behind it"))


def _continued(count: int) -> bytes:
    """A file's name in so many pieces (RFC 2231)."""
    pieces = b"".join(b";\r\n filename*%d*=%%41" % number for number in range(count))
    return _parts(b"b", b"Content-Disposition: attachment" + pieces + b"\r\n\r\nbody")


def _rtf(body: bytes) -> bytes:
    return b"{\\rtf1\\ansi\\ansicpg1252 " + body + b"}"


def _mbox(*letters: bytes) -> bytes:
    return b"".join(b"From a@b Thu Jan  1 00:00:00 1970\n" + letter + b"\n\n" for letter in letters)


_RELATED = b"Content-Type: text/html\r\nContent-Location: http://a.example/%d\r\n\r\n<p>%s</p><iframe src='http://a.example/%d'>"

CASES: tuple[Case, ...] = (
    *map(_named_charset, (b"zlib", b"rot13", b"idna", b"punycode", b"unicode_escape", b"undefined", b"mbcs", b"utf-7", b"../../etc/passwd")),
    Case("charset of 100,000 letters.eml", lambda: _text_in(b"x" * 100_000), (READ,), WORDS.decode()),
    Case("charset with zero.eml", lambda: _text_in(b'"utf-8\0"'), (READ,), WORDS.decode()),
    Case("charset told thrice.eml", lambda: _text_in(b"utf-8; charset=utf-16; charset*=''zlib"), (READ, IN_PART), WORDS.decode()),
    Case("header of 10 MB.eml", lambda: _mail(b"Received: " + b"x " * 5_000_000 + b"\r\n"), (READ,), WORDS.decode()),
    Case("subject of 2 MB.eml", lambda: _mail(b"Subject: " + b"=" * 2_000_000 + b"\r\n"), (READ,), WORDS.decode()),
    Case("subject in 50,000 lines.eml", lambda: _mail(b"Subject: a\r\n" + b" b\r\n" * 50_000), (READ,), WORDS.decode()),
    Case("same header 20,000 times.eml", lambda: _mail(b"To: a@example.org\r\n" * 20_000), (READ,), WORDS.decode()),
    Case("types told twice.eml", lambda: _mail(b"Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n"), (READ,), WORDS.decode()),
    Case("headers alone.eml", lambda: HEAD % b"alone", (READ,), "alone"),
    Case("headers without an end.eml", lambda: (HEAD % b"open")[:-2] + b"\r\nX-A:", (READ,), "open"),
    Case("ends of line by returns.eml", lambda: (HEAD % b"old" + b"\r\n" + WORDS).replace(b"\r\n", b"\r"), (READ,), WORDS.decode()),
    Case("encoded word that lies.eml", lambda: _mail(b"Cc: =?utf-8?b?////?= =?utf-8?q?=ZZ=?= =?utf-8?x?a?= =?big5?b?pA==?=\r\n"), (READ,), WORDS.decode()),
    Case("encoded word of surrogates.eml", lambda: _mail(b"Cc: =?utf-8?q?=ED=A0=80?= =?utf-16?q?=D8=00?=\r\n"), (READ,), WORDS.decode()),
    Case("encoded word of a header.eml", lambda: _mail(b"Cc: =?utf-8?q?a=0D=0ABcc:_x=0D=0A=0D=0A<script>?=\r\n"), (READ,), WORDS.decode()),
    Case("base64 with text behind.eml", lambda: _mail(b"Content-Transfer-Encoding: base64\r\n", base64.b64encode(WORDS) + b"\r\n\r\n-- \r\nan advertisement!\r\n"),
         (IN_PART,)),
    Case("base64 of one letter.eml", lambda: _mail(b"Content-Transfer-Encoding: base64\r\n", b"Q"), (IN_PART,)),
    Case("base64 in base64.eml", lambda: _mail(b"Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: base64\r\n",
         base64.b64encode(base64.b64encode(WORDS))), (READ,)),
    Case("transfer by no one.eml", lambda: _mail(b"Content-Transfer-Encoding: x-klingon\r\n"), (READ,), WORDS.decode()),
    Case("quoted and broken.eml", lambda: _mail(b"Content-Transfer-Encoding: quoted-printable\r\n", WORDS + b"=\r\n=G1=1=\r\n=" + b"=" * 9999), (READ,), WORDS.decode()),
    Case("quoted parts.eml", lambda: _mail(b'Content-Transfer-Encoding: base64\r\nContent-Type: multipart/mixed; boundary="b"\r\n', b"--b\r\n\r\n" + WORDS + b"\r\n--b--"),
         (READ,), WORDS.decode()),
    Case("boundaries alike.eml", _boundaries_alike, (READ,), "behind it"),
    Case("same boundary within.eml", lambda: _parts(b"b", b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n' + _plain()), (IN_PART,), WORDS.decode()),
    Case("boundary of blanks.eml", lambda: _parts(b"   ", _plain()), (READ, IN_PART)),
    Case("boundary told nowhere.eml", lambda: _mail(b"Content-Type: multipart/mixed\r\n", b"--b\r\n\r\n" + WORDS), (READ, IN_PART), members=("part 1",)),
    Case("words before and after.eml", lambda: _mail(b'Content-Type: multipart/mixed; boundary="b"\r\n', b"before\r\n--b\r\n" + _plain() + b"\r\n--b--\r\nbehind"),
         (READ, IN_PART), WORDS.decode()),
    Case("kind of part of no one.eml", lambda: _parts(b"b", _plain(), kind=b"x-none"), (READ,), WORDS.decode()),
    Case("page other than the text.eml", lambda: _parts(b"b", _plain(), b"Content-Type: text/html\r\n\r\n<p>another thing</p><script>alert(1)</script>", kind=b"alternative"),
         (READ,), "another thing"),
    Case("part told as a digest.eml", lambda: _parts(b"b", b"\r\nSubject: in it\r\n\r\n" + WORDS, kind=b"digest"), (READ,)),
    Case("part kept in pieces.eml", lambda: _parts(b"b", b"Content-Type: message/partial; id=1; number=1; total=9\r\n\r\nSubject: x\r\n\r\n" + WORDS), (READ,)),
    Case("report of no delivery.eml", lambda: _parts(b"b", _plain(), b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b\r\n\r\nStatus: 5.1.1", kind=b"report"),
         (READ,), WORDS.decode()),
    Case("calendar in it.eml", lambda: _parts(b"b", b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nSUMMARY:" + WORDS), (READ,), WORDS.decode()),
    Case("signed by PGP.eml", lambda: _parts(b"b", _plain(), b"Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----", kind=b"signed"),
         (READ,), WORDS.decode()),
    Case("PGP in the text.eml", lambda: _mail(b"", WORDS + b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n"), (READ, ENCRYPTED), WORDS.decode()),
    Case("name in 5,000 pieces.eml", lambda: _continued(5_000), (READ, REFUSED)),
    Case("name in pieces that lack one.eml", lambda: _parts(b"b", b"Content-Disposition: attachment; filename*0=a; filename*2=c; filename*1x=b\r\n\r\nbody"), (READ,)),
    Case("name by a program.eml", lambda: _parts(b"b", b"Content-Disposition: attachment; filename*=zlib''%78%9c\r\n\r\nbody"), (READ,)),
    Case("name of an absent charset.eml", lambda: _parts(b"b", b"Content-Disposition: attachment; filename*=''a.txt\r\n\r\nbody"), (READ,), members=("a.txt",)),
    Case("names that disagree.eml", lambda: _parts(b"b", b'Content-Type: image/png; name="a.png"\r\nContent-Disposition: attachment; filename="a.exe"\r\n\r\nMZ\x90'), (READ,)),
    Case("name of a script.eml", lambda: _parts(b"b", _file(b'Content-Type: a/b; name="<img src=x onerror=alert(1)>.txt"\r\n', b"body")), (READ,)),
    Case("name of a formula.eml", lambda: _parts(b"b", _file(b'Content-Type: a/b; name="=HYPERLINK(1).csv"\r\n', b"body")), (READ,)),
    Case("1,000 names alike.eml", lambda: _parts(b"b", *[_file(b'Content-Type: a/b; name="a.txt"\r\n', b"%d" % n) for n in range(1000)]), (READ,)),
    Case("page from elsewhere.eml", lambda: _parts(b"b", b"Content-Type: message/external-body; access-type=URL; URL=\"http://a.example/\"\r\n\r\n" + WORDS), (READ,)),
    Case("page that shows itself.mhtml", lambda: _parts(b"b", _RELATED % (1, WORDS, 2), _RELATED % (2, b"two", 1), kind=b"related"), (READ,), WORDS.decode()),
    Case("start that is none.mhtml", lambda: _parts(b"b", _RELATED % (1, WORDS, 1), kind=b"related; start=\"<none>\""), (READ,), WORDS.decode()),
    Case("500 pages.mhtml", lambda: _parts(b"b", *[_RELATED % (n, b"page %d" % n, n) for n in range(500)], kind=b"related"), (READ,), "page 499"),
    Case("start of a letter only.mbox", lambda: b"From a@b Thu Jan  1 00:00:00 1970\n", (READ,)),
    Case("From lines without an end.mbox", lambda: b"From a@b Thu Jan  1 00:00:00 1970\n\n" * 4000, (READ,)),
    Case("letters without a line between.mbox", lambda: _mbox(b"Subject: a\n\none").rstrip() + b"\n" + _mbox(b"Subject: b\n\ntwo"), (READ,)),
    Case("length that lies.mbox", lambda: _mbox(b"Subject: a\nContent-Length: 99999999\n\none", b"Subject: b\n\ntwo"), (READ,), members=("message 1.eml", "message 2.eml")),
    Case("ends of line by returns.mbox", lambda: _mbox(b"Subject: a\n\none", b"Subject: b\n\ntwo").replace(b"\n", b"\r\n"), (READ,), members=("message 1.eml", "message 2.eml")),
    Case("lists in lists.mbox", lambda: _mbox(b"Subject: a\nContent-Type: application/mbox\n\n" + b">From a@b Thu Jan  1 00:00:00 1970\n" * 500), (READ,)),
    Case("bytes of two gigabytes.rtf", lambda: _rtf(b"\\bin2147483647 " + WORDS), (FAILED,)),
    Case("bytes less than none.rtf", lambda: _rtf(b"\\bin-5 " + WORDS), (READ, IN_PART), WORDS.decode()),
    Case("skips by thousands.rtf", lambda: _rtf(b"\\uc30000\\u26085?" + WORDS + b"\\uc0 seen"), (READ, IN_PART)),
    Case("skips less than none.rtf", lambda: _rtf(b"\\uc-1\\u26085 " + WORDS), (READ, IN_PART), WORDS.decode()),
    Case("letters beyond letters.rtf", lambda: _rtf(b"\\u99999999999?\\u-99999999?" + WORDS), (READ, IN_PART), WORDS.decode()),
    Case("word of 10 MB.rtf", lambda: _rtf(b"\\" + b"a" * 10_000_000 + b" " + WORDS), (READ, IN_PART)),
    Case("code page of no one.rtf", lambda: b"{\\rtf1\\ansi\\ansicpg99999 \\'d6" + WORDS + b"}", (READ, IN_PART), WORDS.decode()),
    Case("fonts by the thousand.rtf", lambda: _rtf(b"{\\fonttbl" + b"".join(b"{\\f%d\\fcharset134 A;}" % n for n in range(20_000)) + b"}" + WORDS), (READ,), WORDS.decode()),
    Case("fonts in fonts.rtf", lambda: _rtf(b"{\\fonttbl" * 2000 + b"}" * 2000 + WORDS), (REFUSED,)),
    Case("object in object.rtf", lambda: _rtf(b"{\\object\\objdata " * 500 + b"0105000002000000ffffffff" + b"}" * 500 + WORDS), (READ, IN_PART), WORDS.decode()),
    Case("link to a program.rtf", lambda: _rtf(b"{\\field{\\*\\fldinst DDEAUTO c:\\\\cmd.exe}{\\fldrslt " + WORDS + b"}}"), (READ,), WORDS.decode()),
    Case("template from elsewhere.rtf", lambda: _rtf(b"{\\*\\template http://a.example/x.dotm}" + WORDS), (READ,), WORDS.decode()),
    Case("hex without an end.rtf", lambda: b"{\\rtf1 " + WORDS + b" \\'", (READ, IN_PART), WORDS.decode()),
    Case("cells without a row.rtf", lambda: _rtf(b"\\intbl a\\cell " * 50_000 + WORDS), (READ, IN_PART, REFUSED)),
    Case("200,000 paragraphs.rtf", lambda: _rtf(b"\\par" * 200_000 + b" " + WORDS), (READ,), WORDS.decode()),
)  # fmt: skip
