"""Taking in, listing, searching and asking from the shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.record import Record
from tests.cli.conftest import Run
from tests.ingest.making import pdf, text_page, zipped

WAITING = "5 originals are kept and not read yet, and not in this answer; the next `onrecord add` reads them."


@pytest.fixture
def record(empty: Record, tmp_path: Path, run: Run) -> Path:
    """A record that took in a list, a damaged page, an archive and a name that would act on a terminal."""
    folder = tmp_path / "leak"
    folder.mkdir()
    (folder / "list.csv").write_text("姓名,地点\n吐尔逊,喀什\n=1+1,x\n", encoding="gb18030")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 noise")
    (folder / "inside.zip").write_bytes(zipped({"page.pdf": pdf(*text_page(b"detained in Kashgar"))}))
    (folder / "evil\x1b[2J\u202e\n.txt").write_text("notes")
    assert run("-r", empty.folder, "add", folder, "--ocr", "off", "--workers", "1").code == 0
    return empty.folder


def test_add_says_what_became_of_the_files(empty: Record, tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.txt").write_text("text")
    said = run("-r", empty.folder, "add", tmp_path / "a.txt", "--ocr", "off")
    assert said.out == "1 added, 0 seen again elsewhere, 0 unchanged.\n        1  read\n"
    assert said.err.startswith("Readers were confined by: ")
    again = run("-r", empty.folder, "add", tmp_path / "a.txt", "--ocr", "off", "--json")
    assert {name: again.json[name] for name in ("added", "seen_again", "unchanged", "read", "outcomes")} == {
        "added": 0, "seen_again": 0, "unchanged": 1, "read": 0, "outcomes": {},
    }  # fmt: skip


def test_add_without_anything_to_do_is_misuse(empty: Record, run: Run) -> None:
    assert run("-r", empty.folder, "add").code == 2
    assert run("-r", empty.folder, "add", "--retry", "lost").code == 2
    assert run("-r", empty.folder, "add", "--retry", "failed", "--encoding", "klingon").code == 2


def test_outcomes_are_one_object_a_file(record: Path, run: Run) -> None:
    rows = run("-r", record, "outcomes", "--json").json
    told = {
        row["path"].rpartition("/")[2]: (row["kind"], row["outcome"], len(row["children"])) for row in rows
    }
    assert told == {
        "bad.pdf": ("pdf", "failed", 0),
        "evil\x1b[2J\u202e\n.txt": ("text", "read", 0),
        "inside.zip": ("zip", "read", 1),
        "list.csv": ("csv", "read", 0),
        "page.pdf": ("pdf", "read", 0),
    }
    assert set(rows[0]) >= {"path", "sha256", "kind", "outcome", "reason", "children"}
    failed = run("-r", record, "outcomes", "--outcome", "failed", "--csv").out.splitlines()
    assert len(failed) == 2
    assert "bad.pdf" in failed[1]


def test_the_list_says_where_members_lie_and_what_to_do(record: Path, tmp_path: Path, run: Run) -> None:
    inner = zipped({"deep.txt": "text", "bad.pdf": b"%PDF-1.7 noise"})
    (tmp_path / "outer.zip").write_bytes(zipped({"inner.zip": inner, "big.txt": b"x" * 40_000_000}))
    done = run("-r", record, "add", tmp_path / "outer.zip", "--ocr", "off", "--workers", "1")
    assert "Why, and what to do, says: onrecord outcomes.\n" in done.err
    lines = run("-r", record, "outcomes").out.splitlines()
    assert f"read          text     {tmp_path}/outer.zip/inner.zip/deep.txt" in lines
    assert (
        "        1  refused, limit expansion: it swells when it is unpacked, as a bomb does: "
        "unpack it where it can do no harm and add what comes out."
    ) in lines
    assert any(line.startswith("        2  failed: ask for the file again") for line in lines)
    only = run("-r", record, "outcomes", "--outcome", "FAILED").out.splitlines()
    assert [line.split()[0] for line in only] == ["failed", "failed", "2", "2"]


def test_a_retry_of_what_no_file_has_says_so(record: Path, run: Run) -> None:
    again = run("-r", record, "add", "--retry", "Needs OCR", "--ocr", "off")
    assert again.err.splitlines()[0] == "Nothing was read again: no file is to be retried by 'needs OCR'."


def test_a_hostile_name_does_nothing_to_the_terminal(record: Path, run: Run) -> None:
    listed = run("-r", record, "outcomes").out
    assert "evil\\u001b[2J\\u202e .txt" in listed
    assert "\x1b" not in listed


def test_a_hit_has_document_locator_and_snippet(record: Path, run: Run) -> None:
    (hit,) = run("-r", record, "search", "喀什", "--json").json
    assert (hit["kind"], hit["locator"]["cell"], hit["snippet"]) == ("csv", "B2", "吐尔逊\t喀什")
    assert hit["path"].endswith("leak/list.csv")
    (inside,) = run("-r", record, "search", "kashgar", "--json", "--limit", "1").json
    assert inside["path"].endswith("leak/inside.zip/page.pdf")
    assert inside["locator"]["selectors"][0]["value"].startswith("page=1&viewrect=")


def test_a_list_of_names_is_looked_for_in_one_go(record: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "names.csv").write_text("吐尔逊\nnobody\nKASHGAR,second field\n")
    said = run("-r", record, "search", "--list", tmp_path / "names.csv", "--csv")
    rows = said.out.splitlines()
    assert [row.split(",")[0] for row in rows] == ["query", "吐尔逊", "KASHGAR"]
    assert said.err == "1 of 3 names found nowhere: nobody\n"


@pytest.mark.parametrize("asked", [("outcomes",), ("search", "kashgar"), ("sql", "select * from tables")])
def test_what_is_kept_and_not_read_is_said_with_every_answer(
    record: Path, run: Run, asked: tuple[str, ...]
) -> None:
    assert "not read yet" not in run("-r", record, *asked, "--json").err
    for file in (record / "derived").glob("catalogue.sqlite*"):
        file.unlink()
    said = run("-r", record, *asked, "--json")
    assert (said.json, said.err.splitlines()[0]) == ([], WAITING)


def test_a_list_in_an_old_encoding_is_read_and_lines_without_a_word_are_told(
    record: Path, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "names.csv").write_bytes("吐尔逊,名单\n---\n".encode("gb18030"))
    result = run("-r", record, "search", "--list", tmp_path / "names.csv", "--json")
    assert [hit["query"] for hit in result.json] == ["吐尔逊"]
    assert "Line 2 of the list has no word to look for: ---" in result.err


def test_a_column_of_a_list_is_looked_for_by_its_name_and_each_name_once(
    record: Path, tmp_path: Path, run: Run
) -> None:
    listed = tmp_path / "names.csv"
    listed.write_text(
        "number;name;place\r\n1;Kashgar;x\r\n\r\n2;;\r\n3;KASHGAR;\r\n4\r\n5;=1+1\r\n6;nobody;\r\n"
    )
    said = run("-r", record, "search", "--list", listed, "--column", "name", "--csv")
    assert [row.split(",")[0] for row in said.out.splitlines()[1:]] == ["Kashgar", "'=1+1"]
    assert said.err == "1 of 3 names found nowhere: nobody\n"


@pytest.mark.parametrize(
    ("written", "column", "told"),
    [
        (
            "number,name\n1,x\n",
            "names",
            "The list has no column 'names'. Its first line names: number, name.",
        ),
        ("", "names", "The list has no column 'names'. Its first line names: nothing."),
        ("", "", "There is no name to look for in names.csv."),
        ("name\n", "name", "There is no name to look for in names.csv."),
    ],
)
def test_a_list_without_names_is_misuse(
    record: Path, tmp_path: Path, run: Run, written: str, column: str, told: str
) -> None:
    (tmp_path / "names.csv").write_text(written)
    said = run("-r", record, "search", "--list", tmp_path / "names.csv", "--column", column)
    assert (said.code, said.out, said.err) == (2, "", f"Error: {told}\n")


def test_only_the_first_of_many_wordless_lines_and_lost_names_are_told_one_by_one(
    record: Path, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "names.csv").write_text("---\n" * 22 + "".join(f"nobody {n}\n" for n in range(102)))
    told = run("-r", record, "search", "--list", tmp_path / "names.csv").err.splitlines()
    assert told[19:21] == ["Line 20 of the list has no word to look for: ---", "So have 2 more lines."]
    assert told[21].startswith("102 of 102 names found nowhere: nobody 0; nobody 1;")
    assert told[21].endswith("nobody 99; and 2 more")


def test_a_search_that_asks_for_nothing_is_misuse(record: Path, run: Run) -> None:
    assert run("-r", record, "search").code == 2
    assert run("-r", record, "search", "(").code == 2
    assert run("-r", record, "search", "kashgar", "--column", "name").code == 2


def test_tables_are_asked_in_sql_and_formulas_leave_inert(record: Path, run: Run) -> None:
    (table,) = [
        row["name"]
        for row in run("-r", record, "sql", "select * from tables", "--json").json
        if "list" in row["name"]
    ]
    rows = run("-r", record, "sql", f"select 姓名, _row from {table} order by _row", "--json").json
    assert [(row["姓名"], row["_row"]) for row in rows] == [("吐尔逊", 2), ("=1+1", 3)]
    assert list(rows[0]) == ["姓名", "_row", "_document", "_sheet"]
    as_csv = run("-r", record, "sql", f"select 姓名 from {table} where _row = 3", "--csv").out
    assert not any(line.lstrip('"').startswith("=") for line in as_csv.splitlines())


def test_a_column_named_like_a_formula_leaves_inert(record: Path, run: Run) -> None:
    said = run("-r", record, "sql", """select 1 as "=1+1", '＝2' as "a,b" """, "--csv")
    assert said.out == "'=1+1,\"a,b\"\n1,'＝2\n"


def test_an_answer_whose_rows_stand_nowhere_says_so(record: Path, run: Run) -> None:
    counted = run("-r", record, "sql", "select count(*) as n from tables where sheet = ''", "--json")
    assert counted.json == [{"n": 1}]
    assert "No row of this answer stands in a document" in counted.err
    assert run("-r", record, "sql", "select * from tables", "--json").err == ""


def test_documents_that_are_nearly_the_same_are_grouped(empty: Record, tmp_path: Path, run: Run) -> None:
    words = " ".join(f"word{number}" for number in range(300))
    (tmp_path / "a.txt").write_text(words)
    (tmp_path / "b.html").write_text(f"<html><body><p>{words} and a little more</p></body></html>")
    run("-r", empty.folder, "add", tmp_path / "a.txt", tmp_path / "b.html", "--ocr", "off")
    (group,) = run("-r", empty.folder, "near", "--json").json
    assert sorted(places[0].rpartition("/")[2] for places in group["documents"].values()) == [
        "a.txt",
        "b.html",
    ]


def test_verify_names_a_derivative_that_changed_and_reading_again_mends_it(record: Path, run: Run) -> None:
    assert run("-r", record, "verify").code == 0
    changed = next((record / "derived").glob("*/*/*/reading.json"))
    changed.write_bytes(changed.read_bytes().replace(b'"kind"', b'"kinb"'))
    verdict = run("-r", record, "verify", "--json")
    assert (verdict.code, [damage["what"] for damage in verdict.json["damage"]]) == (5, ["derivative"])
    assert run("-r", record, "add", "--retry", "all", "--ocr", "off").code == 0
    assert run("-r", record, "verify").code == 0
