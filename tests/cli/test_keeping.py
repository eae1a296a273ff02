"""The commands that keep: new, enter, verify, rebuild, show."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from onrecord import errors
from onrecord.record import Record

from .conftest import Run


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    made = run("new", tmp_path / "mine", "--title", "Mine")
    assert (made.code, made.out) == (0, f"Mine: 0 entries in {tmp_path / 'mine'}.\n")
    return tmp_path / "mine"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    path = tmp_path / "sources.csv"
    path.write_text("id,title,visibility\nS1,First,public\nS2,Second,\n")
    return path


def test_a_shipped_record_is_made_in_one_command(run: Run, tmp_path: Path) -> None:
    made = run("new", tmp_path / "demo", "--from", "xinjiang")
    assert made.code == 0
    assert made.out.startswith("Xinjiang at the United Nations: ")
    assert run("-r", tmp_path / "demo", "verify").code == 0


def test_a_record_is_not_made_over_something_else(run: Run, folder: Path) -> None:
    refused = run("new", folder)
    assert refused.code == errors.StorageError.exit_code
    assert "it is left as it is" in refused.err


def test_there_is_no_shipped_record_of_any_name(run: Run, tmp_path: Path) -> None:
    assert run("new", tmp_path / "x", "--from", "atlantis").code == 2
    assert not (tmp_path / "x").exists()


def test_rows_are_tried_entered_and_not_entered_twice(run: Run, folder: Path, sources: Path) -> None:
    tried = run("-r", folder, "enter", sources, "--dry-run", "--json")
    assert tried.json == {"added": 2, "already": 0, "dry_run": True}
    entered = run("-r", folder, "enter", sources, "--by", "A. Keeper")
    assert entered.out == "2 entries added; 0 were on record already.\n"
    again = run("-r", folder, "enter", sources, "--json")
    assert again.json == {"added": 0, "already": 2, "dry_run": False}


def test_bad_rows_are_told_one_a_line_and_nothing_is_entered(run: Run, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sources.csv"
    path.write_text("id,title\nS1,\nS 2,Second\n")
    refused = run("-r", folder, "enter", path)
    assert refused.code == errors.InvalidInput.exit_code
    assert refused.err.splitlines()[0] == "Error: 2 problems found; nothing was changed."
    assert f"{path}, row 2, column title" in refused.err
    assert f"{path}, row 3, column id" in refused.err
    told = json.loads(run("-r", folder, "enter", path, "--json").err)
    assert [(p["row"], p["column"]) for p in told["problems"]] == [(2, "title"), (3, "id")]
    assert all(p["remedy"] and p["file"] == str(path) for p in told["problems"])
    assert run("-r", folder, "verify", "--json").json["leaves"] == 0


def test_an_entry_is_shown_with_its_history(run: Run, folder: Path, sources: Path) -> None:
    run("-r", folder, "enter", sources)
    shown = run("-r", folder, "show", "S1", "--json").json
    assert shown["entry"] == {"kind": "source", "id": "S1", "title": "First", "visibility": "public"}
    assert (shown["seq"], shown["withdrawn"], len(shown["history"])) == (0, False, 1)
    assert run("-r", folder, "show", "S9").code == errors.EntryNotFound.exit_code


def test_foreign_text_does_nothing_to_a_terminal(run: Run, folder: Path, tmp_path: Path) -> None:
    rows = [
        {"kind": "source", "id": "S", "title": "T"},
        {"kind": "instrument", "id": "I", "title": "clear \x1b[2J \u202eeht", "date": "2020", "body": "b\x07",
         "instrument_kind": "letter", "side": "critical", "list_status": "complete", "sources": ["S"]},
        {"kind": "promise", "id": "P", "promise_class": "ask", "made_on": "2020", "by": "\x1b]0;me\x07", "what": "w",
         "sources": ["S"]},
    ]  # fmt: skip
    path = tmp_path / "facts.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    assert run("-r", folder, "enter", path).code == 0
    shown = [
        run("-r", folder, *command).out
        for command in (("positions",), ("positions", "--instrument", "I"), ("promises",))
    ]
    assert "clear \\u001b[2J" in shown[1]
    assert not {"\x1b", "\x07", "\u202e"} & set("".join(shown))


def test_a_clean_record_verifies_and_a_damaged_one_does_not(run: Run, folder: Path, sources: Path) -> None:
    run("-r", folder, "enter", sources)
    clean = run("-r", folder, "verify", "--json")
    assert (clean.code, clean.json["clean"], clean.json["leaves"], clean.json["damage"]) == (0, True, 2, [])
    record = Record(folder)
    kept = record.keep(io.BytesIO(b"a page"), tool="test")
    original = folder / "archive" / kept.sha256[:2] / kept.sha256[2:4] / kept.sha256
    assert run("-r", folder, "verify").code == 0
    original.chmod(0o644)
    original.write_bytes(b"other bytes")
    damaged = run("-r", folder, "verify", "--json")
    assert damaged.code == errors.DamageFound.exit_code
    [damage] = damaged.json["damage"]
    assert (damage["what"], damage["where"]) == ("original", kept.sha256)
    told = run("-r", folder, "verify")
    assert told.code == errors.DamageFound.exit_code
    assert kept.sha256 in told.err


def test_what_is_derived_can_be_thrown_away(run: Run, folder: Path, sources: Path) -> None:
    run("-r", folder, "enter", sources)
    root = run("-r", folder, "verify", "--json").json["root"]
    before = run("-r", folder, "show", "S1", "--json").json
    assert run("-r", folder, "rebuild").out == f"Views rebuilt over 2 lines of the ledger, root {root}.\n"
    assert run("-r", folder, "show", "S1", "--json").json == before
