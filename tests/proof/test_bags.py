"""A whole record out as plain files and in again elsewhere, with the same root."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli.main import cli
from onrecord.errors import DamageFound, InvalidInput, OnrecordError, StorageError
from onrecord.proof import checkpoint, public_key
from onrecord.proof.bags import export_bag, import_bag
from onrecord.proof.bags.writing import Bag
from onrecord.record import Record, verify
from tests.proof.making import events


@pytest.fixture
def bag(record: Record, tmp_path: Path) -> Path:
    """The record as a bag."""
    export_bag(record, tmp_path / "bag")
    return tmp_path / "bag"


def lines_of(record: Record) -> list[bytes]:
    with record.ledger.reading() as reader:
        return [leaf.data for leaf in reader.leaves()]


def seal_again(bag: Path) -> None:
    """Write manifests that fit whatever lies in the bag now, as somebody who changes a bag would."""
    shutil.move(bag / "data", bag / "changed")
    for tag in bag.glob("*.txt"):
        tag.unlink()
    again = Bag(bag)
    for path in sorted(p for p in (bag / "changed").rglob("*") if p.is_file()):
        again.add(path.relative_to(bag / "changed").as_posix(), [path.read_bytes()])
    again.close({})
    shutil.rmtree(bag / "changed")


def test_the_reference_tool_calls_the_bag_valid(bag: Path) -> None:
    command = [sys.executable, "-m", "bagit", "--validate", str(bag)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_record_imported_elsewhere_has_the_same_lines_heads_originals_and_root(
    record: Record, bag: Path, tmp_path: Path
) -> None:
    import_bag(bag, tmp_path / "copy", key=public_key(record))
    copy = Record(tmp_path / "copy")
    assert lines_of(copy) == lines_of(record)
    assert list(copy.archive.digests()) == list(record.archive.digests())
    assert str(checkpoint(copy)) == str(checkpoint(record))
    with record.ledger.reading() as one, copy.ledger.reading() as two:
        assert list(one.heads()) == list(two.heads())
    assert verify(copy.ledger, copy.archive).clean


def test_taking_a_record_out_is_put_on_record_and_is_in_the_bag(record: Record, tmp_path: Path) -> None:
    before = checkpoint(record)
    export_bag(record, tmp_path / "bag", by="Ada")
    with record.ledger.reading() as reader:
        leaf = reader.leaf(reader.size - 1)
    handling = leaf.handling()
    assert (handling.action, handling.checkpoint, handling.to) == (
        "exported",
        str(before),
        str(tmp_path / "bag"),
    )
    assert leaf.envelope["by"] == "Ada"
    assert (tmp_path / "bag" / "data" / "ledger.jsonl").read_bytes().splitlines()[-1] == leaf.data


def test_a_copy_that_goes_on_signs_with_a_key_of_its_own_and_says_so(
    record: Record, bag: Path, tmp_path: Path
) -> None:
    import_bag(bag, tmp_path / "copy")
    copy = Record(tmp_path / "copy")
    copy.enter(events(500, 501))
    assert public_key(copy).name == public_key(record).name
    assert public_key(copy) != public_key(record)
    verdict = verify(copy.ledger, copy.archive)
    assert verdict.clean
    assert any("signed with 2 keys" in note for note in verdict.notes)


def test_the_signing_key_stays_at_home(record: Record, bag: Path) -> None:
    secret = (record.folder / "keys" / "ed25519.pem").read_bytes().splitlines()[1]
    assert not any(secret in path.read_bytes() for path in bag.rglob("*") if path.is_file())


def test_an_existing_folder_is_neither_exported_nor_imported_into(
    record: Record, bag: Path, tmp_path: Path
) -> None:
    with pytest.raises(StorageError, match="left as it is"):
        export_bag(record, bag)
    with pytest.raises(StorageError, match="left as it is"):
        import_bag(bag, record.folder)


def test_a_damaged_original_stops_the_export_and_nothing_is_left(record: Record, tmp_path: Path) -> None:
    path = record.archive.path(next(record.archive.digests()))
    path.chmod(0o644)
    path.write_bytes(b"something else")
    with pytest.raises(DamageFound, match=path.name):
        export_bag(record, tmp_path / "bag")
    assert {p.name for p in tmp_path.iterdir()} == {"one"}


def test_a_bit_flipped_anywhere_in_a_bag_is_named_and_nothing_is_imported(bag: Path, tmp_path: Path) -> None:
    rng = random.Random(1)
    for path in sorted(p for p in bag.rglob("*") if p.is_file()):
        whole = path.read_bytes()
        at = rng.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :])
        with pytest.raises((DamageFound, InvalidInput)):
            import_bag(bag, tmp_path / "copy")
        path.write_bytes(whole)
    assert not (tmp_path / "copy").exists()
    import_bag(bag, tmp_path / "copy")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("ledger.jsonl", b"Something happened", b"Nothing happened!!"),
        ("ledger.jsonl", b'{"by":"', b'{ "by":"'),
        ("checkpoints.jsonl", b'"size":21', b'"size":20'),
        ("checkpoints.jsonl", b"{", b"["),
        ("checkpoint", b"\n", b" "),
        ("keys.txt", b"+", b"-"),
        ("record.toml", b"title", b"tilte"),
    ],
)
def test_a_bag_changed_with_its_manifests_is_refused(
    bag: Path, tmp_path: Path, file: str, old: bytes, new: bytes
) -> None:
    path = bag / "data" / file
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    seal_again(bag)
    with pytest.raises(OnrecordError):
        import_bag(bag, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_bag_with_lines_left_out_at_the_end_is_refused(bag: Path, tmp_path: Path) -> None:
    path = bag / "data" / "ledger.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    seal_again(bag)
    with pytest.raises(DamageFound, match="not those that its checkpoint was signed over"):
        import_bag(bag, tmp_path / "copy")


def test_a_bag_signed_with_another_key_than_expected_is_refused(
    bag: Path, other: Record, tmp_path: Path
) -> None:
    with pytest.raises(DamageFound, match="not signed with the key"):
        import_bag(bag, tmp_path / "copy", key=public_key(other))


def test_a_bag_that_names_files_outside_itself_or_holds_links_is_refused(bag: Path, tmp_path: Path) -> None:
    manifest = bag / "manifest-sha256.txt"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole + b"0" * 64 + b"  data/../../../etc/passwd\n")
    with pytest.raises(InvalidInput, match="not a hash and a name inside the bag"):
        import_bag(bag, tmp_path / "copy")
    manifest.write_bytes(whole)
    (bag / "data" / "link").symlink_to("/etc/passwd")
    with pytest.raises(InvalidInput, match="no links"):
        import_bag(bag, tmp_path / "copy")


def test_a_folder_that_is_no_bag_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no bag"):
        import_bag(tmp_path, tmp_path / "copy")


def test_the_commands_take_out_and_bring_in(record: Record, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        outcome = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert outcome.exit_code == 0
        return outcome.stdout

    out, copy = str(tmp_path / "bag"), str(tmp_path / "copy")
    exported = run("-r", str(record.folder), "export", "bag", out)
    imported = run("import", "bag", out, copy, "--key", str(public_key(record)))
    assert exported.splitlines()[-1] == imported.splitlines()[-1]
    assert run("-r", copy, "show", "event/1") == run("-r", str(record.folder), "show", "event/1")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda bag: next(p for p in (bag / "data/originals").rglob("*") if p.is_file()).unlink(), "is missing in the bag"),
        (lambda bag: (bag / "data/originals" / sha256(b"x").hexdigest()).write_bytes(b"x"), "is in no line of its ledger"),
        (lambda bag: edited(bag, lambda lines: lines.insert(6, lines[5])), "a second line for event/4"),
        (lambda bag: edited(bag, lambda lines: lines.append(b'{"by":"x","entry":' + b"[" * 100_000 + b"\n")),
         "no checkpoint covers"),
        (lambda bag: edited(bag, lambda lines: lines.__setitem__(5, b'{"by":"x","entry":{"q":' + b"[" * 100_000 + b"\n")),
         "Line 5 of the ledger in the bag cannot be taken in"),
        (lambda bag: (bag / "data/keys.txt").unlink(), "keys.txt: No such file"),
    ],
)  # fmt: skip
def test_a_bag_changed_with_its_manifests_is_not_imported_and_what_was_done_is_named(
    bag: Path, tmp_path: Path, change: Callable[[Path], object], why: str
) -> None:
    change(bag)
    seal_again(bag)
    with pytest.raises(OnrecordError, match=why):
        import_bag(bag, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def edited(bag: Path, change: Callable[[list[bytes]], object]) -> None:
    lines = (bag / "data/ledger.jsonl").read_bytes().splitlines(keepends=True)
    change(lines)
    (bag / "data/ledger.jsonl").write_bytes(b"".join(lines))


def test_a_bag_without_its_second_manifest_is_refused_in_words(bag: Path, tmp_path: Path) -> None:
    (bag / "tagmanifest-sha256.txt").unlink()
    with pytest.raises(InvalidInput, match="no bag with SHA-256 manifests"):
        import_bag(bag, tmp_path / "copy")


def test_what_no_line_names_is_not_exported(record: Record, tmp_path: Path) -> None:
    record.archive.keep(io.BytesIO(b"adding this was cut off"))
    assert export_bag(record, tmp_path / "bag").originals == 2
