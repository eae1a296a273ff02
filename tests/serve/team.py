"""A server with accounts, and people who sign in to it by its own forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from html import unescape
from urllib.parse import urlencode

import httpx
from lxml import html

from onrecord.accounts import Accounts, Role
from onrecord.record import Record
from onrecord.serve.drawing import Drawing
from onrecord.serve.team.app import make_team_app
from onrecord.serve.team.place import Place

from ..accounts.making import PASSWORD, accounts_in, home_of, join
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
            join(self.accounts, name, role, address=home_of(name))
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


Changes = dict[str, str | list[str]]


def sent_by(page: httpx.Response, form: str) -> list[tuple[str, str]]:
    """What a browser would send with a form as it stands."""
    found = html.fromstring(page.text).get_element_by_id(form)
    return [(name, value.lstrip("\n")) for name, value in found.form_values()]


def fill(
    client: httpx.Client, page: httpx.Response, form: str, changes: Changes, act: str = "put"
) -> httpx.Response:
    """Change some of what stands in a form of a page and send it."""
    pairs = [pair for pair in sent_by(page, form) if pair[0] not in changes and pair[0] != "do"]
    for name, values in {**changes, "do": act}.items():
        pairs += [(name, value) for value in ([values] if isinstance(values, str) else values)]
    return client.post(
        page.url, content=urlencode(pairs), headers={"content-type": "application/x-www-form-urlencoded"}
    )


def enter(client: httpx.Client, kind: str, changes: Changes) -> httpx.Response:
    """Fill in the form of a kind and send it."""
    return fill(client, client.get(f"enter/{kind}/"), "entry", changes)


def correct(client: httpx.Client, entry_id: str, changes: Changes) -> httpx.Response:
    """Correct an entry: fill in the form, look at old and new, put it on record."""
    look = fill(client, client.get(f"correct/{entry_id}/"), "correction", changes, "look")
    assert look.status_code == 200, problems(look)
    return fill(client, look, "review", {})


def problems(page: httpx.Response) -> dict[str, str]:
    """What is said to be wrong, by the field that it stands beside."""
    document = html.fromstring(page.text)
    return {
        str(element.get("id")).removeprefix("field-").removesuffix("-wrong"): " ".join(
            element.text_content().split()
        )
        for element in document.find_class("problem")
    }


def said(page: httpx.Response) -> str:
    """What stands in the box at the top that says what is wrong."""
    return " ".join(html.fromstring(page.text).get_element_by_id("wrong").text_content().split())
