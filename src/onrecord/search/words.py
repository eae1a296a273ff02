"""Text cut into the words that are indexed and looked for, the same way on both sides.

* Han: every two neighbouring characters are a word (``阿卜杜`` gives ``阿卜`` and ``卜杜``), and the last of a run
  stands alone, so that each character begins exactly one word: any two neighbours are found as a word, any
  longer run as a phrase, a single one as a prefix. No dictionary has to know the name. The dot
  between the parts of a transcribed name goes, because half of all texts leave it out.
* Uyghur and Arabic: presentation forms, vowel signs, tatweel and joiners go; hamza carriers, yeh, kaf and heh
  fold to one letter each; the hamza that Uyghur writes before a first vowel goes (``ئابدۇللا`` = ``ابدۇللا``),
  because half of all typists leave it out.
* Latin: lower case without accents. Cyrillic and the rest: lower case, letters kept (``й`` is not ``и``).

:func:`split` is the quick way for indexing, :func:`words` the exact one with offsets for snippets; both give
the same words in the same order, and a test holds them to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

HAN = "\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003347f"

_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_HAN_RUN = re.compile(f"[{HAN}]+")
_HAS_ARABIC = re.compile("[\u0600-\u06ff]")
_RUN = re.compile(f"[{HAN}]+|[^{HAN} ]+")
_HAMZA = re.compile("ئ(?=[اەوۇۆۈېی])")
_BEFORE = re.compile("[\u0400-\u04ff][\u0300\u0306\u0308]|[\u0649\u064a]\u0654|\u0647\u200c")
"""Sequences that mean another letter than their parts: decomposed Cyrillic, yeh with hamza, Uyghur ə in old files."""

_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ء": "", "ئ": "ئ",
    "ي": "ی", "ى": "ی", "ے": "ی", "ك": "ک", "ڪ": "ک", "ه": "ھ", "ہ": "ھ", "ۀ": "ھ", "ة": "ھ",
    "ـ": "", "·": "", "・": "", "‧": "", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "ı": "i",
}  # fmt: skip
_SPACE, _GONE = (
    {"Zs", "Zl", "Zp", "Cc", "Po", "Ps", "Pe", "Pi", "Pf", "Pd", "Pc", "Sm", "Sc", "Sk", "So"},
    {"Mn", "Me", "Cf"},
)


class Word(NamedTuple):
    """A word as indexed, and the characters [start, end) of the original text it stands for."""

    text: str
    start: int
    end: int


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def _folded(character: str) -> str:
    if character in _LETTERS:
        return _LETTERS[character]
    if "\u0400" <= character <= "\u052f":
        return character.lower()
    # Arabic presentation forms stand for composed letters: a yeh with hamza must not lose it.
    form: Literal["NFKC", "NFKD"] = "NFKC" if "\ufb50" <= character <= "\ufefc" else "NFKD"
    parts = unicodedata.normalize(form, character)
    if parts not in {character, character.lower()} and len(parts) <= 32:
        return "".join(_folded(part) for part in parts)
    category = unicodedata.category(character)
    if category in _GONE:
        return ""
    if category in _SPACE or category in {"Cn", "Co", "Cs"}:
        return " "
    lower = character.lower()
    return lower if lower == character else "".join(_folded(part) for part in lower)


_FOLDING = _Folding()


def split(text: str) -> str:
    """The words of a text, parted by single or more spaces, ready for a tokenizer that splits at spaces."""
    if text.isascii():
        return text.translate(_ASCII)
    folded = _BEFORE.sub(_composed, text).translate(_FOLDING)
    if _HAS_ARABIC.search(folded):
        folded = _without_hamza(folded)
    return _HAN_RUN.sub(_pairs, folded)


def words(text: str) -> Iterator[Word]:
    """The words of a text with their places in it, in order. Slower than :func:`split`."""
    folded, places = _with_places(text)
    for run in _RUN.finditer(folded):
        found = run[0]
        if _HAN_RUN.match(found):
            for at in range(run.start(), run.end()):
                last = min(at + 1, run.end() - 1)
                yield Word(folded[at : last + 1], places[at][0], places[last][1])
        elif shown := _without_hamza(found):
            yield Word(shown, places[run.start()][0], places[run.end() - 1][1])


def _with_places(text: str) -> tuple[str, list[tuple[int, int]]]:
    out: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for special in [*_BEFORE.finditer(text), None]:
        stop = special.start() if special else len(text)
        for index in range(at, stop):
            part = _FOLDING[ord(text[index])]
            out.append(part)
            places.extend([(index, index + 1)] * len(part))
        if special:
            part = _composed(special).translate(_FOLDING)
            out.append(part)
            places.extend([(special.start(), special.end())] * len(part))
            at = special.end()
    return "".join(out), places


def _composed(sequence: re.Match[str]) -> str:
    found = sequence[0]
    if found == "\u0647\u200c":
        return "ە"
    return "ئ" if found[0] in "\u0649\u064a" else unicodedata.normalize("NFC", found)


def _without_hamza(folded: str) -> str:
    return _HAMZA.sub("", folded).replace("ئ", "ی")


def _pairs(run: re.Match[str]) -> str:
    found = run[0]
    return f" {' '.join(map(str.__add__, found, found[1:]))} {found[-1]} "
