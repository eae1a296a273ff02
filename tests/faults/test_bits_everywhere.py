"""One flipped bit in what lies around the ledger too: stamps, witnesses, seals, the log, tables, indexes, bags."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from onrecord.errors import OnrecordError
from onrecord.ingest.checking import damaged_derivatives
from onrecord.ingest.taking_in import take_in
from onrecord.model.citation import Citation
from onrecord.model.kinds import Person
from onrecord.model.kinds.base import Name
from onrecord.proof import TOOL, checkpoint, public_key
from onrecord.proof.bags import export_bag, export_public_bag, import_bag
from onrecord.proof.opentimestamps import Proof, keep_anchor
from onrecord.proof.opentimestamps.format import SHA256, Attestation, Step, Way
from onrecord.proof.opentimestamps.keeping import digest_of
from onrecord.proof.stamps import keep_stamp
from onrecord.proof.witnesses import Request, keep_cosigned, witness
from onrecord.record import Record, verify
from onrecord.record.sealing import Sealer, new_key
from onrecord.record.verify import Damage
from onrecord.search.checking import damaged_index
from onrecord.search.collection import Collection
from onrecord.search.named.finding import names_of
from tests.faults.test_bits import flip, says
from tests.proof.making import SOURCE, events, fill
from tests.proof.test_stamps import Authority

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")

Try = Callable[[random.Random], bool]
"""Flips one bit, looks, puts it back; true if it was named, false if nothing that is kept reads otherwise."""


@pytest.fixture
def whole(tmp_path: Path) -> Record:
    """A record with a stamp, an anchor, a witness, a seal, read documents, an index, and people to find."""
    record, other = (Record.create(tmp_path / name, title=name) for name in ("record", "other"))
    fill(record, batches=2, each=20)
    now = record.clock()
    note = checkpoint(record)
    authority = Authority(tmp_path / "authority")
    keep_stamp(record, note, authority.stamp(str(note)), authority.roots.read_bytes(), now)
    way = Way((Step(SHA256, b""),), Attestation.pending("https://calendar.example"))
    keep_anchor(record, note, Proof(digest_of(note), (way,)), now)
    signed = witness(other, Request.parse(str(note)), public_key(record), now, tool=TOOL)
    keep_cosigned(record, signed, public_key(other), now, tool=TOOL)
    sealer = Sealer({"lawyer": new_key(tmp_path / "lawyer.key")})
    (event,) = events(800, 801)
    person = Person(
        id="person/a",
        names=(Name(text="Ilham Tohti"),),
        summary="A teacher.",
        citations=(Citation(source=SOURCE.id),),
    )
    record.enter([msgspec.structs.replace(event, sealed=(sealer.seal("witness", "a secret"),)), person])
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "words.txt").write_text("Words of a witness. " * 200)
    (docs / "list.csv").write_text("name,age\nAda,3\nBo,4\n")
    take_in(record, [docs], workers=1)
    record.rebuild()
    return record


def all_damage(record: Record) -> list[Damage]:
    """What `verify` names."""
    again = Record(record.folder)
    kept = verify(again.ledger, again.archive, views=again.views).damage
    return [*kept, *damaged_derivatives(again), *damaged_index(again)]


def flipped_row(record: Record, action: str, rng: random.Random) -> bool:
    """A bit in the line of a stamp, a witness or a sealed entry."""
    db = sqlite3.connect(record.folder / "ledger.sqlite")
    where = "id = 'event/800'" if action == "sealed" else f"kind = '{action}'"
    seq, line = db.execute(f"select seq, data from leaves where {where}").fetchone()
    at = rng.randrange(len(line))
    changed = line[:at] + bytes([line[at] ^ 1 << rng.randrange(8)]) + line[at + 1 :]
    for data, is_whole in ((changed, False), (line, True)):
        db.execute("update leaves set data = ? where seq = ?", (data, seq))
        db.commit()
        if not is_whole:
            assert any(damage.where == f"leaf {seq}" for damage in all_damage(record)), (seq, at)
    db.close()
    return True


def flipped_log(record: Record, rng: random.Random) -> bool:
    """A bit in a write-ahead log that was not folded away yet."""
    copy = record.folder.parent / "with-log"
    shutil.copytree(record.folder, copy)
    holder = sqlite3.connect(copy / "ledger.sqlite")  # keeps the log from being folded away
    holder.execute("select 1 from leaves").fetchall()
    for number in range(900, 904):
        Record(copy).enter(events(number, number + 1))
    torn = record.folder.parent / "torn"
    shutil.copytree(copy, torn, ignore=shutil.ignore_patterns("*-shm"))
    holder.close()
    flip(torn / "ledger.sqlite-wal", rng)
    found = all_damage(Record(torn))
    with Record(copy).ledger.reading() as reader, Record(torn).ledger.reading() as other:
        same = (reader.size, reader.root()) == (other.size, other.root())
    assert same or any("rolled back" in damage.why for damage in found)
    shutil.rmtree(copy)
    shutil.rmtree(torn)
    return not same


def flipped_derived(record: Record, pattern: str, rng: random.Random) -> bool:
    """A bit in a derivative, a table, the catalogue or the search index."""
    files = sorted(p for p in record.folder.glob(pattern) if p.is_file() and p.stat().st_size)
    file = rng.choice([path for path in files if not path.name.endswith(".lock")])
    before = says(file) if file.suffix == ".sqlite" else None
    content = flip(file, rng)
    found = all_damage(record)
    harmless = bool(before) and not found and says(file) == before
    file.write_bytes(content)
    assert harmless or any(file.name in damage.where for damage in found), (file, found)
    return not harmless


def flipped_names(record: Record, rng: random.Random) -> bool:
    """A bit in the index of names: it is found when it is read, and the index made again, so that the answer stays."""
    found = names_of(record).find("Ilham Tohti", None, 5)
    files = sorted((record.folder / "derived" / "names").glob("people-*"))
    file = rng.choice([path for path in files if path.stat().st_size])
    flip(file, rng)
    assert [hit.id for hit in names_of(record).find("Ilham Tohti", None, 5)] == [hit.id for hit in found]
    return True


def flipped_bag(record: Record, bag: Path, verifier: ModuleType, rng: random.Random) -> bool:
    """A bit in a file of a bag, which both readers of bags name."""
    file = rng.choice(sorted(p for p in bag.rglob("*") if p.is_file()))
    content = flip(file, rng)
    key = [str(public_key(record))]
    with pytest.raises((verifier.Wrong, OSError, *verifier.FAULTS)) as told:
        verifier.check_bag(str(bag), key, None)
    with pytest.raises(OnrecordError) as refused:
        import_bag(bag, record.folder.parent / "copy")
    file.write_bytes(content)
    if not file.name.startswith(
        ("manifest", "tagmanifest")
    ):  # a bit there names the file of its line, or the line
        assert file.name in str(told.value)
        assert file.name in str(refused.value)
    return True


def tries(record: Record, verifier: ModuleType) -> Iterator[tuple[str, Try]]:
    """Every sort of file, and how a bit is flipped in one of it."""
    for action in ("stamped", "anchored", "cosigned", "sealed"):
        yield action, partial(flipped_row, record, action)
    yield "log", partial(flipped_log, record)
    for name, pattern in (
        ("derivative", "derived/??/**/*"),
        ("catalogue", "derived/catalogue.sqlite"),
        ("index", "index/*"),
    ):
        yield name, partial(flipped_derived, record, pattern)
    yield "names", partial(flipped_names, record)
    for name, make in (("bag", export_bag), ("public bag", export_public_bag)):
        out = record.folder.parent / name
        make(record, out)
        yield name, partial(flipped_bag, record, out, verifier)


def flip_everywhere(
    record: Record, verifier: ModuleType, rounds: int, seed: int
) -> tuple[Counter[str], Counter[str]]:
    """By kind of file, how many flipped bits were named, and how many change nothing that is kept."""
    rng = random.Random(seed)
    named: Counter[str] = Counter()
    harmless: Counter[str] = Counter()
    Collection(record).close()  # indexes what was read
    everything = list(tries(record, verifier))
    record.rebuild()
    assert all_damage(record) == []
    for _ in range(rounds):
        for name, attempt in everything:
            (named if attempt(rng) else harmless)[name] += 1
    assert all_damage(record) == []
    return named, harmless


def test_a_bit_flipped_around_the_ledger_is_named(whole: Record, verifier: ModuleType) -> None:
    named, harmless = flip_everywhere(whole, verifier, 1, seed=1)
    assert sum((named + harmless).values()) == 11
    assert set(harmless) <= {"log", "catalogue"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_thousand_bits_flipped_around_the_ledger_are_named(
    whole: Record, verifier: ModuleType, seed: int
) -> None:
    named, harmless = flip_everywhere(whole, verifier, 10, seed)
    assert sum((named + harmless).values()) == 10 * 11
    assert set(harmless) <= {"log", "catalogue"}
