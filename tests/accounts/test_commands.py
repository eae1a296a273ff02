"""`onrecord accounts` as a shell runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord import errors
from onrecord.accounts import SignedIn
from onrecord.record import Record
from tests.cli.conftest import Run, run

from .making import HERE, PASSWORD, accounts_in

__all__ = ["run"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an empty record."""
    return Record.create(tmp_path / "record", title="A record").folder


def test_the_first_owner_gets_in_by_the_link_that_the_command_prints(run: Run, folder: Path) -> None:
    ran = run("-r", folder, "accounts", "invite", "ada", "--role", "owner", "--address", "https://r.example")
    link = ran.out.strip()
    assert link.startswith("https://r.example/invitation/")
    accounts = accounts_in(Record(folder), Record(folder).clock)
    session = accounts.join(link.split("/")[-2], PASSWORD, PASSWORD, HERE)
    assert accounts.who(session) == SignedIn("ada", "owner")


def test_the_list_shows_accounts_and_open_invitations(run: Run, folder: Path) -> None:
    invited = run("-r", folder, "accounts", "invite", "ada", "--role", "reader", "--hours", "1")
    run("-r", folder, "accounts", "invite", "bo", "--role", "editor")
    secret = invited.out.split("/")[-2]
    accounts_in(Record(folder), Record(folder).clock).join(secret, PASSWORD, PASSWORD, HERE)
    rows = run("-r", folder, "accounts", "list", "--json").json
    assert [(row["name"], row["role"], bool(row["invited_until"])) for row in rows] == [
        ("ada", "reader", False),
        ("bo", "editor", True),
    ]
    assert secret not in str(rows)


def test_removing_takes_an_invitation_back_and_is_logged(run: Run, folder: Path) -> None:
    run("-r", folder, "accounts", "invite", "ada", "--role", "reader")
    assert run("-r", folder, "accounts", "remove", "Ada").code == 0
    assert run("-r", folder, "accounts", "list", "--json").json == []
    assert run("-r", folder, "accounts", "remove", "Ada").code == errors.EntryNotFound.exit_code
    acts = [
        (line["who"], line["act"], line["what"])
        for line in run("-r", folder, "accounts", "log", "--json").json
    ]
    assert acts == [
        ("the command line", "removed", ["ada"]),
        ("the command line", "invited", ["ada as reader"]),
    ]
    lines = run("-r", folder, "accounts", "log", "--csv", "--last", "1").out.splitlines()
    assert lines[0] == "seq,at,who,role,act,address,what,size"
    assert len(lines) == 2


def test_a_name_that_cannot_be_one_is_refused_with_a_remedy(run: Run, folder: Path) -> None:
    ran = run("-r", folder, "accounts", "invite", "a/b", "--role", "reader")
    assert ran.code == errors.InvalidInput.exit_code
    assert "cannot be a name" in ran.err
