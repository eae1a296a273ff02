"""Markup from hostile or odd text is still well-formed, and never runs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from onrecord.pages.charts.svg import link, number, picture, shortened, tag, text

any_text = st.text(st.characters(codec=None))


@given(any_text, any_text)
def test_any_text_can_be_drawn(title: str, words: str) -> None:
    markup = picture(picture_id="p", width=10, height=10, title=title, desc=words, body=text(0, 0, words))
    etree.fromstring(str(markup).encode())


@given(any_text)
def test_text_is_never_taken_for_markup(words: str) -> None:
    drawn = etree.fromstring(str(link("x/", words, tag("rect", width=1))).encode())
    assert [child.tag for child in drawn] == ["title", "rect"]


@given(st.floats(-1e6, 1e6))
def test_a_number_is_within_a_twentieth_of_what_it_was(value: float) -> None:
    assert abs(float(number(value)) - value) <= 0.05 + 1e-9


def test_numbers_are_written_as_short_as_they_go() -> None:
    assert [number(v) for v in (0, -0.01, 3, 2.5, 2.04, -7.96)] == ["0", "0", "3", "2.5", "2", "-8"]


def test_an_attribute_that_is_none_is_left_out() -> None:
    assert (
        tag("rect", stroke_width=2, stroke_dasharray=None, class_="bar")
        == '<rect stroke-width="2" class="bar"/>'
    )


def test_a_datum_without_an_address_keeps_its_words() -> None:
    assert link(None, "Somalia") == "<g><title>Somalia</title></g>"


@given(st.text(max_size=80), st.integers(1, 60))
def test_shortened_words_are_never_longer_than_asked(words: str, longest: int) -> None:
    assert len(shortened(words, longest)) <= max(longest, 1)


def test_words_are_cut_between_words() -> None:
    assert shortened("Publish the assessment in a matter of weeks", 24) == "Publish the assessment…"
    assert shortened("short", 24) == "short"
