"""What the public may see of a record, taken out so that it is proved under the same root."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli.main import cli
from onrecord.errors import InvalidInput
from onrecord.model.citation import Citation
from onrecord.model.kinds import Correction, Event, Source
from onrecord.proof import checkpoint, public_key
from onrecord.proof.bags import export_bag, export_public_bag, import_bag
from onrecord.record import PUBLIC, Record, merkle, verify
from tests.proof.making import events
from tests.proof.test_bags import seal_again
from tests.proof.test_verifier import run

SECRET = "Someone who did not agree"


@pytest.fixture
def record(record: Record) -> Record:
    """A record with entries that are private, cite what is private, or were corrected or withdrawn."""
    cited = (Citation(source="source/paper"),)
    hidden = Source(id="source/hidden", title=SECRET)
    private = Event(id="event/private", date="2020", event_kind="detention", title=SECRET, citations=cited)
    half = Event(id="event/half", date="2020", event_kind="detention", title="Half known", visibility="public",
                 citations=(*cited, Citation(source=hidden.id)))  # fmt: skip
    record.enter([hidden, private, half], by="An author nobody shall know")
    record.enter(
        [Correction(id="c/2", replaces="event/2", reason="Not so.", withdraw=True, visibility="public")]
    )
    record.keep(io.BytesIO(SECRET.encode()), tool="test", path=SECRET)
    return record


@pytest.fixture
def bag(record: Record, tmp_path: Path) -> Path:
    export_public_bag(record, tmp_path / "bag", by="An author nobody shall know")
    return tmp_path / "bag"


def lines_in(bag: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (bag / "data" / name).read_bytes().splitlines()]


def test_it_holds_under_the_root_of_the_whole_record_and_says_what_is_withheld(
    record: Record, bag: Path
) -> None:
    done = run("verify_record.py", bag, "--key", public_key(record))
    assert (done.returncode, done.stderr) == (0, "")
    assert "(32 entry, 12 withheld)" in done.stdout
    assert "what they say is not shown" in done.stdout
    assert verify(record.ledger, record.archive).root in done.stdout
    with record.ledger.reading() as reader:
        hashes = [merkle.leaf_hash(leaf.data).hex() for leaf in reader.leaves()]
    for line, digest in zip(lines_in(bag, "ledger.jsonl"), hashes, strict=True):
        assert line.get("withheld", digest) == digest


def test_the_reference_tool_calls_it_valid(bag: Path) -> None:
    command = [sys.executable, "-m", "bagit", "--validate", str(bag)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_nothing_is_in_it_that_the_public_may_not_see(record: Record, bag: Path) -> None:
    everything = b"".join(path.read_bytes() for path in bag.rglob("*") if path.is_file())
    for kept_back in (SECRET, "source/hidden", "event/private", "nobody shall know", 'sha256":', str(bag)):
        assert kept_back.encode() not in everything, kept_back
    ids = {line["entry"]["id"] for line in lines_in(bag, "ledger.jsonl") if "entry" in line}  # type: ignore[index]
    assert ids <= record.as_seen_by(PUBLIC).ids


def test_what_cannot_be_given_out_whole_is_told_as_the_public_reads_it(bag: Path) -> None:
    told = {str(line["entry"]["id"]): line for line in lines_in(bag, "shown.jsonl")}  # type: ignore[index]
    assert told["event/half"]["withheld_sources"] == 1
    assert told["event/half"]["entry"]["title"] == "Half known"  # type: ignore[index]
    assert told["event/1"]["entry"]["date"] == "2019"  # type: ignore[index]
    assert told["event/2"]["withdrawn"] is True
    assert "event/3" not in told


def test_a_checkpoint_kept_from_before_is_proved_though_lines_are_withheld(
    record: Record, bag: Path, tmp_path: Path
) -> None:
    with record.ledger.reading() as reader:
        head = reader.head(21)
        assert head
        note = head.note(reader.origin)
    kept = tmp_path / "kept"
    kept.write_text(str(note))
    done = run("verify_record.py", bag, "--since", kept)
    assert "Nothing in the first 21 lines has changed" in done.stdout


@pytest.mark.parametrize("change", ["a line", "a hash", "a line for its hash", "dropped", "exchanged"])
def test_a_public_bag_changed_with_its_manifests_does_not_hold(bag: Path, change: str) -> None:
    path = bag / "data" / "ledger.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    withheld = next(at for at, line in enumerate(lines) if line.startswith(b'{"withheld"'))
    match change:
        case "a line":
            lines[5] = lines[5].replace(b"2018-05", b"2018-06")
        case "a hash":
            lines[withheld] = b'{"withheld":"%s"}\n' % (b"0" * 64)
        case "a line for its hash":
            lines[withheld] = lines[withheld].replace(b'"withheld"', b'"by":"k","entry"')
        case "dropped":
            del lines[withheld]
        case "exchanged":
            lines[4], lines[5] = lines[5], lines[4]
    path.write_bytes(b"".join(lines))
    seal_again(bag)
    assert run("verify_record.py", bag).returncode == 1


def test_that_it_was_taken_out_is_put_on_record(record: Record, bag: Path) -> None:
    with record.ledger.reading() as reader:
        leaf = reader.leaf(reader.size - 1)
    assert (leaf.kind, leaf.handling().to) == ("published", str(bag))
    assert verify(record.ledger, record.archive).clean


def test_a_record_cannot_be_made_from_it_and_that_is_said(bag: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="public part of a record"):
        import_bag(bag, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_stamps_lie_in_every_bag_as_files_for_their_own_tools(record: Record, tmp_path: Path) -> None:
    from onrecord.proof.opentimestamps import Proof, keep_anchor
    from onrecord.proof.opentimestamps.format import Attestation, Way
    from onrecord.proof.opentimestamps.keeping import digest_of

    note = checkpoint(record)
    proof = Proof(digest_of(note), (Way((), Attestation.pending("https://calendar.example")),))
    keep_anchor(record, note, proof, record.clock())
    for name, export in (("public", export_public_bag), ("whole", export_bag)):
        export(record, tmp_path / name)
        (folder,) = (tmp_path / name / "data" / "stamps").iterdir()
        assert (folder / "checkpoint.txt").read_text() == str(note)
        assert Proof.parse((folder / "checkpoint.txt.ots").read_bytes()) == proof
        assert run("verify_record.py", tmp_path / name).returncode == 0
    shutil.rmtree(tmp_path / "public")


def test_the_command_takes_out_what_is_public(record: Record, tmp_path: Path) -> None:
    arguments = ["-r", str(record.folder), "export", "bag", str(tmp_path / "out"), "--public"]
    outcome = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert outcome.stdout.startswith("32 lines and the hashes of 12 more in ")


def test_lines_added_since_are_in_the_next_one(record: Record, bag: Path, tmp_path: Path) -> None:
    record.enter(events(800, 805))
    again = export_public_bag(record, tmp_path / "again")
    assert again.whole == 37
    assert run("verify_record.py", tmp_path / "again", "--since", bag / "data" / "checkpoint").returncode == 0
