"""`onrecord serve --accounts` as it is started by hand: a process of its own, at a port, behind a proxy or not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from onrecord.accounts.accounts import LIMITS
from onrecord.record import Record

from ..accounts.making import PASSWORD
from ..making import event, source
from .team import post


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A record with something for the team."""
    record = Record.create(tmp_path / "record", title="A record")
    record.enter([source(visibility="public"), event(visibility="team", title="Told to the team")])
    return record.folder


def command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "onrecord", "-r", str(folder), *words]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(folder: Path, *words: str) -> Iterator[httpx.Client]:
    """The server as a process, and somebody who asks it."""
    port = free_port()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command(folder, "serve", "--accounts", "--port", str(port), *words),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as server:
        assert server.stdout
        assert "with sign-in" in server.stdout.readline()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
            for _ in range(600):
                try:
                    client.get("/assets/icon.svg")
                    break
                except httpx.ConnectError:
                    time.sleep(0.1)
            try:
                yield client
            finally:
                server.terminate()


def invited(folder: Path, name: str) -> str:
    """The path of an invitation that the command prints."""
    words = command(folder, "accounts", "invite", name, "--role", "reader")
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return printed.strip().removeprefix("http://127.0.0.1:8321")


def test_an_invitation_from_the_command_line_lets_somebody_in_at_the_server_that_runs(folder: Path) -> None:
    with started(folder) as client:
        assert client.get("/entries/E/").status_code == 404
        joined = post(client, invited(folder, "ada"), password=PASSWORD, again=PASSWORD)
        assert joined.status_code == 303
        assert "Told to the team" in client.get("/entries/E/").text
        assert "server" not in client.get("/").headers


def test_behind_a_proxy_tries_are_counted_by_the_address_that_it_reports(folder: Path) -> None:
    with started(folder, "--address", "https://record.example.org") as client:
        client.headers["host"] = "record.example.org"
        statuses = []
        for number in range(LIMITS.sign_in_by_address.times + 1):
            client.headers["x-forwarded-for"] = "198.51.100.7"
            client.cookies.clear()
            page = client.get("/sign-in/")
            token = page.text.rpartition('name="token" value="')[2][:64]
            cookie = page.headers["set-cookie"].partition(";")[0]
            sent = client.post(
                "/sign-in/",
                data={"token": token, "name": f"n{number}", "password": "x"},
                headers={"cookie": cookie},
            )
            statuses.append(sent.status_code)
        assert statuses == [403] * LIMITS.sign_in_by_address.times + [429]
        client.headers["x-forwarded-for"] = "203.0.113.9"
        sent = client.post(
            "/sign-in/", data={"token": token, "name": "m", "password": "x"}, headers={"cookie": cookie}
        )
        assert sent.status_code == 403


@pytest.mark.parametrize(
    "words",
    [
        ["--accounts", "--as", "keeper"],
        ["--address", "https://record.example.org"],
        ["--accounts", "--address", "http://record.example.org"],
        ["--accounts", "--address", "https://record.example.org/under/"],
        ["--accounts", "--address", "https://user@record.example.org"],
        ["--accounts", "--address", "record.example.org"],
    ],
)
def test_what_would_let_people_in_unsafely_is_refused_at_the_start(folder: Path, words: list[str]) -> None:
    ran = subprocess.run(command(folder, "serve", *words), capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "--a" in ran.stderr or "address" in ran.stderr
