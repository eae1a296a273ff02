"""One bit flipped in what was read is found and named."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from onrecord.ingest.checking import damaged_derivatives
from onrecord.ingest.taking_in import take_in
from onrecord.record import Record
from tests.ingest.making import xlsx


def test_every_flipped_bit_in_a_derivative_is_found_and_mended_by_reading_again(
    empty: Record, tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsx("<row r='1'><c r='A1'><v>1</v></c></row>"))
    take_in(empty, [tmp_path / "a.xlsx"], workers=1)
    assert list(damaged_derivatives(empty)) == []
    files = [path for path in (empty.folder / "derived").glob("*/*/*/*") if path.is_file()]
    chance = random.Random(4)
    for _ in range(200):
        file = chance.choice(files)
        whole = file.read_bytes()
        bit = chance.randrange(len(whole) * 8)
        broken = bytearray(whole)
        broken[bit // 8] ^= 1 << bit % 8
        file.write_bytes(bytes(broken))
        (damage,) = damaged_derivatives(empty)
        assert damage.where.startswith(file.parent.parent.name)
        file.write_bytes(whole)
    files[0].write_bytes(b"")
    take_in(empty, [], retry="all", workers=1)
    assert list(damaged_derivatives(empty)) == []


def test_a_derivative_that_is_gone_is_named_with_where_its_original_came_from(
    empty: Record, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("text")
    take_in(empty, [tmp_path / "a.txt"], workers=1)
    shutil.rmtree(next((empty.folder / "derived").glob("*/*/*")))
    (damage,) = damaged_derivatives(empty)
    assert damage.what == "derivative"
    assert damage.why == f"it cannot be read: No such file or directory (made of {tmp_path / 'a.txt'})"


def test_a_record_that_took_in_nothing_has_nothing_to_check(empty: Record) -> None:
    assert list(damaged_derivatives(empty)) == []
