"""A name cut into parts, and each part into the forms it may be read as.

A *part* is a given name, a father's name, a surname, a title or a place word. A *form* is one way to read a
part: the sounds of its letters, its syllables, the same without an ending people add or drop (-jan, -gul,
-ov), the plain form behind a worn one (Memet for Muhammad). Every form but the first costs something. The
knowledge stands in tables with sources: ``affixes``, ``variants``, ``gazetteer``, ``titles``, ``common``, ``given``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

import msgspec

from onrecord.names.errors import UnreadableName
from onrecord.names.hanzi import as_pinyin, is_hanzi, reading
from onrecord.names.phones import phones
from onrecord.names.scripts import Script, plain, script_of
from onrecord.names.tables import rows

Kind = Literal["letters", "syllables"]

LONGEST_NAME = 200  # characters; more is running text, not a name
LONGEST_PART = 24  # phones or syllables that are compared; the rest of a longer word is not
MOST_PARTS = 6
MOST_FORMS = 5
# What it costs to take a Latin word for pinyin: about one Latin spelling in three is.
_PINYIN_COST = 1.0
# On maps made in China Uyghur and Kazakh places are spelled by the romanisation of 1976 (SASM/GNC/SRC), where q is ch
# and x is sh: Burqin, Xayar. In names of persons this is rarer.
_MAP_LETTERS, _MAP_COST = str.maketrans({"q": "ch", "x": "sh"}), 1.5
_WORD = re.compile("[㐀-䶿一-鿿豈-﫿\U00020000-\U000323af]+|[^㐀-䶿一-鿿豈-﫿\U00020000-\U000323af]+")


class Form(msgspec.Struct, frozen=True):
    """One way to read a part.

    Attributes:
        kind: what ``symbols`` are: phones, or Hanzi characters and pinyin syllables.
        symbols: the symbols in order.
        cost: what reading the part this way costs, in nats; 0 for the plain reading.
        note: what was assumed, as a sentence fragment; empty for the plain reading.
        instead: whether the symbols are those of another word that the part stands for.
    """

    kind: Kind
    symbols: tuple[str, ...]
    cost: float = 0.0
    note: str = ""
    instead: bool = False


class Part(msgspec.Struct, frozen=True):
    """One word of a name.

    Attributes:
        text: the word, normalised.
        script: its writing system.
        forms: its readings, the plain one first; at least one.
        title: whether it is a title, whose absence says nothing.
        weight: how much it says that it matches, 1 for a rare word, less for a common name.
    """

    text: str
    script: Script
    forms: tuple[Form, ...]
    title: bool
    weight: float


class Name(msgspec.Struct, frozen=True):
    """A name as written and as parts, at most six, in the order written."""

    text: str
    parts: tuple[Part, ...]


def parse(text: str) -> Name:
    """Cut a name into parts.

    Raises:
        UnreadableName: the text is longer than 200 characters, or holds no letter of a script known here.
    """
    if len(text) > LONGEST_NAME:
        raise UnreadableName(
            f"The text of {len(text)} characters was not searched: a name has at most {LONGEST_NAME}. "
            "Give one person's name."
        )
    found = tuple(p for p in map(part, words(text)) if p is not None)
    if not found:
        raise UnreadableName(
            f"{text!r} holds no name that can be read: no letter of the Latin, Cyrillic or Arabic alphabets and "
            "no Hanzi. Type the name in one of these."
        )
    return Name(text=text, parts=found[:MOST_PARTS])


def words(text: str) -> list[str]:
    """The words of a name in plain form; Hanzi and alphabets never share one."""
    return [piece for word in re.split("[ ·]+", plain(text)) for piece in _WORD.findall(word)]


def joined(name: Name) -> Part | None:
    """The name's parts run together as one, for a spelling that drops or adds spaces; None for a single part."""
    texts = [p.text for p in name.parts if not p.title]
    if len(texts) < 2:
        return None
    return part("'".join(texts) if not any(map(is_hanzi, texts)) else "".join(texts))


@lru_cache(maxsize=200_000)
def part(word: str) -> Part | None:
    """One word with all its readings; None where nothing of it can be read."""
    script = script_of(word)
    first = _plain_forms(word, script)
    if not first:
        return None
    bare = word.replace("'", "")
    forms = [*first, *_other_names(bare), *(f for form in first for f in _without_affix(form))]
    unique: dict[tuple[Kind, tuple[str, ...]], Form] = {}
    for form in forms:
        unique.setdefault((form.kind, form.symbols), form)
    group = _groups().get(_key(bare))
    return Part(
        text=bare,
        script=script,
        forms=tuple(unique.values())[:MOST_FORMS],
        title=_key(bare) in _titles(),
        weight=_weights().get(group.name, 1.0) if group else 1.0,
    )


def _plain_forms(word: str, script: Script) -> list[Form]:
    if script == "hanzi":
        read = tuple(c for c in word if reading(c))[:LONGEST_PART]
        return [Form("syllables", read)] if read else []
    sounds = phones(word.replace("'", ""))[:LONGEST_PART] if "'" not in word else _sounds(word)
    if not sounds:
        return []
    forms = [Form("letters", tuple(sounds))]
    syllables = (
        as_pinyin(word) if script == "latin" and word.replace("ü", "v").replace("'", "").isascii() else None
    )
    if syllables and len(syllables) <= LONGEST_PART:
        forms.append(Form("syllables", syllables, _PINYIN_COST, "read as pinyin"))
    as_on_maps = word.translate(_MAP_LETTERS)
    if script == "latin" and as_on_maps != word:
        read = tuple(_sounds(as_on_maps))
        forms.append(Form("letters", read, _MAP_COST, "read as on Chinese maps, q as ch and x as sh"))
    return forms


def _sounds(word: str) -> str:
    """Phones of a word with apostrophes, which keep letters of one sound apart (n'g is not ng)."""
    return "".join(map(phones, word.split("'")))[:LONGEST_PART]


class _Group(msgspec.Struct, frozen=True):
    name: str
    cost: float


def _key(word: str) -> str:
    """What two spellings share that differ only in alphabet or doubled letters."""
    return word if is_hanzi(word) else phones(word)


@cache
def _groups() -> dict[str, _Group]:
    """The group of names each listed spelling belongs to, pinyin of listed Hanzi included."""
    found: dict[str, _Group] = {}
    for row in rows("variants.csv"):
        group = _Group(row["group"], float(row["cost"]))
        for spelling in _with_pinyin(row["spellings"]):
            found.setdefault(_key(spelling), group)
    return found


def _with_pinyin(spellings: str) -> list[str]:
    listed = [plain(spelling) for spelling in spellings.split("|")]
    return listed + ["".join(map(reading, spelling)) for spelling in listed if is_hanzi(spelling)]


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """For each listed spelling of a place that is one word, the sounds its names share: the first listed."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows("gazetteer.csv"):
        spellings = _with_pinyin(row["spellings"])
        for spelling in spellings:
            found.setdefault(_key(spelling), tuple(phones(spellings[0])))
    return found


@cache
def _titles() -> frozenset[str]:
    return frozenset(_key(plain(row["word"])) for row in rows("titles.csv"))


@cache
def _weights() -> dict[str, float]:
    return {row["group"]: float(row["weight"]) for row in rows("common.csv")}


def _other_names(word: str) -> list[Form]:
    forms = []
    group = _groups().get(_key(word))
    if group is not None:
        forms.append(
            Form(
                "letters",
                tuple(phones(plain(group.name))),
                group.cost,
                f"a form of {group.name}",
                instead=True,
            )
        )
    place = _places().get(_key(word))
    if place is not None:
        forms.append(Form("letters", place, 0.5, "another name of the same place", instead=True))
    return forms


def looks_like_name(word: str) -> bool:
    """Whether the tables list a word as a name or a title, or it ends or begins as names do (-jan, -gul, abdu-)."""
    found = [part(each) for each in words(word)]
    return bool(found) and all(one is not None and _is_name(one) for one in found)


def _is_name(one: Part) -> bool:
    key = _key(one.text)
    return one.title or key in _groups() or key in _given() or any("without" in f.note for f in one.forms)


@cache
def _given() -> frozenset[str]:
    """The keys of common given names."""
    return frozenset(_key(plain(row["name"])) for row in rows("given.csv"))


class _Affix(msgspec.Struct, frozen=True):
    symbols: tuple[str, ...]
    at_end: bool
    cost: float
    text: str


@cache
def _affixes() -> dict[Kind, list[_Affix]]:
    found: dict[Kind, list[_Affix]] = {"letters": [], "syllables": []}
    for row in rows("affixes.csv"):
        at_end, cost = row["place"] == "end", float(row["cost"])
        text = f"{'-' if at_end else ''}{row['letters'].split('|')[0]}{'' if at_end else '-'}"
        for spelling in row["letters"].split("|"):
            found["letters"].append(_Affix(tuple(phones(spelling)), at_end, cost, text))
        for spelling in filter(None, row["hanzi"].split("|")):
            found["syllables"].append(_Affix(tuple(spelling), at_end, cost, text))
            found["syllables"].append(_Affix(tuple(map(reading, spelling)), at_end, cost, text))
    for affixes in found.values():
        affixes.sort(key=lambda a: -len(a.symbols))
    return found


def _without_affix(form: Form) -> list[Form]:
    """The form without the longest ending, and without the longest beginning, that people add or drop."""
    least = 3 if form.kind == "letters" else 2
    stems: dict[bool, Form] = {}
    for affix in _affixes()[form.kind]:
        size = len(affix.symbols)
        held = form.symbols[-size:] if affix.at_end else form.symbols[:size]
        if affix.at_end not in stems and held == affix.symbols and len(form.symbols) - size >= least:
            stem = form.symbols[:-size] if affix.at_end else form.symbols[size:]
            stems[affix.at_end] = Form(form.kind, stem, form.cost + affix.cost, f"without {affix.text}")
    return list(stems.values())
