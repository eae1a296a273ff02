"""The record at a glance: four doors, each with its strongest finding and a small picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages import addresses, charts
from onrecord.pages.answers.changes import newest
from onrecord.pages.answers.instruments import side_counts, sides_in_words
from onrecord.pages.answers.movers import in_words as movers_in_words
from onrecord.pages.answers.people import how_many
from onrecord.pages.answers.promises import longest_wait, wait_in_words
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route, only_one
from onrecord.pages.shown import label_of


@dataclass(frozen=True, slots=True)
class Door:
    """A question, the strongest answer there is, and the way in."""

    title: str
    path: str
    finding: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry that was recorded last: the day it was recorded, what it is, and the way to it."""

    recorded: str
    kind: str
    link: Link


@dataclass(frozen=True, slots=True)
class FrontContent:
    """What ``front.html`` shows."""

    doors: tuple[Door, ...]
    latest: tuple[Changed, ...]
    missing: str
    more: tuple[Link, ...]


def answer(asked: Asked, _key: str) -> Page:
    """The first page."""
    findings = asked.findings
    doors = (_people(asked), _evidence(asked), _promises(asked), _states(asked))
    lists = findings.lists
    partial = len(lists) - lists["list_status"].to_list().count("complete")
    return Page(
        path=addresses.FRONT,
        template="front.html",
        title=findings.view.description.title,
        finding=findings.view.description.description,
        thread=(),
        content=FrontContent(
            doors=doors,
            latest=tuple(_changed(row, findings) for row in _telling(findings)),
            missing=f"{partial} of {len(lists)} lists of signatories are partial or unverified.",
            more=(
                Link("How we know", addresses.METHOD),
                Link("What was said, word for word", addresses.WORDS),
                Link("What changed last", addresses.CHANGES),
                Link("Take the whole record with you", addresses.DATA),
            ),
        ),
        tables={"instruments": lists, "promises": findings.outcomes, "movers": findings.movers},
        pictures={f"door-{n}": door.svg for n, door in enumerate(doors, 1)},
    )


def _telling(findings: Findings) -> list[dict[str, Any]]:
    return [row for row in newest(findings, 400) if row["kind"] in ("event", "decision", "promise")][:5]


def _changed(row: dict[str, Any], findings: Findings) -> Changed:
    link = Link(label_of(row["id"], findings), addresses.entry(row["id"]))
    return Changed(row["recorded"][:10], row["kind"], link)


def _people(asked: Asked) -> Door:
    people = asked.findings.table("person")
    dated = len(people) - people["taken"].null_count()
    svg = charts.one_each(
        len(people), dated, picture_id="door-1", title=f"{dated} of {len(people)} cases have a date of arrest"
    )
    finding = f"{how_many(people)}; of {len(people) - dated} no date of arrest is known."
    return Door("Who was taken", addresses.PEOPLE, finding, svg)


def _evidence(asked: Asked) -> Door:
    sources = asked.findings.table("source")
    kept = len(sources) - sources["sha256"].null_count()
    title = f"{kept} of {len(sources)} sources are kept as originals"
    svg = charts.one_each(len(sources), kept, picture_id="door-2", title=title)
    finding = f"{len(sources)} sources; the originals of {kept} are kept here, the others are known by their address."
    return Door("What shows it", addresses.SOURCES, finding, svg)


def _promises(asked: Asked) -> Door:
    longest = longest_wait(asked.findings)
    if longest is None:
        nothing = "No promise is open."
        return Door("Who promised", addresses.PROMISES, nothing, Markup(""))
    says = wait_in_words(longest)
    due = PartialDate.parse(longest["due"]).last if longest["due"] else None
    made = PartialDate.parse(longest["made_on"]).first
    svg = charts.longest_wait(made=made, due=due, picture_id="door-3", title=says, as_of=asked.when)
    return Door("Who promised", addresses.PROMISES, says, svg)


def _states(asked: Asked) -> Door:
    counts = asked.findings.counts
    svg = charts.both_sides(
        side_counts(asked, counts, addresses.FRONT),
        picture_id="door-4",
        title=sides_in_words(counts),
        as_of=asked.when,
    )
    return Door(
        "Who signed, who moved",
        addresses.MOVERS,
        f"{sides_in_words(counts)} {movers_in_words(asked.findings.movers, asked)}",
        svg,
    )


ROUTE = Route(addresses.FRONT, answer, only_one)
