"""What the live server sends: to everybody the public's view, on every answer the same strict headers."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date

import httpx
import msgspec
import polars as pl
import pytest

from onrecord.model.kinds import Base, Correction
from onrecord.record import Record, Viewer
from onrecord.serve.app import make_app

from ..browsing import asking
from ..making import event, promise, source

TODAY = date(2026, 11, 22)


@pytest.fixture
def client(empty: Record) -> Iterator[httpx.Client]:
    """A visitor of a record with one open and one hidden entry."""
    enter(
        empty,
        source(visibility="public", title="<script>alert(1)</script>"),
        promise(visibility="public", due="2026-11-12", due_basis="its words", what="=1+1"),
        event(title="Where she hides"),
    )
    with asking(make_app(empty, today=lambda: TODAY)) as client:
        yield client


def enter(record: Record, *entries: Base) -> None:
    record.enter(list(entries))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/", "/promises/", "/no/such/page/", "/assets/style.css", "/promises/promises.csv",
                                  "/promises/?as_of=nonsense", "/promises"])  # fmt: skip
def test_every_answer_carries_the_strict_headers_and_no_cookie(client: httpx.Client, path: str) -> None:
    headers = client.get(path, follow_redirects=False).headers
    rules = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    assert rules["default-src"] == "'none'"
    assert set(rules.values()) <= {"'none'", "'self'", "'self' data:"}
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written_over_the_network(client: httpx.Client, method: str) -> None:
    assert client.request(method, "/promises/").status_code == 405


def test_days_are_counted_to_the_day_in_the_address_and_to_today_without_one(client: httpx.Client) -> None:
    assert "10 days" in client.get("/promises/P/").text
    assert "40 days" in client.get("/promises/P/?as_of=2026-12-22").text


def test_a_day_that_no_calendar_has_is_refused_with_a_remedy(client: httpx.Client) -> None:
    answer = client.get("/promises/?as_of=2026-02-30")
    assert answer.status_code == 400
    assert "Write the day as 2022-10-06" in answer.text


def test_an_address_without_its_last_slash_leads_on_and_keeps_the_day(client: httpx.Client) -> None:
    answer = client.get("/promises?as_of=2026-12-22", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/promises/?as_of=2026-12-22")


def test_what_is_hidden_and_what_is_not_there_get_the_same_answer(client: httpx.Client) -> None:
    hidden, absent = client.get("/entries/E/"), client.get("/entries/X/")
    assert hidden.status_code == absent.status_code == 404
    assert re.sub(r"&#39;E&#39;|\"E\"", "…", hidden.text) == re.sub(r"&#39;X&#39;|\"X\"", "…", absent.text)


@pytest.mark.parametrize(
    "path", ["/search/?q=hides", "/data/event.json", "/timeline/", "/data/entities.ftm.json"]
)
def test_a_visitor_finds_nothing_hidden_by_any_way_in(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Where she hides" not in answer.text


def test_a_colleague_sees_what_is_for_the_team(empty: Record) -> None:
    enter(empty, source(visibility="team"), event(visibility="team", title="For us"))
    with asking(make_app(empty, viewer=Viewer("a colleague", "team"), today=lambda: TODAY)) as colleague:
        assert "For us" in colleague.get("/timeline/").text
    with asking(make_app(empty, today=lambda: TODAY)) as visitor:
        assert "For us" not in visitor.get("/timeline/").text


def test_an_entry_is_shown_and_hidden_again_without_a_restart(client: httpx.Client, empty: Record) -> None:
    assert "Where she hides" not in client.get("/timeline/").text
    enter(empty, Correction(id="X", replaces="E", reason="agreed", changes={"visibility": "public"}))
    assert "Where she hides" in client.get("/timeline/").text
    enter(empty, Correction(id="Y", replaces="E", reason="taken back", changes={"visibility": "private"}))
    assert "Where she hides" not in client.get("/timeline/").text


def test_words_from_a_source_are_never_read_as_markup(client: httpx.Client) -> None:
    for path in ("/sources/", "/sources/S/", "/entries/S/", "/search/?q=<script>alert(1)</script>"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_no_cell_of_a_csv_runs_as_a_formula(client: httpx.Client) -> None:
    answer = client.get("/promises/promises.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "'=1+1" in answer.text


def test_csv_json_and_parquet_hold_the_same_rows(client: httpx.Client) -> None:
    rows = client.get("/promises/promises.json").json()
    frame = pl.read_parquet(io.BytesIO(client.get("/promises/promises.parquet").content))
    assert [row["id"] for row in rows] == frame["id"].to_list() == ["P"]
    assert pl.read_csv(io.BytesIO(client.get("/promises/promises.csv").content))["id"].to_list() == ["P"]
    assert rows[0]["days_least"] == frame["days_least"].item() == 10


def test_the_proof_of_an_entry_comes_as_a_file(client: httpx.Client) -> None:
    proof = msgspec.json.decode(client.get("/entries/P/proof.json").content)
    assert (proof["entry"], proof["index"]) == ("P", 1)
    assert proof["checkpoint"] == client.get("/data/checkpoint.txt").text
    assert json.loads(proof["leaf"])["entry"]["id"] == "P"


@pytest.mark.parametrize(
    "path", ["/assets/../app.py", "/assets/%2e%2e/page.py", "/..%2f..%2fetc/passwd", "//another.host/x"]
)
def test_no_address_leads_out_of_the_site(client: httpx.Client, path: str) -> None:
    assert client.get(path, follow_redirects=False).status_code == 404
