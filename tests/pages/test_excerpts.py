"""The text around a reader's words."""

from hypothesis import given
from hypothesis import strategies as st

from onrecord.pages.excerpts import excerpt, folded


def test_words_are_marked_as_they_were_written_whatever_case_and_marks_were_typed() -> None:
    assert excerpt("Visit of the HIGH Commissioner to Ürümqi", ["urumqi", "high"]) == (
        "Visit of the <mark>HIGH</mark> Commissioner to <mark>Ürümqi</mark>"
    )


def test_a_long_text_is_cut_between_words_around_the_first_that_was_found() -> None:
    shown = excerpt("one " * 60 + "Kashgar " + "two " * 60, ["kashgar"])
    assert "<mark>Kashgar</mark>" in shown
    assert shown.startswith("… one ")
    assert shown.endswith(" two …")


def test_text_stays_text() -> None:
    assert "<script" not in excerpt("<script>alert(1)</script>", ["alert"])


def test_words_that_overlap_make_one_mark() -> None:
    assert excerpt("Kashgar", ["kash", "shgar"]) == "<mark>Kashgar</mark>"


@given(st.text(min_size=1), st.data())
def test_every_word_of_a_text_is_found_in_its_excerpt(text: str, data: st.DataObject) -> None:
    words = folded(text).split()
    if words:
        assert "<mark>" in excerpt(text, [data.draw(st.sampled_from(words))])
