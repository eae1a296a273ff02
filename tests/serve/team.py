"""A server with accounts, and people who sign in to it by its own forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from html import unescape

import httpx

from onrecord.accounts import Accounts, Role
from onrecord.record import Record
from onrecord.serve.drawing import Drawing
from onrecord.serve.team.app import make_team_app
from onrecord.serve.team.place import Place

from ..accounts.making import PASSWORD, accounts_in, join
from ..browsing import listening

TODAY = date(2026, 11, 22)


@dataclass
class Team:
    """A record at a server with accounts; ``visitor`` has not signed in."""

    record: Record
    accounts: Accounts
    home: str
    stack: ExitStack

    @property
    def visitor(self) -> httpx.Client:
        """Somebody with a program and no account."""
        return self.stack.enter_context(httpx.Client(base_url=self.home, trust_env=False, timeout=30))

    def signed_in(self, name: str, role: Role) -> httpx.Client:
        """Somebody who has an account and has signed in with it."""
        if name not in [account.name for account in self.accounts.everybody()]:
            join(self.accounts, name, role)
        client = self.visitor
        answer = post(client, "sign-in/", name=name, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return client


@contextmanager
def team(record: Record, accounts: Accounts | None = None, place: Place | None = None) -> Iterator[Team]:
    """A server for as long as the block runs."""
    accounts = accounts or accounts_in(record)
    with closing(Drawing(record)) as drawing, ExitStack() as stack:
        app = make_team_app(record, accounts, drawing, place or Place(), today=lambda: TODAY)
        yield Team(record, accounts, stack.enter_context(listening(app)), stack)


def token(page: str) -> str:
    """The secret of the forms on a page; the last one, which belongs to the page itself."""
    return re.findall(r'name="token" value="([0-9a-f]{64})"', page)[-1]


def post(client: httpx.Client, path: str, page: str = "", **fields: object) -> httpx.Response:
    """Load a page, fill in its form and send it."""
    secret = token(client.get(page or path).text)
    return client.post(path, data={"token": secret, **{k.replace("__", "."): v for k, v in fields.items()}})  # type: ignore[dict-item]


def words(answer: httpx.Response) -> str:
    """An answer as a reader sees it, entities undone."""
    return unescape(answer.text)
