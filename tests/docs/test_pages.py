"""The documentation says what the program is: commands, exit codes, links, and a site of it all."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from tools.build_commands import PAGE, commands, written
from tools.build_docs import build

import onrecord
from onrecord.errors import OnrecordError

from .running import PAGES, ROOT


def subclasses(kind: type[OnrecordError]) -> Iterator[type[OnrecordError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from subclasses(below)


def test_the_table_of_exit_codes_is_that_of_the_errors() -> None:
    for module in pkgutil.walk_packages(onrecord.__path__, "onrecord."):
        importlib.import_module(module.name)
    codes = {kind.__name__: kind.exit_code for kind in subclasses(OnrecordError) if "exit_code" in vars(kind)}
    told = re.findall(r"^\| (\d+) \| (\w+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: int(code) for code, name in told} == codes
    assert len(set(codes.values())) == len(codes)


def test_the_reference_of_commands_is_what_the_commands_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "run: python tools/build_commands.py"


def test_every_command_is_in_the_reference() -> None:
    from onrecord.cli.main import cli

    names = [way for way, _ in commands(cli)]
    assert {"onrecord enter", "onrecord publish site", "onrecord votes import"} <= set(names)
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in names if f"### `{name}`" not in page] == []


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_the_links_of_a_page_lead_to_files_that_are_there(page: str) -> None:
    words = (ROOT / page).read_text(encoding="utf-8")
    targets = [found for found in re.findall(r"\]\(([^)#\s]+)", words) if "://" not in found]
    assert [target for target in targets if not ((ROOT / page).parent / unquote(target)).exists()] == []


def test_the_site_of_the_documentation_has_every_page_and_no_broken_link(tmp_path: Path) -> None:
    build(tmp_path / "site")
    site = sorted(
        file.relative_to(tmp_path / "site").as_posix() for file in (tmp_path / "site").rglob("*.html")
    )
    pages = [page.removeprefix("docs/") for page in PAGES if page.startswith("docs/")]
    assert site == sorted(page.removesuffix(".md") + ".html" for page in [*pages, "CHANGELOG.md"])
    for name in site:
        file = tmp_path / "site" / name
        text = file.read_text(encoding="utf-8")
        for target in re.findall(r'(?:href|src)="([^"#]+)', text):
            assert "://" in target or (file.parent / unquote(target)).exists(), (name, target)
        assert not re.findall(r'(?:src|rel="stylesheet" href)="https?:', text)
