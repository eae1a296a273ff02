"""The record taken out in the browser: who may take what, what is written down, and that it can be checked."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from onrecord.accounts import Role
from onrecord.errors import StorageError
from onrecord.proof import public_key
from onrecord.record import Record, verify

from ..making import event, source
from .team import Team, post, team, token

VERIFIER = Path(__file__).parents[2] / "tools" / "verify_record.py"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Team]:
    """A server with an original, and an event for each visibility."""
    record = Record.create(tmp_path / "record", title="A record")
    record.keep(io.BytesIO(b"an original" * 5000), tool="test")
    record.enter([source(visibility="public"), event("E-public", visibility="public"), event("E-team", visibility="team"),
                  event("E-private", title="Where she hides")])  # fmt: skip
    with team(record) as served:
        yield served


def take(client: httpx.Client, what: str) -> httpx.Response:
    return post(client, "account/bag/", page="account/", do=what)


def unpacked(answer: httpx.Response, where: Path) -> Path:
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        archive.extractall(where, filter="data")
    (bag,) = where.iterdir()
    return bag


def holds(bag: Path, record: Record) -> str:
    command = [sys.executable, str(VERIFIER), str(bag), "--key", str(public_key(record))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("role", ["reader", "editor", "owner"])
def test_everybody_with_an_account_takes_the_public_part_and_it_holds(
    desk: Team, tmp_path: Path, role: Role
) -> None:
    answer = take(desk.signed_in("rosa", role), "public")
    assert answer.headers["content-disposition"] == 'attachment; filename="public-part.tar"'
    bag = unpacked(answer, tmp_path / "out")
    assert "withheld" in holds(bag, desk.record)
    assert b"E-private" not in answer.content
    assert b"E-team" not in answer.content
    assert b"E-public" in answer.content


def test_an_owner_takes_the_whole_record_and_it_holds(desk: Team, tmp_path: Path) -> None:
    bag = unpacked(take(desk.signed_in("olga", "owner"), "whole"), tmp_path / "out")
    assert "1 originals" in holds(bag, desk.record)
    assert b"Where she hides" in (bag / "data" / "ledger.jsonl").read_bytes()


def test_nobody_else_takes_the_whole_record(desk: Team) -> None:
    for role in ("reader", "editor"):
        client = desk.signed_in(f"a {role}", role)  # type: ignore[arg-type]
        assert "Take the whole record" not in client.get("account/").text
        answer = take(client, "whole")
        assert answer.status_code == 403
        assert b"Where she hides" not in answer.content
    visitor = desk.visitor
    secret = token(visitor.get("sign-in/").text)
    assert visitor.post("account/bag/", data={"token": secret, "do": "public"}).status_code in (401, 403)
    assert visitor.get("account/bag/").status_code in (404, 405)


def test_that_it_was_taken_is_put_on_record_and_into_the_log_and_nothing_is_left_on_the_disk(
    desk: Team,
) -> None:
    client = desk.signed_in("olga", "owner")
    take(client, "whole")
    with desk.record.ledger.reading() as reader:
        leaf = reader.leaf(reader.size - 1)
    assert (leaf.kind, leaf.envelope["by"], leaf.handling().to) == ("exported", "olga", "a browser")
    (line,) = [line for line in desk.accounts.accesses(who="olga") if line.act == "took"]
    assert (line.address, line.what) == ("account/bag/", ("the whole record",))
    assert list(desk.record.folder.glob(".outgoing-*")) == []
    assert verify(desk.record.ledger, desk.record.archive).clean


def test_what_cannot_be_written_down_is_not_given_out(desk: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk.signed_in("olga", "owner")
    size = desk.record.as_seen_by().state.size

    def full(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(desk.accounts, "write_down", full)
    answer = take(client, "whole")
    assert answer.status_code == 503
    assert desk.record.as_seen_by().state.size == size


def test_of_a_record_that_is_damaged_nothing_is_sent_and_the_original_is_named(desk: Team) -> None:
    client = desk.signed_in("olga", "owner")
    (digest,) = desk.record.archive.digests()
    path = next(path for path in (desk.record.folder / "archive").rglob(digest))
    path.chmod(0o600)
    path.write_bytes(b"another")
    answer = take(client, "whole")
    assert answer.status_code == 503
    assert f"Original {digest} is damaged" in answer.text
    assert list(desk.record.folder.glob(".outgoing-*")) == []
