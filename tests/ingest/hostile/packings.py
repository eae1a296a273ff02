"""More archives: methods nobody uses, heads in heads, links by every means, names that are the same to some."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zlib

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.making import zeros_deflated, zipped

MIB = 1 << 20
ANY = (READ, IN_PART, FAILED, REFUSED)


def _member(name: bytes, body: bytes, *, method: int = 0, size: int | None = None, extra: bytes = b"", mode: int = 0,
            flags: int = 0, crc: int | None = None, date: int = 0x21) -> tuple[bytes, bytes]:  # fmt: skip
    """A member's own head with its bytes, and its entry of the directory, which lacks only where it starts."""
    crc = zlib.crc32(body) if crc is None else crc
    size = len(body) if size is None else size
    common = struct.pack("<HHHHIIIHH", flags, method, 0, date, crc, len(body), size, len(name), len(extra))
    local = b"PK\3\4" + struct.pack("<H", 20) + common + name + extra + body
    entry = b"PK\1\2" + struct.pack("<HH", 0x0314, 20) + common + struct.pack("<HHHI", 0, 0, 0, mode << 16)
    return local, entry + b"%s" + name + extra


def _archive(*members: tuple[bytes, bytes], comment: bytes = b"", disk: int = 0) -> bytes:
    local, central = b"", b""
    for head, entry in members:
        at = entry.index(b"%s")
        central += entry[:at] + struct.pack("<I", len(local)) + entry[at + 2 :]
        local += head
    end = struct.pack(
        "<4sHHHHIIH",
        b"PK\5\6",
        disk,
        disk,
        len(members),
        len(members),
        len(central),
        len(local),
        len(comment),
    )
    return local + central + end + comment


def _quoted(count: int) -> bytes:
    """Members that each begin inside the one before, whose heads they quote as stored blocks (Fifield 2019)."""
    zeros = bytes(4 * MIB)
    out, heads, entries = zeros_deflated(4), b"", []
    for number in range(count):
        crc = zlib.crc32(zeros, zlib.crc32(heads))
        common = struct.pack("<HHHHIIIHH", 0, 8, 0, 0x21, crc, len(out), len(heads) + len(zeros), 4, 0)
        head = b"PK\3\4" + struct.pack("<H", 20) + common + b"%04d" % number
        entries.append((len(out) + len(head), common + struct.pack("<HHHI", 0, 0, 0, 0), number))
        heads = head + heads
        out = (
            (struct.pack("<BHH", 0, len(head), len(head) ^ 0xFFFF) if number + 1 < count else b"")
            + head
            + out
        )
    central = b"".join(
        b"PK\1\2"
        + struct.pack("<HH", 0x14, 20)
        + common
        + struct.pack("<I", len(out) - back)
        + b"%04d" % number
        for back, common, number in entries
    )
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(central), len(out), 0)
    return out + central + end


def _gzip(flags: int, fields: bytes = b"", body: bytes = b"text in it") -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(body) + packer.flush()
    return (
        b"\x1f\x8b\x08" + bytes([flags]) + bytes(6) + fields + packed
        + struct.pack("<II", zlib.crc32(body), len(body))
    )  # fmt: skip


def _seven_zip(
    *names: str, data: bytes = b"text in it", filters: list[dict[str, int]] | None = None
) -> bytes:
    import py7zr

    buffer = io.BytesIO()
    chosen = filters or [{"id": py7zr.FILTER_LZMA2, "preset": 1}]
    with py7zr.SevenZipFile(buffer, "w", filters=chosen) as archive:
        archive.set_encoded_header_mode(False)
        for name in names:
            archive.writestr(data, name)
    return buffer.getvalue()


def _patched(data: bytes, old: bytes, new: bytes) -> bytes:
    """A 7z with other bytes in its head, whose checksums are right again."""
    out = bytearray(data)
    start = 32 + struct.unpack_from("<Q", out, 12)[0]
    assert old in out[start:]
    head = bytes(out[start:]).replace(old, new)
    out[start:] = head
    struct.pack_into("<QI", out, 20, len(head), zlib.crc32(head))
    struct.pack_into("<I", out, 8, zlib.crc32(bytes(out[12:32])))
    return bytes(out)


def _seven_zip_link() -> bytes:
    """A member whose attributes say that it is a link, to the list of passwords."""
    import py7zr

    data = _seven_zip("link", data=b"/etc/passwd")
    normal = struct.pack("<I", 0x20 | 0x8000 | 0o100644 << 16)
    assert py7zr.is_7zfile(io.BytesIO(data))
    return _patched(data, normal, struct.pack("<I", 0x8000 | 0o120777 << 16)) if normal in data else data


def _heads_in_heads(depth: int) -> bytes:
    """A 7z whose head is packed and, unpacked, says that it is packed: the same stream, again and again."""
    data = _seven_zip("a.txt")
    size = struct.unpack_from("<Q", data, 12)[0]
    head = data[32 + size :]
    return _patched(data, head[:1], b"\x17") + head * depth


def _tar(*heads: bytes) -> bytes:
    return b"".join(heads) + bytes(1024)


def _head(
    name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, link: str = "", form: int = tarfile.GNU_FORMAT
) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.type, entry.size, entry.linkname = kind, size, link
    return entry.tobuf(form, errors="surrogateescape")


def _extended(body: bytes, size: int | None = None) -> bytes:
    """An extended header with this body and a file of four bytes."""
    padded = body.ljust(-(-len(body) // 512) * 512, b"\0")
    head = _head("pax", tarfile.XHDTYPE, len(body) if size is None else size, form=tarfile.USTAR_FORMAT)
    return _tar(head, padded, _head("plain.txt", size=4), b"text".ljust(512, b"\0"))


def _record(key: bytes, value: bytes) -> bytes:
    length = len(key) + len(value) + 3
    digits = len(str(length + len(str(length))))
    return b"%d %s=%s\n" % (length + digits, key, value)


def _changed(head: bytes, at: int, field: bytes) -> bytes:
    """A head with another field, and the checksum that goes with it."""
    out = bytearray(head)
    out[at : at + len(field)] = field
    out[148:156] = b"%06o\0 " % (sum(out[:148]) + 8 * 32 + sum(out[156:512]))
    return bytes(out)


def _deep_zip(fan: int, depth: int) -> bytes:
    """Archives in archives, each of which holds so many of the next: fan^depth members, each other than the rest."""
    data = b"x"
    for level in range(depth):
        data = zipped({f"{level}-{n}.zip": data + b"%d" % n for n in range(fan)})
    return data


def _flipped(data: bytes, at: int) -> bytes:
    """The same with one bit of one byte turned."""
    changed = bytearray(data)
    changed[at] ^= 8
    return bytes(changed)


CASES: tuple[Case, ...] = (
    Case("heads quoted in heads.zip", lambda: _quoted(40), (REFUSED,)),
    Case("deflate64.zip", lambda: _archive(_member(b"a.txt", bytes(range(200)), method=9)), (IN_PART, FAILED, UNSUPPORTED)),
    Case("imploded.zip", lambda: _archive(_member(b"a.txt", bytes(50), method=6)), (IN_PART, FAILED, UNSUPPORTED)),
    Case("packed by zstd.zip", lambda: _archive(_member(b"a.txt", b"\x28\xb5\x2f\xfd" + bytes(30), method=93)), (IN_PART, FAILED, UNSUPPORTED)),
    Case("packed by xz.zip", lambda: _archive(_member(b"a.txt", lzma.compress(b"text"), method=95)), (IN_PART, FAILED, UNSUPPORTED)),
    Case("PPMd in it.zip", lambda: _archive(_member(b"a.txt", bytes(99), method=98)), (IN_PART, FAILED, UNSUPPORTED)),
    Case("dictionary of 4 GiB.zip", lambda: _archive(_member(b"a.txt", b"\x09\x14\5\0\x5d\xff\xff\xff\xff" + bytes(20), method=14, size=10)),
         (REFUSED, FAILED)),
    Case("bzip2 bomb.zip", lambda: _archive(_member(b"a.bin", bz2.compress(bytes(8 * MIB)) * 40, method=12, size=320 * MIB)), (REFUSED, IN_PART, FAILED)),
    Case("folder with bytes.zip", lambda: _archive(_member(b"folder/", b"text in a folder"), _member(b"empty/", b"")), (READ,), members=("folder/",)),
    Case("first part of several.zip", lambda: _archive(_member(b"a.txt", b"text"), disk=3), (READ, FAILED)),
    Case("month that is none.zip", lambda: _archive(_member(b"a.txt", b"text", date=0xFFFF)), (READ,), members=("a.txt",)),
    Case("device in it.zip", lambda: _archive(_member(b"disk", b"", mode=0o060666), _member(b"pipe", b"", mode=0o010666), _member(b"a.txt", b"text")),
         (READ, IN_PART)),
    Case("name by two means.zip", lambda: _archive(_member(b"shown.txt", b"text", extra=struct.pack("<HHBI", 0x7075, 14, 1, 0) + b"other.txt")), (READ,)),
    Case("extra fields that lie.zip", lambda: _archive(_member(b"a.txt", b"text", extra=struct.pack("<HH", 0x5455, 0xFFFF) + b"x" * 9)), (READ, IN_PART)),
    Case("names alike to some.zip", lambda: _archive(*(_member(name, b"text of %d" % n) for n, name in enumerate(
         (b"A.txt", b"a.txt", b"a.txt.", b"a.txt ", b"CON", b"aux.txt", b"a.txt::$DATA", b"\\\\server\\share\\a.txt")))), (READ,)),
    Case("comment of 65,535 bytes.zip", lambda: _archive(_member(b"a.txt", b"text"), comment=b"PK\5\6" * 16383 + b"PK\5"), ANY),
    Case("100 archives in each of 100.zip", lambda: _deep_zip(100, 2), (READ,)),
    Case("checksums all wrong.zip", lambda: _archive(*(_member(b"%d.txt" % n, b"text %d" % n, crc=1) for n in range(300))), (IN_PART, FAILED)),
    Case("stored, and locked by strong means.zip", lambda: _archive(_member(b"a.txt", bytes(40), flags=0x41)), (ENCRYPTED, FAILED, IN_PART)),
    Case("field of 65,535 bytes.gz", lambda: _gzip(4, struct.pack("<H", 65535) + bytes(65535)), (READ,)),
    Case("head checksum that is wrong.gz", lambda: _gzip(2, b"\1\2"), (READ, FAILED, IN_PART)),
    Case("remark without end.gz", lambda: b"\x1f\x8b\x08\x10" + bytes(6) + b"c" * 500_000, (FAILED, IN_PART)),
    Case("flags that are none.gz", lambda: _gzip(0xE0), (READ, FAILED, IN_PART)),
    Case("noise behind it.gz", lambda: gzip.compress(b"text in it") + bytes(range(256)) * 40, (IN_PART,), members=("noise behind it",)),
    Case("name that turns round.gz", lambda: _gzip(8, "exe\u202etxt.<b>".encode() + b"\0"), (READ,)),
    Case("index that lies.xz", lambda: _flipped(lzma.compress(b"text" * 99), -20), (FAILED, IN_PART)),
    Case("padding of three.xz", lambda: lzma.compress(b"one") + bytes(3) + lzma.compress(b"two"), (FAILED, IN_PART, READ)),
    Case("filters by four.xz", lambda: lzma.compress(b"text " * 999, filters=[{"id": lzma.FILTER_DELTA, "dist": 256}, {"id": lzma.FILTER_X86},
         {"id": lzma.FILTER_DELTA}, {"id": lzma.FILTER_LZMA2, "preset": 0}]), (READ,)),
    Case("bit in the middle.bz2", lambda: _flipped(bz2.compress(bytes(range(256)) * 999), 40), (FAILED, IN_PART)),
    Case("noise behind it.bz2", lambda: bz2.compress(b"text") + b"noise" * 50, (IN_PART,), members=("noise behind it",)),
    Case("link.7z", _seven_zip_link, (READ, IN_PART, UNSUPPORTED)),
    Case("heads in heads.7z", lambda: _heads_in_heads(50), (FAILED, UNSUPPORTED)),
    Case("names that deceive.7z", lambda: _seven_zip("exe\u202etxt.pdf", "<img src=x onerror=alert(1)>", "=1+1.csv", "é.txt", "e\u0301.txt", "a" * 400),
         (READ, UNSUPPORTED)),
    Case("3,000 members.7z", lambda: _seven_zip(*(f"{n}.txt" for n in range(3000)), data=b"x"), (READ, REFUSED, UNSUPPORTED)),
    Case("numbers of all ones.7z", lambda: _patched(_seven_zip("a.txt"), b"\x05\x01", b"\x05\xff"), (FAILED, UNSUPPORTED)),
    Case("codec of no one.7z", lambda: _patched(_seven_zip("a.txt"), b"\x21\x21\x01", b"\x24\x7f\x7f"), (FAILED, UNSUPPORTED, IN_PART)),
    Case("record of no length.tar", lambda: _extended(b"0 path=x\n" * 50), ANY),
    Case("record longer than all.tar", lambda: _extended(b"99999999999 path=x\n"), ANY),
    Case("value of 8 MB.tar", lambda: _extended(_record(b"path", b"n" * 8_000_000)), ANY),
    Case("10,000 values.tar", lambda: _extended(b"".join(_record(b"key%d" % n, b"v") for n in range(10_000))), ANY),
    Case("names as bytes.tar", lambda: _extended(_record(b"hdrcharset", b"BINARY") + _record(b"path", b"\xb1\xbb\xff\n.txt")), (READ,)),
    Case("link by extended header.tar", lambda: _extended(_record(b"linkpath", b"/etc/passwd") + _record(b"type", b"2")), (READ,)),
    Case("64 GiB by extended header.tar", lambda: _extended(_record(b"size", b"68719476736")), ANY),
    Case("link to itself.tar", lambda: _tar(_head("a", tarfile.LNKTYPE, link="a"), _head("b", tarfile.SYMTYPE, link="b"), _head("c.txt", size=4),
         b"text".ljust(512, b"\0")), (READ,), members=("c.txt",)),
    Case("link, and a file through it.tar", lambda: _tar(_head("d", tarfile.SYMTYPE, link="/tmp"), _head("d/climbed.txt", size=4), b"text".ljust(512, b"\0")),
         (READ,), members=("d/climbed.txt",)),
    Case("kinds of no one.tar", lambda: _tar(*(_head(f"{n}", bytes([n])) for n in range(65, 91))), (*ANY, UNSUPPORTED)),
    Case("time before time.tar", lambda: _tar(_changed(_head("a.txt", size=4), 136, b"\xff" * 11 + b"\0"), b"text".ljust(512, b"\0")), (READ, IN_PART, FAILED)),
    Case("digits that are none.tar", lambda: _tar(_changed(_head("a.txt", size=4), 124, b"9x$ 777777\0 "), b"text".ljust(512, b"\0")),
         (*ANY, UNSUPPORTED)),
    Case("old names.tar", lambda: _tar(_changed(_head("a.txt", size=4), 0, "名单.txt".encode("gbk")), b"text".ljust(512, b"\0")), (READ,),
         members=("名单.txt",)),
    Case("name without a file.tar", lambda: _tar(_head("././@LongLink", tarfile.GNUTYPE_LONGNAME, 5), b"name\0".ljust(512, b"\0")), (*ANY, UNSUPPORTED)),
    Case("packed by lzip.lz", lambda: b"LZIP\x01\x0c" + lzma.compress(b"text", format=lzma.FORMAT_ALONE)[13:] + bytes(20), (UNSUPPORTED,)),
    Case("packed by compress.Z", lambda: b"\x1f\x9d\x90" + bytes(range(200)), (UNSUPPORTED,)),
    Case("disk.iso", lambda: bytes(32768) + b"\x01CD001\x01" + bytes(5000), (UNSUPPORTED,)),
    Case("old unix.cpio", lambda: b"070701" + b"0" * 104 + b"/etc/climbed\0", (UNSUPPORTED, READ)),
    Case("library.a", lambda: b"!<arch>\n" + b"../../climbed/  0           0     0     644     4         `\ntext", (UNSUPPORTED, READ)),
    Case("cabinet.cab", lambda: b"MSCF\0\0\0\0" + b"\xff" * 60, (UNSUPPORTED,)),
    Case("zip in gzip in bzip2 in xz.xz", lambda: lzma.compress(bz2.compress(gzip.compress(zipped({"a.txt": "in the middle"})))), (READ,)),
)  # fmt: skip
