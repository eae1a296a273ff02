"""An index of names beside a list that grows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onrecord.names import Index
from onrecord.search.named.kept import Chunk, kept_index


def _never() -> list[str]:
    raise AssertionError("names that the file holds are not asked for")


def test_what_the_file_holds_is_not_indexed_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "names.npz"
    kept_index(path, [Chunk("one", lambda: ["Mirzat Taher"])])
    assert len(kept_index(path, [Chunk("one", _never)])) == 1
    grown = kept_index(path, [Chunk("one", _never), Chunk("two", lambda: ["Rahile Dawut"])])
    assert [position for position, _ in grown.search("Rahile Dawut", 1)] == [1]
    assert len(kept_index(path, [Chunk("one", _never), Chunk("two", _never)])) == 2


def test_other_names_take_the_place_of_those_that_were_there(tmp_path: Path) -> None:
    path = tmp_path / "names.npz"
    kept_index(path, [Chunk("one", lambda: ["Mirzat Taher"])])
    other = kept_index(path, [Chunk("two", lambda: ["Rahile Dawut"])])
    assert [position for position, _ in other.search("Rahile Dawut", 1)] == [0]


def test_a_torn_file_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "names.npz"
    chunk = Chunk("one", lambda: ["Mirzat Taher"])
    kept_index(path, [chunk])
    path.write_bytes(path.read_bytes()[:100])
    assert len(kept_index(path, [chunk])) == 1


@pytest.mark.parametrize("damage", ["names", "stamps"])
def test_a_file_with_bytes_that_nobody_wrote_is_made_again(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "names.npz"
    chunk = Chunk("one", lambda: ["Mirzat Taher"])
    kept_index(path, [chunk])
    if damage == "names":
        whole = bytearray(path.read_bytes())
        entry = whole.index(b"PK\x01\x02")  # the archive's list of contents
        whole[entry + 10] ^= 0x40  # how the first is compressed
        path.write_bytes(whole)
    else:
        (stamps,) = set(tmp_path.iterdir()) - {path, path.with_suffix(".lock")}
        stamps.write_bytes(b'["\xb1ne"]')
    assert len(kept_index(path, [chunk])) == 1


def test_no_names_make_an_empty_index(tmp_path: Path) -> None:
    assert kept_index(tmp_path / "names.npz", []).search("Mirzat") == []


def test_an_index_made_with_other_tables_is_written_anew_once(tmp_path: Path) -> None:
    path = tmp_path / "names.npz"
    chunk = Chunk("one", lambda: ["Mirzat Taher"])
    kept_index(path, [chunk])
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **(arrays | {"fingerprint": np.array("older")}))
    assert Index.load(path).renewed
    assert len(kept_index(path, [chunk])) == 1
    assert not Index.load(path).renewed
