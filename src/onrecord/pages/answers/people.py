"""Who was taken, and what became of them: public cases only, for a visitor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from markupsafe import Markup

from onrecord.errors import EntryNotFound
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import Person
from onrecord.pages import addresses, charts
from onrecord.pages.answers.linked import linked
from onrecord.pages.answers.timeline import events_table
from onrecord.pages.blocks import Block, Cell, Citations, Facts, Figure, Links, Names, Prose, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.shown import cited, link_to
from onrecord.pages.words import date_in_words

THREAD = (Link("The record", addresses.FRONT), Link("People", addresses.PEOPLE))

_HELD = frozenset({"detention", "camp", "prison", "disappearance"})
_ENDS = frozenset({"release", "escape", "death"})


def answer(asked: Asked, key: str) -> Page:
    """All public cases, or one.

    Raises:
        EntryNotFound: there is no such person whom the viewer may see.
    """
    return _one(asked, key) if key else _all(asked)


def keys(findings: Findings) -> Iterator[str]:
    """The list, then every case."""
    yield ""
    yield from findings.table("person")["id"]


def how_many(people: pl.DataFrame) -> str:
    """``22 people whose cases are public``; what is private is told apart for whoever may see it."""
    public = people.filter(visibility="public").height
    if public == people.height:
        return f"{public:,} people whose cases are public"
    return f"{people.height:,} people, {public:,} of them with a public case"


def _all(asked: Asked) -> Page:
    table = asked.findings.table("person")
    picture = _lives(asked, table.to_dicts()) if len(table) else None
    rows = [
        (
            Cell(
                Names(person["names"][:1]),
                addresses.page_of("person", person["id"]),
                sort=person["names"][0]["text"],
            ),
            Names(person["names"][1:]) if len(person["names"]) > 1 else None,
            day(person["taken"]),
            person["place"],
            person["summary"],
        )
        for person in table.to_dicts()
    ]
    undated = sum(1 for row in rows if row[2] is None)
    return Page(
        path=addresses.PEOPLE,
        template="blocks.html",
        title=how_many(table),
        finding=(
            f"{how_many(table)}: known already, or shown with the families' consent. Of {undated} no date of arrest is known."
        ),
        thread=THREAD[:1],
        content=(
            *(
                [Figure("lives", picture, _lives_in_words(asked, len(table)), _SPELLS_NOTE)]
                if picture
                else []
            ),
            Table(
                "people",
                "Cases that may be shown",
                (
                    ("Name", "head"),
                    ("Other spellings", "text"),
                    ("Taken", "date"),
                    ("Where", "text"),
                    ("What happened", "text"),
                ),
                rows,
            ),
        ),
        pictures={"lives": picture} if picture else {},
        tables={"people": table.drop("consent", "citations", "visibility", "withdrawn", "corrections")},
        entries=tuple(table["id"]),
        section="People",
        partial=(
            "This is not a count of those who were taken. It holds only people named by a UN document or in print, "
            "whose case may be shown."
        ),
    )


def _one(asked: Asked, key: str) -> Page:
    findings = asked.findings
    seen = findings.entry(key)
    person = seen.entry
    if not isinstance(person, Person):
        raise EntryNotFound(f"{key!r} is not a person's case. See the list of people.")
    events = [e for e in _events(findings, key) if e["date_first"] <= asked.when]
    picture = _spells(events, asked, person)
    blocks: list[Block] = [Names(person.names)] if len(person.names) > 1 else []
    blocks += [Prose((person.summary,))]
    blocks += [Figure("life", picture, _finding(person, events), _SPELLS_NOTE)] if picture else []
    blocks += (
        [events_table(list(reversed(events)), "events", "What is on record, the latest first")]
        if events
        else []
    )
    blocks += [
        Facts(
            (
                ("Taken", day(person.taken)),
                ("Where", person.place),
                ("By whom", person.by_whom),
                ("Born", day(person.born)),
                ("Why this case is shown", _basis(person)),
            ),
            heading="The case",
        ),
        Citations(cited(person.citations, findings), seen.withheld),
    ]
    blocks += linked(findings, key)
    others = [other for other in findings.mentions.get(key, ()) if findings.view.kind_of(other) != "event"]
    blocks += [Links("Also on record", tuple(link_to(other, findings) for other in others))] if others else []
    return Page(
        path=addresses.page_of("person", key),
        template="blocks.html",
        title=person.names[0].text,
        title_language=person.names[0].language,
        finding=_finding(person, events),
        thread=THREAD,
        content=tuple(blocks),
        pictures={"life": picture} if picture else {},
        tables={"events": findings.table("event").filter(_about(findings, key))} if events else {},
        entries=(key, *(e["id"] for e in events)),
        section="People",
        partial="No entry after the last one does not mean that nothing happened: it means that nothing is on record.",
    )


_SPELLS_NOTE = "A month or a year that is all that is known is drawn as the whole month or year."


def _events(findings: Findings, person_id: str) -> list[dict[str, Any]]:
    about = findings.table("event").filter(_about(findings, person_id))
    return about.sort("date_first", "id").to_dicts()


def _about(findings: Findings, person_id: str) -> Any:
    return findings.table("event")["about"].list.contains(person_id)


def _finding(person: Person, events: list[dict[str, Any]]) -> str:
    if not events:
        taken = (
            f"was taken ({PartialDate.parse(person.taken).words()})"
            if person.taken
            else "was taken; the date is not known"
        )
        return f"{person.names[0].text} {taken}. No dated event is on record."
    last = events[-1]
    return f"The last that is on record, of {PartialDate.parse(last['date']).words()}: {last['title']}."


def _lives(asked: Asked, people: list[dict[str, Any]]) -> Markup:
    link = asked.links(addresses.PEOPLE)
    shown = [
        charts.Lane(
            person["names"][0]["text"],
            _dated(_events(asked.findings, person["id"]), link) or _taken(person),
            link(addresses.page_of("person", person["id"])),
        )
        for person in people
    ]
    return charts.lanes(
        shown, picture_id="lives", title=_lives_in_words(asked, len(people)), as_of=asked.when
    )


def _taken(person: dict[str, Any]) -> tuple[charts.Spell, ...]:
    return (charts.Spell("taken", PartialDate.parse(person["taken"])),) if person["taken"] else ()


def _lives_in_words(asked: Asked, people: int) -> str:
    released = _last_done(asked).filter(pl.col("event_kind") == "release")
    return (
        f"Of takings and releases on record, the last is a release for {len(released) or 'none'} of {people} people, "
        f"as of {date_in_words(asked.when.isoformat())}."
    )


def _last_done(asked: Asked) -> pl.DataFrame:
    """For each person the last taking or end of it that had happened by the day."""
    people = asked.findings.table("person").select(person="id")
    done = asked.findings.table("event").filter(
        pl.col("date_first") <= asked.when, pl.col("event_kind").is_in(_HELD | _ENDS)
    )
    about = done.explode("about").join(people, left_on="about", right_on="person")
    return about.sort("date_first", "id").group_by("about", maintain_order=True).last()


def _spells(events: list[dict[str, Any]], asked: Asked, person: Person) -> Markup | None:
    if not events:
        return None
    items = _dated(events, asked.links(addresses.page_of("person", person.id)))
    return charts.spells(items, picture_id="life", title=_finding(person, events), as_of=asked.when)


def _dated(
    events: list[dict[str, Any]], link: addresses.Links
) -> tuple[charts.Spell | charts.Happening, ...]:
    """Events as spells where they last, as happenings where they do not; what ends them is the next end on record."""
    items: list[charts.Spell | charts.Happening] = []
    ends = [e for e in events if e["event_kind"] in _ENDS]
    for event in events:
        start, href = PartialDate.parse(event["date"]), link(addresses.entry(event["id"]))
        if event["event_kind"] in _HELD or event["end"]:
            later = next((e["date"] for e in ends if e["date_first"] >= event["date_first"]), None)
            end = day(event["end"] or later)
            items.append(charts.Spell(event["title"], start, end, href=href))
        else:
            items.append(charts.Happening(event["title"], start, href=href))
    return tuple(items)


def _basis(person: Person) -> str:
    consent = person.consent
    if consent is None:
        return "no consent is on record; shown to keepers only"
    if consent.basis == "already_public":
        return f"the case is public already{f' (source {consent.source})' if consent.source else ''}"
    return f"consent {consent.basis}{f' by {consent.by}' if consent.by else ''}"


ROUTE = Route(addresses.PEOPLE, answer, keys)
