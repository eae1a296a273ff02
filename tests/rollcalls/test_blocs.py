"""The blocs of a body's last sessions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from onrecord.errors import UsageError
from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked
from onrecord.pages.render import render
from onrecord.pages.routes import page_at
from onrecord.record import KEEPER, Record
from onrecord.rollcalls import take_in
from onrecord.rollcalls.blocs import blocs_kept, blocs_of
from onrecord.rollcalls.bodies import Body, body_named

from .test_rollcalls import plain_file, record

__all__ = ["record"]


@pytest.fixture
def body(record: Record, tmp_path: Path) -> Body:
    take_in(record, [plain_file(tmp_path)])
    return body_named(record, record.as_seen_by(KEEPER), "council")


def camp(members: pl.DataFrame, state: str) -> set[str]:
    bloc = members.filter(pl.col("actor") == state)["bloc"][0]
    return set(members.filter(pl.col("bloc") == bloc)["actor"])


def test_only_the_sessions_asked_for_count(body: Body) -> None:
    early, late = (blocs_of(body, sessions=2, until=year, draws=5) for year in (2002, 2004))
    assert (early.first, early.last, late.first, late.last) == (2001, 2002, 2003, 2004)
    assert {"CCC", "CHN", "DDD"} <= camp(early.blocs.members, "CCC")
    assert {"CCC", "USA", "AAA", "BBB"} <= camp(late.blocs.members, "CCC")


def test_an_issue_that_the_source_does_not_mark_is_refused(body: Body) -> None:
    with pytest.raises(UsageError, match="do not mark"):
        blocs_of(body, issue="hr")


def test_blocs_are_kept_and_read_again(body: Body, record: Record) -> None:
    first, again = blocs_kept(record, body), blocs_kept(record, body)
    assert first.blocs.members.equals(again.blocs.members)
    assert list((record.folder / "derived" / "rollcalls").glob("blocs-*"))
    assert (first.first, first.last, first.blocs.rollcalls) == (
        again.first,
        again.last,
        again.blocs.rollcalls,
    )


def test_the_page_shows_every_state_with_its_bloc(body: Body, record: Record) -> None:
    asked = Asked(findings_for(record, record.as_seen_by(KEEPER), date(2026, 1, 1)))
    page = page_at("votes/council/blocs/", asked)
    html = render(page, asked, live=False)
    assert set(page.tables) == {"members", "blocs", "pairs"}
    assert page.tables["members"].height == 7
    assert 'href="pairs.parquet"' in html
    assert 'href="blocs.svg"' in html
    assert "Leiden" in html
