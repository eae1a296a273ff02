"""Letters, statements and votes: who stood where on each, and how complete its list is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from markupsafe import Markup

from onrecord import positions
from onrecord.errors import EntryNotFound
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import Instrument
from onrecord.pages import addresses, charts
from onrecord.pages.answers.signed_before import signed_before
from onrecord.pages.blocks import Block, Cell, Citations, Facts, Figure, Links, Prose, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.shown import ACT_WORDS, cited, link_to
from onrecord.pages.words import plural

THREAD = (Link("The record", addresses.FRONT), Link("Instruments", addresses.INSTRUMENTS))

MEANING = {
    "complete": "The list is complete: a state that is not on it did not sign.",
    "partial": "The list is partial: a state that is not on it has no known position on this text.",
    "unverified": "The list is unverified: a state that is not on it has no known position on this text.",
}

STANCE_WORDS = {
    "critical": "critical",
    "supportive": "supportive",
    "neutral": "neutral",
    "abstained": "abstained",
    "absent": "absent",
    "withdrew": "withdrew",
    "did_not_sign": "did not sign",
    "had_no_vote": "had no vote",
    "no_known_position": "no known position",
}


def answer(asked: Asked, key: str) -> Page:
    """All instruments, or one.

    Raises:
        EntryNotFound: there is no such instrument that the viewer may see.
    """
    return _one(asked, key) if key else _all(asked)


def keys(findings: Findings) -> Iterator[str]:
    """The list, then every instrument."""
    yield ""
    yield from findings.table("instrument")["id"]


def _all(asked: Asked) -> Page:
    lists = asked.findings.lists
    both = asked.findings.counts
    picture = both_sides(asked, both, "both-sides", addresses.INSTRUMENTS)
    complete = lists.filter(pl.col("list_status") == "complete").height
    cores = [table for side in ("critical", "supportive") if (table := _core_table(asked, side))]
    says = sides_in_words(both)
    return Page(
        path=addresses.INSTRUMENTS,
        template="blocks.html",
        title=f"{len(lists)} letters, statements and votes",
        finding=says,
        thread=THREAD[:1],
        content=(
            Figure("both-sides", picture, says, "Of a partial list only some names are known; the line follows the stated count."),
            Table(
                "instruments",
                "Instruments, the latest first",
                (("Date", "date"), ("Instrument", "head"), ("Body", "text"), ("Side", "text"), ("List", "text"),
                 ("Stated", "number"), ("On record", "number")),
                [_row(i) for i in reversed(lists.to_dicts())],
            ),
            *cores,
        ),
        tables={"instruments": lists},
        pictures={"both-sides": picture},
        entries=tuple(lists["instrument"]),
        section="Instruments",
        partial=f"{complete} of {len(lists)} lists are complete; from the others nothing can be read out of an absence.",
    )  # fmt: skip


def _row(i: dict[str, Any]) -> tuple[Any, ...]:
    stated = (
        Cell(i["stated_count"], sort=i["stated_count"]) if i["stated_count"] is not None else "not stated"
    )
    path = addresses.page_of("instrument", i["instrument"])
    return day(i["date"]), Cell(i["title"], path), i["body"], i["side"], i["list_status"], stated, i["net"]


def both_sides(asked: Asked, counts: pl.DataFrame, picture_id: str, page: str) -> Markup:
    """The counts of both sides over time, for a page at ``page``."""
    return charts.mirrored_steps(
        side_counts(asked, counts, page),
        picture_id=picture_id,
        title=sides_in_words(counts),
        as_of=asked.when,
    )


def side_counts(asked: Asked, counts: pl.DataFrame, page: str) -> list[charts.SideCount]:
    """The rows of :func:`onrecord.positions.counts` as the charts take them; signed texts with a side only."""
    link = asked.links(page)
    chosen = counts.filter(
        pl.col("side").is_in(["critical", "supportive"]) & ~pl.col("instrument_kind").is_in(positions.VOTES)
    )
    return [
        charts.SideCount(
            day=PartialDate.parse(c["date"]),
            side=c["side"],
            stated=c["stated_count"],
            listed=c["listed"],
            list_status=c["list_status"],
            label=c["title"],
            href=link(addresses.page_of("instrument", c["instrument"])),
        )
        for c in chosen.to_dicts()
    ]


def sides_in_words(counts: pl.DataFrame) -> str:
    """The latest stated or listed count of either side, in a sentence."""
    parts = []
    for side in ("critical", "supportive"):
        rows = counts.filter((pl.col("side") == side) & ~pl.col("instrument_kind").is_in(positions.VOTES))
        if len(rows):
            last = rows.row(-1, named=True)
            count = last["listed"] if last["stated_count"] is None else last["stated_count"]
            parts.append(f"{count} on the {side} side ({PartialDate.parse(last['date']).words()})")
    return (
        f"The latest joint texts count {' and '.join(parts)}."
        if parts
        else "No joint text had been issued by that day."
    )


def _one(asked: Asked, key: str) -> Page:
    findings = asked.findings
    seen = findings.entry(key)
    text = seen.entry
    if not isinstance(text, Instrument):
        raise EntryNotFound(f"{key!r} is not an instrument. See the list of instruments.")
    stances = findings.stances.filter(pl.col("instrument") == key)
    absent = findings.absences.filter(pl.col("instrument") == key)
    says = _finding(text, findings, key)
    blocks: list[Block] = []
    pictures = {}
    if len(stances) and text.instrument_kind == "vote":
        pictures["votes"] = _chamber(asked, text, stances)
        blocks.append(Figure("votes", pictures["votes"], says))
    elif len(stances):
        pictures["map"] = _map(asked, text, stances, absent)
        blocks.append(
            Figure(
                "map",
                pictures["map"],
                says,
                charts.BORDERS_NOTE,
                is_map=True,
                legend=_legend(stances, absent),
            )
        )
    blocks += [
        _facts(text, findings, key),
        Prose((_meaning(text), *([text.note] if text.note else []))),
        *(signed_before(findings, text, stances) if text.instrument_kind == "vote" and len(stances) else ()),
    ]
    if len(stances):
        blocks.append(_positions_table(asked, stances))
        blocks.append(_groups_table(asked, key))
    if text.list_status == "complete" and text.instrument_kind not in positions.VOTES and len(absent):
        blocks.append(_absent_table(asked, absent))
    blocks.append(Citations(cited(text.citations, findings), seen.withheld))
    if others := findings.mentions.get(key):
        blocks.append(Links("Also on record", tuple(link_to(o, findings) for o in dict.fromkeys(others))))
    return Page(
        path=addresses.page_of("instrument", key),
        template="blocks.html",
        title=text.title,
        finding=says,
        thread=THREAD,
        content=tuple(blocks),
        tables={
            "positions": _named(findings, stances),
            **({"absences": _named(findings, absent)} if len(absent) else {}),
        },
        pictures=pictures,
        entries=(key, *(entry for entries in stances["entries"] for entry in entries)),
        section="Instruments",
        partial=None if text.list_status == "complete" else _meaning(text),
    )


def _meaning(text: Instrument) -> str:
    if text.instrument_kind in positions.VOTES and text.list_status == "complete":
        return (
            "The roll is complete: every member's vote is on record. A state that is not on it had no vote."
        )
    return MEANING[text.list_status]


def _finding(text: Instrument, findings: Findings, key: str) -> str:
    row = findings.lists.filter(pl.col("instrument") == key)
    if row.is_empty():
        return f"It is of {PartialDate.parse(text.date).words()}, after the chosen day."
    line = row.row(0, named=True)
    if text.instrument_kind == "vote" and line["listed"]:
        return f"{line['yes']} voted yes, {line['no']} no, {line['abstained']} abstained."
    stated = f"{text.stated_count} stated" if text.stated_count is not None else "no count stated"
    if not line["listed"] and not line["net"]:
        return f"{stated.capitalize()}; no names of states are on record for it."
    moved = [f"{line['joined']} joined later"] * bool(line["joined"]) + [
        f"{line['withdrew']} withdrew"
    ] * bool(line["withdrew"])
    change = f"; {' and '.join(moved)}, {line['net']} in all" if moved else ""
    return f"{stated.capitalize()}, {plural(line['listed'], 'signatory', 'signatories')} on record{change}."


def _facts(text: Instrument, findings: Findings, key: str) -> Facts:
    leads = ", ".join(findings.name_of(lead) for lead in text.lead)
    return Facts(
        (
            ("Date", day(text.date)),
            ("Body", text.body),
            ("Kind", text.instrument_kind.replace("_", " ")),
            ("Side", text.side),
            ("Lead", leads or None),
            ("UN symbol", text.symbol),
            ("Stated count", text.stated_count),
            ("List", text.list_status),
            ("Entry", Cell(key, addresses.entry(key))),
        ),
        heading="The text",
    )


def map_stance(stance: str) -> charts.Stance:
    """The appearance that a stance has on every page."""
    known: dict[str, charts.Stance] = {
        "critical": "critical",
        "supportive": "supportive",
        "both": "both",
        "neither": "neither",
        "did_not_sign": "not_signed",
        **dict.fromkeys(positions.NEITHER, "neither"),
    }
    return known.get(stance, "unknown")


def badge(stance: str) -> Markup:
    """A stance in words, with the sign it has in every picture."""
    return charts.stance_badge(map_stance(stance), STANCE_WORDS[stance])


def _map(asked: Asked, text: Instrument, stances: pl.DataFrame, absent: pl.DataFrame) -> Markup:
    link = asked.links(addresses.page_of("instrument", text.id))
    cells = pl.concat([stances.select("actor", "stance"), absent.select("actor", "stance")]).to_dicts()
    shown = [
        charts.MapState(
            iso3=c["actor"],
            name=asked.findings.name_of(c["actor"]),
            stance=map_stance(c["stance"]),
            href=link(addresses.state(c["actor"])),
            detail=STANCE_WORDS[c["stance"]],
        )
        for c in cells
    ]
    return charts.world_map(shown, picture_id="map", title=text.title, as_of=asked.when)


def _legend(stances: pl.DataFrame, absent: pl.DataFrame) -> Markup:
    used = {map_stance(s) for s in [*stances["stance"].unique(), *absent["stance"].unique()]}
    return charts.legend([s for s in charts.STANCES if s in used])


def _chamber(asked: Asked, text: Instrument, stances: pl.DataFrame) -> Markup:
    link = asked.links(addresses.page_of("instrument", text.id))
    seats = [
        charts.Seat(asked.findings.name_of(s["actor"]), s["act"], href=link(addresses.state(s["actor"])))
        for s in stances.to_dicts()
    ]
    side = text.side if text.side != "neutral" else None
    return charts.hemicycle(seats, picture_id="votes", title=text.title, as_of=asked.when, yes_means=side)


def _positions_table(asked: Asked, stances: pl.DataFrame) -> Table:
    findings = asked.findings
    rows = [
        (
            Cell(findings.name_of(s["actor"]), addresses.state(s["actor"])),
            badge(s["stance"]),
            Cell(" then ".join(ACT_WORDS[act] for act in s["acts"]), addresses.entry(s["entries"][-1])),
            day(s["date"]),
            s["confidence"],
        )
        for s in stances.filter(pl.col("entries").list.len() > 0).to_dicts()
    ]
    return Table(
        "positions",
        "Positions on record, net of joining and withdrawing",
        (
            ("State", "head"),
            ("Stance", "text"),
            ("What it did", "text"),
            ("Date", "date"),
            ("Confidence", "text"),
        ),
        rows,
    )


def _groups_table(asked: Asked, key: str) -> Table:
    findings = asked.findings
    rows = findings.by_membership.filter(pl.col("instrument") == key).to_dicts()
    return Table(
        "groups",
        "How they divide over groups, organisations and councils on that day; a state can be in several",
        (("Group", "head"), ("Stance", "text"), ("States", "number"), ("Which", "text")),
        [
            (
                Cell(findings.name_of(r["of"]), addresses.entry(r["of"])),
                badge(r["stance"]),
                r["count"],
                ", ".join(sorted(findings.name_of(actor) for actor in r["actors"])),
            )
            for r in rows
        ],
        heading="By group",
    )


def _core_table(asked: Asked, side: str) -> Table | None:
    core = positions.core_group(asked.findings.view, as_of=asked.when, side=side).filter(pl.col("core"))
    if core.is_empty():
        return None
    rows = [
        (Cell(asked.findings.name_of(c["actor"]), addresses.state(c["actor"])), c["signed"])
        for c in core.to_dicts()
    ]
    caption = f"States on all {core['of'][0]} complete {side} lists"
    return Table(
        f"core-{side}",
        caption,
        (("State", "head"), ("Lists", "number")),
        rows,
        heading=f"The core, {side} side",
    )


def _absent_table(asked: Asked, absent: pl.DataFrame) -> Table:
    findings = asked.findings
    names = sorted((findings.name_of(a), a) for a in absent["actor"])
    return Table(
        "not-signed",
        "States that did not sign",
        (("State", "head"),),
        [(Cell(name, addresses.state(actor)),) for name, actor in names],
        heading="Who did not sign",
    )


def _named(findings: Findings, frame: pl.DataFrame) -> pl.DataFrame:
    names = pl.Series("name", [findings.name_of(a) for a in frame["actor"]], dtype=pl.String)
    return frame.insert_column(frame.columns.index("actor") + 1, names) if len(frame) else frame


ROUTE = Route(addresses.INSTRUMENTS, answer, keys)
