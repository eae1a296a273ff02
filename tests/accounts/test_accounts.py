"""Inviting, joining, signing in and out: what holds in SQLite and in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.accounts import Accounts, SignedIn, SignInRefused, TooManyTries
from onrecord.accounts.limits import Limit
from onrecord.errors import EntryNotFound, InvalidInput, StorageError
from onrecord.model.kinds import Source
from onrecord.proof.bags import export_bag
from onrecord.record import Record, verify
from onrecord.record.places import ledger_place

from .making import HERE, PASSWORD, Clock, accounts_in, bytes_of, join

OTHER = "another password altogether"


def test_whoever_joins_by_an_invitation_is_signed_in_with_its_role(accounts: Accounts) -> None:
    session = join(accounts, "Ada Lovelace", "editor")
    assert accounts.who(session) == SignedIn("Ada Lovelace", "editor")
    assert [(a.name, a.role) for a in accounts.everybody()] == [("Ada Lovelace", "editor")]
    assert accounts.invitations() == []


def test_a_name_is_found_in_capitals_and_small_letters_and_kept_as_it_was_invited(accounts: Accounts) -> None:
    join(accounts, "Ada  Lovelace")
    session = accounts.sign_in(" ada lovelace ", PASSWORD, HERE)
    assert accounts.who(session) == SignedIn("Ada Lovelace", "editor")


def test_an_invitation_works_once(accounts: Accounts) -> None:
    secret = accounts.invite("ada", "reader", "a test")
    assert accounts.invitation(secret, HERE).role == "reader"
    accounts.join(secret, PASSWORD, PASSWORD, HERE)
    with pytest.raises(SignInRefused):
        accounts.join(secret, OTHER, OTHER, HERE)
    accounts.sign_in("ada", PASSWORD, HERE)


def test_an_invitation_ends_with_its_time_and_with_the_next_one(accounts: Accounts, clock: Clock) -> None:
    first = accounts.invite("ada", "reader", "a test")
    second = accounts.invite("ada", "reader", "a test")
    with pytest.raises(SignInRefused):
        accounts.join(first, PASSWORD, PASSWORD, HERE)
    clock.turn(hours=73)
    with pytest.raises(SignInRefused):
        accounts.join(second, PASSWORD, PASSWORD, HERE)
    assert accounts.invitations() == []


@pytest.mark.parametrize(
    ("password", "again", "column"),
    [
        ("too short", "too short", "password"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "password"),
        ("adaadaadaada", "adaadaadaada", "password"),
        ("x" * 201, "x" * 201, "password"),
        (PASSWORD, OTHER, "again"),
    ],
)
def test_a_password_of_no_use_is_told_and_leaves_the_invitation_open(
    accounts: Accounts, password: str, again: str, column: str
) -> None:
    secret = accounts.invite("ada", "reader", "a test")
    with pytest.raises(InvalidInput) as told:
        accounts.join(secret, password, again, HERE)
    assert [problem.column for problem in told.value.problems] == [column]
    assert accounts.who(accounts.join(secret, PASSWORD, PASSWORD, HERE))


@pytest.mark.parametrize("name", ["", " ", "-x", "a/b", "a\nb<script>", "x" * 61, "a\u202eb"])
def test_what_cannot_be_a_name_is_not_invited(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.invite(name, "reader", "a test")


def test_a_wrong_password_and_an_unknown_name_get_the_same_refusal(accounts: Accounts) -> None:
    join(accounts, "ada")
    told = set()
    for name in ("ada", "nobody"):
        with pytest.raises(SignInRefused) as refused:
            accounts.sign_in(name, OTHER, HERE)
        told.add(str(refused.value))
    assert len(told) == 1


def test_a_session_ends_by_idleness_and_after_twelve_hours_whatever_is_done(
    accounts: Accounts, clock: Clock
) -> None:
    idle = join(accounts, "ada")
    clock.turn(minutes=61)
    assert accounts.who(idle) is None
    busy = accounts.sign_in("ada", PASSWORD, HERE)
    for _ in range(14):
        clock.turn(minutes=50)
        assert accounts.who(busy)
    clock.turn(minutes=25)
    assert accounts.who(busy) is None


def test_signing_out_ends_one_session_and_everywhere_ends_all(accounts: Accounts) -> None:
    sessions = [join(accounts, "ada"), *(accounts.sign_in("ada", PASSWORD, HERE) for _ in range(2))]
    assert accounts.open_sessions("ada") == 3
    accounts.sign_out(sessions[0])
    assert [bool(accounts.who(session)) for session in sessions] == [False, True, True]
    accounts.sign_out(sessions[1], everywhere=True)
    assert [bool(accounts.who(session)) for session in sessions] == [False, False, False]


def test_a_new_password_ends_the_other_sessions_and_the_old_password(accounts: Accounts) -> None:
    here, there = join(accounts, "ada"), accounts.sign_in("ada", PASSWORD, HERE)
    with pytest.raises(InvalidInput):
        accounts.change_password(here, OTHER, OTHER, OTHER)
    accounts.change_password(here, PASSWORD, OTHER, OTHER)
    assert accounts.who(here)
    assert accounts.who(there) is None
    with pytest.raises(SignInRefused):
        accounts.sign_in("ada", PASSWORD, HERE)
    accounts.sign_in("ada", OTHER, HERE)


def test_an_invitation_to_somebody_who_has_an_account_gives_another_password_and_role(
    accounts: Accounts,
) -> None:
    before = join(accounts, "ada", "editor")
    after = join(accounts, "Ada", "reader", OTHER)
    assert accounts.who(before) is None
    assert accounts.who(after) == SignedIn("ada", "reader")
    assert len(accounts.everybody()) == 1


def test_whoever_is_removed_is_signed_out_at_once_and_cannot_come_back(accounts: Accounts) -> None:
    session, secret = join(accounts, "ada"), accounts.invite("ada", "owner", "a test")
    accounts.remove("ADA", "a test")
    assert accounts.who(session) is None
    for way in (
        lambda: accounts.sign_in("ada", PASSWORD, HERE),
        lambda: accounts.join(secret, OTHER, OTHER, HERE),
    ):
        with pytest.raises(SignInRefused):
            way()
    with pytest.raises(EntryNotFound):
        accounts.remove("ada", "a test")


def test_too_many_tries_for_a_name_are_refused_from_everywhere_and_after_a_restart(
    record: Record, clock: Clock
) -> None:
    accounts = accounts_in(record, clock)
    join(accounts, "ada")
    for number in range(10):
        with pytest.raises(SignInRefused):
            accounts.sign_in("ada", OTHER, f"198.51.100.{number}")
    again = accounts_in(Record(record.folder), clock)
    with pytest.raises(TooManyTries) as refused:
        again.sign_in("ada", PASSWORD, "203.0.113.9")
    clock.turn(seconds=refused.value.seconds)
    assert again.who(again.sign_in("ada", PASSWORD, "203.0.113.9"))


def test_names_that_do_not_exist_are_counted_in_the_same_way(accounts: Accounts) -> None:
    for _ in range(10):
        with pytest.raises(SignInRefused):
            accounts.sign_in("nobody", OTHER, HERE)
    with pytest.raises(TooManyTries):
        accounts.sign_in("nobody", OTHER, HERE)


@pytest.mark.parametrize("addresses", [[HERE], ["2001:db8::1", "2001:db8::ffff"], [HERE, f"::ffff:{HERE}"]])
def test_too_many_tries_from_an_address_are_refused_for_every_name(
    accounts: Accounts, addresses: list[str]
) -> None:
    for number in range(30):
        with pytest.raises(SignInRefused):
            accounts.sign_in(f"name {number}", OTHER, addresses[number % len(addresses)])
    with pytest.raises(TooManyTries):
        accounts.sign_in("one more", OTHER, addresses[-1])
    with pytest.raises(SignInRefused):
        accounts.sign_in("one more", OTHER, "203.0.113.9")


def test_guessing_invitations_is_refused_after_a_while(accounts: Accounts) -> None:
    for number in range(20):
        with pytest.raises(SignInRefused):
            accounts.invitation(f"guess {number}", HERE)
    secret = accounts.invite("ada", "reader", "a test")
    with pytest.raises(TooManyTries):
        accounts.invitation(secret, HERE)
    assert accounts.invitation(secret, "203.0.113.9")


def test_the_log_tells_who_did_what_newest_first_and_only_grows(record: Record, accounts: Accounts) -> None:
    session = join(accounts, "ada", "owner")
    who = accounts.who(session)
    assert who
    accounts.write_down(who, "opened", "people/C/", ["C"], 7)
    accounts.sign_out(session)
    acts = [(line.who, line.act, line.address, line.what, line.size) for line in accounts.accesses()]
    assert acts == [
        ("ada", "signed out", "", (), 0),
        ("ada", "opened", "people/C/", ("C",), 7),
        ("ada", "joined", "", (), 0),
        ("a test", "invited", "", ("ada as owner",), 0),
    ]
    assert [line.seq for line in accounts.accesses(who="ada", before=4, most=1)] == [3]
    store = ledger_place(record.folder, record.description)
    for sql in ("delete from accesses", "update accesses set who = 'x'"):
        with pytest.raises(StorageError, match="only grows"), store.writing() as db:
            db.do(sql)
    assert len(accounts.accesses()) == 4


def test_no_secret_and_no_password_lies_in_the_database(tmp_path: Path) -> None:
    record = Record.create(tmp_path / "record", title="A record")
    accounts = accounts_in(record)
    used, open_still = accounts.invite("ada", "owner", "a test"), accounts.invite("bo", "reader", "a test")
    session = accounts.join(used, PASSWORD, PASSWORD, HERE)
    with pytest.raises(SignInRefused):
        accounts.sign_in("my password by mistake", OTHER, HERE)
    kept = bytes_of(record.folder)
    for secret in (used, open_still, session, PASSWORD, OTHER, "my password by mistake"):
        assert secret.encode() not in kept
    assert b"$argon2id$" in kept


def test_a_bag_holds_nothing_of_the_accounts_and_verify_does_not_mind_them(tmp_path: Path) -> None:
    record = Record.create(tmp_path / "record", title="A record")
    record.enter([Source(id="S", title="A source")])
    accounts = accounts_in(record)
    join(accounts, "ada-of-the-accounts", "owner")
    export_bag(record, tmp_path / "bag")
    assert b"ada-of-the-accounts" in bytes_of(record.folder)
    assert b"ada-of-the-accounts" not in bytes_of(tmp_path / "bag")
    assert verify(record.ledger, record.archive, views=record.views).clean


def test_a_limit_says_how_long_it_takes_until_one_more_is_allowed() -> None:
    assert Limit(10, 900).interval == 90_000_000
