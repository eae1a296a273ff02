"""All the pages there are: every route in one visible tuple, and the way from an address to its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from onrecord.errors import EntryNotFound
from onrecord.pages.answers import (
    back_test,
    changes,
    compare,
    data,
    entry,
    figures,
    find,
    forecasts,
    front,
    instruments,
    method,
    movers,
    people,
    promises,
    search,
    sources,
    states,
    timeline,
    votes,
    words,
)
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Page, Route

ROUTES: tuple[Route, ...] = (
    front.ROUTE,
    people.ROUTE,
    sources.ROUTE,
    promises.ROUTE,
    states.ROUTE,
    compare.ROUTE,
    instruments.ROUTE,
    movers.ROUTE,
    votes.ROUTE,
    forecasts.ROUTE,
    back_test.ROUTE,
    timeline.ROUTE,
    words.ROUTE,
    figures.ROUTE,
    method.ROUTE,
    changes.ROUTE,
    search.ROUTE,
    find.ROUTE,
    data.ROUTE,
    entry.ROUTE,
)


def page_at(path: str, asked: Asked, routes: Iterable[Route] = ROUTES) -> Page:
    """The page at an address within the site (``states/SOM/``), by the first of the routes that it fits.

    Raises:
        EntryNotFound: there is no page there that the viewer may see.
    """
    for route in routes:
        key = path.removeprefix(route.prefix).rstrip("/")
        if path == route.prefix or (route.prefix and path.startswith(route.prefix) and key):
            return route.answer(asked, key)
    raise EntryNotFound(f"There is no page at {path!r}. Start from the first page, or search.")


def every_path(findings: Findings) -> Iterator[str]:
    """The address of every page that the viewer may see, in the order of the routes."""
    for route in ROUTES:
        for key in route.keys(findings):
            yield f"{route.prefix}{key}/" if key else route.prefix
