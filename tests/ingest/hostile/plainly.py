"""More of what is only text, and of what packs it: pages, lists, values, recorded pages, archives with odd members."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, READ, REFUSED, UNSUPPORTED, Case

WORDS = b"the words that matter"
TEXT = WORDS.decode()
HAN = "图尔荪江在二零一八年三月被带走，家人至今没有得到任何消息。\n" * 30


def _page(body: bytes, head: bytes = b"") -> bytes:
    return (
        b"<!doctype html><html><head>"
        + head
        + b"</head><body>"
        + body
        + b"<p>"
        + WORDS
        + b"</p></body></html>"
    )


def _record(kind: bytes, body: bytes, more: bytes = b"") -> bytes:
    head = b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: http://a.example/page.html\r\n" % kind + more
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body + b"\r\n\r\n"


def _answer(headers: bytes, body: bytes) -> bytes:
    return _record(b"response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + headers + b"\r\n" + body)


_SHOWN = _page(b"")
_SEEN = _answer(b"", _SHOWN)


def _chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def _zip(*members: tuple[str, bytes]) -> bytearray:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data)
    return bytearray(buffer.getvalue())


def _put(data: bytearray, mark: bytes, offset: int, field: bytes) -> bytes:
    """The archive with another field in the last head that begins with this mark."""
    at = data.rindex(mark) + offset
    data[at : at + len(field)] = field
    return bytes(data)


def _tar(*entries: tuple[str, bytes, str], form: int = tarfile.GNU_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, kind, link in entries:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, link
            entry.size = len(WORDS) if kind == tarfile.REGTYPE else 0
            archive.addfile(entry, io.BytesIO(WORDS))
    return buffer.getvalue()


def _sparse() -> bytes:
    """A member that says it is a terabyte of nothing with a few words in it (GNU sparse 1.0)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        body = b"1\n1099511627000\n%d\n" % len(WORDS)
        body = body.ljust(512, b"\0") + WORDS
        entry = tarfile.TarInfo("GNUSparseFile.0/holes.txt")
        entry.size = len(body)
        entry.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "holes.txt",
                             "GNU.sparse.realsize": "1099511627776"}  # fmt: skip
        archive.addfile(entry, io.BytesIO(body))
    return buffer.getvalue()


def _nested_gzip(depth: int) -> bytes:
    data = WORDS
    for _ in range(depth):
        data = gzip.compress(data, mtime=0)
    return data


def _list(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\n".join(lines).encode(encoding)


REG, SYM, LNK = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE

CASES: tuple[Case, ...] = (
    # pages
    Case("letters of seven bits.html", lambda: _page(b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-", b"<meta charset=utf-7>"), (READ,), TEXT),
    Case("charset told twice.html", lambda: _page(HAN.encode("gbk"), b"<meta charset=utf-16><meta charset=gbk>"), (READ,), "图尔荪江"),
    Case("charset behind 5,000 bytes.html", lambda: _page(HAN.encode("gbk"), b"<!--" + b"x" * 5000 + b"--><meta charset=gbk>"), (READ,), "图尔荪江"),
    Case("charset of a program.html", lambda: _page(b"", b"<meta charset=zlib_codec>"), (READ,), TEXT),
    Case("two bytes a letter.html", lambda: _page(HAN.encode()).decode().encode("utf-16"), (READ,), "图尔荪江"),
    Case("base elsewhere.html", lambda: _page(b"<a href=x>link</a><img src=y alt=seen>", b"<base href='javascript:alert(1)//'>"), (READ,), "seen"),
    Case("frames alone.html", lambda: b"<html><frameset><frame src=//a.example><noframes>" + WORDS + b"</noframes></frameset></html>", (READ, IN_PART)),
    Case("page of 8 MB in an address.html", lambda: _page(b"<img src='data:image/png;base64," + b"A" * 8_000_000 + b"'>"), (READ,), TEXT),
    Case("attribute of 8 MB.html", lambda: _page(b"<p title='" + b"x" * 8_000_000 + b"'>"), (READ,), TEXT),
    Case("100,000 attributes.html", lambda: _page(b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">"), (REFUSED,)),
    Case("30,000 tables in tables.html", lambda: _page(b"<table><tr><td>" * 30_000), (READ, REFUSED)),
    Case("100,000 drawings in drawings.html", lambda: _page(b"<svg><g>" * 100_000), (READ, REFUSED)),
    Case("words in a drawing.html", lambda: _page(b"<svg><script>alert(1)</script><text>drawn</text></svg>"), (READ,), TEXT),
    Case("script that never ends.html", lambda: b"<html><body><p>" + WORDS + b"</p><script>" + b"<" * 300_000, (READ,), TEXT),
    Case("words typed plainly.html", lambda: b"<html><body><plaintext><b>" + WORDS, (READ,), TEXT),
    Case("words in noscript.html", lambda: _page(b"<noscript>only without scripts</noscript>"), (READ,), "only without scripts"),
    Case("words in a form.html", lambda: _page(b"<textarea><script>alert(1)</script>typed</textarea><select><option>chosen</select>"), (READ,), "typed"),
    Case("zero in tags.html", lambda: b"<html><bo\0dy><p onclick\0=alert(1)>" + WORDS + b"</p>", (READ, IN_PART), TEXT),
    Case("remark of old browsers.html", lambda: _page(b"<!--[if IE]><script>alert(1)</script><![endif]--><![CDATA[x]]><?php system() ?>"), (READ,), TEXT),
    Case("entities that are none.html", lambda: _page(b"&#xD800; &#x110000; &#0; &#99999999999999999999; &nosuch;"), (READ,), TEXT),
    Case("page turned round.html", lambda: _page("<bdo dir=rtl>\u202e\u2066\u202dabc</bdo>".encode()), (READ,), TEXT),
    # lists
    Case("one line of all.csv", lambda: b",".join(b"name %d" % n for n in range(16_000)), (READ,), "name 15999"),
    Case("quotes in quotes.csv", lambda: b'a,b\n"' + b'""' * 100_000 + b'",' + WORDS + b"\n", (READ,), TEXT),
    Case("quotes that open late.csv", lambda: b'a,b\nx"y"z,"q"r' + b"\n" + WORDS + b',"', (READ,), TEXT),
    Case("separators mixed.csv", lambda: _list("a,b;c\td", "1;2,3|4", TEXT + "\t5"), (READ,), TEXT),
    Case("returns alone.csv", lambda: b"a,b\r1,2\r" + WORDS + b",3\r", (READ,), TEXT),
    Case("two bytes a letter.csv", lambda: _list("姓名,号码", "图尔荪江,650102198001010011", encoding="utf-16"), (READ,), "图尔荪江"),
    Case("two bytes and no mark.csv", lambda: _list("name,number", *[f"{TEXT},{n}" for n in range(40)], encoding="utf-16-le"), (READ,), TEXT),
    Case("three marks.csv", lambda: b"\xef\xbb\xbf" * 3 + b"a,b\n" + WORDS + b",2\n", (READ,), TEXT),
    Case("separator alone.csv", lambda: b",\n" * 5000, (READ,)),
    Case("numbers as words.csv", lambda: _list("id,n", "650102198001010011,1E400", "0001,-0", f"{TEXT},NaN"), (READ,), "650102198001010011"),
    Case("commands by other means.csv", lambda: _list("a,b", "＝1+1,\uff0bcmd", "\t=1+1,\r=1", "' =1,%0A=1", f"{TEXT},@SUM(1)"), (READ,), TEXT),
    Case("header of scripts.csv", lambda: _list("<script>alert(1)</script>,\"';--\",=1+1", f"{TEXT},2,3"), (READ,), TEXT),
    Case("headers all alike.csv", lambda: _list(",".join(["a"] * 3000), ",".join([TEXT] * 3000)), (READ,), TEXT),
    Case("headers of no letters.csv", lambda: _list(",,\u200b,\u202e", f"{TEXT},1,2,3"), (READ,), TEXT),
    Case("widths from 1 to 900.csv", lambda: _list(*[",".join(["x"] * n) for n in range(1, 900)], TEXT), (READ, REFUSED)),
    Case("Big5 and UTF-8.csv", lambda: "姓名,臺灣人權促進會\n".encode("big5") * 20 + "名,字\n".encode() + WORDS + b",1", (READ, IN_PART), TEXT),
    # values
    Case("names of scripts.json", lambda: b'[{"<script>alert(1)</script>": "=1+1", "__proto__": "' + WORDS + b'"}]', (READ,), TEXT),
    Case("number of an endless size.json", lambda: b'{"a": 1e999999999, "b": -1e-999999999, "c": "' + WORDS + b'"}', (READ, IN_PART, FAILED)),
    Case("300,000 opening braces.json", lambda: b'{"a":' * 300_000, (FAILED, REFUSED, IN_PART)),
    Case("names 5,000 deep.json", lambda: b'{"a":' * 5_000 + b'"' + WORDS + b'"' + b"}" * 5_000, (READ, REFUSED, IN_PART, FAILED)),
    Case("half of a pair as a name.json", lambda: b'{"\\ud800": "' + WORDS + b'", "\\udfff\\ud800": 1}', (READ, IN_PART, FAILED)),
    Case("remarks and commas.json", lambda: b'// a remark\n{"a": "' + WORDS + b"\", 'b': [1,2,],}", (IN_PART, FAILED, READ)),
    Case("two bytes a letter.json", lambda: ('{"name": "图尔荪江", "x": "' + TEXT + '"}').encode("utf-16"), (READ,), "图尔荪江"),
    Case("lines and not lines.jsonl", lambda: b'{"a": "one"}\n[1]\n"x"\n{"a": "' + WORDS + b'"}\nnot a value\n', (IN_PART, READ, FAILED)),
    Case("values one behind the other.json", lambda: b'{"a": "' + WORDS + b'"}' * 2000, (READ, IN_PART, FAILED)),
    Case("values apart by separators.json", lambda: b'\x1e{"a": 1}\n\x1e{"a": "' + WORDS + b'"}\n', (READ,), TEXT),
    Case("open word of 8 MB.json", lambda: b'{"a": "' + b"x" * 8_000_000, (FAILED, IN_PART)),
    # text
    Case("marks of two kinds.txt", lambda: b"\xff\xfe\xef\xbb\xbf" + WORDS, (READ, IN_PART)),
    Case("two bytes, one short.txt", lambda: b"\xff\xfe" + HAN.encode("utf-16-le") + b"\x41", (READ, IN_PART), "图尔荪江"),
    Case("halves of pairs.txt", lambda: b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x00\xd8" * 500, (READ, IN_PART), TEXT),
    Case("four bytes beyond all.txt", lambda: b"\xff\xfe\0\0" + TEXT.encode("utf-32-le") + b"\xff\xff\xff\x7f", (READ, IN_PART), TEXT),
    Case("GB18030 with four bytes.txt", lambda: (HAN + "ئۇيغۇر \U00020000").encode("gb18030"), (READ,), "图尔荪江"),
    Case("KOI8-R then UTF-8.txt", lambda: "Люди пропали\n".encode("koi8-r") * 30 + "люди\n".encode() + WORDS, (READ, IN_PART), TEXT),
    Case("Japanese with escapes.txt", lambda: ("新疆の人々は消えた。" * 20).encode("iso2022_jp"), (READ, IN_PART)),
    Case("Korean.txt", lambda: ("위구르 사람들이 사라졌다. " * 20).encode("euc_kr"), (READ,)),
    Case("combining marks by the thousand.txt", ("a" + "\u0301" * 20_000 + TEXT).encode, (READ,), TEXT),
    Case("letters nobody sees.txt", ("\u200b\u2060\ufeff\U000e0041" * 5000 + TEXT).encode, (READ,), TEXT),
    Case("private and not letters.txt", ("\ue000\uffff\ufdd0\U0010ffff" * 500 + TEXT).encode, (READ,), TEXT),
    Case("empty lines.txt", lambda: b"\n" * 2_000_000 + WORDS, (READ,), TEXT),
    # recorded pages
    Case("packed page.warc", lambda: _answer(b"Content-Encoding: gzip\r\n", gzip.compress(_SHOWN)), (READ,)),
    Case("packed by zlib and bare.warc", lambda: _answer(b"Content-Encoding: deflate\r\n", zlib.compress(_SHOWN)[2:-4]), (READ,)),
    Case("packed by brotli.warc", lambda: _answer(b"Content-Encoding: br\r\n", b"\x0b\x02\x80text\x03"), (IN_PART,)),
    Case("packed by zstd.warc", lambda: _answer(b"Content-Encoding: zstd\r\n", b"\x28\xb5\x2f\xfd\x04\0"), (IN_PART,)),
    Case("said to be packed.warc", lambda: _answer(b"Content-Encoding: gzip\r\n", _SHOWN), (IN_PART,)),
    Case("packed five times.warc", lambda: _answer(b"Content-Encoding: gzip, gzip, gzip, gzip, gzip\r\n", gzip.compress(gzip.compress(_SHOWN))), (IN_PART,)),
    Case("in chunks.warc", lambda: _answer(b"Transfer-Encoding: chunked\r\n", _chunked(_SHOWN[:9], _SHOWN[9:])), (READ,)),
    Case("in chunks less than none.warc", lambda: _answer(b"Transfer-Encoding: chunked\r\n", b"-5\r\n" + _SHOWN), (READ, IN_PART)),
    Case("in chunks and packed.warc", lambda: _answer(b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", _chunked(gzip.compress(_SHOWN))), (READ,)),
    Case("seen before.warc", lambda: _record(b"revisit", b"HTTP/1.1 304\r\n\r\n", b"WARC-Refers-To: <urn:x>\r\n") + _SEEN, (READ,), members=("http://a.example/page.html",)),
    Case("asked and told.warc", lambda: _record(b"warcinfo", b"software: x") + _record(b"request", b"GET / HTTP/1.1\r\n\r\n") + _SEEN, (READ,),
         members=("http://a.example/page.html",)),
    Case("record of no kind.warc", lambda: _record(b"\xff\0", WORDS) + _SEEN, (READ, IN_PART)),
    Case("every record packed.warc.gz", lambda: gzip.compress(_SEEN) * 20, (READ,)),
    Case("all records packed at once.warc.gz", lambda: gzip.compress(_SEEN * 20), (READ,)),
    Case("record packed and cut.warc.gz", lambda: gzip.compress(_SEEN) + gzip.compress(_SEEN * 3)[:-30], (READ, IN_PART)),
    Case("piece of a record.warc", lambda: _record(b"continuation", WORDS, b"WARC-Segment-Number: 2\r\n") + _SEEN, (READ, IN_PART)),
    Case("address of scripts.warc", lambda: _SEEN.replace(b"http://a.example/page.html", b"javascript:alert(1)//<img src=x onerror=alert(1)>"), (READ,)),
    # archives
    Case("sizes of all ones.zip", lambda: _put(_zip(("a.txt", WORDS)), b"PK\1\2", 20, b"\xff" * 8), (FAILED, IN_PART, REFUSED, READ)),
    Case("locked and not.zip", lambda: _put(_zip(("a.txt", WORDS), ("b.txt", WORDS * 2)), b"PK\1\2", 8, b"\1\0"), (ENCRYPTED, IN_PART, FAILED)),
    Case("start that is elsewhere.zip", lambda: _put(_zip(("a.txt", WORDS), ("b.txt", b"b")), b"PK\1\2", 42, struct.pack("<I", 1 << 30)), (FAILED, IN_PART)),
    Case("count that lies.zip", lambda: _put(_zip(("a.txt", WORDS)), b"PK\5\6", 8, b"\xff\xff\xff\xff"), (READ, IN_PART, FAILED)),
    Case("directory that is elsewhere.zip", lambda: _put(_zip(("a.txt", WORDS)), b"PK\5\6", 16, b"\xf0\xff\xff\xff"), (FAILED,)),
    Case("without a directory.zip", lambda: bytes(_zip(("a.txt", WORDS)))[:-70], (FAILED, IN_PART)),
    Case("names from the root.zip", lambda: bytes(_zip(("/etc/climbed", WORDS), ("C:\\climbed", WORDS), ("..\\..\\climbed", b"3"), ("a/../../../climbed", b"4"))), (READ,)),
    Case("same name 2,000 times.tar", lambda: _tar(*[("a.txt", REG, "")] * 2000), (READ,)),
    Case("hole of a terabyte.tar", _sparse, (REFUSED, IN_PART, FAILED)),
    Case("name of 60,000.tar", lambda: _tar(("n/" * 30_000, REG, "")), (READ, REFUSED)),
    Case("name of 60,000 by pax.tar", lambda: _tar(("n/" * 30_000, REG, ""), form=tarfile.PAX_FORMAT), (READ, REFUSED)),
    Case("links in a ring.tar", lambda: _tar(("a", SYM, "b"), ("b", LNK, "a"), ("c", LNK, "../../etc/passwd"), ("words.txt", REG, "")), (READ,), members=("words.txt",)),
    Case("devices.tar", lambda: _tar(("disk", tarfile.BLKTYPE, ""), ("null", tarfile.CHRTYPE, ""), ("pipe", tarfile.FIFOTYPE, ""), ("words.txt", REG, "")), (READ,),
         members=("words.txt",)),
    Case("cut in a member.tar", lambda: _tar(("a.txt", REG, ""), ("b.txt", REG, ""))[:1540], (IN_PART, FAILED, READ)),
    Case("gzip 30 deep.gz", lambda: _nested_gzip(30), (READ,)),
    Case("size that lies.gz", lambda: gzip.compress(WORDS)[:-4] + b"\xff\xff\xff\xff", (IN_PART, FAILED)),
    Case("packed by lz4.lz4", lambda: b"\x04\x22\x4d\x18" + bytes(30), (UNSUPPORTED,)),
    Case("packed by old means.lzma", lambda: b"]\0\0\x80\0" + b"\xff" * 8 + bytes(30), (UNSUPPORTED,)),
    Case("packed by brotli.br", lambda: b"\x8b\x02\x80text\x03" * 9, (UNSUPPORTED, READ, IN_PART)),
    Case("packed by arj.arj", lambda: b"\x60\xea\x2a\0\x22" + bytes(99), (UNSUPPORTED,)),
    Case("newer archive.rar", lambda: b"Rar!\x1a\x07\x01\0" + bytes(60), (UNSUPPORTED,)),
    Case("program packed.cpio", lambda: b"070701" + b"0" * 104 + b"TRAILER!!!\0\0", (UNSUPPORTED, READ, IN_PART)),
)  # fmt: skip
