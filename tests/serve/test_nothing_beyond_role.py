"""Random records with a token in every field: nobody is sent a token beyond their role, by any page or file.

And whatever holds a token that the public may not read is in the access log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.accounts import Role, viewer_for
from onrecord.pages.findings import findings_for
from onrecord.pages.routes import every_path
from onrecord.record import PUBLIC, Record

from ..publish.test_nothing_private import echoed, tokens
from ..record.planted import Planted, everything, planted, readable
from .team import TODAY, team

FORMS = ("account/", "accounts/", "accounts/log/", "accounts/log/access-log.csv", "sign-in/", "documents/")


def answers(made: Planted, client: httpx.Client, role: Role | None) -> Iterator[tuple[str, httpx.Response]]:
    """Every page that the role has, every file it offers, and wherever a hidden entry could be asked for."""
    view = made.record.as_seen_by(viewer_for(role) if role else PUBLIC)
    hidden = sorted(set(made.first) - view.ids)
    guessed = [
        f"{room}/{entry}/"
        for entry in hidden
        for room in ("entries", "people", "sources", "states", "correct")
    ]
    shown = [f"correct/{entry}/" for entry in sorted(view.ids)[:3]]
    for path in dict.fromkeys(
        [*every_path(findings_for(made.record, view, TODAY)), *guessed, *shown, *FORMS]
    ):
        answer = client.get(path)
        yield path, answer
        for name in re.findall(r'href="([^"]+)" download', answer.text) if path.endswith("/") else ():
            file = unquote(urljoin(path, name))
            yield file, client.get(file)
    for word in [*hidden[:5], "q0"]:
        yield f"search/?q={word}", client.get("search/", params={"q": word})


@pytest.mark.parametrize("role", [None, "reader", "editor", "owner"])
@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_nobody_is_sent_what_their_role_may_not_read_and_what_is_not_public_is_logged(
    tmp_path_factory: pytest.TempPathFactory, role: Role | None, data: st.DataObject
) -> None:
    nobody_is_sent(tmp_path_factory, data, role)


@pytest.mark.slow
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), role=st.sampled_from([None, "reader", "editor", "owner"]))
def test_the_same_holds_for_a_hundred_records(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, role: Role | None
) -> None:
    nobody_is_sent(tmp_path_factory, data, role)


def nobody_is_sent(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, role: Role | None) -> None:
    """Walk every address as somebody of a role, and compare what is sent with the plain rules of planted.py."""
    made: Planted = data.draw(planted(Record.create(tmp_path_factory.mktemp("team") / "record", title="R")))
    _, for_all = readable(made, "public")
    _, allowed = readable(made, viewer_for(role).clearance if role else "public")
    if role == "owner":
        allowed = everything(made)
    sent: dict[str, set[str]] = {}
    with team(made.record) as served:
        client = served.signed_in("ada", role) if role else served.visitor
        for path, answer in answers(made, client, role):
            assert answer.status_code in (200, 303, 403, 404), (path, answer.text)
            found = tokens(echoed(path, answer))
            echo = "search/" in path or answer.status_code != 200  # it says what was asked for
            sent[path] = found - tokens(path) if echo else found
        logged = {line.address for line in served.accounts.accesses(who="ada")}
    assert {path: found - allowed for path, found in sent.items() if found - allowed} == {}
    private = {path.partition("?")[0] for path, found in sent.items() if found - for_all}
    quiet = ("account/", "accounts/")  # they show lines of the log, and accounts
    assert private - logged - {*quiet} == set()
    assert role or not logged
