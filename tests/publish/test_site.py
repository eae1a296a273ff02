"""The published site: whole or not at all, every link leads somewhere, nothing is asked of another host."""

from __future__ import annotations

import errno
import fcntl
import functools
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, expect
from selectolax.lexbor import LexborHTMLParser

from onrecord.errors import StorageError
from onrecord.model.kinds import Base
from onrecord.names import ready
from onrecord.publish.site import publish_site
from onrecord.record import Record

from ..browsing import visiting
from ..making import act, event, promise, source, state, text

TODAY = date(2026, 11, 22)
HOME = "https://site.invalid/some/folder/"
"""Where the crawl pretends that the site lies; links are resolved as a browser does."""


class Quiet(SimpleHTTPRequestHandler):
    """The plain file server of Python's library, without its log."""

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@contextmanager
def file_server(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


def fill(record: Record) -> Record:
    entries: list[Base] = [
        source(),
        state("SOM"),
        text("T", "2020-01-01"),
        act("T", "SOM"),
        promise(),
        event(),
    ]
    record.enter([type(entry)(**{**fields(entry), "visibility": "public"}) for entry in entries])  # type: ignore[misc]
    return record


def fields(entry: Base) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__struct_fields__}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small record's site, below a folder that is served."""
    folder = tmp_path_factory.mktemp("small")
    record = fill(Record.create(folder / "record", title="A record"))
    publish_site(record, folder / "web" / "sub" / "site", when=TODAY)
    return folder / "web"


def links(file: Path, address: str) -> Iterator[str]:
    """Every address that a page or a style sheet names, resolved."""
    if file.suffix == ".css":
        yield from (urljoin(address, found) for found in re.findall(r"url\(([^)]+)\)", file.read_text()))
    elif file.suffix == ".html":
        for node in LexborHTMLParser(file.read_text()).css("[href], [src], [action], [data-index]"):
            for name in ("href", "src", "action", "data-index", "xlink:href"):
                if (value := node.attributes.get(name)) is not None:
                    yield urljoin(address, value)


def broken(site: Path) -> dict[str, str]:
    """Links that lead nowhere, with a page that has them: within the site, the file and the part must be there."""
    wrong: dict[str, str] = {}
    parts: dict[Path, set[str]] = {}
    for file in site.rglob("*"):
        address = HOME + file.relative_to(site).as_posix().removesuffix("index.html")
        for link in links(file, address):
            if not link.startswith(HOME):
                if not link.startswith(("https://", "http://", "data:")):
                    wrong[link] = address
                continue
            split = urlsplit(link.removeprefix(HOME))
            target = site / unquote(split.path)
            target = target / "index.html" if link.split("#")[0].split("?")[0].endswith("/") else target
            if target not in parts:
                parts[target] = parts_of(target)
            if not target.is_file() or (split.fragment and unquote(split.fragment) not in parts[target]):
                wrong[link] = address
    return wrong


def parts_of(page: Path) -> set[str]:
    if not page.is_file() or page.suffix != ".html":
        return set()
    return {str(node.attributes["id"]) for node in LexborHTMLParser(page.read_text()).css("[id]")}


def loaded_from_elsewhere(site: Path) -> set[str]:
    """Scripts, styles, pictures, fonts and frames from another host."""
    found = set()
    for page in site.rglob("*.html"):
        for node in LexborHTMLParser(page.read_text()).css(
            "script, link:not([rel=canonical]), img, iframe, image, use"
        ):
            for name in ("src", "href", "xlink:href"):
                if (node.attributes.get(name) or "").startswith(("http:", "https:", "//")):
                    found.add(str(node.attributes[name]))
    return found


def test_every_link_of_a_small_site_leads_to_a_file_and_a_part_of_it(small: Path) -> None:
    assert broken(small / "sub" / "site") == {}


def test_the_crawl_finds_a_link_that_leads_nowhere(small: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "a").mkdir(parents=True)
    (site / "index.html").write_text('<a href="a/#no"></a><a href="b/"></a><a href="../../out/"></a>')
    (site / "a" / "index.html").write_text("<p id=yes></p>")
    assert {link.removeprefix(HOME) for link in broken(site)} == {"a/#no", "b/"}


@pytest.mark.slow
def test_every_link_of_the_shipped_records_site_leads_somewhere(xinjiang: Record, tmp_path: Path) -> None:
    published = publish_site(xinjiang, tmp_path / "site", when=TODAY)
    assert published.pages > 2_000
    assert broken(tmp_path / "site") == {}
    assert loaded_from_elsewhere(tmp_path / "site") == set()


@pytest.mark.browser
def test_a_frozen_site_is_read_from_a_subfolder_of_a_plain_file_server(browser: Browser, small: Path) -> None:
    with file_server(small) as address, visiting(browser, address + "sub/site/") as visit:
        page = visit.goto("")
        visit.follow(page.get_by_role("link", name="Who promised", exact=True))
        visit.follow(page.locator("#class-promise tbody th a"))
        visit.follow(page.locator(".citations a"))
        assert visit.path == "sources/S/"
        expect(page.locator("h1")).to_have_text("Source S")


@pytest.mark.browser
def test_a_frozen_site_is_searched_in_the_readers_browser(browser: Browser, small: Path) -> None:
    with file_server(small) as address, visiting(browser, address + "sub/site/") as visit:
        page = visit.goto("promises/")
        page.get_by_role("searchbox", name="Search the record").fill("SÓM")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator("#hits-here .finding")).to_contain_text("all of these words")
        visit.follow(page.locator("#hits-here a", has_text="Som"))
        assert visit.path == "states/SOM/"


@pytest.mark.browser
def test_a_frozen_site_says_what_needs_scripts(browser: Browser, small: Path) -> None:
    with file_server(small) as address:  # noqa: SIM117  (the visit ends before the server)
        with visiting(browser, address + "sub/site/", java_script_enabled=False) as visit:
            assert (
                "Searching this copy needs JavaScript" in visit.goto("search/").locator("main").inner_text()
            )


def test_nothing_of_a_small_site_is_loaded_from_elsewhere(small: Path) -> None:
    assert loaded_from_elsewhere(small / "sub" / "site") == set()


def test_publishing_twice_gives_the_same_bytes(empty: Record, tmp_path: Path) -> None:
    fill(empty)
    for name in ("one", "two"):
        publish_site(empty, tmp_path / name, when=TODAY)
    one, two = ({f.relative_to(tmp_path / name): f.read_bytes() for f in (tmp_path / name).rglob("*") if f.is_file()}
                for name in ("one", "two"))  # fmt: skip
    assert one == two


def test_a_site_is_the_same_to_the_byte_on_a_machine_that_has_not_prepared_names_yet(
    empty: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_site(empty, tmp_path / "one", when=TODAY)
    monkeypatch.setattr(ready, "compiled", lambda: False)
    monkeypatch.setattr(ready, "begin", lambda: pytest.fail("nobody types a name into a frozen page"))
    publish_site(empty, tmp_path / "two", when=TODAY)
    one, two = (tmp_path / name / "find" / "index.html" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_a_folder_with_something_in_it_is_left_as_it_is(empty: Record, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    with pytest.raises(StorageError, match="is not empty; it is left as it is"):
        publish_site(fill(empty), tmp_path / "out", when=TODAY)
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_an_empty_folder_is_filled(empty: Record, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    publish_site(fill(empty), tmp_path / "out", when=TODAY)
    assert (tmp_path / "out" / "index.html").is_file()


def test_a_disk_that_fills_up_leaves_nothing_behind(
    empty: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, really = [], Path.write_bytes

    def write(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) > 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return really(path, data)

    before = {file.name for file in tmp_path.iterdir()}
    fill(empty).views.refresh()
    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(StorageError, match=r"No space left on device\. Nothing is there"):
        publish_site(empty, tmp_path / "out", when=TODAY)
    assert {file.name for file in tmp_path.iterdir()} == before


def test_a_kill_in_the_middle_leaves_no_half_site(empty: Record, tmp_path: Path) -> None:
    fill(empty)
    command = [sys.executable, "-m", "onrecord.cli.main", "-r", str(empty.folder), "publish", "site"]
    process = subprocess.Popen([*command, str(tmp_path / "out")])
    while process.poll() is None and not list(tmp_path.glob(".out.growing-*/*/index.html")):
        time.sleep(0.001)
    process.kill()
    process.wait()
    assert not (tmp_path / "out").exists() or broken(tmp_path / "out") == {}
    publish_site(empty, tmp_path / "again", when=TODAY)
    assert (tmp_path / "again" / "index.html").is_file()


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


PUBLISHING = """
import sys
from datetime import date
from pathlib import Path
from onrecord.publish.site import publish_site
from onrecord.record import Record
publish_site(Record(Path(sys.argv[1])), Path(sys.argv[2]), when=date.fromisoformat(sys.argv[3]))
"""


def test_a_site_killed_at_a_random_moment_is_whole_or_not_there_and_the_next_clears_up(
    empty: Record, tmp_path: Path
) -> None:
    out, rng, abandoned = tmp_path / "out", random.Random(3), 0
    publish_site(fill(empty), tmp_path / "whole", when=TODAY)
    whole = files_of(tmp_path / "whole")
    for _ in range(4):
        out.mkdir()
        process = subprocess.Popen([sys.executable, "-c", PUBLISHING, empty.folder, out, str(TODAY)])
        while process.poll() is None and not (tmp_path / f".out.growing-{process.pid}").exists():
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.2))
        process.kill()
        process.wait()
        left = list(tmp_path.glob(".out.growing-*"))
        abandoned += bool(left)
        assert files_of(out) in ({}, whole)
        assert len(left) <= 1, "what the one before left was cleared away"
        shutil.rmtree(out)
    publish_site(empty, out, when=TODAY)
    assert files_of(out) == whole
    assert abandoned, "no kill came in time"
    assert list(tmp_path.glob(".out.growing-*")) == []


def test_what_another_process_is_still_publishing_is_left_alone(empty: Record, tmp_path: Path) -> None:
    growing = tmp_path / ".out.growing-1"
    growing.mkdir()
    folder = os.open(growing, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    publish_site(fill(empty), tmp_path / "out", when=TODAY)
    assert growing.exists()
    os.close(folder)
    publish_site(empty, tmp_path / "out2", when=TODAY)
    assert growing.exists(), "it belongs to another site"
    shutil.rmtree(tmp_path / "out")
    publish_site(empty, tmp_path / "out", when=TODAY)
    assert not growing.exists()
