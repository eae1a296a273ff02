"""How letters and characters are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.names.hanzi import as_pinyin, reading, syllables, units
from onrecord.names.parts import words
from onrecord.names.phones import PHONES, phones
from onrecord.names.scripts import plain, script_of
from onrecord.names.tables import rows


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("مىرزات", "mirzat"),
        ("گۈلنار", "gUlnar"),
        ("ئەخمەت", "ExmEt"),
        ("мирзат", "mirzat"),
        ("гүлнар", "gUlnar"),
        ("юсуп", "yusup"),
        ("джамбул", "jambul"),
        ("abdulla", "abdula"),
        ("çağan", "CaGan"),
        ("shöhret", "SOhret"),
        ("ٴالىمجان", "alimjan"),
    ],
)
def test_every_alphabet_is_spelled_in_the_same_sounds(word: str, sounds: str) -> None:
    assert phones(word) == sounds


@pytest.mark.parametrize(
    ("char", "syllable"), [("什", "shi"), ("勒", "le"), ("都", "du"), ("米", "mi"), ("女", "nv")]
)
def test_characters_are_read_as_in_transcriptions(char: str, syllable: str) -> None:
    assert reading(char) == syllable


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("mierzhati", ("mi", "er", "zha", "ti")),
        ("tayi'er", ("ta", "yi", "er")),
        ("memet", None),
        ("wulumuqi", ("wu", "lu", "mu", "qi")),
    ],
)
def test_a_latin_word_is_read_as_pinyin_where_it_can_be(word: str, cut: tuple[str, ...] | None) -> None:
    assert as_pinyin(word) == cut


def test_every_syllable_is_made_of_units_that_spell_it() -> None:
    for syllable in syllables():
        assert "".join(units(syllable)).replace("G", "ng").lower() == syllable.replace("ng", "ng")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Mirzat", "latin"),
        ("مىرزات", "arabic"),
        ("Мирзат", "cyrillic"),
        ("米尔", "hanzi"),
        ("Mir米", "mixed"),
        ("12", "other"),
    ],
)
def test_the_script_is_told_by_the_letters(text: str, script: str) -> None:
    assert script_of(text) == script


def test_plain_text_stays_as_it_is_when_made_plain_again() -> None:
    for text in ("Tayi’er", "米爾紮提•塔依爾", "Ḥamīd", "Ёлкин-Йўлдош"):
        assert plain(plain(text)) == plain(text)


def test_every_row_of_knowledge_has_a_source() -> None:
    for name in ("letters", "readings", "affixes", "titles", "variants", "gazetteer", "common"):
        assert all(row["source"].strip() for row in rows(f"{name}.csv")), name


def test_the_letters_are_spelled_in_phones_only() -> None:
    assert all(set(row["phones"]) <= set(PHONES) for row in rows("letters.csv"))


@given(st.text(max_size=40))
def test_the_words_of_a_text_are_those_between_its_spaces(text: str) -> None:
    assert words(text) == [word for piece in text.split() for word in words(piece)]
