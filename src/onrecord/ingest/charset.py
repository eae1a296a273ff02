"""Which encoding a text is in: UTF-8, then UTF-16, then GB18030 if it reads as common Han, then a detector.

UTF-16 without a mark betrays itself by zero bytes where it is Latin; Chinese and Uyghur have none, and are known by
being plausible one way round only. HZ is seven bits and valid UTF-8, so it is asked for before.

A byte order mark settles it. The choice is recorded with the text, with how it was made, and a person may
overrule it. Measured on short Chinese texts the detector alone is right in 24 of 40 cases, this order in 40.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import NamedTuple

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_LOW = re.compile(rb"[\0-\x08]")
_HIGH = re.compile(rb".?[\x80-\xff]+.?", re.S)
_ACCENTED = re.compile(
    rb"([A-Za-z][\xc0-\xd6\xd8-\xf6\xf8-\xff][A-Za-z\W]?|\W?[\xc0-\xd6\xd8-\xf6\xf8-\xff][A-Za-z])$"
)
_CYRILLIC_LETTERS = re.compile("[А-яЁё«»—–№]")
_ARABIC_LETTERS = re.compile("[ء-ْ،؛؟]")
_BROKEN_CASE = re.compile("[а-яё][А-ЯЁ]|(?<![А-яЁё])[ъьЪЬ]|�")
_WIDE_LETTERS = re.compile(r"[\u0400-\u052f\u0600-\u06ff\u3400-\u9fff\ufb50-\ufdff\ufe70-\ufefc]")
_WIDE_SIGNS = re.compile(r"[\t\n\r -~\xa0-\xff\u2000-\u206f\u3000-\u303f\uff00-\uffef]")
_COMMON_HAN = frozenset(
    "的一是不了人在有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第"
    "公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合"
    "回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总"
    "何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则"
    "听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候"
    "号姓证码址县族男籍村乡镇街室字母父户身份别備註關係個國學員說會時為這與無東車門馬見長問間電話書買賣"
)


_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "us-ascii": "", "ascii": ""}
_NOT_WRITTEN = frozenset({"idna", "punycode", "unicode-escape", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape",
                          "undefined"})  # fmt: skip
"""Python's codecs that no file is written in, and that take a quadratic time or make letters of backslashes."""


_NAMES = 64


class Decoded(NamedTuple):
    """Text, the encoding it was taken to be in, and how that was found."""

    text: str
    encoding: str
    how: str
    replaced: int


def is_text_codec(name: str) -> bool:
    """Whether Python has a codec of that name that files are written in."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return info._is_text_encoding and info.name not in _NOT_WRITTEN


def stated(label: str) -> str:
    """The codec for an encoding that a file states, or empty where that says nothing."""
    name = label.strip().lower()
    name = _WIDER.get(name, name)
    return name if is_text_codec(name) else ""


def decode(data: bytes, overrule: str = "") -> Decoded:
    """The text in bytes; what cannot be decoded becomes U+FFFD and is counted in ``replaced``."""
    encoding, how = (overrule, "set by a person") if overrule else encoding_of(data)
    try:
        return Decoded(data.decode(encoding), encoding, how, 0)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        return Decoded(text, encoding, how, text.count("\ufffd"))


class Names:
    """Decodes the names in one archive, which one program wrote: what is not UTF-8 is all in the same encoding.

    Args:
        known: names that are known already; where there are none, the encoding is found from the first 64 that need it.
    """

    def __init__(self, known: Iterable[bytes] = ()) -> None:
        self._strange = [raw for raw in known if not _decodes(raw, "utf-8")]
        self._encoding = _of_names(self._strange[:_NAMES])

    def text(self, raw: bytes) -> str:
        """A name as text; bytes that mean nothing become U+FFFD."""
        if _decodes(raw, "utf-8"):
            return raw.decode()
        if len(self._strange) < _NAMES:
            self._strange.append(raw)
            self._encoding = _of_names(self._strange)
        return raw.decode(self._encoding, "replace")


def _of_names(names: list[bytes]) -> str:
    """The encoding of names; none has two bytes for every letter, because a zero byte ends a name."""
    encoding = encoding_of(b"\n".join(names))[0]
    return "cp437" if encoding.startswith(("utf_16", "utf-16", "utf_32", "utf-32")) else encoding


def encoding_of(data: bytes) -> tuple[str, str]:
    """The encoding of bytes and how it was found."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, "byte order mark"
    sample = data[:4096]
    if b"\0" in sample and (wide := _utf16(data)):
        return wide, "zero bytes on one side"
    if _LOW.search(sample) and (wide := _utf16_by_letters(data)):
        return wide, "letters that belong together"
    if _decodes(data, "utf-8"):
        return ("hz", "valid HZ") if _is_hz(data) else ("utf-8", "valid UTF-8")
    if wide := _utf16_by_letters(data):
        return wide, "letters that belong together"
    if _reads_as_chinese(data):
        return "gb18030", "valid GB18030, mostly common Han"
    if old := _one_byte(data[:65536]):
        return old, "letters that belong together"
    best = from_bytes(data[:65536], chunk_size=2048, steps=4).best()
    if best is not None:
        return best.encoding, "detector"
    return ("utf-8", "mostly UTF-8") if _nearly_utf8(data) else ("cp1252", "nothing else fits")


def decode_start(head: bytes) -> str | None:
    """The start of a file as text, or None where it is no text. Used only to tell kinds apart."""
    if any(head.startswith(mark) for mark, _ in _MARKS):
        return head.decode(encoding_of(head)[0], errors="replace")
    if wide := (_utf16(head) if b"\0" in head else None) or _utf16_by_letters(head):
        return head.decode(wide, errors="replace")
    text = head.decode("utf-8", errors="surrogateescape")
    controls = len(_CONTROLS.findall(text))
    return (
        text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if controls * 50 <= len(text)
        else None
    )


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _utf16(data: bytes) -> str | None:
    sample = data[:4096]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.3 and even < half * 0.05:
        encoding = "utf-16-le"
    elif even > half * 0.3 and odd < half * 0.05:
        encoding = "utf-16-be"
    else:
        return None
    return encoding if _decodes(data[: len(data) // 2 * 2], encoding) else None


def _utf16_by_letters(data: bytes) -> str | None:
    """The byte order in which bytes are UTF-16 of Han, Arabic or Cyrillic letters, and of nothing else, or None."""
    sample = data[:4096]
    if len(data) % 2 or len(sample) < 8:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, errors="replace")
        letters = _WIDE_LETTERS.findall(text)
        known = sum(letter < "\u0700" or letter in _COMMON_HAN for letter in letters)
        if (
            len(letters) >= 3
            and len(letters) + len(_WIDE_SIGNS.findall(text)) >= 0.97 * len(text)
            and known >= 0.3 * len(letters)
            and _decodes(data, encoding)
        ):
            return encoding
    return None


def _is_hz(data: bytes) -> bool:
    """Whether seven-bit bytes are HZ (RFC 1843): Chinese between ``~{`` and ``~}``."""
    return (
        b"~{" in data
        and b"~}" in data
        and data.isascii()
        and _decodes(data, "hz")
        and "~{" not in data.decode("hz")
    )


def _reads_as_chinese(data: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("gb18030")().decode(data[:65536])
    except UnicodeDecodeError:
        return False
    beyond = [character for character in text if character > "\x7f"]
    han = [character for character in beyond if "\u4e00" <= character <= "\u9fff"]
    common = sum(character in _COMMON_HAN for character in han)
    return len(han) >= 2 and len(han) >= 0.6 * len(beyond) and common >= 0.3 * len(han)


def _one_byte(data: bytes) -> str | None:
    """The one-byte encoding in which bytes are Latin, Russian or Arabic words; few words leave a detector guessing.

    Russian is written in no order of cases but ``Слово``, ``слово`` and ``СЛОВО``, which the wrong table breaks at once.
    Accents of western Latin stand one by one among plain letters.
    """
    if all(_ACCENTED.match(run) for run in _HIGH.findall(data)):
        return "cp1252"
    for encoding in ("cp1251", "koi8-r", "cp866", "cp1256"):
        text = data.decode(encoding, errors="replace")
        beyond = sum(character > "\x7f" for character in text)
        letters, common = (
            (_ARABIC_LETTERS, "الينمورت")
            if encoding == "cp1256"
            else (_CYRILLIC_LETTERS, "оеаинтсрвлкОЕАИНТСРВЛК")
        )
        found = letters.findall(text)
        if (
            len(found) >= max(6, 0.95 * beyond)
            and sum(letter in common for letter in found) >= 0.5 * len(found)
            and not _BROKEN_CASE.search(text)
        ):
            return encoding
    return None


def _nearly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", errors="replace")
    return text.count("\ufffd") * 100 < len(text)
