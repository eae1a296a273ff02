"""What was said: the words that matter, who used them, when, and where they stand."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from onrecord.pages import addresses
from onrecord.pages.blocks import Cell, Table, day
from onrecord.pages.page import Asked, Link, Page, Route, only_one
from onrecord.pages.shown import label_of
from onrecord.pages.words import plural


def answer(asked: Asked, _key: str) -> Page:
    """Every quotation up to the chosen day, the latest first."""
    findings = asked.findings
    quotes = findings.table("quote").filter(pl.col("date_first") <= asked.when)
    quotes = quotes.sort("date_first", "id", descending=[True, False])
    return Page(
        path=addresses.WORDS,
        template="blocks.html",
        title="What was said",
        finding=f"{plural(len(quotes), 'statement is', 'statements are')} quoted, by {quotes['speaker'].n_unique()} speakers.",
        thread=(Link("The record", addresses.FRONT), Link("Timeline", addresses.TIMELINE)),
        content=(
            Table(
                "quotes",
                "Key phrases, the latest first",
                (("When", "date"), ("Who", "text"), ("Words", "head"), ("On what occasion", "text")),
                [
                    (
                        day(q["date"]),
                        q["speaker"],
                        Cell(_in_its_language(q["text"], q["language"]), addresses.entry(q["id"])),
                        Cell(label_of(q["event"], findings), addresses.entry(q["event"]))
                        if q["event"]
                        else "not linked to an event",
                    )
                    for q in quotes.to_dicts()
                ],
            ),
        ),
        tables={"quotes": quotes},
        entries=tuple(quotes["id"]),
        section="Timeline",
        partial="Key phrases only; the whole statement stands in the source that each entry cites.",
    )


def _in_its_language(text: str, language: str | None) -> Markup:
    tag = Markup(' lang="{}"').format(language) if language else Markup()
    return Markup('<q{} dir="auto">{}</q>').format(tag, text)


ROUTE = Route(addresses.WORDS, answer, only_one)
