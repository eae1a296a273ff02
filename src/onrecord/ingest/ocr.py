"""Text in pictures, by Tesseract run as a program of its own, with a box for every word.

The picture goes in over a pipe and the words come back over a pipe: nothing is written to disk. Where the
languages are left to ``auto``, Tesseract's own script detection chooses them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby, pairwise

import msgspec
from PIL import Image

from onrecord.ingest.limits import Damaged
from onrecord.ingest.reading import Piece, Word, region_at
from onrecord.ingest.tools import run, tesseract
from onrecord.model.citation import FragmentSelector

_BY_SCRIPT = {
    "Han": ("chi_sim",),
    "HanS": ("chi_sim",),
    "HanT": ("chi_tra", "chi_sim"),
    "Arabic": ("uig", "ara"),
    "Cyrillic": ("kaz", "rus"),
    "Latin": ("eng",),
}


# Pixels: the height of the strip that a script is told from, and what one row and column of a coarse copy stand for.
_STRIP, _ROW, _COLUMNS = 480, 8, 128


@cache
def engine() -> str:
    """Tesseract's version and languages, to be kept with the text, or an empty string where it is absent."""
    if tesseract() is None:
        return ""
    return f"{_run(['--version'], b'').splitlines()[0]} ({'+'.join(sorted(languages()))})"


@cache
def languages() -> frozenset[str]:
    """The languages Tesseract has models for."""
    said = _run(["--list-langs"], b"")
    return frozenset(said.split("\n")[1:]) - {"", "osd"}


def recognise(picture: Image.Image, wanted: str, place: FragmentSelector | None) -> Iterator[Piece]:
    """The words of a picture as one piece a block of text.

    Args:
        wanted: ``auto``, or Tesseract's names of languages joined by ``+``.
        place: the page a scan belongs to; None where the picture is the whole file. Boxes of words are
            always in pixels of the picture handed in.

    Raises:
        Damaged: Tesseract could not work on the picture.
    """
    grey = grey_of(picture)
    data = _portable(grey)
    chosen = _by_script(grey, data) if wanted == "auto" else wanted
    table = _run(["-l", chosen, "--dpi", "300", "tsv"], data)
    rows = [row.split("\t") for row in table.split("\n")[1:]]
    words = [row for row in rows if len(row) == 12 and row[0] == "5" and row[11].strip()]
    for _, block in groupby(words, key=lambda row: (row[1], row[2])):
        yield _piece(list(block), place)


def grey_of(picture: Image.Image) -> Image.Image:
    """The picture in greys: itself where it is so already, which spares a copy of every pixel."""
    return picture if picture.mode == "L" else picture.convert("L")


def _piece(rows: list[list[str]], place: FragmentSelector | None) -> Piece:
    text, words, line = "", [], rows[0][3:5]
    for row in rows:
        gap = "" if not text else "\n" if row[3:5] != line else _gap(text[-1], row[11][0])
        line = row[3:5]
        start = len(text) + len(gap)
        text += gap + row[11]
        words.append(Word(start, len(text), *(int(value) for value in row[6:10])))
    piece = Piece(text, (), "OCR", tuple(words))
    places = (place, region_at(piece, 0, len(text)))
    return msgspec.structs.replace(piece, selectors=tuple(known for known in places if known))


def _gap(before: str, after: str) -> str:
    """Han needs no space between words; Tesseract's tables put every character apart."""
    return "" if before > "\u2e7f" and after > "\u2e7f" and before < "\ufb00" else " "


def _by_script(grey: Image.Image, data: bytes) -> str:
    """The languages of the script that a page is written in: of its fullest strip, of all of it where that says nothing."""
    script = _script(_portable(_fullest_strip(grey))) or _script(data) or "Latin"
    wanted = _BY_SCRIPT.get(script, ("eng",))
    return "+".join([name for name in wanted if name in languages()][:2]) or "eng"


def _script(data: bytes) -> str:
    try:
        said = _run(["--psm", "0", "--dpi", "300"], data)
    except Damaged:  # too few characters
        return ""
    found = re.search(r"^Script: (\w+)", said, re.M)
    return found[1] if found else ""


def _fullest_strip(grey: Image.Image) -> Image.Image:
    """The part of a page, over all its width, with the most writing: to tell a script it is enough, in half the time."""
    if grey.height <= _STRIP:
        return grey
    rows = [_busyness(row) for row in _coarse_rows(grey)]
    size = _STRIP // _ROW
    best = max(range(len(rows) - size + 1), key=lambda top: sum(rows[top : top + size])) * _ROW
    return grey.crop((0, best, grey.width, best + _STRIP))


def _coarse_rows(grey: Image.Image) -> Iterator[bytes]:
    size = _COLUMNS, grey.height // _ROW
    coarse = grey.resize(size, Image.Resampling.BOX).tobytes()
    return (coarse[at : at + _COLUMNS] for at in range(0, len(coarse), _COLUMNS))


def _busyness(row: bytes) -> int:
    """How much the greys of a row differ from their neighbours'."""
    return sum(abs(one - other) for one, other in pairwise(row))


def _portable(grey: Image.Image) -> bytes:
    buffer = io.BytesIO()
    # uncompressed, whatever the picture was: Tesseract reads PPM pixel by pixel, and a fax packs no grey
    grey.save(buffer, format="TIFF", compression="raw")
    return buffer.getvalue()


def _run(arguments: list[str], data: bytes) -> str:
    return run(arguments, data).decode("utf-8", "replace")
