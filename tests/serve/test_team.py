"""The server for a team: who gets in, what each sees, what is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from onrecord.accounts import Role
from onrecord.accounts.accounts import LIMITS
from onrecord.model.kinds import Consent, Name, Person
from onrecord.record import Record
from onrecord.serve.app import make_app
from onrecord.serve.team.place import Place

from ..accounts.making import PASSWORD, Clock, accounts_in, home_of, join
from ..browsing import asking
from ..making import CITED, event, source
from .team import TODAY, Team, post, team, token, words


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """An event for each visibility, and a case that is public whose consent is not."""
    made = Record.create(tmp_path_factory.mktemp("team") / "record", title="A record")
    made.enter(
        [
            source(visibility="public"),
            event("E-public", visibility="public", title="In the newspaper"),
            event("E-team", visibility="team", title="Told to the team"),
            event("E-private", title="Where she hides"),
            Person(
                id="C",
                names=(Name(text="A name"),),
                summary="taken",
                consent=Consent(basis="given", by="her sister in Bursa"),
                citations=CITED,
                visibility="public",
            ),
        ]
    )
    return made


@pytest.fixture(scope="module")
def desk(record: Record) -> Iterator[Team]:
    """The server."""
    with team(record) as served:
        yield served


@pytest.fixture(scope="module")
def owner(desk: Team) -> httpx.Client:
    """An owner who is signed in."""
    return desk.signed_in("olga", "owner")


@pytest.fixture(scope="module")
def editor(desk: Team) -> httpx.Client:
    """An editor who is signed in."""
    return desk.signed_in("emil", "editor")


@pytest.fixture(scope="module")
def reader(desk: Team) -> httpx.Client:
    """A reader who is signed in."""
    return desk.signed_in("rosa", "reader")


WAYS = ["timeline/", "data/event.csv", "data/event.json", "data/entities.ftm.json", "search/?q=e-"]


@pytest.mark.parametrize("path", [*WAYS, "entries/E-private/", "entries/E-team/"])
def test_each_sees_what_is_open_to_their_role_by_every_way_in(
    desk: Team, owner: httpx.Client, editor: httpx.Client, reader: httpx.Client, path: str
) -> None:
    def seen(client: httpx.Client) -> set[str]:
        found = client.get(path)
        assert found.status_code in (200, 404)
        return {known for known in ("Told to the team", "Where she hides") if known in found.text}

    everything = {"Told to the team", "Where she hides"}
    for client, allowed in (
        (desk.visitor, set()),
        (reader, {"Told to the team"}),
        (editor, {"Told to the team"}),
        (owner, everything),
    ):
        assert seen(client) <= allowed
        if path in WAYS:
            assert seen(client) == allowed


@pytest.mark.parametrize("path", ["", "timeline/", "entries/E-public/", "no/such/page/", "data/event.csv"])
def test_a_visitor_sees_what_the_public_server_shows_and_gets_no_cookie(
    desk: Team, record: Record, path: str
) -> None:
    with asking(make_app(record, today=lambda: TODAY)) as public:
        theirs, ours = public.get(path), desk.visitor.get(path)
    assert ours.status_code == theirs.status_code
    assert "set-cookie" not in ours.headers
    foot = '<footer class="colophon">'
    assert ours.text.partition(foot)[0] == theirs.text.partition(foot)[0]
    assert "cookie" in ours.headers.get_list("vary")
    assert "cache-control" not in ours.headers


def test_nothing_that_is_sent_to_somebody_signed_in_is_kept_in_a_cache(
    owner: httpx.Client, reader: httpx.Client
) -> None:
    for client in (owner, reader):
        for path in ("", "timeline/", "data/event.csv", "entries/E-private/", "account/", "no/such/page/"):
            assert client.get(path).headers["cache-control"] == "no-store"
    assert "cache-control" not in reader.get("assets/style.css").headers


def test_the_cookies_are_strict_and_cannot_be_read_by_scripts(desk: Team) -> None:
    client = desk.visitor
    asked_for = client.get("sign-in/").headers["set-cookie"]
    join(desk.accounts, "vera", "reader")
    given = post(client, "sign-in/", name="vera", password=PASSWORD).headers.get_list("set-cookie")
    for cookie in (asked_for, *given):
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert any(cookie.startswith("onrecord-session-") for cookie in given)


def test_over_tls_the_cookies_are_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    record = Record.create(tmp_path / "record", title="A record")
    with team(record, place=Place.parse("https://record.example.org")) as served:
        as_proxied = {"host": "record.example.org"}
        cookie = served.visitor.get("sign-in/", headers=as_proxied).headers["set-cookie"]
        assert cookie.startswith("__Host-onrecord-form=")
        assert "Secure" in cookie.split("; ")
        assert served.visitor.get("sign-in/").status_code == 403
        assert served.visitor.get("", headers={"host": "evil.example"}).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "0.0.0.0"]
)
def test_another_name_pointed_here_is_refused(owner: httpx.Client, host: str) -> None:
    assert owner.get("timeline/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("sign-in/", {"name": "emil", "password": PASSWORD}),
        ("sign-out/", {}),
        ("account/", {"old": PASSWORD, "password": "x" * 20, "again": "x" * 20}),
        ("accounts/", {"do": "invite", "name": "mallory", "role": "owner"}),
    ],
)
@pytest.mark.parametrize("forged", ["no token", "another's token", "another site", "another origin"])
def test_a_form_from_elsewhere_changes_nothing(
    desk: Team, owner: httpx.Client, editor: httpx.Client, path: str, fields: dict[str, str], forged: str
) -> None:
    before = (desk.accounts.everybody(), desk.accounts.invitations(), desk.accounts.accesses(most=1))
    own = token(owner.get("account/").text)
    tokens = {"no token": "", "another's token": token(editor.get("account/").text)}
    headers = {
        "another site": {"sec-fetch-site": "cross-site"},
        "another origin": {"origin": "http://x.example"},
    }
    answer = owner.post(
        path, data={**fields, "token": tokens.get(forged, own)}, headers=headers.get(forged, {})
    )
    assert answer.status_code == 403
    assert (desk.accounts.everybody(), desk.accounts.invitations(), desk.accounts.accesses(most=1)) == before
    assert owner.get("account/").status_code == 200


def test_without_a_page_of_this_server_nobody_signs_in(desk: Team) -> None:
    assert desk.visitor.post("sign-in/", data={"name": "emil", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("path", ["account/", "accounts/", "accounts/log/", "accounts/log/access-log.csv"])
def test_whoever_has_not_signed_in_is_sent_to_sign_in_and_back(desk: Team, path: str) -> None:
    client = desk.visitor
    way = client.get(path)
    assert (way.status_code, way.headers["location"]) == (
        303,
        f"/sign-in/?next=%2F{path.replace('/', '%2F')}",
    )
    join(desk.accounts, "way", "owner")
    answer = post(
        client, "sign-in/", page=way.headers["location"], name="way", password=PASSWORD, next=f"/{path}"
    )
    assert answer.headers["location"] == f"/{path}"


@pytest.mark.parametrize(
    "address",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "/a\nb", "javascript:alert(1)", ""],
)
def test_signing_in_leads_to_no_other_site(desk: Team, address: str) -> None:
    client = desk.visitor
    join(desk.accounts, "on", "reader")
    answer = post(client, "sign-in/", name="on", password=PASSWORD, next=address)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("path", ["accounts/", "accounts/log/", "accounts/log/access-log.json", "documents/"])
def test_the_pages_of_owners_are_for_owners(
    owner: httpx.Client, editor: httpx.Client, reader: httpx.Client, path: str
) -> None:
    assert owner.get(path).status_code == 200
    for other in (editor, reader):
        assert other.get(path).status_code in (403, 404)
    forged = {"token": token(editor.get("account/").text), "do": "invite", "name": "m", "role": "owner"}
    assert editor.post("accounts/", data=forged).status_code == 403


def test_whoever_signs_out_is_a_visitor_again_and_the_old_cookie_opens_nothing(desk: Team) -> None:
    client = desk.signed_in("otto", "reader")
    kept = dict(client.cookies)
    answer = post(client, "sign-out/", page="account/")
    assert answer.status_code == 303
    assert client.get("account/").status_code == 303
    thief = desk.visitor
    thief.cookies.update(kept)
    assert thief.get("entries/E-team/").status_code == 404


def test_a_removal_and_another_role_hold_at_once(desk: Team, owner: httpx.Client) -> None:
    gone, lowered = desk.signed_in("gast", "editor"), desk.signed_in("lena", "owner")
    assert post(owner, "accounts/", do="remove", whom="gast").status_code == 200
    assert gone.get("entries/E-team/").status_code == 404
    join(desk.accounts, "lena", "reader")
    assert lowered.get("entries/E-private/").status_code == 404


def test_an_owner_invites_and_the_link_is_shown_once(desk: Team, owner: httpx.Client) -> None:
    made = post(owner, "accounts/", do="invite", name="Nadia N.", role="reader")
    link = re.search(r"http://[^<]+/invitation/[^<]+/", made.text)
    assert link
    assert link[0] not in owner.get("accounts/").text
    guest = desk.visitor
    assert "Nadia N., you are invited" in guest.get(link[0]).text
    short = post(guest, link[0], password="short", again="short")
    assert short.status_code == 400
    assert "fewer than 12" in short.text
    joined = post(guest, link[0], password=PASSWORD, again=PASSWORD)
    assert joined.status_code == 303
    assert guest.get("entries/E-team/").status_code == 200
    again = desk.visitor.get(link[0])
    assert again.status_code == 403
    assert "cannot be used" in again.text


def test_an_owner_cannot_remove_themselves_and_is_told(owner: httpx.Client) -> None:
    answer = post(owner, "accounts/", do="remove", whom="olga")
    assert answer.status_code == 400
    assert "cannot remove yourself" in answer.text


def test_a_wrong_password_and_an_unknown_name_get_the_same_page(desk: Team) -> None:
    pages = set()
    for name in ("emil", "nobo"):
        client = desk.visitor
        answer = post(client, "sign-in/", name=name, password="not the password")
        assert answer.status_code == 403
        pages.add(re.sub(r'value="[0-9a-f]{64}"', "", answer.text).replace(name, "…"))
    assert len(pages) == 1


def test_too_many_tries_are_refused_with_the_time_to_wait_and_a_restart_does_not_help(tmp_path: Path) -> None:
    record, clock = Record.create(tmp_path / "record", title="A record"), Clock()
    accounts = accounts_in(record, clock)
    join(accounts, "ada")
    with team(record, accounts) as served:
        client = served.visitor
        statuses = [
            post(client, "sign-in/", name="ada", password="wrong again").status_code for _ in range(11)
        ]
    assert statuses == [403] * LIMITS.sign_in_by_name.times + [429]
    with team(record, accounts_in(record, clock)) as served:
        client = served.visitor
        answer = post(client, "sign-in/", name="ada", password=PASSWORD)
        assert answer.status_code == 429
        wait = int(answer.headers["retry-after"])
        assert 0 < wait <= LIMITS.sign_in_by_name.seconds
        clock.turn(seconds=wait)
        assert post(client, "sign-in/", name="ada", password=PASSWORD).status_code == 303


def test_a_session_that_has_ended_is_told_and_sent_to_sign_in(tmp_path: Path) -> None:
    record, clock = Record.create(tmp_path / "record", title="A record"), Clock()
    accounts = accounts_in(record, clock)
    with team(record, accounts) as served:
        client = served.signed_in("ada", "owner")
        page = client.get("accounts/").text
        clock.turn(hours=2)
        assert client.get("accounts/").status_code == 303
        sent = client.post(
            "accounts/", data={"token": token(page), "do": "invite", "name": "x", "role": "owner"}
        )
        assert sent.status_code == 403
        assert accounts.invitations() == []


def lines_about(served: Team, name: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(line.act, line.address, line.what) for line in reversed(served.accounts.accesses(who=name))]


def test_what_is_not_public_is_written_down_and_what_is_public_is_not(desk: Team) -> None:
    client = desk.signed_in("livia", "owner")
    before = len(lines_about(desk, "livia"))
    for path in (
        "entries/E-public/",
        "words/",
        "assets/style.css",
        "entries/E-team/",
        "entries/E-private/",
        "entries/no-such/",
        "people/C/",
        "data/event.csv",
        "data/source.csv",
        "search/?q=hides",
        "documents/",
    ):
        client.get(path)
    lines = lines_about(desk, "livia")[before:]
    told = {(act, address): what for act, address, what in lines}
    assert told["opened", "entries/E-team/"][0] == "E-team"
    assert told["opened", "entries/E-private/"][0] == "E-private"
    assert told["opened", "people/C/"] == ("C",)
    assert told["took", "data/event.csv"] == ("E-team", "E-private")
    assert told["opened", "search/"] == ("E-private",)
    assert ("opened", "documents/") in told
    for public in ("entries/E-public/", "words/", "entries/no-such/", "data/source.csv", "assets/style.css"):
        assert public not in {address for _, address in told}
    assert "hides" not in str(lines)


def test_what_a_visitor_reads_is_written_down_nowhere(desk: Team) -> None:
    before = desk.accounts.accesses(most=1)
    client = desk.visitor
    for path in ("", "timeline/", "entries/E-public/", "entries/E-team/", "data/event.csv", "search/?q=she"):
        client.get(path)
    assert desk.accounts.accesses(most=1) == before


def test_nothing_is_given_out_that_could_not_be_written_down(
    desk: Team, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onrecord.errors import StorageError

    def full(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(desk.accounts, "write_down", full)
    answer = reader.get("entries/E-team/")
    assert answer.status_code == 503
    assert "Told to the team" not in answer.text
    assert reader.get("entries/E-public/").status_code == 200


def test_the_log_is_shown_to_owners_and_taken_as_a_file(
    desk: Team, owner: httpx.Client, reader: httpx.Client
) -> None:
    reader.get("entries/E-team/")
    page = words(owner.get("accounts/log/", params={"who": "rosa"}))
    assert "E-team" in page
    assert "olga" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    taken = owner.get("accounts/log/access-log.json").json()
    assert taken[0]["address"] == "accounts/log/access-log.json"
    assert {"rosa", "olga"} <= {line["who"] for line in taken}
    own = words(reader.get("account/"))
    assert "entries/E-team/" in own
    assert "olga" not in own.partition("<tbody>")[2]


@pytest.mark.parametrize("role", ["owner", "editor", "reader"])
def test_a_new_password_is_chosen_by_a_form(desk: Team, role: Role) -> None:
    name = f"changes-{role}"
    client = desk.signed_in(name, role)
    fields = {"old": PASSWORD, "password": "six other words in a row", "again": "six other words in a row"}
    wrong = post(client, "account/", **{**fields, "old": "not it"})
    assert wrong.status_code == 400
    assert "not your password" in wrong.text
    assert "was changed" in post(client, "account/", **fields).text
    assert desk.accounts.sign_in(name, "six other words in a row", home_of(name))
