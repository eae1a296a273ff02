"""Two to five states beside each other."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from onrecord.errors import EntryNotFound
from onrecord.pages.answers.compare import chosen
from onrecord.pages.findings import findings_for
from onrecord.pages.page import Asked, Page
from onrecord.pages.render import render
from onrecord.pages.routes import page_at
from onrecord.record import KEEPER, PUBLIC, Record

from .test_state_votes import voting

__all__ = ["voting"]

TODAY = date(2026, 11, 22)


def page(record: Record, query: dict[str, str], viewer=KEEPER) -> tuple[Page, Asked]:
    asked = Asked(findings_for(record, record.as_seen_by(viewer), TODAY), query)
    return page_at("compare/", asked), asked


def test_the_address_names_the_states(xinjiang: Record) -> None:
    _, asked = page(xinjiang, {"states": "SOM,tur,CUB"}, PUBLIC)
    assert chosen(asked) == ["SOM", "TUR", "CUB"]


def test_the_form_names_them_one_in_each_field(xinjiang: Record) -> None:
    _, asked = page(xinjiang, {"a": "SOM", "b": "", "c": "CUB", "d": "SOM"}, PUBLIC)
    assert chosen(asked) == ["SOM", "CUB"]


def test_one_state_is_set_beside_the_one_the_record_is_about(xinjiang: Record) -> None:
    _, asked = page(xinjiang, {"states": "SOM"}, PUBLIC)
    assert chosen(asked) == ["SOM", "CHN"]


def test_no_more_than_five_are_compared(xinjiang: Record) -> None:
    _, asked = page(xinjiang, {"states": "SOM,TUR,CUB,CHN,USA,DEU,FRA"}, PUBLIC)
    assert chosen(asked) == ["SOM", "TUR", "CUB", "CHN", "USA"]


def test_a_state_that_is_not_on_record_is_named(xinjiang: Record) -> None:
    with pytest.raises(EntryNotFound, match="'QQQ'"):
        page(xinjiang, {"states": "SOM,QQQ"}, PUBLIC)


def test_without_roll_calls_the_letters_are_compared(xinjiang: Record) -> None:
    shown, _ = page(xinjiang, {"states": "SOM,CUB"}, PUBLIC)
    assert shown.tables["stances"].columns == ["id", "date", "title", "side", "SOM", "CUB"]
    both = shown.tables["stances"].filter(pl.col("SOM") == "critical", pl.col("CUB") == "supportive")
    assert both.is_empty() == (shown.tables["stances"].filter(pl.col("SOM") == "critical").is_empty())
    assert "Somalia stands on" in shown.finding


def test_states_of_one_camp_agree_more_than_states_of_two(voting: Record) -> None:
    shown, asked = page(voting, {"states": "AAA,BBB,DDD"})
    pairs = {(row["first"], row["second"]): row["agreement"] for row in shown.tables["agreement"].to_dicts()}
    assert pairs == {("AAA", "BBB"): 1.0, ("AAA", "DDD"): 0.0, ("BBB", "DDD"): 0.0}
    html = render(shown, asked, live=True)
    assert 'href="agreement.csv?states=AAA%2CBBB%2CDDD"' in html
    assert 'href="positions-council.svg?states=AAA%2CBBB%2CDDD"' in html
    assert html.count("<select") == 5


def test_a_copy_without_a_server_says_that_it_shows_one_choice_only(voting: Record) -> None:
    shown, asked = page(voting, {})
    html = render(shown, asked, live=False)
    assert "<select" not in html
    assert "onrecord serve" in html
