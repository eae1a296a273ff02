"""One bit flipped in what was made of the originals, or in the index, is found, named, and told with what rests on it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from onrecord.ingest.catalogue import Catalogue
from onrecord.ingest.checking import damaged_derivatives, unchecked_derivatives
from onrecord.ingest.derived import Derived
from onrecord.ingest.leftovers import running
from onrecord.ingest.remaking import remake
from onrecord.ingest.source import Options
from onrecord.ingest.taking_in import take_in
from onrecord.model.citation import Citation
from onrecord.model.kinds import Consent, Event, Person, Source
from onrecord.model.kinds.base import Name
from onrecord.pages.resting import stake
from onrecord.record import Record
from onrecord.record.verify import Damage
from onrecord.search.checking import damaged_index
from onrecord.search.collection import Collection
from tests.ingest.making import pdf, text_page, xlsx, zipped

LIST = "<row r='1'><c r='A1'><v>1</v></c></row>"


@pytest.fixture
def record(empty: Record, tmp_path: Path) -> Record:
    """A record that took in a workbook, a text, a page, an archive and a link, and was searched."""
    leak = tmp_path / "leak"
    leak.mkdir()
    (leak / "a.xlsx").write_bytes(xlsx(LIST))
    (leak / "b.txt").write_text("张伟 in Kashgar, 喀什", encoding="utf-8")
    (leak / "c.pdf").write_bytes(pdf(*text_page(b"By order")))
    (leak / "d.zip").write_bytes(zipped({"inner/e.csv": "name,id\nx,1\n"}))
    (leak / "link").symlink_to("b.txt")
    take_in(empty, [leak], workers=1)
    Collection(empty).close()
    return empty


def damage(record: Record) -> list[Damage]:
    """All damage to what is derived."""
    return [*damaged_derivatives(record), *damaged_index(record)]


def files(record: Record) -> list[Path]:
    """Every file of the derivatives, the catalogue and the index that holds anything."""
    found = [*(record.folder / "derived").rglob("*"), *(record.folder / "index").rglob("*")]
    return sorted(file for file in found if file.is_file() and file.stat().st_size)


def flip(file: Path, chance: random.Random) -> bytes:
    """Flip one bit and return what was there before."""
    whole = file.read_bytes()
    bit = chance.randrange(len(whole) * 8)
    broken = bytearray(whole)
    broken[bit // 8] ^= 1 << bit % 8
    put(file, bytes(broken))
    return whole


def put(file: Path, data: bytes) -> None:
    """Put a file in another's place, as bits rot: nobody who has it mapped into memory sees it cut."""
    beside = file.with_name(".beside")
    beside.write_bytes(data)
    beside.replace(file)


def says(catalogue: Path) -> list[str] | None:
    """Everything the catalogue says to whoever reads it, or None if it cannot be read."""
    with closing(sqlite3.connect(f"{catalogue.as_uri()}?immutable=1", uri=True)) as db:
        try:
            return [*db.iterdump(), str(db.execute("pragma user_version").fetchone())]
        except (sqlite3.Error, UnicodeDecodeError):
            return None


def flip_and_look(record: Record, times: int, seed: int) -> tuple[int, int]:
    """Flip bits one at a time; how many were named, and how many change nothing that anybody can read.

    A database keeps room free in its pages, and counters for its next writer. A flip there is harmless if every row
    reads as before; anything else must be named.
    """
    chance = random.Random(seed)
    catalogue = record.folder / "derived" / "catalogue.sqlite"
    before, named, harmless = says(catalogue), 0, 0
    for _ in range(times):
        file = chance.choice(files(record))
        whole = flip(file, chance)
        harmless_here = file == catalogue and says(catalogue) == before
        found = damage(record)
        for passing in (record.folder / "derived").glob("catalogue.sqlite-*"):
            passing.unlink()
        assert found or harmless_here, file
        named, harmless = named + bool(found), harmless + (not found)
        put(file, whole)
    return named, harmless


def test_flipped_bits_in_derivatives_tables_catalogue_and_index_are_found(record: Record) -> None:
    assert damage(record) == []
    named, harmless = flip_and_look(record, 150, seed=1)
    assert named + harmless == 150
    assert harmless < 30
    assert damage(record) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_thousand_flipped_bits_are_found(record: Record, seed: int) -> None:
    named, harmless = flip_and_look(record, 100, seed)
    assert named + harmless == 100


def test_each_kind_of_damage_is_named_with_its_place_and_the_command_that_mends_it(record: Record) -> None:
    chance = random.Random(4)
    table = next((record.folder / "derived").rglob("table-1.parquet"))
    reading = next((record.folder / "derived").rglob("reading.json"))
    segment = max((record.folder / "index").glob("*.*"), key=lambda file: file.stat().st_size)
    for file, what, mend in (
        (table, "table", "add --retry all"),
        (reading, "derivative", "add --retry all"),
        (segment, "index", "delete the folder index/"),
    ):
        whole = flip(file, chance)
        (found,) = damage(record)
        assert (found.what, mend in found.why) == (what, True)
        assert file.name in found.where
        put(file, whole)


def test_reading_again_mends_a_derivative_and_deleting_mends_the_index(record: Record) -> None:
    next((record.folder / "derived").rglob("reading.json")).write_bytes(b"")
    shutil.rmtree(next((record.folder / "derived").rglob("table-1.parquet")).parent)
    next((record.folder / "index").glob("*.store")).unlink()
    assert {each.what for each in damage(record)} == {"derivative", "table", "index"}
    take_in(record, [], retry="all", workers=1)
    shutil.rmtree(record.folder / "index")
    Collection(record).close()
    assert damage(record) == []


def test_a_catalogue_that_says_what_the_ledger_does_not_is_named(record: Record) -> None:
    path = record.folder / "derived" / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("delete from custody where line = 0")
        db.execute("update files set outcome = 'read' where kind = 'zip'")
        db.execute("update files set reason = 'nothing' where kind = 'zip'")
    assert [(each.what, each.where.partition(", ")[2].partition(" ")[0]) for each in damage(record)] == [
        ("catalogue", "files"),
        ("catalogue", "custody"),
    ]


def test_a_catalogue_whose_tables_are_not_as_they_were_made_is_named(record: Record) -> None:
    with closing(sqlite3.connect(record.folder / "derived" / "catalogue.sqlite")) as db, db:
        db.execute("create trigger evil after insert on files begin delete from files; end")
        db.execute("drop index placed")
    assert [each.why.partition(";")[0] for each in damage(record)] == [
        "evil is not as it was made",
        "placed is not as it was made",
    ]


def test_a_catalogue_whose_version_is_damaged_is_named_and_not_emptied(record: Record) -> None:
    path = record.folder / "derived" / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as db:
        (version,) = db.execute("pragma user_version").fetchone()
        db.execute(f"pragma user_version = {version ^ 64}")
    found = damage(record)
    assert found[0].what == "catalogue"
    assert all("are said to be of version" in each.why for each in found)
    assert remake(record, None).compared == 0
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"pragma user_version = {version}")
    assert damage(record) == []


def test_a_file_that_somebody_put_beside_a_derivative_or_into_the_index_is_named(record: Record) -> None:
    beside = next((record.folder / "derived").rglob("reading.json")).parent / "table-9.parquet"
    beside.write_bytes(b"x")
    (record.folder / "index" / "more.idx").write_bytes(b"x")
    assert [each.why.partition(";")[0].partition(" (")[0] for each in damage(record)] == [
        "nobody wrote it there",
        "nobody wrote down that it is part of the index",
    ]


def test_an_index_that_is_only_behind_is_not_damaged(record: Record, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("more")
    take_in(record, [tmp_path / "more.txt"], workers=1)
    assert damage(record) == []


def test_derivatives_made_again_are_the_same_and_one_that_was_forged_with_its_hash_is_not(
    record: Record,
) -> None:
    done = remake(record, None)
    assert (done.compared, done.damage, dict(done.left_out)) == (5, [], {})
    assert remake(record, 2).compared == 2
    forged = next(
        file for file in (record.folder / "derived").rglob("reading.json") if b"Kashgar" in file.read_bytes()
    )
    before = forged.read_bytes()
    forged.write_bytes(before.replace(b"Kashgar", b"Beijing"))
    with closing(Catalogue(record.folder / "derived" / "catalogue.sqlite")) as catalogue:
        (each,) = [each for each in catalogue.settled() if str(each.row.sha256) in str(forged)]
        sums = Derived(record.folder / "derived").sums(str(each.row.sha256), each.row.key)
        catalogue.set_file(replace(each, sums=sums))
    assert list(damaged_derivatives(record)) == []
    (found,) = remake(record, None).damage
    assert "made again from its original it differs" in found.why


def test_damage_is_told_with_the_entries_the_people_and_the_public_pages_at_stake(record: Record) -> None:
    table = next((record.folder / "derived").rglob("table-1.parquet"))
    cited = (Citation(source="list"),)
    public = Consent(basis="already_public", source="list")
    record.enter([
        Source(id="list", title="A list", sha256=table.parent.parent.name, visibility="public"),
        Person(id="x", names=(Name(text="X", language="en"),), summary="-", visibility="public", consent=public, citations=cited),
        Event(id="taken", date="2018", event_kind="detention", title="Taken", about=("x",), citations=cited,
              visibility="public"),
        Event(id="told", date="2019", event_kind="statement", title="Told", citations=cited),
    ])  # fmt: skip
    table.write_bytes(b"")
    (found,) = damage(record)
    assert found.rests_on_it == ("list", "x", "taken", "told")
    assert stake(record, found.rests_on_it).in_words() == (
        "4 entries about 1 person rest on it: list, x, taken, told; "
        "3 pages that everybody may see show it: entries/taken/, people/x/, sources/list/."
    )
    assert stake(record, ()).in_words() == ""


def test_a_derivative_that_is_gone_is_named_with_where_its_original_came_from(
    empty: Record, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("text")
    take_in(empty, [tmp_path / "a.txt"], workers=1)
    shutil.rmtree(next((empty.folder / "derived").glob("*/*/*")))
    (damage,) = damaged_derivatives(empty)
    assert damage.what == "derivative"
    assert damage.why.startswith(
        f"it cannot be read: No such file or directory (made of {tmp_path / 'a.txt'})"
    )


def derivatives_of(record: Record, digest: str) -> list[str]:
    """The keys of the derivatives that lie there of an original."""
    return sorted(folder.name for folder in (record.folder / "derived" / digest[:2] / digest).iterdir())


@pytest.fixture
def replaced(empty: Record, tmp_path: Path) -> tuple[Record, str, Path]:
    """A record that read a list anew with other choices, the list's SHA-256, and the replaced derivative."""
    (tmp_path / "list.csv").write_text("name,id\nx,1\n")
    take_in(empty, [tmp_path / "list.csv"], workers=1)
    (older,) = (empty.folder / "derived").glob("??/*/*")
    take_in(empty, [], retry="all", workers=1, options=Options(encoding="gb18030"))
    return empty, older.parent.name, older


def test_a_derivative_that_another_has_replaced_is_checked_too_and_named_with_what_depends_on_it(
    replaced: tuple[Record, str, Path],
) -> None:
    record, digest, older = replaced
    record.enter([Source(id="list", title="A list", sha256=digest)])
    assert len(derivatives_of(record, digest)) == 2
    assert (damage(record), unchecked_derivatives(record)) == ([], 0)
    for file in sorted(older.iterdir()):
        whole = flip(file, random.Random(file.name))
        (found,) = damaged_derivatives(record)
        assert (found.where, found.rests_on_it) == (f"{digest}/{older.name}/{file.name}", ("list",))
        assert found.what == ("table" if file.suffix == ".parquet" else "derivative")
        assert "another is read in its place" in found.why
        put(file, whole)


def test_reading_all_again_takes_away_replaced_derivatives_that_are_damaged_and_keeps_whole_ones(
    replaced: tuple[Record, str, Path],
) -> None:
    record, digest, older = replaced
    options = Options(encoding="gb18030")
    take_in(record, [], retry="all", workers=1, options=options)
    assert older.name in derivatives_of(record, digest)
    flip(older / "reading.json", random.Random(1))
    take_in(record, [], retry="all", workers=1, options=options)
    assert (older.name in derivatives_of(record, digest), damage(record)) == (False, [])


def test_a_replaced_derivative_that_is_made_again_is_no_longer_a_replaced_one(
    replaced: tuple[Record, str, Path],
) -> None:
    record, digest, older = replaced
    take_in(record, [], retry="all", workers=1)
    with closing(Catalogue(record.folder / "derived" / "catalogue.sqlite")) as catalogue:
        assert catalogue.key_of(digest) == older.name
        assert [each.key for each in catalogue.replaced()] == [
            key for key in derivatives_of(record, digest) if key != older.name
        ]


def test_a_derivative_that_nobody_knows_is_counted_and_goes_when_all_is_read_again_alone(
    record: Record,
) -> None:
    settled = next((record.folder / "derived").glob("??/*/*"))
    left = settled.with_name("0" * 12)
    shutil.copytree(settled, left)
    assert (damage(record), unchecked_derivatives(record)) == ([], 1)
    with running(record.folder / "derived"):
        take_in(record, [], retry="all", workers=1)
        assert left.exists()
    take_in(record, [], retry="all", workers=1)
    assert (left.exists(), settled.exists(), unchecked_derivatives(record)) == (False, True, 0)


def test_a_record_that_took_in_nothing_has_nothing_to_check(empty: Record) -> None:
    assert unchecked_derivatives(empty) == 0
    assert damage(empty) == []
    assert remake(empty, None).compared == 0
