"""Text cut into the words that are indexed and looked for, the same way on both sides.

* Han: every character is a word, so that any run of neighbours is found as a phrase, wherever a line ends
  inside it. No dictionary has to know the name. The dot between the parts of a transcribed name goes, because
  half of all texts leave it out.
* Uyghur and Arabic: presentation forms, vowel signs, tatweel and joiners go; hamza carriers, yeh, kaf and heh
  fold to one letter each; the hamza that Uyghur writes before a first vowel goes (``ئابدۇللا`` = ``ابدۇللا``),
  because half of all typists leave it out.
* Latin: lower case without accents. Cyrillic and the rest: lower case, letters kept (``й`` is not ``и``).

:func:`cut_all` is the quick way for indexing, :func:`words` the exact one with offsets for snippets; both give
the same words in the same order, and a test holds them to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

HAN = "\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003347f"

_ASCII = bytes(ord(chr(code).lower() if chr(code).isalnum() else " ") for code in range(128)).ljust(256)
_IS_HAN = re.compile(f"[{HAN}]")
_RUN = re.compile(f"[{HAN}]|[^{HAN} ]+")
_VOWELS = "اەوۇۆۈېی"
_HAMZA = re.compile(f"ئ(?=[{_VOWELS}])")
_BEFORE = re.compile("[\u0400-\u04ff][\u0300\u0306\u0308]|[\u0649\u064a]\u0654|\u0647\u200c")
"""Sequences that mean another letter than their parts: decomposed Cyrillic, yeh with hamza, Uyghur ə in old files."""
_BEFORE_ENDS = ("\u0300", "\u0306", "\u0308", "\u0654", "\u200c")

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

# The same folding as a table from code point to code point, for whole texts at a time. It is filled as characters
# are met; the pages of it that nobody needs are never touched. Han characters carry a mark above the code.
_UNMET, _DROPPED, _SEVERAL, _HAN_MARK = 0, 0x110000, 0x110001, 1 << 24
_TABLE = np.zeros(0x110000, dtype=np.int32)
_END = "\x1e"
_TABLE[ord(_END)] = ord(_END)
_EXPANDED: dict[int, str] = {}
_YEH_HAMZA, _YEH = ord("ئ"), ord("ی")
_VOWEL_CODES = np.array([ord(vowel) for vowel in _VOWELS], dtype=np.int32)

Codes = NDArray[np.int32]


class Cut(msgspec.Struct, frozen=True, gc=False):
    """A text's words, parted by spaces, and the scripts it has letters of: names of :data:`SCRIPTS` in that order."""

    words: str
    scripts: tuple[str, ...]


SCRIPTS = ("han", "arabic", "cyrillic", "latin")
_SCRIPTS_OF = [
    tuple(script for bit, script in enumerate(SCRIPTS) if flags >> bit & 1)
    for flags in range(1 << len(SCRIPTS))
]
_LATIN = ("latin",)
_ASCII_LETTER = re.compile("[a-z]")


def split(text: str) -> str:
    """The words of a text, parted by single or more spaces, ready for a tokenizer that splits at spaces."""
    return _split_ascii(text) if text.isascii() else _cut_together([text])[0].words


def cut_all(texts: Sequence[str]) -> list[Cut]:
    """What :func:`split` gives for each text, and its scripts; together they cost a fraction of one by one.

    About 30 bytes of memory are used for each character of the texts that are not ASCII.
    """
    others = iter(_cut_together([text for text in texts if not text.isascii()]))
    return [_cut_ascii(text) if text.isascii() else next(others) for text in texts]


def _cut_ascii(text: str) -> Cut:
    words = _split_ascii(text)
    return Cut(words, _LATIN if _ASCII_LETTER.search(words) else ())


def _split_ascii(text: str) -> str:
    return text.encode().translate(_ASCII).decode()


def _cut_together(texts: list[str]) -> list[Cut]:
    if not texts:
        return []
    joined = _END.join([*texts, ""])
    if joined.count(_END) > len(texts):
        joined = _END.join([*(text.replace(_END, " ") for text in texts), ""])
    if any(mark in joined for mark in _BEFORE_ENDS):
        joined = _BEFORE.sub(_composed, joined)
    folded = _looked_up(joined)
    folded = _hamza_dropped(folded[folded != _DROPPED])
    parted = _parted(folded).tobytes().decode("utf-32-le").split(_END)
    return list(map(Cut, parted, (_SCRIPTS_OF[flags] for flags in _script_flags(folded))))


def _script_flags(folded: Codes) -> NDArray[np.uint8]:
    """For each text its scripts, the first of :data:`SCRIPTS` in the lowest bit. Folded letters are lower case."""
    block = folded >> 8
    flags = (folded >= _HAN_MARK).astype(np.uint8)
    flags |= (block == 0x06).astype(np.uint8) << 1
    flags |= (block == 0x04).astype(np.uint8) << 2
    flags |= ((folded >= ord("a")) & (folded <= ord("z"))).astype(np.uint8) << 3
    ends = np.flatnonzero(folded == ord(_END))
    found: NDArray[np.uint8] = np.bitwise_or.reduceat(flags, np.concatenate(([0], ends[:-1] + 1)))
    return found


def _looked_up(text: str) -> Codes:
    """What each character becomes, in codes; characters that become several are written out before."""
    codes = _codes(text)
    folded = _TABLE.take(codes)
    if not folded.all():
        for code in np.unique(codes[folded == _UNMET]):
            _TABLE[code] = _entry(int(code))
        folded = _TABLE.take(codes)
    if (folded == _SEVERAL).any():
        return _looked_up(text.translate(_EXPANDED))
    return folded


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _entry(code: int) -> int:
    folded = _FOLDING[code]
    if not folded:
        return _DROPPED
    if len(folded) > 1:
        _EXPANDED[code] = folded
        return _SEVERAL
    return ord(folded) | (_HAN_MARK if _IS_HAN.match(folded) else 0)


def _hamza_dropped(folded: Codes) -> Codes:
    """As :func:`_without_hamza` does."""
    at = np.flatnonzero(folded == _YEH_HAMZA)
    if not len(at):
        return folded
    following = folded[np.minimum(at + 1, len(folded) - 1)]
    carries = np.isin(following, _VOWEL_CODES)
    folded[at] = _YEH
    return np.delete(folded, at[carries])


def _parted(folded: Codes) -> Codes:
    """The codes with a space after each Han character and before the first of a run."""
    is_han = folded >= _HAN_MARK
    if not is_han.any():
        return folded
    spaced = np.zeros((len(folded), 2), dtype=np.int32)
    spaced[:, 0] = folded & (_HAN_MARK - 1)
    parts = is_han.copy()
    parts[:-1] |= is_han[1:]
    spaced[parts, 1] = ord(" ")
    flat: Codes = spaced.ravel()[spaced.ravel() != 0]
    return flat


def words(text: str) -> Iterator[Word]:
    """The words of a text with their places in it, in order. Slower than :func:`split`."""
    folded, places = _with_places(text)
    for run in _RUN.finditer(folded):
        if shown := _without_hamza(run[0]):
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
