"""The shipped record at a live server, and a reader in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser

from onrecord.record import Record
from onrecord.serve.app import make_app

from ..browsing import Visit, listening, visiting

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def site(xinjiang: Record) -> Iterator[str]:
    """The address of the shipped record, on a fixed day."""
    with listening(make_app(xinjiang, today=lambda: TODAY)) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """A reader of the shipped record at a desk."""
    with visiting(browser, site) as visit:
        yield visit
