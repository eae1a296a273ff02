"""Whoever may write on the disk and knows the program changes a record: `verify` names what, where, and what rests on it."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import polars as pl
import pytest

from onrecord.errors import StorageError
from onrecord.proof import TOOL, checkpoint, public_key
from onrecord.record import Record, verify
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.keys import Signer
from onrecord.record.notes import SignedNote
from onrecord.record.sealing import Sealer, new_key
from tests.faults.watching import HOUSE
from tests.proof.making import events, fill

Tampering = Callable[[Path], object]

GHOST = "cast(replace(cast(data as text), 'event/4', 'event/ghost') as blob)"
DEEP = "replace(hex(zeroblob(50000)), '0', '[')"


@pytest.fixture
def record(record: Record) -> Record:
    """A record with a few batches, a correction, two originals, and tables."""
    fill_(record)
    return record


def fill_(record: Record) -> None:
    fill(record)
    record.rebuild()


def sql(*statements: str) -> Tampering:
    """Change the ledger behind the program's back."""

    def change(folder: Path) -> None:
        db = sqlite3.connect(folder / "ledger.sqlite")
        for statement in statements:
            db.execute(statement)
        db.commit()
        db.close()

    return change


def signed_by_a_stranger(folder: Path) -> Signer:
    return Signer(folder.parent / "stranger")


def resign_heads(folder: Path, where: str, *, known: bool = True) -> None:
    """Sign some heads with a stranger's key, which the ledger is told to know."""
    stranger, origin = signed_by_a_stranger(folder), Record(folder).signer.key("x").name
    db = sqlite3.connect(folder / "ledger.sqlite")
    (origin,) = db.execute("select value from facts").fetchone()
    if known:
        db.execute("insert into signers values (?)", (str(stranger.key(origin)),))
    for size, root in db.execute(f"select size, root from heads where {where}").fetchall():
        blob = stranger.sign(origin, Checkpoint(origin, size, root).text).blob
        db.execute("update heads set signature = ? where size = ?", (blob, size))
    db.commit()
    db.close()


def resign_the_checkpoint(folder: Path) -> None:
    note = SignedNote.parse((folder / "checkpoint").read_text())
    origin = Checkpoint.parse(note.text).origin
    forged = SignedNote(note.text, (signed_by_a_stranger(folder).sign(origin, note.text),))
    (folder / "checkpoint").write_text(str(forged))


def edit_the_count_of_the_checkpoint(folder: Path) -> None:
    note = folder / "checkpoint"
    origin, count, *rest = note.read_text().split("\n")
    note.write_text("\n".join((origin, str(int(count) - 1), *rest)))


def put_the_key_of_a_stranger(folder: Path) -> None:
    signed_by_a_stranger(folder).key("x")
    shutil.copy(folder.parent / "stranger" / "ed25519.pem", folder / "keys" / "ed25519.pem")


def originals(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "archive").rglob("*") if path.is_file())


def write(path: Path, data: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(data)


def put_a_pipe(folder: Path) -> None:
    place = originals(folder)[0]
    place.unlink()
    os.mkfifo(place)


def forge_a_table(folder: Path) -> None:
    """Change a row of a derived table, and mend the hash in its name and the list that names it."""
    (table,) = (folder / "views" / "event").glob("*.parquet")
    buffer = io.BytesIO()
    changed = pl.read_parquet(table).with_columns(title=pl.lit("Nothing happened"))
    changed.write_parquet(buffer, compression="zstd")
    forged = f"000000-{sha256(buffer.getvalue()).hexdigest()}.parquet"
    (table.parent / forged).write_bytes(buffer.getvalue())
    state = folder / "views" / "state.json"
    state.write_text(state.read_text().replace(table.name, forged))


def put_back_an_older_database(folder: Path, *, checkpoint_too: bool = False) -> None:
    shutil.copy(folder / "ledger.sqlite", folder / "older")
    record = Record(folder)
    record.enter(events(700, 702))
    record.rebuild()
    shutil.move(folder / "older", folder / "ledger.sqlite")
    if checkpoint_too:
        (folder / "checkpoint").unlink()


ATTACKS: dict[str, tuple[Tampering, str, str, str]] = {
    "a row edited": (sql("update leaves set data = cast(replace(cast(data as text), '№4', '№5') as blob) where seq = 5"),
                     "leaf 5", "its bytes do not give the hash", "event/4"),
    "visibility changed": (sql("update leaves set data = cast(replace(cast(data as text), 'public', 'team') as blob) "
                               "where seq = 5"), "leaf 5", "its bytes do not give the hash", "event/4"),
    "a source edited": (sql("update leaves set data = cast(replace(cast(data as text), 'A paper', 'Paper') as blob) "
                            "where seq = 0"), "leaf 0", "its bytes do not give the hash", "event/9"),
    "a row dropped": (sql("delete from leaves where seq = 5"), "leaf 5", "by the tables it held event/4", "event/4"),
    "rows dropped": (sql("delete from leaves where seq in (5, 6)"), "leaves 5 to 6", "held event/4, event/5", "event/5"),
    "rows exchanged": (sql("update leaves set seq = -1 where seq = 5", "update leaves set seq = 5 where seq = 9",
                           "update leaves set seq = 9 where seq = -1"), "leaf 9", "was recorded as leaf 5", "event/4"),
    "custody edited": (sql("update leaves set data = cast(replace(cast(data as text), 'paper.pdf', 'x.pdf') as blob) "
                           "where type = 'custody'"), "leaf 32", "its bytes do not give the hash", ""),
    "a line put before the first": (sql(f"insert into leaves select -5, type, kind, 'event/ghost', {GHOST} from leaves "
                                        "where seq = 5"), "leaf -5", "the tree has no place", "event/ghost"),
    "a line put far behind the last": (sql("insert into leaves select 1000000000000000, type, kind, 'event/ghost', "
                                           f"{GHOST} from leaves where seq = 5"), "leaf 1000000000000000",
                                       "the tree has no place", "event/ghost"),
    "a line twice": (sql("insert into leaves select 38, type, kind, null, data from leaves where seq = 5"),
                     "leaf 38", "it was recorded as leaf 5", ""),
    "a line too deep to read": (sql(f"update leaves set data = cast('{{\"entry\":' || {DEEP} as blob) where seq = 5"),
                                "leaf 5", "it cannot be read", "event/4"),
    "a line that is no text": (sql("update leaves set data = x'ff00' where type = 'custody'"), "leaf 32",
                               "it cannot be read", ""),
    "a head taken away": (sql("delete from heads where size = 21"), "head 21", "by its leaves a batch ends there", ""),
    "a signature taken away": (sql("update heads set signature = null where size = 11"), "head 11",
                               "its signature is gone", ""),
    "a head before the first": (sql("insert into heads select -3, root, recorded, author, null from heads "
                                    "where size = 11"), "head -3", "it counts -3 leaves", ""),
    "a head of a stranger": (lambda folder: resign_heads(folder, "size = 21", known=False), "head 21",
                             "its signature does not hold", ""),
    "an index dropped": (sql("drop index leaves_by_id"), "ledger.sqlite", "leaves_by_id is gone", ""),
    "a trigger": (sql("create trigger evil after insert on leaves begin delete from leaves where seq = 3; end"),
                  "ledger.sqlite", "the trigger evil was put there", ""),
    "a view for a table": (sql("alter table facts rename to facts_", "create view facts as select * from facts_"),
                           "ledger.sqlite", "the view facts was put there", ""),
    "a table dropped": (sql("drop table corrections"), "ledger.sqlite", "the table corrections is gone", ""),
    "another name": (sql("update facts set value = 'onrecord/evil'"), "checkpoint", "swapped: the checkpoint is of", ""),
    "the keys of a stranger": (sql("update signers set vkey = (select 'x')"), "ledger.sqlite", "A key of this ledger is damaged", ""),
    "the key exchanged": (put_the_key_of_a_stranger, "ed25519.pem", "it is not a key this ledger knows", ""),
    "the checkpoint signed again": (resign_the_checkpoint, "checkpoint", "no signature under it holds", ""),
    "the checkpoint edited": (edit_the_count_of_the_checkpoint, "checkpoint", "no signature under it holds", ""),
    "an older database": (put_back_an_older_database, "checkpoint", "rolled back: the checkpoint counts 40", ""),
    "an older database without the checkpoint": (
        lambda folder: put_back_an_older_database(folder, checkpoint_too=True), "state.json",
        "the tables were made of 40 leaves, 38 are there", "event/701"),
    "an original cut short": (lambda folder: write(originals(folder)[0], b"first"), "", "its bytes give", "event/of-"),
    "an original exchanged": (lambda folder: write(originals(folder)[0], originals(folder)[1].read_bytes()), "",
                              "swapped: its bytes are those of original", "event/of-"),
    "an original dropped": (lambda folder: originals(folder)[0].unlink(), "", "is not in the archive", "event/of-"),
    "a pipe for an original": (put_a_pipe, "", "its bytes give", "event/of-"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_somebody_did_to_a_record_is_named_with_what_rests_on_it(record: Record, attack: str) -> None:
    change, where, why, rests = ATTACKS[attack]
    change(record.folder)
    again = Record(record.folder)
    verdict = verify(again.ledger, again.archive, views=again.views)
    assert [
        damage
        for damage in verdict.damage
        if where in damage.where
        and why in damage.why
        and any(rest.startswith(rests) for rest in (*damage.rests_on_it, ""))
    ], verdict.damage


@pytest.mark.parametrize("attack", ["a line too deep to read", "a line that is no text", "a row dropped",
                                    "a line put far behind the last", "a table dropped"])  # fmt: skip
def test_the_command_tells_it_in_words_and_ends_with_damage_found(record: Record, attack: str) -> None:
    change, where, why, _ = ATTACKS[attack]
    change(record.folder)
    for as_json in ([], ["--json"]):
        command = [sys.executable, "-m", "onrecord", "-r", str(record.folder), "verify", *as_json]
        done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 5, done.stderr
        assert "Traceback" not in done.stderr
        assert "should not have happened" not in done.stderr
        assert where in done.stdout + done.stderr
        assert why in done.stdout + done.stderr


def test_a_table_made_of_something_else_than_the_ledger_is_named_though_its_hash_fits(record: Record) -> None:
    forge_a_table(record.folder)
    assert verify(record.ledger, record.archive, views=record.views).clean
    (named,) = record.views.made_otherwise()
    assert named.startswith("event/000000-")
    record.rebuild()
    assert record.views.made_otherwise() == []


def test_tables_that_are_behind_the_ledger_are_not_called_made_otherwise(record: Record) -> None:
    record.enter(events(700, 702))
    assert record.views.made_otherwise() == []


def test_a_stamp_that_was_slipped_in_beside_the_tree_is_named(record: Record) -> None:
    handling = {"action": "stamped", "checkpoint": str(checkpoint(record)), "key": str(public_key(record)),
                "answer": base64.b64encode(b"x").decode(), "roots": "", "tool": TOOL}  # fmt: skip
    line = msgspec.json.encode({"by": "x", "handling": handling, "recorded": "2019", "salt": ""})
    db = sqlite3.connect(record.folder / "ledger.sqlite")
    db.execute("insert into leaves values (-1, 'handling', 'stamped', null, ?)", (line,))
    db.commit()
    db.close()
    (found,) = verify(record.ledger, record.archive).damage
    assert (found.where, found.why[:24]) == ("leaf -1", "it stands where the tree")


def test_who_signed_in_turn_is_told_and_with_the_owners_key_no_other_counts(record: Record) -> None:
    key = public_key(record)
    resign_heads(record.folder, "size = 21")
    verdict = verify(record.ledger, record.archive)
    own, other = key.key_id.hex(), signed_by_a_stranger(record.folder).key(key.name).key_id.hex()
    assert verdict.notes == (
        f"Heads are signed with 2 keys: {own} up to 11 leaves, {other} up to 21 leaves, {own} up to 38 leaves.",
    )
    (found,) = verify(record.ledger, record.archive, keys=[key]).damage
    assert (found.where, found.why[:31]) == ("head 21", "its signature does not hold und")


def test_a_checkpoint_or_a_key_that_was_taken_away_is_told(record: Record) -> None:
    (record.folder / "checkpoint").unlink()
    (record.folder / "keys" / "ed25519.pem").unlink()
    one, two = verify(Record(record.folder).ledger, record.archive).notes
    assert one.startswith("No checkpoint lies beside the database")
    assert two.startswith("There is no signing key at")


def test_a_database_that_is_gone_is_told_as_gone_and_not_as_a_record_to_be_made(record: Record) -> None:
    (record.folder / "ledger.sqlite").unlink()
    with pytest.raises(StorageError, match="is gone; the checkpoint of what it held lies at"):
        Record(record.folder)


def test_what_is_sealed_in_two_entries_exchanged_is_named_in_both(record: Record, tmp_path: Path) -> None:
    sealer = Sealer({"lawyer": new_key(tmp_path / "lawyer.key")})
    two = [
        msgspec.structs.replace(event, sealed=(sealer.seal("witness", f"secret of {event.id}"),))
        for event in events(800, 802)
    ]
    record.enter(two)
    one, other = (event.sealed[0].age for event in two)
    db = sqlite3.connect(record.folder / "ledger.sqlite")
    for event, wrong in zip(two, (other, one), strict=True):
        (line,) = db.execute("select data from leaves where id = ?", (event.id,)).fetchone()
        (old, new) = (json.dumps(age).encode() for age in (event.sealed[0].age, wrong))
        assert old in line
        db.execute("update leaves set data = ? where id = ?", (line.replace(old, new), event.id))
    db.commit()
    db.close()
    changed = [damage for damage in verify(record.ledger, record.archive).damage if damage.what == "entry"]
    assert [damage.where for damage in changed] == ["leaf 38", "leaf 39"]
    assert [damage.rests_on_it for damage in changed] == [("event/800",), ("event/801",)]
