"""Pictures: size checked before a pixel is decoded, EXIF as claims, text by OCR, a hash of how it looks.

The perceptual hash is a difference hash of the whole file's picture (8 by 8 bits, Krawetz 2013). It finds the
same photograph saved twice. It knows nothing of faces, and nothing here does.
"""

from __future__ import annotations

import importlib.util
import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256

from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from onrecord.ingest.limits import Damaged, LimitReached, NeedsTool
from onrecord.ingest.ocr import grey_of, recognise
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Finding, Outcome, Piece, in_part
from onrecord.ingest.source import Source
from onrecord.ingest.tools import tesseract
from onrecord.model.citation import FragmentSelector

IMAGE_ERRORS = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, OverflowError,
           RuntimeError, Image.DecompressionBombError, UnidentifiedImageError)  # fmt: skip
_FRAMES = 500
_CUT = "the part of it that is cut off or damaged"
_LETTER = 8  # pixels; Tesseract asks for 20 a line


def read(source: Source) -> Finding:
    """Claims, and pieces by block of text where OCR was asked for; without it the outcome is *needs OCR*."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _read(source)
        except IMAGE_ERRORS as error:
            raise Damaged(why_undecoded(error)) from error


def why_undecoded(error: BaseException) -> str:
    """In plain words why there are no pixels, whatever the library calls it."""
    told = str(error)
    if isinstance(error, UnidentifiedImageError):
        why = "what it begins with is damaged, or it is of a sort that no reader here knows"
    elif isinstance(error, EOFError) or "truncated" in told:
        why = "it is cut off, or bytes in it are missing"
    elif "too large" in told or "memory limit" in told:
        why = "a text in it unpacks to more than a picture may hold"
    elif isinstance(error, MemoryError):
        why = "it needs more memory than a reader may have"
    else:
        why = "what it says of its size or its packing does not fit what it holds"
    return f"the picture cannot be decoded: {why}"


def _read(source: Source) -> Finding:
    with opened(source.whole()) as picture:
        if picture.width * picture.height > source.options.pixels:
            raise LimitReached("pixels", source.options.pixels)
        claims = [
            ("format", picture.format or ""),
            ("width", str(picture.width)),
            ("height", str(picture.height)),
        ]
        claims += _exif(picture)
        try:
            return _decoded(picture, source, claims)
        except IMAGE_ERRORS as error:
            why = why_undecoded(error)
    with suppress(*IMAGE_ERRORS), as_far_as_it_goes(), opened(source.whole()) as picture:
        if shows_anything(picture):
            return _decoded(picture, source, claims, _CUT)
    return Finding(outcome=Outcome.FAILED, reason=why, claims=tuple(claims))


def _decoded(
    picture: Image.Image, source: Source, claims: list[tuple[str, str]], lacking: str = ""
) -> Finding:
    """What is read of a picture's pixels; ``lacking`` says which of these are not there."""
    frames = frames_of(picture)
    pieces, missing = _frames(picture, frames, source)
    picture.seek(0)
    claims = [*claims, ("frames", str(frames)), ("perceptual hash", difference_hash(picture))]
    if not source.options.ocr:
        reason = f"a picture{lacking and f', without {lacking}'}; OCR was not run"
        return Finding(outcome=Outcome.NEEDS_OCR, reason=reason, claims=tuple(claims))
    outcome, reason = in_part([lacking, *missing] if lacking else missing)
    return Finding(outcome=outcome, reason=reason, pieces=tuple(pieces), claims=tuple(claims))


@contextmanager
def as_far_as_it_goes() -> Iterator[None]:
    """Decode pictures that are cut off or damaged up to there; what is missing of them is of one colour."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def shows_anything(picture: Image.Image) -> bool:
    """Whether a picture is not of one grey throughout."""
    least, most = grey_of(picture).getextrema()
    return bool(least != most)


def opened(data: bytes) -> Image.Image:
    """A picture whose head was read and no pixel decoded; how large it may be is for the caller to say.

    Raises:
        NeedsTool: it is a HEIC picture and the library that reads these is not installed.
        UnidentifiedImageError: it is no picture.
    """
    Image.MAX_IMAGE_PIXELS = None  # limits are ours and name themselves
    if data[4:8] == b"ftyp" and data[8:11] != b"avi" and not _reads_heif():
        raise NeedsTool(
            "HEIC pictures are read with pillow-heif: pip install 'onrecord[pictures]', then add --retry"
        )
    return Image.open(io.BytesIO(data))


@cache
def _reads_heif() -> bool:
    if importlib.util.find_spec("pillow_heif") is None:
        return False
    from pillow_heif import register_heif_opener  # noqa: PLC0415 - an optional dependency

    register_heif_opener()
    return True


def frames_of(picture: Image.Image) -> int:
    """How many frames a picture has, at most 500: of a TIFF each is a jump in the file, so they are not all counted."""
    if picture.format != "TIFF":
        return min(getattr(picture, "n_frames", 1), _FRAMES)
    for number in range(1, _FRAMES):
        try:
            picture.seek(number)
        except EOFError:
            picture.seek(0)
            return number
    picture.seek(0)
    return _FRAMES


def _frames(picture: Image.Image, frames: int, source: Source) -> tuple[list[Piece], list[str]]:
    pieces: list[Piece] = []
    missing: list[str] = []
    if not source.options.ocr or tesseract() is None:
        picture.load()
        return pieces, missing
    seen: set[bytes] = set()
    for number in range(1, frames + 1):
        try:
            picture.seek(number - 1)
            if picture.width * picture.height > source.options.pixels:
                raise LimitReached("pixels", source.options.pixels)
            if _may_hold_words(picture) and (frames == 1 or _is_new(picture, seen)):
                pieces += _recognised(picture, number, frames, source)
        except (EOFError, Damaged) as error:
            missing.append(f"frame {number}: {error}")
    return pieces, missing


def _may_hold_words(picture: Image.Image) -> bool:
    """Whether a frame is large enough for a letter, and not of one grey."""
    return min(picture.size) >= _LETTER and shows_anything(picture)


def _is_new(picture: Image.Image, seen: set[bytes]) -> bool:
    """Whether a frame is none of those seen, to which it is added."""
    look = sha256(grey_of(picture).tobytes()).digest()
    known = look in seen
    seen.add(look)
    return not known


def _recognised(picture: Image.Image, number: int, frames: int, source: Source) -> Iterator[Piece]:
    place = FragmentSelector(value=f"page={number}") if frames > 1 else None
    return recognise(picture, source.options.ocr, place)


def _exif(picture: Image.Image) -> list[tuple[str, str]]:
    """What a camera or program wrote of the picture; nothing where it is written so badly that nobody can tell."""
    with suppress(*IMAGE_ERRORS, struct.error):
        return _fields(picture)
    return []


def _fields(picture: Image.Image) -> list[tuple[str, str]]:
    exif = picture.getexif()
    fields = [(str(ExifTags.TAGS.get(tag, tag)), value) for tag, value in exif.items()]
    inside = exif.get_ifd(ExifTags.IFD.Exif)
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    fields += [(str(ExifTags.TAGS.get(tag, tag)), value) for tag, value in inside.items()]
    fields += [(str(ExifTags.GPSTAGS.get(tag, tag)), value) for tag, value in place.items()]
    return [(f"EXIF {name}", text) for name, value in fields if (text := _said(value)) and len(text) < 500][
        :200
    ]


def _said(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return "".join(character for character in text if character.isprintable()).strip()


def difference_hash(picture: Image.Image) -> str:
    """64 bits as 16 hexadecimal digits: is each of 8 by 8 cells brighter than its right neighbour?"""
    small = grey_of(picture).resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = "".join(
        "1" if small[y * 9 + x] > small[y * 9 + x + 1] else "0" for y in range(8) for x in range(8)
    )
    return f"{int(bits, 2):016x}"


READER = Reader(
    "picture",
    package_version(3, "pillow"),
    ("jpeg", "png", "tiff", "gif", "bmp", "webp", "avif", "jpeg2000", "psd", "ico"),
    read,
)
HEIC = Reader("HEIC", package_version(1, "pillow", "pillow-heif"), ("heic",), read)
