"""Pictures again: directories by the hundred thousand, tiles that lie, profiles and dates of nonsense, two files in one."""

from __future__ import annotations

import io
import struct
import zlib
from functools import partial

from PIL import Image

from tests.ingest.hostile.case import FAILED, IN_PART, NEEDS_OCR, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.making import pdf, png, text_page, zipped

SEEN = (NEEDS_OCR, READ)
ANY = (*SEEN, IN_PART, FAILED, REFUSED)
BEYOND = (*ANY, UNSUPPORTED)

Tag = tuple[int, int, int, int]


def _saved(kind: str, mode: str = "L", size: tuple[int, int] = (16, 16), **choices: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, kind, **choices)
    return buffer.getvalue()


def _tiff(*tags: Tag, following: int = 0, body: bytes = bytes(64)) -> bytes:
    """One directory of a grey picture of 8 by 8; tags that are given take the place of its own."""
    own = {256: (3, 1, 8), 257: (3, 1, 8), 258: (3, 1, 8), 259: (3, 1, 1), 262: (3, 1, 1), 273: (4, 1, 8),
           278: (3, 1, 8), 279: (4, 1, 64)}  # fmt: skip
    own |= {tag: (kind, count, value) for tag, kind, count, value in tags}
    at = 8 + len(body)
    entries = b"".join(struct.pack("<HHII", tag, *rest) for tag, rest in sorted(own.items()))
    return (
        b"II*\0"
        + struct.pack("<I", at)
        + body
        + struct.pack("<H", len(own))
        + entries
        + struct.pack("<I", following)
    )


def _tiled(width: int, length: int, count: int) -> bytes:
    return _tiff((322, 4, 1, width), (323, 4, 1, length), (324, 4, count, 8), (325, 4, count, 64))


def _directories(count: int, picture: tuple[int, int]) -> bytes:
    """So many directories, each of a picture of this size that has no bytes."""
    tags = [(256, 4, 1, picture[0]), (257, 4, 1, picture[1]), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, 1, 8), (278, 4, 1, picture[1]), (279, 4, 1, 1)]  # fmt: skip
    body = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    size = len(body) + 4
    return b"II*\0" + struct.pack("<I", 8) + b"".join(
        body + struct.pack("<I", 8 + size * (n + 1) if n + 1 < count else 0) for n in range(count)
    )  # fmt: skip


def _segment(kind: int, body: bytes) -> bytes:
    return b"\xff" + bytes([kind]) + struct.pack(">H", len(body) + 2) + body


def _jpeg(*segments: bytes, behind: bytes = b"") -> bytes:
    """A JPEG with these segments at its start and these bytes behind its end."""
    return b"\xff\xd8" + b"".join(segments) + _saved("JPEG")[2:] + behind


def _profile(parts: int) -> bytes:
    """A colour profile in 255 parts that all say they are the first."""
    return _jpeg(*[_segment(0xE2, b"ICC_PROFILE\0\1\xff" + bytes(60_000)) for _ in range(parts)])


def _gps() -> bytes:
    exif = Image.Exif()
    place = exif.get_ifd(0x8825)
    place.update(
        {1: "Q", 2: (1e9, 361.0, 0.5), 3: "\u202eN", 4: (0.0, 0.0), 29: "9999:99:99", 7: (99.0, 99.0, 99.0)}
    )
    exif[0x0132] = "0000:00:00 25:61:61"
    exif[0x8769] = {0x9003: "2999:13:32 00:00:00", 0x9291: "x" * 9999}
    return _saved("JPEG", exif=exif)


def _no_denominator() -> bytes:
    """EXIF whose numbers are divided by zero."""
    entries = struct.pack("<HHII", 282, 5, 1, 26) + bytes(4)
    exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entries + struct.pack("<II", 1, 0)
    return _jpeg(_segment(0xE1, exif))


def _other_thumbnail() -> bytes:
    """EXIF with a small picture that is another one."""
    small = _saved("JPEG", "L", (160, 120))
    first = struct.pack("<H", 0) + struct.pack("<I", 14)
    second = (
        struct.pack("<H", 2)
        + struct.pack("<HHII", 0x201, 4, 1, 44)
        + struct.pack("<HHII", 0x202, 4, 1, len(small))
        + bytes(4)
    )
    return _jpeg(_segment(0xE1, b"Exif\0\0II*\0" + struct.pack("<I", 8) + first + second + small))


def _pictures_in_a_jpeg(count: int) -> bytes:
    """The index of a multi-picture file (CIPA DC-007) with more pictures than there are."""
    entry = struct.pack("<IIIHH", 0, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0)
    tags = (struct.pack("<HHI4s", 0xB000, 7, 4, b"0100") + struct.pack("<HHII", 0xB001, 4, 1, count)
            + struct.pack("<HHII", 0xB002, 7, 16 * count, 50))  # fmt: skip
    body = (
        b"MPF\0II*\0"
        + struct.pack("<I", 8)
        + struct.pack("<H", 3)
        + tags
        + bytes(4)
        + entry * min(count, 4000)
    )
    return _jpeg(_segment(0xE2, body))


def _frames(width: int, height: int, count: int) -> bytes:
    """A PNG that moves, each of whose frames is said to be so large."""
    control = struct.pack(">II", count, 0)
    frame = struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 1, 0, 0)
    more = [
        (b"fcTL", struct.pack(">IIIIIHHBB", n, width, height, 0xFFFFFFF0, 9, 0, 0, 2, 1))
        for n in range(1, count)
    ]
    return png(4, 4, (b"acTL", control), (b"fcTL", frame), *more)


def _gif(*blocks: bytes, size: tuple[int, int] = (1, 1)) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + bytes(6) + b"".join(blocks) + b";"


def _canvas_of_gif(count: int) -> bytes:
    """Frames of a pixel on a canvas of 100 megapixels, each of which wipes it."""
    return _gif(*[b"!\xf9\4\x09\1\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0"] * count, size=(10_000, 10_000))


def _boxes(brand: bytes, *boxes: bytes) -> bytes:
    return _box(b"ftyp", brand + bytes(4) + b"mif1" + brand) + b"".join(boxes)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def _heif() -> bytes:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    return _saved("HEIF", "RGB", (64, 64))


def _heif_of(width: int, height: int) -> bytes:
    """A true HEIC whose box of sizes says another size."""
    data = _heif()
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def _boxes_in_boxes(levels: int) -> bytes:
    body = b""
    for _ in range(levels):
        body = _box(b"meta", bytes(4) + body)
    return _boxes(b"heic", body)


def _places(brand: bytes) -> bytes:
    """A box that says 65,535 items lie at 65,535 places each."""
    item = struct.pack(">HHH", 1, 0, 0xFFFF) + struct.pack(">II", 0xFFFFFFFF, 0xFFFFFFFF) * 2000
    return _boxes(brand, _box(b"meta", bytes(4) + _box(b"iloc", bytes(4) + b"\x44\0" + b"\xff\xff" + item)))


def _webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(data)) + data for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _moving_webp(count: int) -> bytes:
    head = (b"VP8X", b"\x02\0\0\0" + bytes(6))
    frame = (b"ANMF", bytes(16) + b"VP8L" + struct.pack("<I", 6) + b"\x2f\0\0\0\0\0")
    return _webp(head, (b"ANIM", bytes(6)), *[frame] * count)


def _bmp(bits: int, packing: int, colours: int, offset: int = 54) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, 8, 8, 1, bits, packing, 0, 0, 0, colours, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, offset) + head + bytes(300)


def _psd(channels: int, width: int, height: int) -> bytes:
    return (
        b"8BPS\0\1"
        + bytes(6)
        + struct.pack(">HIIHH", channels, height, width, 8, 3)
        + b"\xff\xff\xff\xff"
        + bytes(40)
    )


CASES: tuple[Case, ...] = (
    Case("100 directories of 100 megapixels.tif", lambda: _directories(100, (10_000, 10_000)), ANY),
    Case("directory at the end of the file.tif", lambda: b"II*\0" + struct.pack("<I", 8), ANY),
    Case("second directory beyond the end.tif", lambda: _tiff(following=0xFFFFFFF0), ANY),
    Case("tiles of no size.tif", lambda: _tiled(0, 0, 1), ANY),
    Case("tiles of 4 billion.tif", lambda: _tiled(0xFFFFFFFF, 0xFFFFFFFF, 1), ANY),
    Case("a billion tiles.tif", lambda: _tiled(16, 16, 1_000_000_000), ANY),
    Case("strips of no rows.tif", lambda: _tiff((278, 4, 1, 0)), ANY),
    Case("a billion strips.tif", lambda: _tiff((273, 4, 1_000_000_000, 8), (279, 4, 1_000_000_000, 8)), ANY),
    Case("65,535 samples.tif", lambda: _tiff((277, 3, 1, 65535)), ANY),
    Case("depth of 64.tif", lambda: _tiff((258, 3, 1, 64)), ANY),
    *(Case(f"packed by way {way}.tif", partial(lambda way: _tiff((259, 3, 1, way)), way), ANY)
      for way in (2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34712, 34925, 50000, 50001, 65000)),
    Case("colours by no rule.tif", lambda: _tiff((262, 3, 1, 32844)), ANY),
    Case("16 bits of cyan.tif", lambda: _saved("TIFF", "CMYK"), SEEN),
    Case("16 bits.png", lambda: _saved("PNG", "I;16"), SEEN),
    Case("numbers with a point.tif", lambda: _saved("TIFF", "F"), SEEN),
    Case("four inks.jpg", lambda: _saved("JPEG", "CMYK"), SEEN),
    Case("profile that is always the first.jpg", lambda: _profile(40), SEEN),
    Case("place and time of nonsense.jpg", _gps, SEEN),
    Case("divided by zero.jpg", _no_denominator, SEEN),
    Case("small picture of something else.jpg", _other_thumbnail, SEEN),
    Case("more pictures than there are.jpg", lambda: _pictures_in_a_jpeg(4000), ANY),
    Case("4 billion pictures.jpg", lambda: _pictures_in_a_jpeg(0x0FFFFFFF), ANY),
    Case("archive behind it.jpg", lambda: _jpeg(behind=zipped({"inside.txt": "also a ZIP"})), SEEN),
    Case("PDF behind it.jpg", lambda: _jpeg(behind=pdf(*text_page(b"kept"))), SEEN),
    Case("second picture behind it.jpg", lambda: _jpeg(behind=_saved("JPEG")), SEEN),
    Case("markup about it.jpg", lambda: _jpeg(_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
         b"<!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&b;</x:xmpmeta>")), SEEN),
    Case("12 bits deep.jpg", lambda: _saved("JPEG").replace(b"\xff\xc0\0\x0b\x08", b"\xff\xc0\0\x0b\x0c"), ANY),
    Case("no tables.jpg", lambda: _saved("JPEG").replace(b"\xff\xdb", b"\xff\xfe").replace(b"\xff\xc4", b"\xff\xfe"), ANY),
    Case("sampled 4 by 4.jpg", lambda: _saved("JPEG", "RGB").replace(b"\1\x22\0", b"\1\x44\0"), ANY),
    Case("frames beside the picture.png", lambda: _frames(4, 4, 20), ANY),
    Case("frames of 4 gigapixels.png", lambda: _frames(65535, 65535, 3), ANY),
    Case("300 packed texts.png", lambda: png(4, 4, *[(b"zTXt", b"k\0\0" + zlib.compress(bytes(900_000), 9))] * 300), ANY),
    Case("packed text of the world.png", lambda: png(4, 4, (b"iTXt", b"k\0\1\0en\0k\0" + zlib.compress(bytes(200_000_000), 9))), ANY),
    Case("profile of the wrong colours.png", lambda: png(4, 4, (b"iCCP", b"p\0\0" + zlib.compress(b"\xff" * 4000))), SEEN),
    Case("times of nonsense.png", lambda: png(4, 4, (b"tIME", b"\xff" * 7), (b"eXIf", b"MM\0*\0\0\0\x08\xff\xff")), ANY),
    Case("palette of nothing.png", lambda: png(4, 4).replace(b"IHDR\0\0\0\4\0\0\0\4\x08\0", b"IHDR\0\0\0\4\0\0\0\4\x08\3"), ANY),
    Case("chunk of 4 GiB.png", lambda: b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffIHDR" + bytes(99), (FAILED,)),
    Case("200 canvases of 100 megapixels.gif", lambda: _canvas_of_gif(200), ANY),
    Case("comments without end.gif", lambda: _gif(b"!\xfe" + b"\xff" + b"x" * 255) * 2000, ANY),
    Case("codes of no size.gif", lambda: _gif(b",\0\0\0\0\1\0\1\0\0\0\0" + b",\0\0\0\0\1\0\1\0\0\xff\1\xff\0"), ANY),
    Case("repeated for ever.gif", lambda: _gif(b"!\xff\x0bNETSCAPE2.0\3\1\xff\xff\0", b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"), SEEN),
    Case("40,000 by 40,000.heic", lambda: _heif_of(40_000, 40_000), ANY),
    Case("4 billion by none.heic", lambda: _heif_of(0xFFFFFFFF, 0), ANY),
    Case("boxes in boxes.heic", lambda: _boxes_in_boxes(2000), ANY),
    Case("cut.heic", lambda: _heif()[:-200], ANY),
    Case("items everywhere.heic", lambda: _places(b"heic"), ANY),
    Case("items everywhere.avif", lambda: _places(b"avif"), ANY),
    Case("box of 2^64.avif", lambda: _boxes(b"avif", b"\0\0\0\1meta" + b"\xff" * 8), ANY),
    Case("2,000 frames.webp", lambda: _moving_webp(2000), ANY),
    Case("canvas and picture disagree.webp", lambda: _webp((b"VP8X", b"\0\0\0\0\xff\xff\xff\xff\xff\0"), (b"VP8 ", bytes(40))), ANY),
    Case("profile of 16 MB.webp", lambda: _webp((b"VP8X", b"\x20\0\0\0" + bytes(6)), (b"ICCP", bytes(1 << 24))), ANY),
    Case("depth of 99.bmp", lambda: _bmp(99, 0, 0), ANY),
    Case("4 billion colours.bmp", lambda: _bmp(8, 0, 0xFFFFFFFF), ANY),
    Case("runs that never end.bmp", lambda: _bmp(8, 1, 2), ANY),
    Case("pixels before the head.bmp", lambda: _bmp(24, 0, 0, 0), ANY),
    Case("icon of itself.ico", lambda: b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, 9999, 0), BEYOND),
    Case("icon.ico", lambda: _saved("ICO", "RGBA"), BEYOND),
    Case("56 channels of 300,000.psd", lambda: _psd(56, 300_000, 300_000), BEYOND),
    Case("no tiles.jp2", lambda: _saved("JPEG2000")[:-90], BEYOND),
    Case("40,000 by 40,000.jp2", lambda: _saved("JPEG2000").replace(struct.pack(">II", 16, 16), struct.pack(">II", 40_000, 40_000)), BEYOND),
    Case("2^32 small pictures.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink'><defs><g id='a'><text>kept</text></g>"
         + b"".join(b"<g id='%c'>" % (98 + n) + b"<use x:href='#%c'/>" % (97 + n) * 16 + b"</g>" for n in range(8)) + b"</defs></svg>", (READ,), "kept"),
)  # fmt: skip
