"""What column heads and cells of a list of people say."""

from __future__ import annotations

import pytest

from onrecord.search.named.columns import about_in, born_in, fact_of, heads_in, sex_in


@pytest.mark.parametrize(
    ("head", "fact"),
    [
        ("姓名", "name"),
        ("姓名 Name", "name"),
        ("Name (in Uyghur)", "name"),
        ("ئىسمى", "name"),
        ("Ф.И.О.", "name"),
        ("Аты-жөні", "name"),
        ("Фамилия", "family"),
        ("Имя", "given"),
        ("отчество", "father"),
        ("Father's name", "father"),
        ("出生日期", "born"),
        ("Date of Birth", "born"),
        ("性别", "sex"),
        ("家庭住址", "place"),
        ("身份证号码", "number"),
        ("ID No.", "number"),
    ],
)
def test_heads_in_several_languages_are_known(head: str, fact: str) -> None:
    assert fact_of(head) == fact


@pytest.mark.parametrize("head", ["file name", "Sheet", "", None, "男", "male", "名" * 80, "12", "state"])
def test_other_heads_make_no_column_of_names(head: str | None) -> None:
    assert fact_of(head) is None


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("1985", "1985"),
        ("1985年3月", "1985-03"),
        ("1985-03-01 00:00:00", "1985-03-01"),
        ("1985.3.1", "1985-03-01"),
        ("19850301", "1985-03-01"),
        ("1.3.1985", "1985-03-01"),
        ("born about 1985", "1985"),
        ("1985-13", "1985"),
        ("1985-02-31", "1985-02"),
        ("85", None),
        ("unknown", None),
    ],
)
def test_a_date_of_birth_keeps_only_what_can_be_read(text: str, born: str | None) -> None:
    assert born_in(text) == born


@pytest.mark.parametrize(
    ("text", "sex"), [("男", "male"), ("F", "female"), ("ئايال", "female"), ("муж.", "male"), ("姓名", None)]
)
def test_sex_is_read_in_several_languages(text: str, sex: str | None) -> None:
    assert sex_in(text) == sex


def test_an_identity_number_gives_birth_sex_and_county_and_its_end_is_not_copied() -> None:
    about = about_in({"number": ["653121198503012228"]})
    assert (about.born, about.sex, about.id_prefix) == ("1985-03-01", "female", "65312119850301")


def test_what_the_row_says_goes_before_what_its_number_says() -> None:
    about = about_in({"number": ["653121198503012228"], "born": ["1986"], "sex": ["男"]})
    assert (about.born, about.sex) == ("1986", "male")


def test_the_row_of_heads_may_stand_below_a_title() -> None:
    rows = [["List of 2018", None], ["姓名", "性别"], ["米尔扎提", "男"]]
    assert heads_in(rows) == (1, {0: "name", 1: "sex"})


def test_a_table_without_a_head_for_names_has_none() -> None:
    assert heads_in([["state", "vote"], ["Chad", "yes"]]) is None
