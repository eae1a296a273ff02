"""Letters to phones: every alphabet spelled in one small alphabet of sounds.

A phone is one ASCII character; the set follows the Uyghur Latin letters, with a capital where ULY needs two
letters or a diacritic: ``E`` ä, ``I`` ı/ы, ``O`` ö, ``U`` ü, ``G`` gh, ``C`` ch, ``S`` sh, ``Z`` zh; ``c`` is
ts in Cyrillic and whatever a Latin writer meant by it. The tables (``tables/letters.csv``) are deterministic:
what a spelling leaves open (is this x a kh or a Chinese sh?) is for the trained channel to weigh.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from onrecord.names.tables import rows

PHONES = "aeEiIoOuUbptdkgqGxhjCSZszfvwlmnryc"
CODE = {phone: code for code, phone in enumerate(PHONES)}
VOWELS = frozenset("aeEiIoOuU")


@cache
def _letters() -> tuple[dict[str, str], int]:
    table = {unicodedata.normalize("NFC", row["letters"]): row["phones"] for row in rows("letters.csv")}
    return table, max(map(len, table))


def _stripped(char: str) -> str:
    """A letter without its diacritics, for the many accents the table does not list."""
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))


@lru_cache(maxsize=200_000)
def phones(word: str) -> str:
    """The phones of one word of an alphabet (Arabic, Cyrillic or Latin letters, mixed if need be).

    Args:
        word: normalised text (see :func:`onrecord.names.scripts.plain`) without spaces.

    Returns:
        A string over :data:`PHONES`; doubled sounds are written once, unknown letters are left out.
    """
    table, longest = _letters()
    text = unicodedata.normalize("NFC", word)
    sounds: list[str] = []
    at = 0
    while at < len(text):
        piece = next((text[at : at + n] for n in range(longest, 0, -1) if text[at : at + n] in table), None)
        if piece is None:
            sounds.extend(table.get(c, "") for c in _stripped(text[at]))
            at += 1
        else:
            sounds.append(table[piece])
            at += len(piece)
    return _undoubled("".join(sounds))


def _undoubled(sounds: str) -> str:
    return "".join(c for i, c in enumerate(sounds) if i == 0 or c != sounds[i - 1])
