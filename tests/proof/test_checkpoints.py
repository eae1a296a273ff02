"""Every batch is signed; a checkpoint kept elsewhere shows any later change of what lies before it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli.main import cli
from onrecord.errors import DamageFound, InvalidInput
from onrecord.proof import checkpoint, growth_since, public_key, read_note
from onrecord.record import Record, merkle, verify
from onrecord.record.checkpoint import Checkpoint
from onrecord.record.notes import SignedNote
from onrecord.record.verify import Damage, Outside
from tests.proof.making import events, fill


def tamper(record: Record, *statements: str) -> None:
    """Change the ledger behind the program's back."""
    db = sqlite3.connect(record.folder / "ledger.sqlite")
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def damage(record: Record, since: SignedNote | None = None) -> tuple[Damage, ...]:
    outside = [Outside("kept", since)] if since else []
    return verify(record.ledger, record.archive, since=outside).damage


def test_every_batch_ends_in_a_head_signed_with_the_records_key(record: Record) -> None:
    with record.ledger.reading() as reader:
        heads, origin = list(reader.heads()), reader.origin
    assert len(heads) == 8
    assert all(head.note(origin).signed_by(public_key(record)) for head in heads)


def test_the_key_is_for_the_owners_eyes_only(record: Record) -> None:
    assert stat.S_IMODE((record.folder / "keys" / "ed25519.pem").stat().st_mode) == 0o600


def test_the_newest_checkpoint_lies_beside_the_database(record: Record) -> None:
    assert read_note(record.folder / "checkpoint") == checkpoint(record)


def test_an_empty_record_has_a_checkpoint_over_nothing(other: Record) -> None:
    note = checkpoint(other)
    assert Checkpoint.parse(note.text).root == merkle.EMPTY_ROOT
    assert note.signed_by(public_key(other))


def test_a_record_that_only_grew_verifies_against_every_checkpoint_it_ever_gave(record: Record) -> None:
    with record.ledger.reading() as reader:
        kept = [Outside(str(head.size), head.note(reader.origin)) for head in reader.heads()]
    verdict = verify(record.ledger, record.archive, since=kept)
    assert verdict.clean
    assert verdict.unchanged_since == tuple(int(outside.name) for outside in kept)


def test_growth_is_proved_between_any_two_states(record: Record) -> None:
    with record.ledger.reading() as reader:
        notes = [head.note(reader.origin) for head in reader.heads()]
    for note in notes:
        growth = growth_since(record, note)
        old, new = growth.old, Checkpoint.parse(growth.new.text)
        assert merkle.verify_consistency(old.size, new.size, old.root, new.root, growth.path)


def test_a_database_rolled_back_to_an_older_copy_is_named(record: Record) -> None:
    shutil.copy(record.folder / "ledger.sqlite", record.folder / "older")
    record.enter(events(100, 101))
    kept = checkpoint(record)
    shutil.move(record.folder / "older", record.folder / "ledger.sqlite")
    whys = [found.why for found in damage(record, kept)]
    assert whys == ["rolled back: the checkpoint counts 39 leaves, 38 are there"] * 2
    with pytest.raises(DamageFound, match="rolled back"):
        growth_since(record, kept)


def test_a_database_swapped_for_that_of_another_record_is_named(record: Record, other: Record) -> None:
    fill(other)
    shutil.copy(other.folder / "ledger.sqlite", record.folder / "ledger.sqlite")
    assert any("swapped: the checkpoint is of" in found.why for found in damage(record))


def test_history_written_anew_with_the_records_own_key_is_named(record: Record, tmp_path: Path) -> None:
    kept = checkpoint(record)
    (record.folder / "ledger.sqlite").unlink()
    origin = Checkpoint.parse(kept.text).origin
    type(record.ledger).create(record.folder / "ledger.sqlite", origin, record.signer)
    record.enter(events(0, 0))
    fill(record)
    (found,) = [d for d in damage(record, kept) if d.where == "kept"]
    assert found.why == "rewritten: the first 38 leaves are not those the checkpoint was signed over"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ["update leaves set data = replace(data, 'Ürümchi', 'Urumchi') where seq = 5"],
            Damage("entry", "leaf 5", "its bytes do not give the hash in the tree", ("event/4",)),
        ),
        (["delete from leaves where seq = 5"], Damage("ledger", "leaf 5", "missing: the ledger goes on behind it")),
        (
            ["update leaves set kind = 'quote' where seq = 5"],
            Damage("ledger", "leaf 5", "it is filed as quote event/4, which is not what it says"),
        ),
        (
            ["update heads set author = 'nobody' where size = 21"],
            Damage("ledger", "head 21", "its author or time is not that of the leaves it closes"),
        ),
        (
            ["update heads set signature = zeroblob(68) where size = 21"],
            Damage("ledger", "head 21", "its signature does not hold under any key of this ledger that is relied on"),
        ),
        (
            ["update corrections set target = 'event/2'"],
            Damage("ledger", "leaf 31", "the list of corrections does not match the leaves"),
        ),
        (["delete from tiles where level = 0"], Damage("tree", "tile 0/0", "it is missing")),
        (["delete from heads where size = 38"], Damage("ledger", "heads", "38 leaves are there, the last head counts fewer")),
    ],
)  # fmt: skip
def test_a_changed_row_is_named(record: Record, change: list[str], expected: Damage) -> None:
    change = [s.replace("set data = replace(data", "set data = cast(replace(cast(data as text)").replace(
        "'Urumchi') where", "'Urumchi') as blob) where") for s in change]  # fmt: skip
    tamper(record, *change)
    assert expected in damage(record)


def test_two_lines_exchanged_are_named_with_the_places_they_came_from(record: Record) -> None:
    tamper(
        record,
        "update leaves set seq = -1 where seq = 5",
        "update leaves set seq = 5 where seq = 9",
        "update leaves set seq = 9 where seq = -1",
    )
    found = damage(record)
    assert (
        Damage("entry", "leaf 5", "it is not what stood here: it was recorded as leaf 9", ("event/8",))
        in found
    )
    assert (
        Damage("entry", "leaf 9", "it is not what stood here: it was recorded as leaf 5", ("event/4",))
        in found
    )


def test_a_line_cut_out_with_the_rest_moved_up_is_named(record: Record) -> None:
    tamper(
        record,
        "delete from leaves where seq = 5",
        *(f"update leaves set seq = {n - 1} where seq = {n}" for n in range(6, 38)),
    )
    found = damage(record)
    assert (
        Damage("entry", "leaf 5", "it is not what stood here: it was recorded as leaf 6", ("event/5",))
        in found
    )
    assert Damage("ledger", "leaf 37", "the tree has its hash; the leaf itself is gone") in found


def test_two_originals_exchanged_are_named_with_what_rests_on_them(record: Record) -> None:
    one, two = record.archive.digests()
    first, second = record.archive.path(one), record.archive.path(two)
    content = first.read_bytes(), second.read_bytes()
    for path, data in ((first, content[1]), (second, content[0])):
        path.chmod(0o644)
        path.write_bytes(data)
    rests = (f"source/{one[:8]}", f"event/of-{one[:8]}")
    assert Damage("original", one, f"swapped: its bytes are those of original {two}", rests) in damage(record)


def test_a_checkpoint_signed_by_somebody_else_is_no_proof(record: Record, other: Record) -> None:
    text = checkpoint(record).text
    origin = Checkpoint.parse(text).origin
    forged = SignedNote(text, (other.signer.sign(origin, text),))
    (found,) = damage(record, forged)
    assert found.why.startswith("no signature under it holds")


def test_a_file_that_is_no_checkpoint_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hello")
    with pytest.raises(InvalidInput, match="It is no checkpoint"):
        read_note(tmp_path / "x")


@pytest.fixture
def run() -> Callable[..., str]:
    def runs(record: Record, *arguments: str) -> str:
        outcome = CliRunner().invoke(cli, ["-r", str(record.folder), *arguments], catch_exceptions=False)
        assert outcome.exit_code == 0
        return outcome.stdout

    return runs


def test_the_commands_print_checkpoint_key_and_growth_and_verify_takes_them(
    record: Record, tmp_path: Path, run: Callable[..., str]
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(run(record, "checkpoint"))
    assert read_note(kept) == checkpoint(record)
    assert run(record, "checkpoint", "--key").strip() == str(public_key(record))
    record.enter(events(200, 210))
    assert run(record, "checkpoint", "--since", str(kept)) == str(growth_since(record, read_note(kept)))
    assert "Nothing before line 38 has changed" in run(record, "verify", "--since", str(kept))
    verdict = json.loads(run(record, "verify", "--since", str(kept), "--json"))
    assert (verdict["clean"], verdict["unchanged_since"]) == (True, [38])
