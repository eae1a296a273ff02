"""Pictures: sizes that would fill memory, chunks that do, directories that loop."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from tests.ingest.hostile.case import FAILED, IN_PART, NEEDS_OCR, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.making import png

SEEN = (NEEDS_OCR, READ)


def _tiff_loop() -> bytes:
    """One directory that names itself as the next."""
    tags = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 0), (278, 3, 1, 1),
            (279, 4, 1, 1)]  # fmt: skip
    body = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<I", 8) + body + struct.pack("<I", 8) + bytes(16)


def _tiff(width: int, height: int) -> bytes:
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
            (278, 4, 1, height), (279, 4, 1, 0xFFFFFFFF)]  # fmt: skip
    body = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<I", 8) + body + bytes(4)


def _gif_flood(frames: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    frame = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    return head + frame * frames + b";"


def _jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 128).save(buffer, "JPEG")
    return buffer.getvalue()


def _bmp(width: int, height: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head


def _exif_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    exif[0x013B] = "Photographer\x00\x1b[31m"
    buffer = io.BytesIO()
    Image.new("L", (8, 8)).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


CASES: tuple[Case, ...] = (
    Case("16 gigapixels.png", lambda: png(131072, 131072, pixels=zlib.compress(b"")), (REFUSED,)),
    Case("2.5 gigapixels.png", lambda: png(50000, 50000, pixels=zlib.compress(b"")), (REFUSED,)),
    Case("text bomb.png", lambda: png(4, 4, (b"zTXt", b"k\0\0" + zlib.compress(bytes(200_000_000), 9))), (*SEEN, FAILED, REFUSED)),
    Case("profile bomb.png", lambda: png(4, 4, (b"iCCP", b"k\0\0" + zlib.compress(bytes(200_000_000), 9))), (*SEEN, FAILED, REFUSED)),
    Case("no pixels.png", lambda: png(4, 4, pixels=b""), (FAILED, *SEEN)),
    Case("cut.png", lambda: png(64, 64)[:60], (FAILED,)),
    Case("zero wide.png", lambda: png(0, 0, pixels=b""), (FAILED, *SEEN)),
    Case("directory that names itself.tif", _tiff_loop, (*SEEN, FAILED, IN_PART)),
    Case("4 billion pixels.tif", lambda: _tiff(65535, 65535), (REFUSED, FAILED)),
    Case("strip of 4 GiB.tif", lambda: _tiff(100, 100), (FAILED, *SEEN)),
    Case("noise.tif", lambda: b"II*\0" + bytes(range(256)) * 8, (FAILED,)),
    Case("50,000 frames.gif", lambda: _gif_flood(50_000), (*SEEN, FAILED, IN_PART)),
    Case("cut.jpg", lambda: _jpeg()[:200], (FAILED, *SEEN)),
    Case("head only.jpg", lambda: b"\xff\xd8\xff", (FAILED,)),
    Case("markup in exif.jpg", _exif_jpeg, SEEN),
    Case("2 billion wide.bmp", lambda: _bmp(2**31 - 1, 2**31 - 1), (REFUSED, FAILED)),
    Case("minus wide.bmp", lambda: _bmp(-5, -5), (REFUSED, FAILED)),
    Case("noise.webp", lambda: b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(100), (FAILED, UNSUPPORTED)),
    Case("noise.heic", lambda: b"\0\0\0\x18ftypheic" + bytes(100), (FAILED, UNSUPPORTED)),
    Case("script.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><text>shown</text></svg>",
         (READ,), "shown"),
    Case("outside entity.svg", lambda: b"<!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg><text>&x;</text></svg>",
         (IN_PART, READ)),
)  # fmt: skip
