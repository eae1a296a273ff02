"""Time stamps by an authority that the test makes with openssl: kept, checked offline, refused when they lie."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli.main import cli
from onrecord.errors import DamageFound
from onrecord.proof import checkpoint
from onrecord.proof.stamps import keep_stamp, kept_stamps
from onrecord.record import Record
from tests.proof.making import events

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = A root
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
crypto_device = builtin
"""


class Authority:
    """A time-stamping authority in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        (folder / "c").write_text(CONFIGURATION)
        (folder / "serial").write_text("01\n")
        new = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config c"
        self._run(f"req -x509 {new} -keyout root.key -out root.pem -extensions root -days 30")
        self._run(f"req {new} -keyout tsa.key -out tsa.csr -subj /CN=Clock-House")
        self._run("x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -out tsa.pem -days 30 "
                  "-extfile c -extensions stamping")  # fmt: skip
        self.roots = folder / "root.pem"

    def stamp(self, text: str) -> bytes:
        """The answer to a query about a text."""
        (self._folder / "text").write_text(text)
        self._run("ts -query -data text -sha256 -cert -out query")
        self._run("ts -reply -config c -section tsa1 -queryfile query -out answer")
        return (self._folder / "answer").read_bytes()

    def _run(self, arguments: str) -> None:
        done = subprocess.run(
            ["openssl", *arguments.split()], cwd=self._folder, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


def test_a_stamp_is_kept_and_holds_ever_after_without_a_network(record: Record, authority: Authority) -> None:
    note = checkpoint(record)
    kept = keep_stamp(record, note, authority.stamp(str(note)), authority.roots.read_bytes(), NOW)
    assert (kept.authority, kept.size) == ("Clock-House", 38)
    record.enter(events(600, 605))
    assert kept_stamps(record) == ([kept], [])


def test_a_stamp_of_another_text_or_another_authority_is_refused(
    record: Record, authority: Authority, tmp_path: Path
) -> None:
    note = checkpoint(record)
    roots = authority.roots.read_bytes()
    stranger = Authority(tmp_path / "stranger")
    for answer in (authority.stamp("another text"), stranger.stamp(str(note)), b"no answer at all"):
        with pytest.raises(DamageFound, match="Nothing was kept"):
            keep_stamp(record, note, answer, roots, NOW)
    assert kept_stamps(record) == ([], [])


def test_a_stamp_of_another_records_checkpoint_is_refused(
    record: Record, other: Record, authority: Authority
) -> None:
    note = checkpoint(other)
    with pytest.raises(DamageFound, match="not one that this record signed"):
        keep_stamp(record, note, authority.stamp(str(note)), authority.roots.read_bytes(), NOW)


def test_the_commands_keep_a_stamp_and_verify_tells_it(
    record: Record, authority: Authority, tmp_path: Path
) -> None:
    def run(*arguments: str) -> str:
        outcome = CliRunner().invoke(cli, ["-r", str(record.folder), *arguments], catch_exceptions=False)
        assert outcome.exit_code == 0
        return outcome.stdout

    text = run("checkpoint")
    (tmp_path / "checkpoint").write_text(text)
    (tmp_path / "answer").write_bytes(authority.stamp(text))
    said = run("stamp", str(tmp_path / "checkpoint"), str(tmp_path / "answer"), "--ca", str(authority.roots))
    assert said.startswith("Clock-House says that the first 38 lines were there on 20")
    assert said in run("verify")
    verdict = json.loads(run("verify", "--json"))
    assert (verdict["clean"], [s["size"] for s in verdict["stamps"]]) == (True, [38])
