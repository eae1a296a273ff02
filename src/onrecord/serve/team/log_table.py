"""Lines of the access log as a table."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.accounts import Access
from onrecord.pages.blocks import Table

_SHOWN = 5


def log_table(lines: Sequence[Access], caption: str) -> Table:
    """The lines, in the order given."""
    return Table(
        "access-log",
        caption,
        (
            ("When (UTC)", "text"),
            ("Who", "head"),
            ("What was done", "text"),
            ("Where", "text"),
            ("To what", "text"),
        ),
        [(_time(line.at), line.who, line.act, _where(line), _what(line)) for line in lines],
        heading="Access log",
    )


def _time(at: str) -> str:
    return at[:19].replace("T", " ")


def _where(line: Access) -> str:
    return line.address or ("the first page" if line.act == "opened" else "–")


def _what(line: Access) -> str:
    more = f" and {len(line.what) - _SHOWN} more" if len(line.what) > _SHOWN else ""
    return ", ".join(line.what[:_SHOWN]) + more or "–"
