"""What is written into the access log of a page or file: nothing if the public gets the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from onrecord.errors import OnrecordError
from onrecord.pages import addresses
from onrecord.pages.page import Asked, made
from onrecord.serve.app import Answer, answer_at

MOST = 200
"""Ids in one line of the log; address and size of the ledger tell the rest."""

_LINKS = re.compile(r'href="([^"#?]+)')
_ORIGINAL = re.compile(r"[0-9a-f]{64}")


def beyond_public(path: str, answer: Answer, public: Asked) -> list[str] | None:
    """What somebody was given beside what everybody is; None if it is the same to the byte.

    Returns:
        Ids of entries that are not public and that the page leads to or the file holds, the one whose page it is
        first; SHA-256 of originals; at most :data:`MOST`.
    """
    body = answer.body()
    try:
        if answer_at(path, public).body() == body:
            return None
    except OnrecordError:
        pass  # the public is not shown it at all
    if path.startswith(addresses.DOCUMENTS):
        return list(dict.fromkeys(_ORIGINAL.findall(path + body.decode("utf-8", "replace"))))[:MOST]
    seen, open_to_all = answer.asked.findings.view.ids, public.findings.view.ids
    own = [entry_id for entry_id in [entry_of(path)] if entry_id in seen]
    held = _held(answer) if answer.file else _led_to(body.decode())
    hidden = (entry_id for entry_id in held if entry_id in seen and entry_id not in open_to_all)
    return list(dict.fromkeys([*own, *hidden]))[:MOST]


def entry_of(path: str) -> str:
    """The id in the address of a page or of its files, if it is the page of one entry."""
    return path[: path.rfind("/") + 1].partition("/")[2].rstrip("/")


def _led_to(page: str) -> Iterator[str]:
    for way in _LINKS.findall(page):
        yield entry_of(unquote(way).replace("../", ""))


def _held(answer: Answer) -> Iterable[str]:
    assert answer.file is not None, "only files hold tables"
    name = answer.file.name.rpartition(".")[0]
    rows = answer.page.tables.get(name)
    if rows is not None:
        table = made(rows)
        return table["id"].to_list() if "id" in table.columns else ()
    return answer.page.entries if answer.file.name.endswith(".ftm.json") else ()
