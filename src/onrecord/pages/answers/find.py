"""Who is possibly meant by a name, in any script: public cases only, and never more than a possibility.

The live server answers; a copy on a file server lists the people instead. The name stands in the address of the page, which
this server writes down nowhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from onrecord.errors import UsageError
from onrecord.model.dates import PartialDate
from onrecord.names import ready
from onrecord.pages import addresses
from onrecord.pages.blocks import Block, Cell, Names, Prose, Table
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route, only_one
from onrecord.search.named.finding import Hit, names_among, percent
from onrecord.search.named.finding import Names as NamesIndex
from onrecord.search.named.mention import About

_SHOWN = 10
_ALIGNED = 5
_LONGEST_TITLE = 60
CARE = (
    "A name alone decides nothing: many people share one, and one person's is written in many ways. Compare a date of birth, "
    "a place, a father's name before you take two for one. That nobody is found is no proof that nobody is there."
)


def answer(asked: Asked, _key: str) -> Page:
    """People whose name possibly is the one asked for; all public people where none was."""
    name = asked.query.get("q", "").strip()
    return _found(asked, name) if name else _everybody(asked)


def _found(asked: Asked, name: str) -> Page:
    shown = shortened(name)
    try:
        hits = _names(asked.findings).find(name, given(asked), _SHOWN)
    except UsageError as unreadable:
        return _page(f"Nobody was looked for: {shown}", str(unreadable), ())
    if not hits:
        finding = "Nobody among the public cases has a name that comes near."
        return _page(f"Possibly {shown}", finding, (Prose((CARE,)),))
    finding = (
        f"{len(hits):,} {'person is' if len(hits) == 1 else 'people are'} possibly meant; the name comes nearest to "
        f"{hits[0].name}, {percent(hits[0].probability)}."
    )
    aligned = [_alignment(hit, number) for number, hit in enumerate(hits[:_ALIGNED], 1)]
    return _page(f"Possibly {shown}", finding, (_people(hits, asked.findings), Prose((CARE,)), *aligned))


def shortened(name: str) -> str:
    """A name as a title has room for it."""
    return name if len(name) <= _LONGEST_TITLE else f"{name[:_LONGEST_TITLE]}…"


def _everybody(asked: Asked) -> Page:
    people = asked.findings.rows("person").values()
    rows = [(_cell(person), Names(person["names"][1:]) if person["names"][1:] else None) for person in people]
    table = Table(
        "people", "People whose cases are public", (("Name", "head"), ("Other spellings", "text")), rows
    )
    finding = (
        f"{len(rows):,} people are on record whose cases are public, each under any spelling of the name."
    )
    return _page("Find a person by name", finding, (table, *(() if asked.frozen else being_prepared())))


def being_prepared() -> tuple[Block, ...]:
    """A word on the first search after installing, whose preparation begins while the reader types."""
    if ready.compiled():
        return ()
    ready.begin()
    return (Prose((ready.NOTICE,)),)


def _page(title: str, finding: str, blocks: tuple[Block, ...]) -> Page:
    return Page(
        path=addresses.FIND,
        template="find.html",
        title=title,
        finding=finding,
        thread=(Link("The record", addresses.FRONT), Link("People", addresses.PEOPLE)),
        content=blocks,
        section="People",
    )


@lru_cache(maxsize=8)
def _names(findings: Findings) -> NamesIndex:
    return names_among(findings.table("person"))


def given(asked: Asked) -> About:
    """What else the reader knows.

    Raises:
        UsageError: the date of birth is none.
    """
    born, sex = asked.query.get("born", "").strip(), asked.query.get("sex", "")
    try:
        born = str(PartialDate.parse(born)) if born else ""
    except ValueError as cause:
        raise UsageError(f"{born!r} is no date of birth. Write 1985, 1985-03 or 1985-03-01.") from cause
    place = asked.query.get("place", "").strip()
    return About(born=born or None, place=place or None, sex=sex if sex in {"female", "male"} else None)


def _people(hits: list[Hit], findings: Findings) -> Table:
    rows = [
        (
            _cell(findings.rows("person")[hit.id], hit.name),
            Cell(percent(hit.probability), sort=round(hit.probability, 4)),
            Cell(percent(hit.name_probability), sort=round(hit.name_probability, 4)),
            "; ".join(f"{change.reason} ({change.amount:+.1f})" for change in hit.adjustments)
            or "nothing to compare",
        )
        for hit in hits
    ]
    return Table(
        "possible",
        "People who are possibly meant, the most probable first",
        (
            ("Possibly", "head"),
            ("Probability", "number"),
            ("By the name alone", "number"),
            ("What else was compared", "text"),
        ),
        rows,
    )


def _cell(person: dict[str, Any], spelling: str | None = None) -> Cell:
    """A person's name with the way to the case; the spelling asked for where it is not the first."""
    name = next((n for n in person["names"] if n["text"] == spelling), person["names"][0])
    return Cell(Names((name,)), addresses.page_of("person", person["id"]), sort=name["text"])


def _alignment(hit: Hit, number: int) -> Table:
    rows = [
        (
            piece.one or "nothing",
            piece.other or "nothing",
            piece.strength,
            ", ".join(match.assumed) or "nothing",
        )
        for match in hit.explanation.matched
        for piece in match.pieces
    ]
    return Table(
        f"alignment-{number}",
        f"Which sounds of what you typed answer which of {hit.name}",
        (
            ("You typed", "head"),
            ("On record", "text"),
            ("Speaks for it, in nats", "number"),
            ("Assumed", "text"),
        ),
        rows,
        heading=f"{number}. {hit.name}",
    )


ROUTE = Route(addresses.FIND, answer, only_one)
