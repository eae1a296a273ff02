"""Ways to a passage of a document: what a citation's selectors say, as parameters of an address, and back."""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.model.citation import (
    FragmentSelector,
    Selector,
    TextPositionSelector,
    TextQuoteSelector,
    XPathSelector,
)

LONGEST = 800
"""Characters of a quotation that an address carries."""


def passage_query(selectors: tuple[Selector, ...]) -> dict[str, str]:
    """A place in a document as parameters of an address; of a long quotation its beginning."""
    query: dict[str, str] = {}
    for selector in reversed(selectors):
        match selector:
            case TextQuoteSelector(exact=exact, prefix=prefix, suffix=suffix):
                query |= {"exact": exact[:LONGEST], "prefix": prefix or ""}
                query["suffix"] = suffix or "" if len(exact) <= LONGEST else ""
            case TextPositionSelector(start=start):
                query["start"] = str(start)
            case FragmentSelector(value=value):
                query["place"] = value
            case XPathSelector(value=value):
                query["element"] = value
    return {name: value for name, value in query.items() if value}


def passage_selectors(query: Mapping[str, str]) -> tuple[Selector, ...]:
    """The selectors in an address or a form, with ``page`` for a page by its number; none where none are meant."""
    selectors: list[Selector] = []
    if query.get("place"):
        selectors.append(FragmentSelector(value=query["place"]))
    elif query.get("page", "").isdecimal():
        selectors.append(FragmentSelector(value=f"page={int(query['page'])}"))
    if query.get("element"):
        selectors.append(XPathSelector(value=query["element"]))
    if query.get("start", "").isdecimal():
        start = int(query["start"])
        selectors.append(TextPositionSelector(start=start, end=start))
    if query.get("exact", "").strip():
        prefix, suffix = query.get("prefix") or None, query.get("suffix") or None
        selectors.append(TextQuoteSelector(exact=query["exact"], prefix=prefix, suffix=suffix))
    return tuple(selectors)
