"""Who moved: states on both sides, withdrawals, those that left, came and came back."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from onrecord import positions
from onrecord.model.dates import PartialDate
from onrecord.pages import addresses, charts
from onrecord.pages.answers.instruments import map_stance
from onrecord.pages.blocks import Block, Cell, Figure, Table, day
from onrecord.pages.page import Asked, Link, Page, Route, only_one

KIND_WORDS = {
    "both_sides": "on both sides",
    "joined_late_and_left": "joined later, then withdrew",
    "withdrew": "withdrew",
    "left": "left",
    "returned": "left and returned",
    "joined": "joined",
}


def answer(asked: Asked, _key: str) -> Page:
    """The movers, strongest move first, with the flow between the complete lists of either side."""
    movers = asked.findings.movers
    pictures: dict[str, Markup] = {}
    blocks: list[Block] = []
    for side in ("critical", "supportive"):
        if (flows := positions.side_flows(asked.findings.view, as_of=asked.when, side=side)).height:
            pictures[f"flow-{side}"] = _flow(asked, flows, side)
            blocks.append(
                Figure(f"flow-{side}", pictures[f"flow-{side}"], _flow_in_words(flows, side, asked), _NOTE)
            )
    blocks.insert(1, _table(movers.to_dicts()))
    blocks.append(_bands_table(asked))
    return Page(
        path=addresses.MOVERS,
        template="blocks.html",
        title="Who moved",
        finding=in_words(movers, asked),
        thread=(Link("The record", addresses.FRONT), Link("States", addresses.STATES)),
        content=tuple(blocks),
        tables={"movers": movers, "flows": _flows_table(asked)},
        pictures=pictures,
        entries=tuple(dict.fromkeys(entry for entries in movers["entries"] for entry in entries)),
        section="Movers",
        partial=(
            "Leaving is counted only where a complete list shows it. Most supportive lists since 2020 are partial, so "
            "moves away from that side are mostly not visible."
        ),
    )


_NOTE = "Complete lists of comparable length only; the others cannot show who left. Dark bands are moves."


def in_words(movers: pl.DataFrame, asked: Asked) -> str:
    """The strongest finding about movers, with its date."""
    both = movers.filter(pl.col("kind") == "both_sides")["name"].to_list()
    when = PartialDate.parse(asked.when.isoformat()).words()
    if len(both) == 1:
        return f"{both[0]} is the only state found on both sides, as of {when}; {len(movers) - 1} others came, left or withdrew."
    if both:
        return f"{', '.join(both[:-1])} and {both[-1]} are found on both sides, as of {when}."
    return f"No state is found on both sides, as of {when}; {len(movers)} came, left or withdrew."


def _table(movers: list[dict[str, Any]]) -> Table:
    return Table(
        "movers",
        "States that moved, the strongest move first",
        (
            ("Rank", "number"),
            ("State", "head"),
            ("Move", "text"),
            ("What the record shows", "text"),
            ("Last", "date"),
        ),
        [
            (
                m["rank"],
                Cell(m["name"], addresses.state(m["actor"])),
                KIND_WORDS[m["kind"]],
                m["sentence"],
                day(m["latest"]),
            )
            for m in movers
        ],
    )


def _flows_table(asked: Asked) -> pl.DataFrame:
    sides = ("critical", "supportive")
    return pl.concat(
        [positions.side_flows(asked.findings.view, as_of=asked.when, side=side) for side in sides]
    )


def _bands_table(asked: Asked) -> Table:
    findings = asked.findings
    texts = findings.rows("instrument")
    moved = _flows_table(asked).filter(pl.col("before") != pl.col("after")).to_dicts()
    return Table(
        "bands",
        "Who came and who left between successive complete lists",
        (("From the list of", "date"), ("To the list of", "date"), ("Move", "text"), ("States", "head")),
        [
            (
                day(texts[m["instrument"]]["date"]),
                day(texts[m["next_instrument"]]["date"]),
                f"{'left' if m['after'] == 'did_not_sign' else 'came to'} the {_side_of(m)} side",
                ", ".join(sorted(findings.name_of(actor) for actor in m["actors"])),
            )
            for m in moved
        ],
    )


def _side_of(band: dict[str, Any]) -> str:
    return str(band["before"] if band["after"] == "did_not_sign" else band["after"])


def _flow_in_words(flows: pl.DataFrame, side: str, asked: Asked) -> str:
    """What the last step between two complete lists changed."""
    last = flows.filter(pl.col("next_instrument") == flows["next_instrument"][-1])
    came = last.filter((pl.col("before") != side) & (pl.col("after") == side))["count"].sum()
    left = last.filter((pl.col("before") == side) & (pl.col("after") != side))["count"].sum()
    dates = [
        PartialDate.parse(asked.findings.rows("instrument")[last[name][0]]["date"]).words()
        for name in ("instrument", "next_instrument")
    ]
    return f"Between the complete {side} lists of {dates[0]} and {dates[1]}, {came} came and {left} left."


def _flow(asked: Asked, flows: pl.DataFrame, side: str) -> Markup:
    texts = asked.findings.rows("instrument")
    stages = [flows["instrument"][0], *flows["next_instrument"].unique(maintain_order=True)]
    link = asked.links(addresses.MOVERS)
    return charts.flow(
        [
            charts.Stage(
                label="",
                date=PartialDate.parse(texts[stage]["date"][:7]).words(),
                href=link(addresses.page_of("instrument", stage)),
            )
            for stage in stages
        ],
        [
            charts.Band(
                stages.index(band["instrument"]),
                map_stance(band["before"]),
                map_stance(band["after"]),
                tuple(sorted(asked.findings.name_of(actor) for actor in band["actors"])),
                href="#bands-caption",
            )
            for band in flows.to_dicts()
        ],
        picture_id=f"flow-{side}",
        title=_flow_in_words(flows, side, asked),
        as_of=asked.when,
    )


ROUTE = Route(addresses.MOVERS, answer, only_one)
