"""The proof of one entry, checked without the record."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli.main import cli
from onrecord.errors import EntryNotFound
from onrecord.proof import checkpoint, prove
from onrecord.record import PUBLIC, Record, merkle
from onrecord.record.checkpoint import Checkpoint


def test_every_entry_is_proved_under_the_signed_root(record: Record) -> None:
    for number in range(30):
        proof = prove(record, f"event/{number}")
        said = Checkpoint.parse(proof.note.text)
        assert proof.note.signed_by(proof.key)
        assert proof.leaf is not None
        assert merkle.leaf_hash(proof.leaf) == proof.leaf_hash
        assert f'"id":"event/{number}"'.encode() in proof.leaf
        assert merkle.verify_inclusion(proof.leaf_hash, proof.index, said.size, proof.path, said.root)


def test_the_public_gets_a_proof_without_the_line_where_the_line_says_more_than_they_may_see(
    record: Record,
) -> None:
    with pytest.raises(EntryNotFound):
        prove(record, "event/of-nothing", PUBLIC)
    assert prove(record, "event/2", PUBLIC).leaf is not None
    assert prove(record, "event/1", PUBLIC).leaf_hash == prove(record, "event/1").leaf_hash


def test_the_text_form_is_that_of_transparency_logs(record: Record) -> None:
    proof = prove(record, "event/3")
    head, _, note = str(proof).partition("\n\n")
    lines = head.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert base64.b64decode(lines[1].removeprefix("extra ")) == proof.leaf
    assert lines[2] == "index 4"
    assert [base64.b64decode(line) for line in lines[3:]] == proof.path
    assert note == str(checkpoint(record))


def test_the_command_prints_the_proof_and_what_has_not_changed_since(record: Record, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with record.ledger.reading() as reader:
        head = reader.head(21)
        assert head
        kept.write_text(str(head.note(reader.origin)))
    arguments = ["-r", str(record.folder), "prove", "event/3", "--since", str(kept), "--json"]
    outcome = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    fields = json.loads(outcome.stdout)
    since = fields.pop("since")
    assert fields == prove(record, "event/3").fields()
    new = Checkpoint.parse(str(since["checkpoint"]).partition("\n\n")[0] + "\n")
    path = [base64.b64decode(part) for part in since["path"]]
    assert since["size"] == 21
    assert merkle.verify_consistency(21, new.size, base64.b64decode(since["root"]), new.root, path)
