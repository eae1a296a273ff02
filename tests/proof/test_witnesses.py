"""A second record signs what it sees, once, and never two histories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli.main import cli
from onrecord.errors import DamageFound, InvalidInput
from onrecord.proof import TOOL, checkpoint, growth_since, public_key
from onrecord.proof.witnesses import Request, keep_cosigned, witness
from onrecord.record import Record, verify
from onrecord.record.notes import SignedNote
from tests.proof.making import events, fill

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def shown(note: object) -> Request:
    return Request.parse(str(note))


def test_a_witness_signs_and_both_records_know_who_saw_what(record: Record, other: Record) -> None:
    signed = witness(other, shown(checkpoint(record)), public_key(record), NOW, tool=TOOL)
    assert signed.signed_by(public_key(record))
    assert signed.cosigned_by(public_key(other).cosigner()) == NOW
    seen = keep_cosigned(record, signed, public_key(other), NOW + timedelta(hours=1), tool=TOOL)
    assert seen == NOW
    verdict = verify(record.ledger, record.archive)
    assert verdict.clean
    (who,) = verdict.witnesses
    assert (who.witness, who.size, who.seen) == (public_key(other).name, 38, "2026-11-22T12:00:00Z")
    assert verify(other.ledger, other.archive).clean


def test_a_witness_asks_for_the_key_once_and_for_the_proof_of_growth_ever_after(
    record: Record, other: Record
) -> None:
    with pytest.raises(InvalidInput, match="needs its public key"):
        witness(other, shown(checkpoint(record)), None, NOW, tool=TOOL)
    first = checkpoint(record)
    witness(other, shown(first), public_key(record), NOW, tool=TOOL)
    record.enter(events(300, 305))
    with pytest.raises(InvalidInput, match="needs the proof from there"):
        witness(other, shown(checkpoint(record)), None, NOW, tool=TOOL)
    again = witness(other, shown(growth_since(record, first)), None, NOW, tool=TOOL)
    assert again.cosigned_by(public_key(other).cosigner()) == NOW


def test_a_witness_signs_no_record_that_was_rolled_back(record: Record, other: Record) -> None:
    old = checkpoint(record)
    record.enter(events(300, 305))
    witness(other, shown(checkpoint(record)), public_key(record), NOW, tool=TOOL)
    with pytest.raises(DamageFound, match="rolled back"):
        witness(other, shown(old), None, NOW, tool=TOOL)


def test_a_witness_signs_no_second_history(record: Record, other: Record, tmp_path: Path) -> None:
    witness(other, shown(checkpoint(record)), public_key(record), NOW, tool=TOOL)
    origin = public_key(record).name
    (record.folder / "ledger.sqlite").unlink()
    type(record.ledger).create(record.folder / "ledger.sqlite", origin, record.signer)
    fill(record)
    with pytest.raises(DamageFound, match="rewritten"):
        witness(other, shown(checkpoint(record)), None, NOW, tool=TOOL)
    with other.ledger.reading() as reader:
        assert reader.size == 1


def test_a_witness_signs_nothing_under_a_foreign_key(record: Record, other: Record) -> None:
    note = checkpoint(record)
    forged = SignedNote(note.text, (other.signer.sign(public_key(record).name, note.text),))
    with pytest.raises(DamageFound, match="not signed with the key"):
        witness(other, shown(forged), public_key(record), NOW, tool=TOOL)
    with pytest.raises(InvalidInput, match="not the one"):
        witness(other, shown(note), public_key(other), NOW, tool=TOOL)


def test_a_cosignature_is_kept_only_if_it_holds_and_is_of_this_record(record: Record, other: Record) -> None:
    signed = witness(other, shown(checkpoint(record)), public_key(record), NOW, tool=TOOL)
    with pytest.raises(DamageFound, match="not signed by this record and by"):
        keep_cosigned(record, signed, public_key(record), NOW, tool=TOOL)
    with pytest.raises(DamageFound, match="not signed by this record and by"):
        keep_cosigned(other, signed, public_key(other), NOW, tool=TOOL)


@pytest.mark.parametrize("text", ["", "old x\n\nfoo", "old 3\nnot base64!\n\na\n1\n", "a\nb\n\nc\n"])
def test_what_is_no_checkpoint_is_not_signed(text: str) -> None:
    with pytest.raises(InvalidInput, match="nothing to sign"):
        Request.parse(text)


def test_the_command_signs_for_others_and_keeps_what_others_signed(
    record: Record, other: Record, tmp_path: Path
) -> None:
    def run(of: Record, *arguments: str, given: str | None = None) -> str:
        outcome = CliRunner().invoke(
            cli, ["-r", str(of.folder), *arguments], input=given, catch_exceptions=False
        )
        assert outcome.exit_code == 0
        return outcome.stdout

    key, other_key = run(record, "checkpoint", "--key").strip(), run(other, "checkpoint", "--key").strip()
    signed = run(other, "witness", "-", "--key", key, given=run(record, "checkpoint"))
    assert "saw the first 38 lines" in run(record, "witness", "-", "--key", other_key, given=signed)
    assert f"{public_key(other).name} saw the first 38 lines" in run(record, "verify")
