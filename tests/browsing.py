"""A real browser at a real server. Every visit ends with what holds for all: one host, no cookie, a silent console."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from starlette.types import ASGIApp

CHROMIUM = Path("/usr/bin/chromium")


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """The address of an app that answers at a free port for as long as the block runs."""
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [port]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port.getsockname()[1]}/"
    server.should_exit = True
    thread.join(10)
    port.close()


@contextmanager
def asking(app: ASGIApp) -> Iterator[httpx.Client]:
    """A program that asks an app over the network."""
    with listening(app) as address, httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client


@dataclass
class Visit:
    """One reader in one window: ``home`` is the first page, ``asked`` every address that the browser asked for."""

    home: str
    page: Page
    context: BrowserContext
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def goto(self, path: str) -> Page:
        """Go to a path within the site."""
        self.page.goto(self.home + path)
        return self.page

    def follow(self, link: Locator) -> Page:
        """Click a link and wait for its page."""
        with self.page.expect_navigation():
            link.first.click()
        return self.page

    @property
    def path(self) -> str:
        """Where the reader is, within the site, with what the address carries."""
        return self.page.url.removeprefix(self.home)

    def check(self) -> None:
        """What holds for every visit."""
        hosts = {
            urlsplit(address).netloc for address in self.asked if not address.startswith(("data:", "blob:"))
        }
        assert hosts <= {urlsplit(self.home).netloc}
        assert self.said == []
        assert self.context.cookies() == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed; `sh tools/install_test_tools.sh` installs it")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def visiting(browser: Browser, home: str, **window: object) -> Iterator[Visit]:
    """A fresh window at a site; at its end what holds for every visit is checked."""
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **window})  # type: ignore[arg-type]
    try:
        visit = Visit(home, context.new_page(), context)
        yield visit
        visit.check()
    finally:
        context.close()
