"""Every example of the documentation does what the page says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .running import PAGES, ROOT, Example, examples, run_console, run_python, steps

SOURCES = "id,title,visibility\nS001,A book,private\n"
EVENTS = "id,date,event_kind,title,visibility\nE1,2024,statement,A speech,private\n"
CITATIONS = "entry,source,supports\nE1,S001,the day\n"


def prepare(page: str, folder: Path) -> None:
    """What a page takes for granted that its reader has; capitals in its commands are names of these."""
    if page == "docs/import-format.md":
        for name, text in (("sources", SOURCES), ("events", EVENTS), ("citations", CITATIONS)):
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        run_console("$ onrecord new my-record\n", folder)
    elif page == "docs/evidence.md":
        (folder / "leak").mkdir()
        (folder / "leak" / "list.txt").write_text("阿卜杜拉 喀什", encoding="utf-8")
    elif page == "docs/proof.md":
        (folder / "tools").symlink_to(ROOT / "tools")
        (folder / "sources.csv").write_text("id,title\nENTRY,A book\n", encoding="utf-8")
        run_console(
            "$ onrecord new DIR\n$ onrecord -r DIR enter sources.csv\n"
            "$ onrecord new OTHER\n$ onrecord -r OTHER checkpoint --key > OTHER-KEY\n",
            folder,
        )


def runnable(page: str) -> list[Example]:
    return [example for example in examples(page) if example.language in ("console", "python")]


@pytest.mark.parametrize("page", [page for page in PAGES if runnable(page)])
def test_the_examples_of_a_page_do_what_it_says(page: str, tmp_path: Path) -> None:
    prepare(page, tmp_path)
    names: dict[str, Any] = {}
    for example in runnable(page):
        if example.language == "console":
            run_console(example.text, tmp_path)
        else:
            run_python(example.text, tmp_path, names, page, example.line)


@pytest.mark.parametrize("page", PAGES)
def test_a_block_says_in_which_language_it_is(page: str) -> None:
    assert {example.language for example in examples(page)} <= {
        "console",
        "python",
        "sh",
        "toml",
        "csv",
        "json",
        "text",
    }


def test_what_a_command_must_print_stands_below_it() -> None:
    assert list(steps("$ one\nprints\n$ two\n")) == [("one", "prints\n"), ("two", "")]


@pytest.mark.parametrize("block", ["$ false\n", "$ echo one\ntwo\n", "$ no-such-command\n"])
def test_an_example_that_is_wrong_is_found(block: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        run_console(block, tmp_path)


def test_python_that_answers_otherwise_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="Expected"):
        run_python(">>> 1 + 1\n3\n", tmp_path, {}, "page", 1)
