"""Archives: bombs, climbing names, links, lies about size, names in old encodings."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib

from tests.ingest.hostile.case import ENCRYPTED, FAILED, IN_PART, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.making import zeros_deflated, zip_of_stream, zipped

MIB = 1 << 20


def _nested_zip(depth: int) -> bytes:
    data = b"the innermost text"
    for level in range(depth):
        data = zipped({f"level {level}.zip" if level else "text.txt": data}, zipfile.ZIP_STORED)
    return data


def _overlapping() -> bytes:
    """1,000 entries of the directory that all point to one member (Fifield 2019)."""
    packed = zeros_deflated(1)
    one = zip_of_stream("a", packed, MIB)
    start = one.index(b"PK\1\2")
    entry = one[start : one.index(b"PK\5\6")]
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1000, 1000, len(entry) * 1000, start, 0)
    return one[:start] + entry * 1000 + end


def _link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("link.txt")
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "../secret.txt")
        archive.writestr("beside.txt", "the file beside the link")
    return buffer.getvalue()


def _locked() -> bytes:
    data = bytearray(zipped({"locked.txt": b"cannot be read without the word"}))
    data[6] |= 1
    at = data.index(b"PK\1\2")
    data[at + 8] |= 1
    return bytes(data)


def _wrong_checksum() -> bytes:
    data = bytearray(zipped({"bad.txt": b"damaged", "good.txt": b"whole"}, zipfile.ZIP_STORED))
    at = data.index(b"damaged")
    data[at] ^= 1
    return bytes(data)


def _three_of_a_name() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for text in ("first", "second", "third"):
            archive.fp.write(b"")  # type: ignore[union-attr]
            archive.NameToInfo.clear()
            archive.writestr("same.txt", text)
    return buffer.getvalue()


def _many_members(count: int) -> bytes:
    local = b"".join(
        struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 6, 0) + b"%06d" % n
        for n in range(count)
    )
    central = b"".join(
        struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, n * 36) + b"%06d" % n
        for n in range(count)
    )  # fmt: skip
    end = struct.pack(
        "<4sHHHHIIH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(central), len(local), 0
    )
    return local + central + end


def _names(*names: bytes, utf8: bool = False) -> bytes:
    """A ZIP whose members have exactly these bytes as names."""
    local, central = b"", b""
    for name in names:
        flags, start = 0x800 if utf8 else 0, len(local)
        local += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, flags, 0, 0, 0, 0, 0, 0, len(name), 0) + name
        central += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, flags, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, start
        ) + name  # fmt: skip
    return (
        local
        + central
        + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(names), len(names), len(central), len(local), 0)
    )


def _tar(*entries: tarfile.TarInfo, data: bytes = b"text in a tar\n") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            entry.size = len(data) if entry.isreg() else 0
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def _special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname, entry.mode = kind, target, 0o6777
    return entry


def _lying_tar() -> bytes:
    data = bytearray(_tar(tarfile.TarInfo("big.txt")))
    data[124:136] = b"77777777777\0"
    checksum = sum(data[:148]) + 8 * 32 + sum(data[156:512])
    data[148:156] = b"%06o\0 " % checksum
    return bytes(data)


def _sparse_tar() -> bytes:
    """A GNU sparse file that claims 64 GiB and holds one block (GNU tar manual, old sparse format)."""
    header = bytearray(512)
    header[0:10], header[100:108], header[124:136] = b"sparse.bin", b"0000644\0", b"00000001000\0"
    header[156:157], header[257:265] = b"S", b"ustar  \0"
    header[386:410] = b"00000000000\0" + b"00000001000\0"
    header[483:495] = b"\x80" + (64 << 30).to_bytes(11, "big")
    checksum = sum(header[:148]) + 8 * 32 + sum(header[156:512])
    header[148:156] = b"%06o\0 " % checksum
    return bytes(header) + bytes(512) + bytes(1024)


def _gzip_bomb(mebibytes: int) -> bytes:
    return gzip.compress(bytes(8 * MIB)) * (mebibytes // 8)


def _greedy_xz() -> bytes:
    """An xz stream whose header asks for a dictionary of 4 GiB."""
    data = bytearray(lzma.compress(b"small", preset=0))
    at = data.index(b"\x21\x01") + 2
    data[at] = 40
    size = (data[12] + 1) * 4
    data[12 + size - 4 : 12 + size] = zlib.crc32(bytes(data[12 : 12 + size - 4])).to_bytes(4, "little")
    return bytes(data)


CASES: tuple[Case, ...] = (
    Case("flat bomb 1 GiB.zip", lambda: zip_of_stream("zeros", zeros_deflated(1024), 1024 * MIB), (REFUSED,), members=()),
    Case("bomb that lies small.zip", lambda: zip_of_stream("zeros", zeros_deflated(64), 10), (REFUSED, FAILED), members=()),
    Case("overlapping.zip", _overlapping, (FAILED, IN_PART, REFUSED)),
    Case("nested 12 deep.zip", lambda: _nested_zip(12), (READ,)),
    Case("gzip bomb 2 GiB.gz", lambda: _gzip_bomb(2048), (REFUSED,)),
    Case("gzip in gzip bomb.gz", lambda: gzip.compress(_gzip_bomb(1024)), (READ,)),
    Case("bzip2 bomb.bz2", lambda: bz2.compress(bytes(8 * MIB)) * 64, (REFUSED,)),
    Case("xz bomb.xz", lambda: lzma.compress(bytes(8 * MIB), preset=0) * 32, (REFUSED,)),
    Case("xz asking for 4 GiB.xz", _greedy_xz, (FAILED,)),
    Case("lzma in parts.xz", lambda: lzma.compress(b"one ") + lzma.compress(b"two"), (READ,), members=("lzma in parts",)),
    Case("tar bomb.tar.gz", lambda: gzip.compress(_tar(tarfile.TarInfo("z"), data=bytes(64 * MIB))), (REFUSED,)),
    Case("climbing.zip", lambda: zipped({"../../../../tmp/climbed.txt": "a", "/etc/climbed": "b"}), (READ,),
         members=("../../../../tmp/climbed.txt", "/etc/climbed")),
    Case("climbing backslash.zip", lambda: _names(b"..\\..\\climbed.txt", b"C:\\Windows\\climbed.txt"), (READ,),
         members=("..\\..\\climbed.txt", "C:\\Windows\\climbed.txt")),
    Case("link.zip", _link, (READ,), members=("beside.txt",)),
    Case("locked.zip", _locked, (ENCRYPTED,), members=()),
    Case("cut.zip", lambda: zipped({"a.txt": "text " * 500})[:-40], (IN_PART,)),
    Case("wrong checksum.zip", _wrong_checksum, (IN_PART,), members=("good.txt",)),
    Case("three of a name.zip", _three_of_a_name, (READ,), members=("same.txt",) * 3),
    Case("25,000 members.zip", lambda: _many_members(25_000), (REFUSED,)),
    Case("gbk names.zip", lambda: _names("被拘留人员名单.txt".encode("gbk"), "喀什地区.txt".encode("gbk")), (READ,),
         members=("被拘留人员名单.txt", "喀什地区.txt")),
    Case("names that are not text.zip", lambda: _names(b"\xff\xfe\x81.txt", b"a\nb.txt", b"a\0b.txt"), (READ,)),
    Case("names that deceive.zip", lambda: _names("exe\u202etxt.pdf".encode(), b"<img src=x onerror=alert(1)>.html",
         b"=cmd|' /C calc'!A1.csv", utf8=True), (READ,)),
    Case("twin names.zip", lambda: _names("é.txt".encode(), "e\u0301.txt".encode(), utf8=True), (READ,),
         members=("é.txt", "e\u0301.txt")),
    Case("name of 60,000 bytes.zip", lambda: _names(b"n" * 60_000), (READ,)),
    Case("method 99.zip", lambda: zipped({"a.txt": "x" * 50}).replace(b"\x08\0\0\0!\0", b"\x63\0\0\0!\0"), (FAILED, IN_PART)),
    Case("nothing in it.zip", lambda: b"PK\5\6" + bytes(18), (READ,), members=()),
    Case("signature only.zip", lambda: b"PK\3\4", (FAILED,)),
    Case("two directories.zip", lambda: zipped({"a.txt": "first"}) + zipped({"b.txt": "second"}), (READ,), members=("b.txt",)),
    Case("specials.tar", lambda: _tar(
        _special("link", tarfile.SYMTYPE, "/etc/passwd"), _special("hard", tarfile.LNKTYPE, "/etc/passwd"),
        _special("pipe", tarfile.FIFOTYPE), _special("disk", tarfile.BLKTYPE), tarfile.TarInfo("plain.txt")),
        (READ,), members=("plain.txt",)),
    Case("climbing.tar", lambda: _tar(tarfile.TarInfo("../../climbed"), tarfile.TarInfo("/etc/climbed")), (READ,),
         members=("../../climbed", "/etc/climbed")),
    Case("cut.tar", lambda: _tar(tarfile.TarInfo("a.txt"), data=b"x" * 5000)[:2000], (IN_PART, FAILED)),
    Case("lying size.tar", _lying_tar, (IN_PART, FAILED, REFUSED)),
    Case("sparse 64 GiB.tar", _sparse_tar, (REFUSED, FAILED, IN_PART)),
    Case("cut.gz", lambda: gzip.compress(b"0123456789" * 5000)[:-30], (IN_PART, FAILED)),
    Case("wrong checksum.gz", lambda: gzip.compress(b"some text")[:-8] + bytes(8), (IN_PART, FAILED)),
    Case("signature only.gz", lambda: b"\x1f\x8b", (FAILED,)),
    Case("cut.7z", lambda: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(24), (FAILED, UNSUPPORTED, READ)),
    Case("noise.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(range(256)) * 20, (FAILED, UNSUPPORTED)),
    Case("noise.rar", lambda: b"Rar!\x1a\x07\x01\0" + bytes(range(256)), (UNSUPPORTED,)),
)  # fmt: skip
