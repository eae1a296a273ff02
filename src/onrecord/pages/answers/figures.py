"""Numbers that somebody stated, with numerator and denominator, and where sources disagree."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from onrecord.pages import addresses, charts
from onrecord.pages.blocks import Block, Cell, Figure, Links, Table, day
from onrecord.pages.page import Asked, Link, Page, Route, only_one
from onrecord.pages.shown import link_to
from onrecord.pages.words import number_in_words, plural

COLUMNS = ("id", "qualifier", "value", "unit", "of_what", "numerator", "denominator", "place", "period", "stated_by",
           "date", "method", "low", "high", "series", "note")  # fmt: skip


def answer(asked: Asked, _key: str) -> Page:
    """Every figure, disagreeing ones side by side."""
    findings = asked.findings
    table = findings.table("figure").select(COLUMNS)
    figures = findings.table("figure").select(*COLUMNS, "recorded_by").to_dicts()
    series = _disagreeing(figures)
    pictures = {f"series-{n}": _picture(group, n, asked) for n, group in enumerate(series, 1)}
    blocks: list[Block] = [
        Figure(
            f"series-{n}",
            pictures[f"series-{n}"],
            _says(group),
            heading="Where the sources give different numbers" if n == 1 else None,
        )
        for n, group in enumerate(series, 1)
    ]
    blocks.append(_table(figures))
    decisions = findings.table("decision")["id"].to_list()
    if decisions:
        blocks.append(
            Links("What was decided where sources disagree", tuple(link_to(d, findings) for d in decisions))
        )
    return Page(
        path=addresses.FIGURES,
        template="blocks.html",
        title=f"{len(figures):,} figures",
        finding=(
            f"{len(figures):,} numbers are on record, each with who stated it; "
            f"on {plural(len(series), 'question', 'questions')} the sources give different ones, shown side by side."
        ),
        thread=(Link("The record", addresses.FRONT),),
        content=tuple(blocks),
        tables={"figures": table},
        pictures=pictures,
        entries=tuple(table["id"]),
        section="Figures",
        partial="A figure without a denominator cannot be turned into a share, and is not.",
    )


def _disagreeing(figures: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    grouped = groupby(
        sorted((f for f in figures if f["series"]), key=lambda f: f["series"]), key=lambda f: f["series"]
    )
    found = [list(group) for _, group in grouped]
    return [
        g for g in found if len({(f["value"], f["unit"]) for f in g}) > 1 and len({f["unit"] for f in g}) == 1
    ]


def _says(group: list[dict[str, Any]]) -> str:
    """What is in print, of each thing in the words of its source: two days or two counts are not one number."""
    told = "; ".join(f"{of_what}: {_values(group, of_what)}" for of_what in _things(group))
    return f"{_upper_first(told)} {group[0]['unit']} are in print."


def _things(group: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(f["of_what"] for f in group))


def _values(group: list[dict[str, Any]], of_what: str) -> str:
    values = sorted({f["value"] for f in group if f["of_what"] == of_what}, key=float)
    *others, last = map(number_in_words, values)
    return f"{', '.join(others)} and {last}" if others else last


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _picture(group: list[dict[str, Any]], number: int, asked: Asked) -> Any:
    link = asked.links(addresses.FIGURES)
    rows = [
        charts.Bar(
            label=_who(f) if len(_things(group)) == 1 else f"{_who(f)}, {f['of_what']}",
            value=float(f["value"]),
            shown=stated(f),
            low=float(f["low"]) if f["low"] else None,
            high=float(f["high"]) if f["high"] else None,
            href=link(addresses.entry(f["id"])),
        )
        for f in group
    ]
    return charts.bars(
        rows, picture_id=f"series-{number}", title=_says(group), as_of=asked.when, unit=group[0]["unit"]
    )


def _who(figure: dict[str, Any]) -> str:
    return str(figure["stated_by"] or f"not said by whom, entered by {figure['recorded_by']}")


def stated(figure: dict[str, Any]) -> str:
    """A figure as its source gives it: ``about 1,000,000 people``."""
    return " ".join(
        part for part in (figure["qualifier"], number_in_words(figure["value"]), figure["unit"]) if part
    )


def _table(figures: list[dict[str, Any]]) -> Table:
    return Table(
        "figures",
        "All figures",
        (("Of what", "head"), ("Value", "number"), ("Of", "text"), ("Where", "text"), ("When", "text"), ("Stated by", "text"),
         ("Stated on", "date")),
        [
            (
                Cell(f["of_what"], addresses.entry(f["id"])),
                Cell(stated(f), sort=float(f["value"])),
                _share(f),
                f["place"] or "not stated",
                f["period"] or "not stated",
                f["stated_by"] or "not stated",
                day(f["date"]),
            )
            for f in figures
        ],
        heading="Every number",
    )  # fmt: skip


def _share(figure: dict[str, Any]) -> str:
    if figure["numerator"] and figure["denominator"]:
        return f"{number_in_words(figure['numerator'])} of {number_in_words(figure['denominator'])}"
    return "denominator not stated" if figure["unit"] == "percent" else "a count"


ROUTE = Route(addresses.FIGURES, answer, only_one)
