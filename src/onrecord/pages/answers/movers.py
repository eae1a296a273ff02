"""Who moved: states on both sides, withdrawals, those that left, came and came back."""

from __future__ import annotations

from collections import defaultdict
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
    pictures = {f"flow-{side}": picture for side in ("critical", "supportive") if (picture := _flow(asked))}
    blocks: list[Block] = [
        Figure(
            name, picture, f"How states moved between the complete {name.removeprefix('flow-')} lists.", _NOTE
        )
        for name, picture in pictures.items()
    ]
    blocks.insert(0, _table(movers.to_dicts()))
    return Page(
        path=addresses.MOVERS,
        template="blocks.html",
        title="Who moved",
        finding=in_words(movers, asked),
        thread=(Link("The record", addresses.FRONT), Link("States", addresses.STATES)),
        content=tuple(blocks),
        tables={"movers": movers},
        pictures=pictures,
        entries=tuple(dict.fromkeys(entry for entries in movers["entries"] for entry in entries)),
        section="Movers",
        partial=(
            "Leaving is counted only where a complete list shows it. Most supportive lists since 2020 are partial, so "
            "moves away from that side are mostly not visible."
        ),
    )


_NOTE = "Where a list of an occasion is partial, whoever is on no list of it has no known position there."


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


def _flow(asked: Asked) -> Markup | None:
    """The flow over the occasions of the body that had most of them; None where no body had two."""
    view = asked.findings.view
    occasions = positions.occasions(view, as_of=asked.when)
    bodies = occasions["body"].value_counts(sort=True)
    if bodies.is_empty() or bodies["count"][0] < 2:
        return None
    chosen = occasions.filter(
        pl.col("body") == sorted(bodies.filter(pl.col("count") == bodies["count"][0])["body"])[0]
    )
    stages = chosen["stage"].to_list()
    flows = positions.flows(view, as_of=asked.when, stages=stages)
    bands: dict[tuple[int, charts.Stance, charts.Stance], list[str]] = defaultdict(list)
    for row in flows.to_dicts():
        key = (stages.index(row["stage"]), map_stance(row["before"]), map_stance(row["after"]))
        bands[key] += [asked.findings.name_of(actor) for actor in row["actors"]]
    link = asked.links(addresses.MOVERS)
    return charts.flow(
        [
            charts.Stage(
                label="complete" if stage["complete"] else "partial lists",
                date=PartialDate.parse(stage["date"]).words(),
                href=link(addresses.page_of("instrument", stage["instruments"][0])),
            )
            for stage in chosen.to_dicts()
        ],
        [
            charts.Band(at, before, after, tuple(sorted(names)))
            for (at, before, after), names in sorted(bands.items())
        ],
        picture_id="flow",
        title=f"How states moved between the joint texts in the {chosen['body'][0]}",
        as_of=asked.when,
    )


ROUTE = Route(addresses.MOVERS, answer, only_one)
