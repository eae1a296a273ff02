"""Who was told, and what did they promise: the board with its days, and every promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from markupsafe import Markup

from onrecord import promises
from onrecord.errors import EntryNotFound
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import Promise
from onrecord.pages import addresses, charts
from onrecord.pages.blocks import Block, Cell, Citations, Facts, Figure, Links, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.shown import cited, link_to

THREAD = (Link("The record", addresses.FRONT), Link("Promises", addresses.PROMISES))

CLASS_WORDS = {
    "promise": "Promises, in their own words",
    "aspiration": "Aspirations",
    "obligation": "Obligations under treaties",
    "ask": "What they were asked to do",
}

OUTCOME_WORDS = {
    "kept": "kept",
    "kept_late": "kept late",
    "overdue": "overdue",
    "waiting": "waiting without a due date",
    "not_due_yet": "not due yet",
    "broken": "broken",
    "cannot_be_rated": "cannot be rated",
}


def answer(asked: Asked, key: str) -> Page:
    """The board, or one promise.

    Raises:
        EntryNotFound: there is no such promise that the viewer may see.
    """
    return _one(asked, key) if key else _board(asked)


def keys(findings: Findings) -> Iterator[str]:
    """The board, then every promise."""
    yield ""
    yield from findings.table("promise")["id"]


def longest_wait(findings: Findings) -> dict[str, Any] | None:
    """The promise that has been open longest past its due date, or None if none is overdue or waiting."""
    open_ones = promises.longest(findings.view, as_of=findings.when)
    return open_ones.row(0, named=True) if len(open_ones) else None


def wait_in_words(row: dict[str, Any]) -> str:
    """The longest wait in a sentence, with its class: an ask is not a promise."""
    kind = {"ask": "The longest overdue ask", "obligation": "The longest overdue obligation"}.get(
        row["promise_class"], f"The longest overdue {row['promise_class']}"
    )
    days = f"{row['days_least']:,} days"
    if row["outcome"] != "overdue":
        return f"The longest wait, {days} without a due date: {row['by']}: {row['what']}."
    return f"{kind}, {days} past its date: {row['by']}: {row['what']}."


def _board(asked: Asked) -> Page:
    table = asked.findings.outcomes
    blocks: list[Block] = []
    pictures: dict[str, Markup] = {}
    for promise_class, heading in CLASS_WORDS.items():
        rows = _ordered(table.filter(pl.col("promise_class") == promise_class))
        if rows:
            name = f"{promise_class}-lines"
            pictures[name] = _picture(asked, rows, name)
            blocks.append(
                Figure(name, pictures[name], _class_in_words(promise_class, rows), _NOTE, heading=heading)
            )
            blocks.append(_class_table(promise_class, rows))
    longest = longest_wait(asked.findings)
    return Page(
        path=addresses.PROMISES,
        template="blocks.html",
        title="Who promised, and what came of it",
        finding=wait_in_words(longest) if longest else "Nothing is open on this day.",
        thread=THREAD[:1],
        content=tuple(blocks),
        tables={"promises": table},
        pictures=pictures,
        entries=tuple(table["id"]),
        section="Promises",
        partial="Open means that no entry shows it done; the record may have missed it. Classes are never added up together.",
    )


_DAYS_OF = {
    "kept": "until kept",
    "kept_late": "late",
    "overdue": "overdue",
    "waiting": "waiting",
    "not_due_yet": "to go",
    "broken": "until broken",
}
"""What the days of an outcome count, see :func:`onrecord.promises.outcomes`."""

_NOTE = "Hatched: past the due date. An open end: no due date was given. A month is drawn as a month."


def _ordered(table: pl.DataFrame) -> list[dict[str, Any]]:
    rank = {
        "overdue": 0,
        "broken": 1,
        "waiting": 2,
        "kept_late": 3,
        "kept": 4,
        "not_due_yet": 5,
        "cannot_be_rated": 6,
    }
    return sorted(
        table.to_dicts(), key=lambda row: (rank[row["outcome"]], -(row["days_least"] or 0), row["id"])
    )


def _class_in_words(promise_class: str, rows: list[dict[str, Any]]) -> str:
    counts = [
        (words, sum(1 for row in rows if row["outcome"] == outcome))
        for outcome, words in OUTCOME_WORDS.items()
    ]
    return (
        f"{CLASS_WORDS[promise_class]}: {', '.join(f'{count} {words}' for words, count in counts if count)}."
    )


def _class_table(promise_class: str, rows: list[dict[str, Any]]) -> Table:
    return Table(
        f"class-{promise_class}",
        "Open ones first, the longest wait first",
        (("Made", "date"), ("Who", "text"), ("What", "head"), ("To whom", "text"), ("Due", "date"), ("Outcome", "text"),
         ("Days", "number")),
        [
            (
                day(row["made_on"]),
                row["by"],
                Cell(row["what"], addresses.page_of("promise", row["id"])),
                row["to_whom"],
                day(row["due"]) or Cell("no date given"),
                Cell(row["sentence"], addresses.page_of("promise", row["id"]), sort=OUTCOME_WORDS[row["outcome"]]),
                _days(row),
            )
            for row in rows
        ],
    )  # fmt: skip


def _days(row: dict[str, Any]) -> Cell | str:
    if row["days_least"] is None:
        return "cannot be counted"
    least, most = row["days_least"], row["days_most"]
    days = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return Cell(f"{days} {_DAYS_OF[row['outcome']]}", sort=least)


def _picture(asked: Asked, rows: list[dict[str, Any]], name: str) -> Markup:
    link = asked.links(addresses.PROMISES)
    lines = [
        charts.PromiseLine(
            words=f"{row['by']}: {row['what']}",
            made=PartialDate.parse(row["made_on"]),
            outcome=row["sentence"].rstrip("."),
            due=day(row["due"]),
            ended=day(row["kept_on"] or row["broken_on"]),
            broken=row["outcome"] == "broken",
            href=link(addresses.page_of("promise", row["id"])),
        )
        for row in rows
    ]
    return charts.promises(
        lines, picture_id=name, title=_class_in_words(rows[0]["promise_class"], rows), as_of=asked.when
    )


def _one(asked: Asked, key: str) -> Page:
    findings = asked.findings
    seen = findings.entry(key)
    promise = seen.entry
    if not isinstance(promise, Promise):
        raise EntryNotFound(f"{key!r} is not a promise. See the board of promises.")
    path = addresses.page_of("promise", key)
    rows = findings.outcomes.filter(pl.col("id") == key).to_dicts()
    finding = (
        rows[0]["sentence"]
        if rows
        else f"It was made after the chosen day ({PartialDate.parse(promise.made_on).words()})."
    )
    after = promises.afterwards(findings.view, as_of=asked.when).filter(pl.col("promise") == key)
    return Page(
        path=path,
        template="blocks.html",
        title=f"{promise.by}: {promise.what}",
        finding=finding,
        thread=THREAD,
        content=tuple(
            block
            for block in (
                _facts(promise),
                _after(after) if len(after) else None,
                Citations(cited(promise.citations, findings), seen.withheld),
                Links(
                    "Also on record",
                    tuple(link_to(o, findings) for o in dict.fromkeys(findings.mentions.get(key, ()))),
                )
                if findings.mentions.get(key)
                else None,
            )
            if block is not None
        ),
        tables={"promise": findings.outcomes.filter(pl.col("id") == key)},
        entries=(key, *after["event"]),
        section="Promises",
        partial="Whether it was kept in a way that nobody put on record is not known.",
    )


def _facts(promise: Promise) -> Facts:
    return Facts(
        (
            ("Class", promise.promise_class),
            ("Made", day(promise.made_on)),
            ("By", promise.by),
            ("To whom", promise.to_whom),
            ("In the words used", f"“{promise.words}”" if promise.words else None),
            ("Due", day(promise.due) or "no date given"),
            ("Basis of the date", promise.due_basis),
            ("Note", promise.note),
            ("Last checked", day(promise.checked)),
            ("Entry", Cell(promise.id, addresses.entry(promise.id))),
        ),
        heading="What was promised" if promise.promise_class == "promise" else "What it is",
    )


def _after(after: pl.DataFrame) -> Table:
    words = {
        "kept_by": "this kept it",
        "broken_by": "this broke it",
        "blocked_by": "this stands in its way",
        "about": "about it",
    }
    return Table(
        "after",
        "What happened after",
        (("When", "date"), ("Event", "head"), ("What it means", "text")),
        [
            (day(e["date"]), Cell(e["title"], addresses.entry(e["event"])), words[e["how"]])
            for e in after.to_dicts()
        ],
        heading="What happened after",
    )


ROUTE = Route(addresses.PROMISES, answer, keys)
