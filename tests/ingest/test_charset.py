"""Text in old encodings is read right, and the choice is recorded and can be overruled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest.charset import decode, decode_start
from tests.ingest.reading_here import reading_of, text_of

LIST = "新疆维吾尔自治区喀什地区被拘留人员名单\n姓名 身份证号 户籍地址"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32"]
)
def test_a_chinese_list_is_read_in_every_encoding_it_comes_in(encoding: str) -> None:
    text = f"{LIST}\nABC 123\n" * 3  # some ASCII, as every list has, so that UTF-16 has zero bytes
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.replaced) == (text, 0)


@pytest.mark.parametrize(
    "text", ["被拘留人员名单", "姓名:吐尔逊", "喀什地区公安局", "身份证号码", "关于进一步加强工作的通知"]
)
def test_short_gb18030_is_not_taken_for_something_else(text: str) -> None:
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize(
    ("encodings", "text"),
    [
        (("utf-16-le", "utf-16-be"), "喀什地区 被拘留人员名单 阿卜杜拉"),
        (("utf-16-le", "utf-16-be"), "ئۇيغۇر ئاپتونوم رايونى"),
        (("utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866"), "Кашгар"),
        (("cp1251", "koi8-r", "cp866"), "СПИСОК ЗАДЕРЖАННЫХ"),
        (("cp1251", "koi8-r"), "мы вышли на рынок, тысяча вьюг"),
        (("cp1251",), "Акция №5 «Кашгар» — отчёт"),
        (("cp1256", "utf-16-le"), "قائمة الأسماء"),
        (("hz", "gbk"), "名单 喀什地区"),
        (("gbk",), "吐尔逊·阿迪力"),
        (("cp1252",), "Abdulla Ömär, 1980\n"),
        (("cp1252",), "Groß-Müller"),
    ],
)
def test_few_words_are_enough_to_know_an_encoding_without_a_mark(
    encodings: tuple[str, ...], text: str
) -> None:
    for encoding in encodings:
        assert decode(text.encode(encoding)).text == text, encoding


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff~"), max_size=200))
def test_valid_utf8_without_control_characters_is_always_read_as_utf8(text: str) -> None:
    assert decode(text.encode()).text == text


def test_the_choice_is_recorded_with_how_it_was_made() -> None:
    claims = dict(reading_of(LIST.encode("gb18030"), "list.txt").claims)
    assert claims == {"encoding": "gb18030", "encoding found by": "valid GB18030, mostly common Han"}


def test_a_person_can_overrule_the_choice() -> None:
    reading = reading_of("ئۇيغۇر".encode("cp1256", "ignore"), "a.txt", encoding="cp1256")
    assert dict(reading.claims)["encoding found by"] == "set by a person"


def test_bytes_that_do_not_decode_are_counted_and_the_rest_is_kept() -> None:
    reading = reading_of(b"whole \xff\xfe whole", "a.txt", encoding="utf-8")
    assert (reading.outcome, reading.reason) == (
        "read in part",
        "missing: 2 characters that are not valid utf-8",
    )
    assert text_of(reading) == "whole \ufffd\ufffd whole"


def test_a_stretch_of_zeros_in_a_text_is_told_and_the_rest_is_kept() -> None:
    reading = reading_of(b"before\n" + bytes(20) + b"after and more to read\n", "a.txt")
    assert (reading.outcome, reading.reason) == (
        "read in part",
        "missing: what stood where 20 bytes are zero, as a damaged disk leaves them",
    )
    assert "before" in text_of(reading)
    assert "after" in text_of(reading)


def test_noise_is_no_text() -> None:
    assert decode_start(bytes(range(32)) * 4) is None
