"""Answers to SQL whose rows say where they stand."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from onrecord.search.tracing import leads_back, traced

ROW = ["_document", "_sheet", "_row"]


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as made:
        made.execute("create table list as select 'hash' as _document, '' as _sheet, 7 as _row, 'a' as name")
        made.execute("create table event as select 'E1' as id, 'a' as title")
        made.execute("create table tables as select 'list' as name, 'hash' as document")
        yield made


@pytest.mark.parametrize(
    ("query", "added"),
    [
        ("select name from list where name = 'a' order by name limit 1", ROW),
        ("select name, _row from list", ROW[:2]),
        ("select upper(l.name) as up from List as l", ROW),
        ("select name, count(*) over () as all_of_them from list", ROW),
        ("with few as (select * from list) select name from few", ROW),
        ("select a.name from list a join list b using (name)", [*ROW, *(f"{name}_1" for name in ROW)]),
        ("select a.name from list a anti join event b on a.name = b.id", ROW),
        ("select title from event", ["_entry"]),
        ("select name from tables", ["document"]),
        ("select title from event join list on title = name", ["_entry", *(f"{name}_1" for name in ROW)]),
    ],
)
def test_a_row_of_the_tables_asked_says_where_it_stands(
    engine: duckdb.DuckDBPyConnection, query: str, added: list[str]
) -> None:
    before = engine.sql(query)
    told = traced(engine.cursor(), query, set(before.columns), {"event"})
    assert told
    after = engine.sql(told)
    assert after.columns == [*before.columns, *added]
    width = len(before.columns)
    assert [row[:width] for row in after.fetchall()] == before.fetchall()
    assert leads_back(after.columns)


@pytest.mark.parametrize(
    "query",
    [
        "select distinct name from list",
        "select name from list group by all",
        "select name from list union all select title from event",
        "select name from (select name from list)",
        "select a._row from list a, list b",
        "select 1",
    ],
)
def test_a_row_made_of_several_has_no_place(engine: duckdb.DuckDBPyConnection, query: str) -> None:
    columns = set(engine.sql(query).columns)
    assert traced(engine.cursor(), query, columns, {"event"}) is None
    assert not leads_back(columns)
