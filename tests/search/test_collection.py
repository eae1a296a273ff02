"""Searching and asking a record: hits with places, tables by SQL, nothing else within reach."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from onrecord.errors import UsageError
from onrecord.ingest.taking_in import take_in
from onrecord.model.citation import FragmentSelector
from onrecord.record import Record
from onrecord.search.collection import Collection
from onrecord.search.tables import ask
from tests.ingest.making import pdf, text_page, zipped

ROWS = "姓名,地点,年\n吐尔逊,喀什,2018\n阿依,和田,2017\n"


@pytest.fixture
def record(empty: Record, tmp_path: Path) -> Record:
    """A record that took in a list, a page and an archive."""
    folder = tmp_path / "leak"
    folder.mkdir()
    (folder / "list.csv").write_bytes(ROWS.encode("gb18030"))
    (folder / "page.pdf").write_bytes(pdf(*text_page(b"detained in Kashgar")))
    (folder / "inside.zip").write_bytes(zipped({"notes/memo.txt": "a memo about Kashgar"}))
    take_in(empty, [folder], workers=1)
    return empty


def test_a_search_gives_documents_with_the_places_in_them(record: Record) -> None:
    with closing(Collection(record)) as collection:
        (found,) = collection.search("喀什")
        assert found.places[0].endswith("leak/list.csv")
        assert found.passages[0].cell == "B2"
        found = collection.search("kashgar kind:pdf")[0]
        assert found.passages[0].selectors[0] == FragmentSelector(
            value="page=1&viewrect=0,0,612,792", conformsTo="http://tools.ietf.org/rfc/rfc3778"
        )


def test_a_member_is_found_by_where_it_lay(record: Record) -> None:
    with closing(Collection(record)) as collection:
        (found,) = collection.search("memo")
        assert found.places[0].endswith("leak/inside.zip/notes/memo.txt")
        assert [answer.hit.document for answer in collection.search("name:memo")] == [found.hit.document]


def test_what_is_taken_in_later_is_found_at_the_next_search(record: Record, tmp_path: Path) -> None:
    with closing(Collection(record)) as collection:
        assert collection.search("ürümchi") == []
    (tmp_path / "more.txt").write_text("Ürümchi")
    take_in(record, [tmp_path / "more.txt"], workers=1)
    with closing(Collection(record)) as collection:
        assert len(collection.search("urumchi")) == 1


def test_an_open_collection_learns_what_was_taken_in_and_survives_the_loss_of_its_index(
    record: Record, tmp_path: Path
) -> None:
    with closing(Collection(record)) as collection:
        (tmp_path / "more.txt").write_text("Ürümchi")
        take_in(record, [tmp_path / "more.txt"], workers=1)
        Collection(record).close()
        collection.refresh()
        assert len(collection.search("urumchi")) == 1
        shutil.rmtree(record.folder / "index")
        collection.refresh()
        assert len(collection.search("urumchi")) == 1
        assert len(collection.search("kashgar")) == 2


def test_the_index_can_be_thrown_away(record: Record) -> None:
    with closing(Collection(record)) as collection:
        before = collection.search("kashgar")
    shutil.rmtree(record.folder / "index")
    with closing(Collection(record)) as collection:
        assert collection.search("kashgar") == before


def test_tables_are_listed_and_asked_with_rows_that_can_be_cited(record: Record) -> None:
    (table,) = ask(record, "select * from tables").to_dicts()
    rows = ask(record, f"select * from {table['name']} where 地点 = '喀什'").to_dicts()
    assert rows == [
        {
            "_document": table["document"],
            "_sheet": "",
            "_row": 2,
            "姓名": "吐尔逊",
            "地点": "喀什",
            "年": "2018",
        }
    ]


def test_columns_of_one_name_are_told_apart_by_a_number(record: Record) -> None:
    name = ask(record, "select name from tables")["name"][0]
    answer = ask(record, f"select _row, _row as _row_1, * from {name} order by _row")
    assert answer.columns == ["_row", "_row_1", "_document", "_sheet", "_row_2", "姓名", "地点", "年"]
    assert answer["_row_2"].to_list() == answer["_row"].to_list() == [2, 3]


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "select * from read_parquet('https://example.org/x.parquet')",
        "copy (select 1) to '/tmp/stolen.csv'",
        "attach '/tmp/x.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "create table x (a int)",
        "drop view tables",
        "select 1; select 2",
        "pragma database_list",
        "not sql",
        "",
    ],
)
def test_sql_reaches_nothing_but_the_tables(record: Record, query: str) -> None:
    with pytest.raises(UsageError, match=r"Only one SELECT|cannot be answered"):
        ask(record, query)
    assert not Path("/tmp/stolen.csv").exists()


def test_sql_that_takes_too_long_or_gives_too_much_is_stopped_with_a_word_on_it(record: Record) -> None:
    with pytest.raises(UsageError, match=r"longer than 0\.5 seconds"):
        ask(record, "select count(*) from range(1000000000) a, range(1000000) b", seconds=0.5)
    with pytest.raises(UsageError, match="larger than 500 megabytes"):
        ask(record, "select * from range(10000000000)")


def test_what_sql_cannot_hold_leaves_nothing_in_the_folder_one_stands_in(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr("onrecord.search.tables._MEMORY", "50MB")
    sorted_by_noise = "select range from range(10000000) order by hash(range) limit 1 offset 9000000"
    assert ask(record, sorted_by_noise).height == 1
    assert list(Path().iterdir()) == []
