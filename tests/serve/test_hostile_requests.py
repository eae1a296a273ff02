"""Requests that no browser sends: each is refused or answered in words, never with a failure of the server."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from onrecord.record import Record

from ..accounts.making import PASSWORD
from ..making import event, source
from .team import Team, post, team, token


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    record = Record.create(tmp_path_factory.mktemp("hostile") / "record", title="A record")
    record.enter([source(visibility="public"), event("E-public", visibility="public")])
    with team(record) as served:
        yield served


@pytest.fixture(scope="module")
def owner(desk: Team) -> httpx.Client:
    return desk.signed_in("olga", "owner")


def raw(desk: Team, request: bytes, *, then: bytes = b"", wait: float = 2) -> bytes:
    """What the server says to bytes that are no client's."""
    place = urlsplit(desk.home)
    with socket.create_connection((place.hostname, place.port), timeout=wait) as line:  # type: ignore[type-var]
        line.sendall(request)
        answer = b""
        try:
            if then:
                line.sendall(then)
            while part := line.recv(65536):
                answer += part
        except OSError:  # it said nothing more, or hung up on what it did not want
            pass
    return answer


PATHS = [
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/record.toml", "assets/../../record.toml",
    "assets/..%2f..%2f..%2frecord.toml", "assets/%2e%2e/%2e%2e/keys/ed25519.pem", "data/..%2fledger.sqlite",
    "accounts/log/..%2f..%2fledger.sqlite", "accounts/log/../../keys/ed25519.pem", "documents/../../keys/ed25519.pem",
    "documents/%00/", "entries/%00", "entries/%ff%fe/", "entries/E-public/%0d%0aSet-Cookie:%20a=b/", "//evil.example/",
    "\\evil.example", "entries/" + "a" * 60_000 + "/", "?as_of=0000-00-00", "?as_of=%00", "data/event.csv?as_of=99999-01-01",
    "search/?q=" + "%F0%9F%92%A9" * 2000, "search/?q=%00%ff", "find/?q=%00", "find/?q=a&born=x", "correct/%00/", "correct//",
    "enter/%00/", "invitation/%00/", "invitation/" + "a" * 5000 + "/", "accounts/log/?before=9999999999999999",
    "accounts/log/?before=-1", "accounts/log/?who=%00", "documents/sql/?q=attach%20'x'", "documents/search/?q=%22",
    "account/bag/", "movers/?from=x", "positions.json", "entries/E-public/../../account/",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_address_makes_the_server_fail_or_gives_out_a_file_of_the_record(
    desk: Team, owner: httpx.Client, path: str
) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in owner.cookies.items())
    host = urlsplit(desk.home).netloc
    for cookie in ("", f"Cookie: {cookies}\r\n"):
        request = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n{cookie}Connection: close\r\n\r\n"
        answer = raw(desk, request.encode("latin-1"), wait=20)
        status = int(answer.split(b" ", 2)[1]) if answer else 400
        assert status in (200, 301, 303, 307, 308, 400, 403, 404, 405, 414, 431), answer[:300]
        head = answer.partition(b"\r\n\r\n")[0].lower()
        for leak in (b"Traceback", b"PRIVATE KEY", b"SQLite format", b"root:x:"):
            assert leak not in answer
        assert b"set-cookie: a=b" not in head
        assert not re.search(rb"location: (//|https?://evil|\\)", head)


def test_odd_requests_are_refused_and_the_server_goes_on(desk: Team) -> None:
    host = urlsplit(desk.home).netloc.encode()
    for request in (
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + host + b"@evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nCookie: " + b"a" * 50_000 + b"\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nCookie: onrecord-session=\xff\xfe;;=;\r\nConnection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"DELETE /entries/E-public/ HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n",
        b"PUT /enter/event/ HTTP/1.1\r\nHost: " + host + b"\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
        b"POST /sign-in/ HTTP/1.1\r\nHost: " + host + b"\r\nContent-Length: -5\r\nConnection: close\r\n\r\n",
        b"POST /sign-in/ HTTP/1.1\r\nHost: " + host + b"\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n"
        b"Connection: close\r\n\r\nzz\r\nGET /admin HTTP/1.1\r\n\r\n",
        b"POST /sign-in/ HTTP/1.1\r\nHost: " + host + b"\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        b"Content-Length: 5\r\nConnection: close\r\n\r\n--x--",
        b"POST /sign-in/ HTTP/1.1\r\nHost: " + host + b"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        b"Connection: close\r\n\r\n{}",
    ):  # fmt: skip
        answer = raw(desk, request)
        allowed = rb"HTTP/1.1 [234]" if b"Cookie" in request else rb"(HTTP/1.1 [34]|$)"
        assert re.match(allowed, answer), (request[:80], answer[:200])
        assert b"Traceback" not in answer
    assert desk.visitor.get("").status_code == 200


def test_a_body_without_end_is_refused_before_it_is_kept(desk: Team) -> None:
    host = urlsplit(desk.home).netloc.encode()
    head = (
        b"POST /sign-in/ HTTP/1.1\r\nHost: "
        + host
        + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    answer = raw(desk, head + b"Content-Length: 1000000000\r\n\r\n", then=b"name=" + b"a" * 1_000_000)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"The form is too large" in answer
    answer = raw(
        desk, head + b"Transfer-Encoding: chunked\r\n\r\n", then=b"80000\r\n" + b"a" * 0x80000 + b"\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 400")


def test_bodies_that_never_come_keep_nobody_else_waiting(desk: Team) -> None:
    place = urlsplit(desk.home)
    head = b"POST /sign-in/ HTTP/1.1\r\nHost: " + place.netloc.encode() + b"\r\nContent-Length: 1000\r\n\r\nn"
    lines = [socket.create_connection((place.hostname, place.port), timeout=5) for _ in range(60)]  # type: ignore[type-var]
    for line in lines:
        line.sendall(head)
    try:
        assert desk.visitor.get("").status_code == 200
    finally:
        for line in lines:
            line.close()


def test_a_session_that_somebody_else_chose_is_never_taken_up(desk: Team) -> None:
    victim = desk.visitor
    known = desk.signed_in("vera", "reader")
    (name,) = [name for name in known.cookies if "session" in name or name.endswith("onrecord")] or [
        next(iter(known.cookies))
    ]
    planted = "0" * 43
    victim.cookies.set(name, planted)
    assert post(victim, "sign-in/", name="vera", password=PASSWORD).status_code == 303
    values = [
        cookie.value for cookie in victim.cookies.jar if cookie.name == name and cookie.value != planted
    ]
    assert values
    thief = desk.visitor
    thief.cookies.set(name, planted)
    assert thief.get("account/").status_code == 303


def test_a_form_token_of_one_session_is_of_no_use_in_another(desk: Team, owner: httpx.Client) -> None:
    foreign = token(owner.get("account/").text)
    reader = desk.signed_in("rosa", "reader")
    for secret in (foreign, "", "0" * 64, "é"):
        answer = reader.post("sign-out/", data={"token": secret, "do": "everywhere"})
        assert answer.status_code == 403
    assert reader.get("account/").status_code == 200


def test_an_invitation_is_used_once_and_a_wrong_one_tells_nothing(desk: Team) -> None:
    secret = desk.accounts.invite("nina", "reader", "olga", by_role="owner")
    first, second = desk.visitor, desk.visitor
    pages = [token(client.get(f"invitation/{secret}/").text) for client in (first, second)]
    sent = [
        client.post(f"invitation/{secret}/", data={"token": page, "password": PASSWORD, "again": PASSWORD})
        for client, page in ((first, pages[0]), (second, pages[1]))
    ]
    assert [answer.status_code for answer in sent] == [303, 403]
    used, invented = second.get(f"invitation/{secret}/"), second.get(f"invitation/{'x' * len(secret)}/")
    assert used.status_code == invented.status_code == 403
    assert "nina" not in used.text


def test_names_that_break_out_of_headers_or_pages_stay_names(desk: Team, owner: httpx.Client) -> None:
    for name in ("a\r\nSet-Cookie: b=c", "<script>alert(1)</script>", "\x00", "名" * 300, "' or 1=1 --"):
        answer = post(owner, "accounts/", name=name, role="reader", do="invite")
        assert answer.status_code in (200, 400)
        assert "b=c" not in str(answer.headers)
        assert "<script>alert" not in answer.text
    assert owner.get("accounts/").status_code == 200
    assert owner.get("accounts/log/access-log.csv").status_code == 200


def test_nothing_of_the_record_lies_under_the_assets(desk: Team) -> None:
    assert Path(desk.record.folder / "ledger.sqlite").exists()
    for path in ("assets/", "assets", "assets/fonts", "assets/ledger.sqlite", "assets/style.css/.."):
        answer = desk.visitor.get(path)
        assert answer.status_code < 500
        assert b"SQLite" not in answer.content
