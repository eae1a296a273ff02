"""Hanzi and pinyin as syllables.

A Hanzi character stands for one syllable, in a foreign name for a stretch of sounds near that syllable. The
citation reading comes from pypinyin with the tone dropped; characters that transcribers read otherwise
(什 is shi, 勒 le) stand in ``tables/readings.csv`` and win.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from onrecord.names.scripts import letter_script
from onrecord.names.tables import rows

_TONES = "\u0304\u0301\u030c\u0300"
_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")


@cache
def _readings() -> dict[str, str]:
    return {row["hanzi"]: row["reading"] for row in rows("readings.csv")}


@lru_cache(maxsize=30_000)
def reading(char: str) -> str:
    """The pinyin syllable of one character, without tone (``ü`` as ``v``), or ``""`` where none is known."""
    known = _readings().get(char)
    if known is not None:
        return known
    return _toneless(_citations().get(ord(char), "").split(",", 1)[0])


@cache
def _toneless(syllable: str) -> str:
    letters = "".join(c for c in unicodedata.normalize("NFD", syllable) if c not in _TONES)
    return unicodedata.normalize("NFC", letters).replace("ü", "v").replace("ê", "e")


@cache
def _citations() -> Mapping[int, str]:
    """pypinyin's readings of each character, with tones, the most usual first."""
    # Its half a second of reading phrases is of no use for single characters; only the first import asks.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import pinyin_dict  # noqa: PLC0415

    readings: Mapping[int, str] = pinyin_dict.pinyin_dict
    return readings


@cache
def syllables() -> tuple[str, ...]:
    """Every pinyin syllable of Mandarin that a character of the Basic Multilingual Plane is read with."""
    found = {reading(chr(point)) for point in range(0x4E00, 0x9FA6)}
    return tuple(
        sorted(s for s in found if re.fullmatch("[a-z]+", s) and s[0] not in "iuv" and _has_vowel(s))
    )


def _has_vowel(syllable: str) -> bool:
    return any(c in "aeiouv" for c in syllable)


@lru_cache(maxsize=1000)
def units(syllable: str) -> tuple[str, ...]:
    """A pinyin syllable cut into initial and the sounds of its final: ``"zhang"`` gives zh, a, N.

    Codas are capitals (``N`` for -n, ``G`` for -ng, ``R`` for -r), since they behave unlike initials.
    """
    initial = next((i for i in _INITIALS if syllable.startswith(i)), "")
    final = syllable[len(initial) :]
    final = final.replace("ng", "G").replace("n", "N").replace("r", "R")
    return ((initial,) if initial else ()) + tuple(final)


@lru_cache(maxsize=200_000)
def as_pinyin(word: str) -> tuple[str, ...] | None:
    """A Latin word read as pinyin, or None where it cannot be.

    Args:
        word: lower-case Latin text; an apostrophe cuts syllables (``tayi'er``).

    Returns:
        The syllables of the reading with the fewest, the longest first where two tie (the rule of GB/T 16159:
        a syllable beginning with a vowel would carry an apostrophe).
    """
    cut: list[str] = []
    for piece in word.replace("ü", "v").split("'"):
        parsed = _cut(piece)
        if parsed is None:
            return None
        cut.extend(parsed)
    return tuple(cut) or None


@cache
def _syllable_set() -> frozenset[str]:
    return frozenset(syllables())


def _cut(piece: str) -> tuple[str, ...] | None:
    known = _syllable_set()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(piece)
    for end in range(1, len(piece) + 1):
        options: list[tuple[str, ...]] = []
        for size in range(1, min(6, end) + 1):
            before = best[end - size]
            if before is not None and piece[end - size : end] in known:
                options.append((*before, piece[end - size : end]))
        best[end] = min(options, key=lambda o: (len(o), [-len(s) for s in o]), default=None)
    return best[-1]


def is_hanzi(text: str) -> bool:
    """Whether every character is Hanzi."""
    return bool(text) and all(letter_script(c) == "hanzi" for c in text)
