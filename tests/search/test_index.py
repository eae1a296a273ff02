"""The index finds what is there, in five scripts, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import StorageError, UsageError
from onrecord.search import adding
from onrecord.search.index import Document, Index
from onrecord.search.query import Either, Every, Filter, Query, Without, Words, parse

TEXTS = {
    "zh": "吐尔逊阿依·阿卜杜拉于2018年在喀什被拘留。",
    "ug": "ئابدۇللا قەشقەردە تۇتۇلدى",
    "ar": "أحمد محمد في السجن",
    "kk": "Оразхан Қашқарда ұсталды",
    "en": "Abdullah was detained in Kashgar in 2018",
    "tr": "Gülnar Ömer Kaşgar'da",
}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """Six documents in as many languages."""
    index = Index.create(tmp_path / "index")
    index.add(
        Document(
            key=key, text=text, kind="pdf" if key in {"zh", "ug"} else "text", paths=(f"leak/{key}/file {key}.txt",),
            date=20180524 if key == "zh" else None, has=("table",) if key == "kk" else (),
        )
        for key, text in TEXTS.items()
    )  # fmt: skip
    return index


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("喀什", "zh"),
        ("阿卜杜拉", "zh"),
        ("阿依阿卜", "zh"),
        ("留", "zh"),
        ("什喀", ""),
        ("吐尔逊 喀什", "zh"),
        ("ابدۇللا", "ug"),
        ("قەشقەر*", "ug"),
        ("احمد", "ar"),
        ("ОРАЗХАН", "kk"),
        ("kashgar", "en"),
        ("kasgar", "tr"),
        ("omer gulnar", "tr"),
        ('"gulnar omer"', "tr"),
        ('"omer gulnar"', ""),
        ("kashgar OR 喀什", "en zh"),
        ("2018", "en zh"),
        ("2018 -kashgar", "zh"),
        ("2018 NOT (喀什 OR nobody)", "en"),
        ("detain* abdullah", "en"),
        ("kind:pdf", "ug zh"),
        ("folder:leak/zh", "zh"),
        ("folder:zh", "zh"),
        ("folder:leak", "ar en kk tr ug zh"),
        ("script:arabic", "ar ug"),
        ("script:cyrillic", "kk"),
        ("has:table", "kk"),
        ("name:en", "en"),
        ("after:2018-05", ""),
        ("after:2018-05-23", "zh"),
        ("before:2019", "zh"),
        ("before:2018", ""),
        ("-kind:text", "ug zh"),
        ("2018 -(喀什 OR nobody)", "en"),
        ('"gulnar om*"', "tr"),
        ('"detained in k"*', "en"),
    ],
)
def test_a_query_finds_what_it_asks_for(index: Index, query: str, found: str) -> None:
    assert " ".join(sorted(hit.document for hit in index.search(query))) == found


@settings(max_examples=25)
@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E20), min_size=2, max_size=12),
        min_size=1,
        max_size=8,
    ),
    st.data(),
)
def test_recall_of_two_neighbouring_han_characters_is_whole(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    index = Index.create(tmp_path_factory.mktemp("index"))
    index.add(Document(key=str(number), text=text) for number, text in enumerate(texts))
    text = data.draw(st.sampled_from(texts))
    at = data.draw(st.integers(0, len(text) - 2))
    pair = text[at : at + 2]
    assert {hit.document for hit in index.search(pair)} == {
        str(n) for n, other in enumerate(texts) if pair in other
    }


def test_a_document_added_again_replaces_itself(index: Index) -> None:
    index.add([Document(key="en", text="other words", stamp="2")])
    assert len(index) == 6
    assert index.search("kashgar") == []
    assert index.stamps()["en"] == "2"


def test_what_is_added_in_several_rounds_is_whole_and_each_text_replaces_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "_TOGETHER", 2)
    monkeypatch.setattr(adding, "_ROUND", 20)
    index = Index.create(tmp_path / "rounds")
    for stamp in ("1", "2"):
        index.add(
            Document(key=str(n), text=f"camp {n}", rest=["b"] * (n % 3), stamp=stamp) for n in range(20)
        )
        assert index.stamps() == {str(n): stamp for n in range(20)}
        assert index.count("camp") == len(index) == 20


def test_a_text_of_which_only_a_beginning_was_added_has_no_stamp_and_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "_TOGETHER", 1)
    monkeypatch.setattr(adding, "_ROUND", 1)
    folder, stopped = tmp_path / "index", tmp_path / "stopped"

    def rest() -> Iterator[str]:
        yield "second"
        yield "third"
        copytree(folder, stopped, ignore=ignore_patterns("*.lock"))

    Index.create(folder).add([Document(key="long", text="first", rest=rest(), stamp="1")])
    beginning = Index.open(stopped)
    assert (beginning.stamps(), beginning.count("first"), beginning.count("third")) == ({"long": ""}, 1, 0)
    beginning.add([Document(key="long", text="other", stamp="1")])
    assert (beginning.stamps(), beginning.count("first"), beginning.count("other")) == ({"long": "1"}, 0, 1)


def test_an_index_is_found_again_when_opened(index: Index, tmp_path: Path) -> None:
    assert [hit.document for hit in Index.open(tmp_path / "index").search("喀什")] == ["zh"]
    assert len(Index.open(tmp_path / "new")) == 0


def test_a_damaged_index_says_how_to_make_it_anew(index: Index, tmp_path: Path) -> None:
    (tmp_path / "index" / "meta.json").write_text("{")
    with pytest.raises(StorageError, match=r"is damaged: .* Delete the folder"):
        Index.open(tmp_path / "index")


def test_a_query_becomes_a_tree() -> None:
    assert parse('a "b c" -d OR kind:pdf') == Either(
        (Every((Words(("a",)), Words(("b", "c")), Without(Words(("d",))))), Filter("kind", "pdf"))
    )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "holds no word"),
        ("... !", "holds no word"),
        ("(a", "opens a bracket"),
        ("a)", "closes a bracket"),
        ('size:"3"', r"There is no filter size:\."),
        ("after:yesterday", "'yesterday' is no date"),
        ("before:2018-13", "'2018-13' is no date"),
        ("kind:", "The filter kind: is empty"),
        ("script:runic", "The filter script: has no value 'runic'. There are han, "),
        ("(" * 60 + "a" + ")" * 60, "more than 50 brackets in each other"),
        ("a " * 6000, "has 12000 characters; 10000 can be asked at once"),
    ],
)
def test_a_query_that_cannot_be_understood_is_refused_in_words(
    index: Index, query: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        index.search(query)


def test_every_word_that_begins_so_after_a_phrase_is_found_and_too_many_are_told(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "many")
    index.add(Document(key=str(number), text=f"camp a{number}") for number in range(300))
    assert index.count('"camp a"*') == 300
    index.add([Document(key="long", text="camp " + " ".join(f"b{number}" for number in range(17_000)))])
    with pytest.raises(UsageError, match="Too many words begin so"):
        index.count('"camp b"*')


WORD = st.sampled_from(["a", "b", "c"])
QUERY = st.recursive(
    WORD.map(lambda word: Words((word,))),
    lambda inner: (
        inner.map(Without)
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Every(tuple(parts)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Either(tuple(parts)))
    ),
    max_leaves=5,
)


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.lists(WORD, max_size=2), min_size=1, max_size=3), min_size=1, max_size=4),
    st.lists(QUERY, min_size=8, max_size=8),
)
def test_a_text_in_several_stretches_answers_as_it_would_in_one(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[list[str]]], queries: list[Query]
) -> None:
    folder = tmp_path_factory.mktemp("stretches")
    whole, apart = Index.create(folder / "whole"), Index.create(folder / "apart")
    texts = [[" ".join(words) for words in stretches] for stretches in documents]
    whole.add(Document(key=str(number), text="\n".join(parts)) for number, parts in enumerate(texts))
    apart.add(Document(key=str(number), text=parts[0], rest=parts[1:]) for number, parts in enumerate(texts))
    for query in queries:
        found = {hit.document for hit in whole.search(query)}
        assert {hit.document for hit in apart.search(query)} == found, query
        assert (whole.count(query), apart.count(query)) == (len(found), len(found)), query


@given(st.text(max_size=30))
def test_no_query_breaks_the_parser(text: str) -> None:
    try:
        parse(text)
    except UsageError:
        return
