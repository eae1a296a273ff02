"""Which names are found in a document, and where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest.reading import Piece
from onrecord.model.citation import FragmentSelector, TextPositionSelector
from onrecord.search.named.mention import About, Mention
from onrecord.search.named.mentions import in_rows, in_text

DOCUMENT = "ab" * 32


def _in(text: str) -> list[str]:
    return [mention.name for mention in in_text(DOCUMENT, [Piece(text)])]


def test_two_to_four_capitalised_words_are_a_name() -> None:
    text = "The husband of Mehray Mezensof, Mirzat Taher, and Мирзат Тахир. She wrote to him."
    assert _in(text) == ["Mehray Mezensof", "Mirzat Taher", "Мирзат Тахир"]


def test_five_capitalised_words_and_one_alone_are_no_name() -> None:
    assert _in("Report Of The Human Rights said Taher.") == []


def test_hanzi_around_a_middle_dot_are_a_name_and_the_words_beside_it_are_not() -> None:
    assert _in("被拘留者米尔扎提·塔依尔于2017年被带走") == ["米尔扎提·塔依尔"]


def test_a_dot_between_other_hanzi_makes_no_name() -> None:
    assert _in("嗯嗯嗯·嗯嗯嗯") == []


def test_what_stands_behind_a_label_is_a_name_in_any_script() -> None:
    text = "姓名：王伟\nئىسمى: مىرزات تاھىر\nName: Mirzat born 1991; ФИО: Тахиров Мирзат, 1991\nFile name: Report"
    assert {"王伟", "مىرزات تاھىر", "Mirzat", "Тахиров Мирзат"} == set(_in(text))
    assert _in("2019-يىلى. ئىسمى: ئالماز قېيىم.") == ["ئالماز قېيىم"]


def test_words_in_arabic_letters_are_a_name_where_each_is_listed_or_ends_like_one() -> None:
    assert _in("بۇ يەردە مۇھەممەت ئەخمەت دېگەن كىشى بار ئىدى") == ["مۇھەممەت ئەخمەت"]
    assert _in("بۇ يەردە كىتاب ۋە قەلەم بار") == []
    assert _in("كېچىدە مىرزات تاھىر ئۆيىگە قايتتى") == ["مىرزات تاھىر"]


def test_a_name_is_told_once_a_document_at_its_first_place() -> None:
    pieces = [Piece("He is Mirzat Taher."), Piece("Mirzat Taher again.")]
    assert [m.locator for m in in_text(DOCUMENT, pieces)] == ["character 7"]


def test_the_place_counts_characters_of_the_whole_text_and_names_the_page() -> None:
    first = Piece("by Mirzat Taher", (TextPositionSelector(start=100, end=115),))
    second = Piece("by Rahile Dawut", (FragmentSelector(value="page=3"),))
    assert [m.locator for m in in_text(DOCUMENT, [first, second])] == ["character 104", "page 3, character 4"]


def test_cells_are_left_to_the_tables() -> None:
    assert (
        list(in_text(DOCUMENT, [Piece("Mirzat Taher\t1991", (FragmentSelector(value="cells=A2:B2"),))])) == []
    )


def _rows(heads: list[str | None], *columns: list[str | None]) -> list[Mention]:
    letters = "ABCDEFG"[: len(columns)]
    return list(in_rows(DOCUMENT, "S", letters, heads, range(2, 2 + len(columns[0])), columns))


def test_a_cell_under_a_head_for_names_is_a_mention_with_the_facts_of_its_row() -> None:
    (mention,) = _rows(["姓名", "出生日期", "家庭住址"], ["米尔扎提·塔依尔"], ["1991-05-02"], ["喀什"])
    assert mention == Mention(
        "米尔扎提·塔依尔",
        DOCUMENT,
        "cell S!A2",
        "sheet=S&cells=A2:A2",
        About(born="1991-05-02", place="喀什"),
    )


def test_surname_given_name_and_father_in_columns_of_their_own_make_one_name() -> None:
    (mention,) = _rows(["Имя", "Фамилия", "Отчество"], ["Мирзат"], ["Тахиров"], ["Тахирович"])
    assert (mention.name, mention.locator, mention.about.father) == (
        "Тахиров Мирзат Тахирович",
        "cell S!A2",
        "Тахирович",
    )


def test_rows_above_the_heads_and_empty_cells_and_texts_too_long_for_a_name_are_no_mentions() -> None:
    found = _rows(
        [None, None], ["姓名", "米尔扎提", None, "x" * 300, "123"], ["性别", "男", "男", "男", "男"]
    )
    assert [(m.name, m.locator, m.about.sex) for m in found] == [("米尔扎提", "cell S!A3", "male")]


def test_two_mentions_of_one_name_differ_in_their_ids_and_keep_them() -> None:
    first, second = _rows(["Name"], ["Mirzat Taher", "Mirzat Taher"])
    assert first.id != second.id
    assert first.id == _rows(["Name"], ["Mirzat Taher"])[0].id


@given(st.text(max_size=200))
def test_every_name_found_in_a_text_stands_in_it_word_for_word(text: str) -> None:
    flat = " ".join(text.split())
    for name in _in(flat):
        assert name in flat
