"""What a score promises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.names import UnreadableName, explain, score

SAME = [
    ("Mirzat Taher", "米尔扎提·塔依尔"),
    ("Mirzat Taher", "Mierzhati Tayi'er"),
    ("Mirzat Taher", "مىرزات تاھىر"),
    ("Мирзат Таһир", "米尔扎提·塔依尔"),
    ("Taher Mirzat", "米尔扎提·塔依尔"),
    ("Rebiya Kadeer", "热比娅·卡德尔"),
    ("吐尔逊", "图尔荪"),
    ("Memet", "买买提"),
    ("Memet", "穆罕默德"),
    ("Tursunjan", "吐尔逊"),
    ("Wang Wei", "王伟"),
    ("Poskam", "泽普"),
    ("塔依爾", "塔依尔"),
    ("ﻣﯩﺮﺯﺍﺕ", "米尔扎提"),
]
OTHER = [
    ("Mirzat Taher", "买买提·吐尔逊"),
    ("Mirzat", "Taher"),
    ("Ali", "Ayshe"),
    ("阿布都", "热比娅"),
    ("Мирзат", "古丽娜尔"),
    ("王伟", "李娜"),
]
NAME = st.text(
    alphabet="abdegiklmnoqrstuyzxчшгөәқمىرزاتھەل买提尔阿吐逊· '-",
    min_size=1,
    max_size=24,
)


@pytest.mark.parametrize(("a", "b"), SAME)
def test_two_spellings_of_one_name_are_more_probable_than_not(a: str, b: str) -> None:
    assert score(a, b) > 0.5


@pytest.mark.parametrize(("a", "b"), OTHER)
def test_different_names_are_improbable(a: str, b: str) -> None:
    assert score(a, b) < 0.2


@settings(deadline=None, max_examples=150)
@given(NAME, NAME)
def test_a_score_is_a_probability_and_the_same_both_ways(a: str, b: str) -> None:
    try:
        value = score(a, b)
    except UnreadableName:
        with pytest.raises(UnreadableName):
            score(b, a)
        return
    assert 0.0 <= value <= 1.0
    assert value == score(b, a)


@settings(deadline=None, max_examples=100)
@given(NAME, NAME)
def test_an_explanation_states_the_score_and_accounts_for_every_part(a: str, b: str) -> None:
    try:
        found = explain(a, b)
    except UnreadableName:
        return
    assert found.probability == score(a, b)
    assert len(found.matched) >= 1
    assert found.pieces == tuple(piece for match in found.matched for piece in match.pieces)


def test_a_missing_part_costs_less_than_a_wrong_one() -> None:
    whole = score("Mirzat Taher", "米尔扎提·塔依尔")
    missing = score("Mirzat", "米尔扎提·塔依尔")
    wrong = score("Mirzat Osman", "米尔扎提·塔依尔")
    assert whole > missing > wrong


def test_a_common_part_alone_says_less_than_a_rare_one_alone() -> None:
    assert score("Memet Perhat", "Memet Osman") < score("Memet Perhat", "Yasin Perhat")


def test_a_title_may_be_missing_for_nothing() -> None:
    assert score("Dr Mirzat Taher", "米尔扎提·塔依尔") == pytest.approx(
        score("Mirzat Taher", "米尔扎提·塔依尔"), abs=0.02
    )


def test_spaces_may_be_accidents() -> None:
    together, wrong = score("Mirzat Taher", "米尔扎提塔依尔"), score("Mirzat Taher", "古丽娜尔吐尔逊")
    assert together > 0.25 > wrong


def test_a_transcription_character_is_read_as_transcribers_read_it() -> None:
    assert explain("Qeshqer", "喀什喀尔").matched[0].pieces[1].one == "sh"


def test_the_explanation_says_which_syllable_answers_which() -> None:
    found = explain("Mirzat Taher", "米尔扎提·塔依尔")
    assert [(p.one, p.other) for p in found.pieces] == [
        ("mi", "米"),
        ("r", "尔"),
        ("za", "扎"),
        ("t", "提"),
        ("ta", "塔"),
        ("he", "依"),
        ("r", "尔"),
    ]
    assert (found.script_one, found.script_other) == ("latin", "hanzi")
    assert found.missing_one == found.missing_other == ()


def test_the_explanation_follows_the_order_of_its_arguments() -> None:
    found = explain("米尔扎提·塔依尔", "Mirzat")
    assert [p.one for p in found.pieces] == ["米", "尔", "扎", "提"]
    assert found.missing_one == ("塔依尔",)
    assert "nothing answers 塔依尔" in found.reasons


def test_an_ending_that_was_ignored_is_named() -> None:
    assert explain("Mirzatjan", "米尔扎提").matched[0].assumed == ("mirzatjan: without -jan",)


@pytest.mark.parametrize("name", ["مىرزات تاھىر", "Patigul Emin", "米尔扎提·塔依尔", "Мирзат Таһир", "Li"])
def test_the_same_letters_go_before_every_other_spelling(name: str) -> None:
    others = (
        "مىرزات تاھىر",
        "Patigul Emin",
        "米尔扎提·塔依尔",
        "Мирзат Таһир",
        "Mirzat Taher",
        "帕提古丽·依明",
        "李",
    )
    assert all(score(name, name) > score(name, other) for other in others if other != name)


def test_a_name_is_explained_by_its_own_letters_not_by_another_name_of_it() -> None:
    found = explain("Patigul Emin", "Patigul Emin")
    assert [(p.one, p.other) for p in found.pieces] == [
        ("pa", "pa"),
        ("ti", "ti"),
        ("gul", "gul"),
        ("e", "e"),
        ("min", "min"),
    ]
    assert not any(match.assumed for match in found.matched)


def test_worn_forms_of_one_name_answer_each_other_as_words() -> None:
    found = explain("Tursun Memet", "吐尔逊·买买提").matched[1]
    assert [(p.one, p.other) for p in found.pieces] == [("memet", "买买提")]
    assert found.assumed == ("memet: a form of Muhammad", "买买提: a form of Muhammad")
