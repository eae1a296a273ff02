"""Mentions come back from their files as they went, each by its position."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import StorageError
from onrecord.search.named.mention import About, Mention
from onrecord.search.named.rows import Mentions, write

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_KNOWN = st.none() | _TEXT
_MENTION = st.builds(
    Mention,
    _TEXT,
    st.binary(min_size=32, max_size=32).map(bytes.hex),
    _TEXT,
    _TEXT,
    st.builds(About, _KNOWN, _KNOWN, _KNOWN, _KNOWN, _KNOWN),
)


@given(st.lists(_MENTION, max_size=5), st.lists(_MENTION, max_size=5))
def test_every_mention_comes_back_by_its_position_over_all_files(
    tmp_path_factory: pytest.TempPathFactory, one: list[Mention], other: list[Mention]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    assert [write(folder / "1", one), write(folder / "2", other)] == [len(one), len(other)]
    found = Mentions([folder / "1", folder / "2"])
    assert [found[at] for at in range(len(found))] == [*one, *other]
    assert found.names() == [mention.name for mention in (*one, *other)]


def test_mentions_of_one_document_are_found_by_the_beginning_of_its_hash(tmp_path: Path) -> None:
    first, second = Mention("A B", "ab" * 32, "cell A1", ""), Mention("C D", "cd" * 32, "cell A1", "")
    write(tmp_path / "file", [first, second])
    assert list(Mentions([tmp_path / "file"]).of_document("cd" * 8)) == [second]


def test_a_damaged_file_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"torn")
    with pytest.raises(StorageError, match="Delete derived/names"):
        Mentions([tmp_path / "file"])
