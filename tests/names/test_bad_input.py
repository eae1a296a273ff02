"""Whatever is typed gets a clear answer or a clear error."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.names import Index, UnreadableName, explain, score
from onrecord.names.parts import parse


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(["Mirzat Taher", "米尔扎提·塔依尔", "مىرزات تاھىر", "王伟"])


@pytest.mark.parametrize(
    "text", ["", " ", "·", "12345", "😀😀", "\x00\x1f", "\u200f\u202e", "---", "ि", "안녕"]
)
def test_a_text_without_a_readable_letter_is_refused_with_a_remedy(index: Index, text: str) -> None:
    with pytest.raises(UnreadableName, match="Type the name"):
        index.search(text)


def test_a_text_longer_than_a_name_is_refused(index: Index) -> None:
    with pytest.raises(UnreadableName, match="10000 characters"):
        index.search("a" * 10_000)


@pytest.mark.parametrize(
    "text",
    [
        "M",
        "a" * 200,
        "买" * 200,
        "a b c d e f g h i j",
        "Мirzаt",  # Cyrillic letters among Latin ones
        "Mirzat米尔扎提",
        "ﻣﯩﺮﺯﺍﺕ ﺗﺎﮬﯩﺮ",
        "M\u0301i\u0301r\u0301zat",
        "\u202bمىرزات\u202c تاھىر",
        "Mirzat 😀 Taher 1987",
        "Mir\x00zat",
        "張偉",
        "The Of And",
        "Ｍｉｒｚａｔ",
    ],
)
def test_odd_names_are_searched_all_the_same(index: Index, text: str) -> None:
    assert all(0.0 <= probability <= 1.0 for _, probability in index.search(text))


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("Mir\x00zat", "Mirzat"),
        ("ﻣﯩﺮﺯﺍﺕ", "مىرزات"),
        ("\u202bمىرزات\u202c", "مىرزات"),
        ("مـىـرزات", "مىرزات"),
        ("Ｍｉｒｚａｔ", "Mirzat"),
        ("張偉", "张伟"),
        ("米尔扎提•塔依尔", "米尔扎提·塔依尔"),
        ("Tayi’er", "Tayi'er"),
        ("Mirzat-Taher 1987", "Mirzat Taher"),
    ],
)
def test_what_only_looks_different_is_read_the_same(odd: str, plain: str) -> None:
    assert parse(odd).parts == parse(plain).parts


def test_names_that_cannot_be_read_keep_their_position_and_are_reported() -> None:
    index = Index.build(["", "Mirzat", "123", "x" * 500])
    assert index.unreadable() == [0, 2, 3]
    assert [position for position, _ in index.search("Mirzat")] == [1]


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_scores_or_is_refused(a: str, b: str) -> None:
    try:
        assert 0.0 <= score(a, b) <= 1.0
    except UnreadableName:
        with pytest.raises(UnreadableName, match=r"Type the name|one person.s name"):
            score(b, a)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60))
def test_any_text_is_searched_and_explained_or_refused(text: str) -> None:
    names = Index.build(["Mirzat Taher", "米尔扎提·塔依尔", "مىرزات تاھىر", "王伟", text])
    try:
        found = names.search(text)
    except UnreadableName:
        assert names.unreadable() == [4]
        return
    assert all(0.0 <= probability <= 1.0 for _, probability in found)
    assert 4 in [position for position, _ in found]
    assert explain(text, "米尔扎提·塔依尔").probability == score("米尔扎提·塔依尔", text)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=30), st.lists(st.text(max_size=20), max_size=8))
def test_the_same_search_finds_the_same_twice(query: str, names: list[str]) -> None:
    try:
        assert Index.build(names).search(query) == Index.build(names).search(query)
    except UnreadableName as error:
        assert "Type the name" in str(error)  # noqa: PT017 - which texts are refused is said above
