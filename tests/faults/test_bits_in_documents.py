"""One flipped bit in a record of real documents is named, with what depends on it: the originals and all that is made of them."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from onrecord.ingest.source import Options
from onrecord.ingest.taking_in import take_in
from onrecord.model.kinds import Source
from onrecord.record import Record
from onrecord.search.collection import Collection
from tests.faults.test_bits import flip, says
from tests.faults.test_bits_everywhere import all_damage

SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[2] / "../shared")) / "data/documents"
OF_EACH_KIND = 2
CATALOGUE = "catalogue.sqlite"


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The smallest real documents of every kind, each cited, some read twice with other choices, indexed."""
    folder = tmp_path_factory.mktemp("documents")
    record, leak = Record.create(folder / "record", title="Documents"), folder / "leak"
    for kind in sorted(SHARED.iterdir()):
        smallest = sorted((file.stat().st_size, file) for file in kind.rglob("*") if file.is_file())
        for _, file in smallest[:OF_EACH_KIND]:
            leak.mkdir(exist_ok=True)
            shutil.copy(file, leak)
    take_in(record, [leak], workers=1, options=Options(encoding="gb18030", ocr=""))
    take_in(record, [], retry="read", workers=1, options=Options(ocr=""))
    record.enter([
        Source(id=f"source/{digest}", title="A document", sha256=digest) for digest in record.archive.digests()
    ])  # fmt: skip
    Collection(record).close()
    record.rebuild()
    return record


def kept(record: Record) -> dict[str, list[Path]]:
    """The files that bits are flipped in, by what they are."""
    patterns = {
        "original": "archive/??/??/*",
        "derivative": "derived/??/*/*/reading.json",
        "table": "derived/??/*/*/*.parquet",
        "index": "index/*",
        "catalogue": f"derived/{CATALOGUE}",
    }
    found = {what: sorted(record.folder.glob(pattern)) for what, pattern in patterns.items()}
    return {what: [file for file in files if file.stat().st_size] for what, files in found.items()}


def named(record: Record, what: str, file: Path) -> bool:
    """Whether the damage is told of this file, with the source that is this original or this original's derivative."""
    found = [each for each in all_damage(record) if each.what == what]
    if what in {"original", "derivative", "table"}:
        digest = file.name if what == "original" else file.parent.parent.name
        where = digest if what == "original" else f"{digest}/{file.parent.name}/{file.name}"
        return any(each.where.startswith(where) and f"source/{digest}" in each.rests_on_it for each in found)
    return any(what == "catalogue" or file.name in each.where for each in found)


def flip_until_named(record: Record, times: int, seed: int) -> Counter[str]:
    """Flip bits, one at a time, until as many were named; those in room that a database keeps free do not count."""
    chance, files, done = random.Random(seed), kept(record), Counter[str]()
    before = says(record.folder / "derived" / CATALOGUE)
    while done.total() < times:
        what = list(files)[done.total() % len(files)]
        file = chance.choice(files[what])
        whole = flip(file, chance)
        same = what == "catalogue" and says(file) == before
        told = named(record, what, file)
        for passing in (record.folder / "derived").glob(f"{CATALOGUE}-*"):
            passing.unlink()
        beside = file.with_name(".beside")
        beside.write_bytes(whole)
        beside.replace(file)
        assert told or same, file
        done[what] += told
    return done


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared documents are absent: {SHARED}")
@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_bits_flipped_in_a_record_of_real_documents_are_named(
    documents: Record, seed: int
) -> None:
    assert all_damage(documents) == []
    done = flip_until_named(documents, 200, seed)
    assert done == dict.fromkeys(kept(documents), 40)
    assert all_damage(documents) == []
