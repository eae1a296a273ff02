"""Which writing system a text uses, and the text made plain enough to compare.

Normalisation follows Unicode: NFKC folds presentation forms and full-width letters, format and control
characters go, and so do the marks that only guide the eye (tatweel, Arabic vowel points, bidi marks).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Literal

from onrecord.names.tables import rows

Script = Literal["arabic", "cyrillic", "hanzi", "latin", "mixed", "other"]

# First code point, last code point, script: the blocks names are written in (Unicode 16 block names).
_BLOCKS: tuple[tuple[int, int, Script], ...] = (
    (0x0041, 0x024F, "latin"),
    (0x0250, 0x02AF, "latin"),
    (0x1E00, 0x1EFF, "latin"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"),
    (0x3400, 0x4DBF, "hanzi"),
    (0x4E00, 0x9FFF, "hanzi"),
    (0xF900, 0xFAFF, "hanzi"),
    (0x20000, 0x323AF, "hanzi"),
)
APOSTROPHES = "'’‘ʼʻ`´ʹʺ′＇"
# The interpunct of Hanzi names is typed in many ways.
DOTS = "·•‧∙・･．。᛫●⋅."
_DASHES = "-‐‑‒–—―−"
_LETTER_HAMZA = "ٴ"


def letter_script(char: str) -> Script:
    """The script of one character; ``"other"`` for whatever is no letter of a known block."""
    if not char.isalpha():
        return "other"
    point = ord(char)
    return next((script for low, high, script in _BLOCKS if low <= point <= high), "other")


def script_of(text: str) -> Script:
    """The script of a text by its letters: ``"mixed"`` when several are present, ``"other"`` when none is."""
    found = {letter_script(c) for c in text if c.isalpha()}
    if len(found) == 1:
        return found.pop()
    known = found - {"other"}
    return "mixed" if len(known) > 1 else (known.pop() if known else "other")


@cache
def _simplified() -> dict[int, str]:
    return {ord(row["traditional"]): row["simplified"] for row in rows("traditional.csv")}


def plain(text: str) -> str:
    """The text in lower case with one kind of apostrophe, dot and space.

    Args:
        text: a name as written, any script.

    Returns:
        NFKC text in Simplified characters. ``·`` joins the parts of Hanzi names, ``'`` is the only
        apostrophe, dashes are spaces, and everything that is neither letter nor one of these is a space
        (digits, emoji, punctuation) or nothing (control and format characters, Arabic vowel points).
    """
    # NFKC turns spacing accents into space + combining mark, so apostrophes are mapped before it.
    mapped = text.translate(_EARLY)
    folded = unicodedata.normalize("NFKC", mapped).lower()
    return " ".join("".join(_kept(c) for c in folded.translate(_simplified())).split())


_EARLY = {ord(c): "'" for c in APOSTROPHES} | {ord(c): "·" for c in DOTS} | {ord(c): " " for c in _DASHES}


def _kept(char: str) -> str:
    if char in "·'" or (char.isalpha() and char != "ـ"):
        return char
    category = unicodedata.category(char)
    if category in ("Cc", "Cf") and not char.isspace():
        return ""
    # Combining marks stay on Latin and Cyrillic letters until the letter tables have been asked.
    return char if category == "Mn" and ord(char) < 0x0370 else "" if category in ("Mn", "Lm") else " "
