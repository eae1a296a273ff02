"""Searching the entries: the same index answers on the server and, frozen, in the reader's browser."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from onrecord.model import canonical
from onrecord.pages import addresses
from onrecord.pages.blocks import Block, Cell, Table
from onrecord.pages.excerpts import excerpt, folded
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route, only_one
from onrecord.pages.shown import page_path, title_of

_SHOWN = 200

_KINDS = ("person", "actor", "promise", "instrument", "event", "figure", "quote", "decision", "source")
"""The kinds that are searched, in the order in which equally good hits are shown."""


def answer(asked: Asked, _key: str) -> Page:
    """The entries in which every word that was asked for occurs."""
    words = asked.query.get("q", "").strip()
    hits = search(asked.findings, words) if words else []
    blocks: tuple[Block, ...] = (_table(hits, folded(words).split()),) if hits else ()
    return Page(
        path=addresses.SEARCH,
        template="search.html",
        title=f"Search: {words}" if words else "Search the record",
        finding=_finding(words, len(hits)),
        thread=(Link("The record", addresses.FRONT),),
        content=blocks,
    )


def index(findings: Findings) -> list[dict[str, str]]:
    """Every searchable entry: its title, kind, the page it leads to, and its text as it was written."""
    return [item for item, _ in _index(findings)]


@lru_cache(maxsize=8)
def _index(findings: Findings) -> tuple[tuple[dict[str, str], str], ...]:
    """Every searchable entry, with its text folded for comparing."""
    items = (_item(entry_id, kind, findings) for kind in _KINDS for entry_id in findings.table(kind)["id"])
    return tuple((item, folded(item["text"])) for item in items)


def _item(entry_id: str, kind: str, findings: Findings) -> dict[str, str]:
    entry = findings.entry(entry_id).entry
    fields = canonical.to_fields(entry)
    text = " · ".join(
        _texts({name: fields[name] for name in fields if name not in ("citations", "visibility", "kind")})
    )
    return {
        "title": title_of(entry, findings),
        "kind": kind,
        "path": page_path(entry_id, kind, findings),
        "text": text,
    }


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for part in parts for text in _texts(part)]


def search(findings: Findings, words: str) -> list[dict[str, str]]:
    """The entries in which every word occurs; those with all words in the title come first."""
    wanted = folded(words).split()
    hits = [item for item, text in _index(findings) if all(word in text for word in wanted)]
    return sorted(hits, key=lambda item: not all(word in folded(item["title"]) for word in wanted))


def _finding(words: str, count: int) -> str:
    if not words:
        return "Type a name, a state, a symbol or any words; every word must occur."
    found = f"{count:,} {'entry has' if count == 1 else 'entries have'} all of these words"
    return f"{found}; the first {_SHOWN} are shown." if count > _SHOWN else f"{found}."


def _table(hits: list[dict[str, str]], wanted: list[str]) -> Table:
    return Table(
        "hits",
        "Entries found",
        (("Entry", "head"), ("Kind", "text"), ("Where it says so", "text")),
        [
            (Cell(hit["title"], hit["path"]), hit["kind"], excerpt(hit["text"], wanted))
            for hit in hits[:_SHOWN]
        ],
    )


ROUTE = Route(addresses.SEARCH, answer, only_one)
