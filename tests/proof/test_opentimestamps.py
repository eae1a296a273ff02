"""Proofs by OpenTimestamps: asked for only when the user says so, kept, told for what they are, checked offline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onrecord.cli.main import cli
from onrecord.errors import DamageFound, InvalidInput, NotReached, UsageError
from onrecord.proof import checkpoint, public_key
from onrecord.proof.bags import export_bag, import_bag
from onrecord.proof.opentimestamps import Proof, keep_anchor, kept_anchors, read_blocks
from onrecord.proof.opentimestamps.calendars import ask
from onrecord.proof.opentimestamps.format import SHA256, Attestation, Step, Way
from onrecord.proof.opentimestamps.keeping import digest_of, standing
from onrecord.record import Record, verify
from tests.proof.calendar import Calendar, serving
from tests.proof.making import events

NOW = datetime(2026, 11, 22, tzinfo=UTC)

FIRST_BLOCK = (
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3"
    "888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"
)
"""The header of Bitcoin's block 0."""

Run = Callable[..., Result]


@pytest.fixture
def calendar() -> Iterator[Calendar]:
    with serving() as started:
        yield started


@pytest.fixture
def run(record: Record) -> Run:
    def runs(*arguments: object) -> Result:
        words = ["-r", str(record.folder), *map(str, arguments)]
        return CliRunner().invoke(cli, words, catch_exceptions=False)

    return runs


@pytest.fixture
def kept(run: Run, tmp_path: Path) -> Path:
    """A checkpoint as somebody keeps it."""
    path = tmp_path / "checkpoint.txt"
    path.write_text(run("checkpoint").stdout)
    return path


def test_a_calendar_is_told_before_it_is_called_and_learns_nothing_of_what_it_stamps(
    run: Run, kept: Path, calendar: Calendar
) -> None:
    done = run("stamp", kept, "--opentimestamps", calendar.address)
    assert done.exit_code == 0
    assert f"to {calendar.address}/digest" in done.stderr
    assert calendar.asked == ["/digest"]
    (sent,) = calendar.digests
    assert len(sent) == 32
    assert sent != sha256(kept.read_bytes()).digest()
    run("stamp", kept, "--opentimestamps", calendar.address)
    assert calendar.digests[1] != sent


def test_what_is_pending_is_said_to_be_pending_and_proves_nothing(
    run: Run, record: Record, kept: Path, calendar: Calendar
) -> None:
    done = run("stamp", kept, "--opentimestamps", calendar.address)
    said = f"OpenTimestamps, the first 38 lines: pending at {calendar.address}; nothing is proved yet.\n"
    assert done.stdout == said
    record.enter(events(600, 605))
    assert said in run("verify").stdout
    (told,) = json.loads(run("verify", "--json").stdout)["opentimestamps"]
    assert (told["standing"], told["block"], told["calendars"]) == ("pending", None, [calendar.address])


def test_nothing_is_called_by_verifying_or_by_upgrading_at_another_calendar(
    run: Run, kept: Path, calendar: Calendar
) -> None:
    run("stamp", kept, "--opentimestamps", calendar.address)
    calendar.asked.clear()
    run("verify")
    assert run("stamp", "--upgrade", "https://another.example").exit_code == 0
    assert calendar.asked == []


def test_an_upgrade_keeps_the_way_to_the_block_and_verify_says_that_no_header_was_there(
    run: Run, record: Record, kept: Path, calendar: Calendar
) -> None:
    run("stamp", kept, "--opentimestamps", calendar.address)
    size = verify(record.ledger, record.archive).leaves
    waiting = run("stamp", "--upgrade", calendar.address)
    assert f"Asking {calendar.address}/timestamp/" in waiting.stderr
    assert (waiting.stdout, verify(record.ledger, record.archive).leaves) == ("", size)
    calendar.block = 800_000
    run("stamp", "--upgrade", f"{calendar.address}/")
    root = calendar.roots[0][::-1].hex()
    said = (
        "OpenTimestamps, the first 38 lines: attested in Bitcoin block 800000, header not checked here; "
        f"its Merkle root must be {root}.\n"
    )
    assert said in run("verify").stdout
    assert run("stamp", "--upgrade", calendar.address).stdout == "No proof on record is pending.\n"


def test_a_merkle_root_that_the_user_brings_is_what_the_proof_is_held_against(
    run: Run, kept: Path, calendar: Calendar, tmp_path: Path
) -> None:
    calendar.block = 800_000
    run("stamp", kept, "--opentimestamps", calendar.address)
    run("stamp", "--upgrade", calendar.address)
    blocks = tmp_path / "blocks.txt"
    blocks.write_text(f"799999 {'0' * 64}\n800000 {calendar.roots[0][::-1].hex()}\n")
    done = run("verify", "--blocks", blocks)
    assert "they were there before Bitcoin block 800000; its Merkle root fits." in done.stdout
    blocks.write_text(f"800000 {'0' * 64}\n")
    with pytest.raises(DamageFound):
        run("verify", "--blocks", blocks)


def test_a_header_gives_the_time_of_its_block(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "blocks.txt"
    path.write_text(f"0 {FIRST_BLOCK}\n")
    blocks = read_blocks(path)
    proof = Proof(bytes.fromhex(FIRST_BLOCK)[36:68], (Way((), Attestation.bitcoin(0)),))
    anchor = standing(checkpoint(record), proof, blocks)
    assert (anchor.standing, anchor.time) == ("checked", "2009-01-03T18:15:05Z")
    assert anchor.merkle_root == "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("0 " + FIRST_BLOCK.replace("29ab5f49", "29ab5f48"), "not worked for"),
        ("0 " + FIRST_BLOCK.replace("ffff001d", "ffff7f20"), "not worked for"),
        ("0 " + FIRST_BLOCK[:-2], "is not a number with a header"),
        ("zero " + FIRST_BLOCK, "is not a number with a header"),
        (f"0 {'0' * 64}\n0 {'1' * 64}", "twice, with different roots"),
    ],
)
def test_a_header_that_was_not_worked_for_and_a_line_that_is_none_are_refused_by_row(
    tmp_path: Path, line: str, why: str
) -> None:
    path = tmp_path / "blocks.txt"
    path.write_text(line)
    with pytest.raises(InvalidInput, match=why) as refused:
        read_blocks(path)
    assert refused.value.problems[0].row == len(line.splitlines())


def test_a_file_made_with_another_tool_is_taken_in(
    run: Run, record: Record, kept: Path, calendar: Calendar, tmp_path: Path
) -> None:
    proof = ask(digest_of(checkpoint(record)), (calendar.address,), lambda _: None)
    file = tmp_path / "checkpoint.txt.ots"
    file.write_bytes(bytes(proof))
    assert "pending" in run("stamp", kept, file).stdout
    file.write_bytes(bytes(proof)[:-1])
    with pytest.raises(InvalidInput, match="cut off"):
        run("stamp", kept, file)


def test_a_proof_of_something_else_or_of_another_records_checkpoint_is_refused(
    record: Record, other: Record, calendar: Calendar
) -> None:
    proof = ask(b"\0" * 32, (calendar.address,), lambda _: None)
    with pytest.raises(DamageFound, match="about another file"):
        keep_anchor(record, checkpoint(record), proof, NOW)
    proof = ask(digest_of(checkpoint(other)), (calendar.address,), lambda _: None)
    with pytest.raises(DamageFound, match="not one that this record signed"):
        keep_anchor(record, checkpoint(other), proof, NOW)
    assert kept_anchors(record, {}) == ([], [])


def test_calendars_that_fail_are_told_and_one_that_answers_is_enough(
    run: Run, kept: Path, calendar: Calendar
) -> None:
    done = run("stamp", kept, "--opentimestamps", "http://127.0.0.1:9", "--opentimestamps", calendar.address)
    assert "http://127.0.0.1:9 gave no stamp" in done.stderr
    assert "pending" in done.stdout
    with pytest.raises(NotReached, match="nothing was kept"):
        run("stamp", kept, "--opentimestamps", "http://127.0.0.1:9")


@pytest.mark.parametrize(
    "answer", [b"", b"\xf0", b"\x00" * 20, b"\xf0\x01a" * 3000, b"<html>", b"\xff" * 9000]
)
def test_an_answer_of_no_use_is_told_and_nothing_is_kept(
    run: Run, record: Record, kept: Path, calendar: Calendar, answer: bytes
) -> None:
    calendar.answer = answer
    with pytest.raises(NotReached):
        run("stamp", kept, "--opentimestamps", calendar.address)
    assert verify(record.ledger, record.archive).leaves == 38


def test_a_calendar_cannot_send_the_program_elsewhere(run: Run, kept: Path, calendar: Calendar) -> None:
    with serving() as another:
        calendar.redirect = f"{another.address}/digest"
        with pytest.raises(NotReached):
            run("stamp", kept, "--opentimestamps", calendar.address)
        assert another.asked == []


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://x", "calendar.example"])
def test_only_an_address_of_the_web_is_called(run: Run, kept: Path, place: str) -> None:
    with pytest.raises(UsageError, match="no address of a calendar"):
        run("stamp", kept, "--opentimestamps", place)


def test_a_way_through_an_operation_that_is_not_believed_leads_nowhere(record: Record) -> None:
    note = checkpoint(record)
    sha1 = Way((Step(0x02), Step(SHA256)), Attestation.bitcoin(5))
    assert standing(note, Proof(digest_of(note), (sha1,)), {}).standing == "unknown"


def test_proofs_go_out_with_a_bag_and_come_in_again(
    record: Record, run: Run, kept: Path, calendar: Calendar, tmp_path: Path
) -> None:
    calendar.block = 800_000
    run("stamp", kept, "--opentimestamps", calendar.address)
    run("stamp", "--upgrade", calendar.address)
    export_bag(record, tmp_path / "bag")
    import_bag(tmp_path / "bag", tmp_path / "copy", key=public_key(record))
    copy = Record(tmp_path / "copy")
    assert kept_anchors(copy, {}) == kept_anchors(record, {})
    assert verify(copy.ledger, copy.archive).clean
    calendar.asked.clear()
    assert kept_anchors(copy, {})[0][0].standing == "attested"
    assert calendar.asked == []


def test_a_proof_in_the_ledger_that_is_not_about_its_checkpoint_is_named(
    record: Record, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = checkpoint(record)
    proof = ask(digest_of(note), (calendar.address,), lambda _: None)
    lying = replace(proof, digest=b"\0" * 32)
    monkeypatch.setattr("onrecord.proof.opentimestamps.keeping.digest_of", lambda _: b"\0" * 32)
    keep_anchor(record, note, lying, NOW)
    monkeypatch.undo()
    anchors, (damage,) = kept_anchors(record, {})
    assert anchors == []
    assert (damage.what, damage.where) == ("handling", "leaf 38")
