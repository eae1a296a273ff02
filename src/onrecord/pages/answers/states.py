"""Where each state stands: all of them on one map, and each with its whole history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from markupsafe import Markup

from onrecord import positions
from onrecord.errors import EntryNotFound
from onrecord.model.dates import PartialDate
from onrecord.model.kinds import Actor
from onrecord.pages import addresses, charts
from onrecord.pages.answers.instruments import STANCE_WORDS, badge, map_stance
from onrecord.pages.answers.movers import KIND_WORDS
from onrecord.pages.answers.sessions_counted import and_sessions_counted
from onrecord.pages.answers.standing import standing
from onrecord.pages.answers.state_votes import by_votes
from onrecord.pages.answers.timeline import events_table
from onrecord.pages.blocks import Block, Cell, Citations, Figure, Links, Prose, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.shown import ACT_WORDS, cited
from onrecord.pages.words import plural

THREAD = (Link("The record", addresses.FRONT), Link("States", addresses.STATES))

_SIDES = ("critical", "supportive")


def answer(asked: Asked, key: str) -> Page:
    """All states, or one.

    Raises:
        EntryNotFound: there is no such state that the viewer may see.
    """
    return _one(asked, key) if key else _all(asked)


def keys(findings: Findings) -> Iterator[str]:
    """The list, then every state and observer."""
    yield ""
    yield from _states(findings)["id"]


def _states(findings: Findings) -> pl.DataFrame:
    return findings.table("actor").filter(pl.col("type").is_in(["state", "observer"])).sort("name")


def _all(asked: Asked) -> Page:
    findings = asked.findings
    sides = standing(findings)
    states = _states(findings).to_dicts()
    latest = {
        row["actor"]: row for row in findings.main_stances.filter(pl.col("act").is_not_null()).to_dicts()
    }
    picture = _map(asked, states, sides)
    says = _all_in_words(asked, states, sides)
    rows = [
        (
            Cell(s["name"], addresses.state(s["id"])),
            charts.stance_badge(map_stance(sides.get(s["id"], ""))),
            day(latest[s["id"]]["date"]) if s["id"] in latest else Cell("none on record"),
            Cell(
                STANCE_WORDS[latest[s["id"]]["stance"]],
                addresses.page_of("instrument", latest[s["id"]]["instrument"]),
            )
            if s["id"] in latest
            else "nothing on record",
        )
        for s in states
    ]
    table = pl.DataFrame(
        [(s["id"], s["name"], sides.get(s["id"], "no_known_position")) for s in states],
        schema={"actor": pl.String, "name": pl.String, "standing": pl.String},
        orient="row",
    )
    return Page(
        path=addresses.STATES,
        template="blocks.html",
        title="Where states stand",
        finding=says,
        thread=THREAD[:1],
        content=(
            Figure(
                "map",
                picture,
                f"Each state by all it had signed, joined or voted for by {_day_in_words(asked)}.",
                charts.BORDERS_NOTE,
                is_map=True,
                legend=charts.legend(_used(sides)),
            ),
            Table(
                "states",
                "States and observers",
                (("State", "head"), ("Found so far", "text"), ("Last act", "date"), ("What it was", "text")),
                rows,
            ),
            Links("Beside each other", (Link("Compare two to five states", addresses.COMPARE),)),
        ),
        tables={"states": table, "matrix": positions.stance_matrix(findings.view, as_of=asked.when)},
        pictures={"map": picture},
        entries=tuple(table["actor"]),
        section="States",
        partial=(
            "Most supportive lists since 2020 are partial: a state of which no act is known may be on one. Entries that are "
            "inferred, contested or rest on one weak source are not counted here; they stand on each state's own page."
        ),
    )


def _used(sides: dict[str, str]) -> list[charts.Stance]:
    used = {map_stance(side) for side in sides.values()} | {"unknown"}
    return [stance for stance in charts.STANCES if stance in used]


def _day_in_words(asked: Asked) -> str:
    return PartialDate.parse(asked.when.isoformat()).words()


def _all_in_words(asked: Asked, states: list[dict[str, Any]], sides: dict[str, str]) -> str:
    counts = {side: sum(1 for s in sides.values() if s == side) for side in (*_SIDES, "both", "neither")}
    unknown = len(states) - len(sides)
    return (
        f"By {_day_in_words(asked)}, {counts['critical']} states were found only on the critical side, {counts['supportive']} only on the "
        f"supportive side, {counts['both']} on both; {counts['neither']} acted without taking a side, and of {unknown} no "
        "act is known."
    )


def _map(asked: Asked, states: list[dict[str, Any]], sides: dict[str, str]) -> Markup:
    link = asked.links(addresses.STATES)
    shown = [
        charts.MapState(
            s["id"], s["name"], map_stance(sides.get(s["id"], "")), href=link(addresses.state(s["id"]))
        )
        for s in states
    ]
    return charts.world_map(
        shown, picture_id="map", title="Where states were found, by all they did", as_of=asked.when
    )


def _one(asked: Asked, key: str) -> Page:
    findings = asked.findings
    seen = findings.entry(key)
    state = seen.entry
    if not isinstance(state, Actor) or state.type not in ("state", "observer"):
        raise EntryNotFound(f"{key!r} is not a state. See the list of states.")
    history = findings.stances.filter(pl.col("actor") == key)
    absent = findings.absences.filter((pl.col("actor") == key) & (pl.col("stance") == "did_not_sign"))
    mover = findings.movers.filter(pl.col("actor") == key).to_dicts()
    says = _one_in_words(asked, state, history, mover)
    picture = _strip(asked, state, history, absent)
    blocks: list[Block] = []
    if mover:
        blocks.append(
            Prose(
                (f"{mover[0]['sentence']} (Move: {KIND_WORDS[mover[0]['kind']]}.)",), heading="How it moved"
            )
        )
    if picture:
        blocks.append(
            Figure(
                "history",
                picture,
                says,
                "Lists that are not complete say nothing about a state that is not on them.",
            )
        )
    votes = by_votes(asked, key)
    blocks += [
        _history_table(asked, history, absent),
        *votes.blocks,
        _terms(findings, key),
        *_said(findings, state),
    ]
    blocks.append(Citations(cited(state.citations, findings), seen.withheld))
    return Page(
        path=addresses.state(key),
        template="blocks.html",
        title=state.name,
        finding=says,
        thread=THREAD,
        content=tuple(blocks),
        tables={"positions": history, **votes.tables},
        pictures={
            **({"history": picture} if picture else {}),
            **{figure.name: figure.svg for figure in votes.blocks if isinstance(figure, Figure)},
        },
        entries=(key, *(entry for entries in history["entries"] for entry in entries)),
        section="States",
        partial=and_sessions_counted(
            asked,
            findings.rolls.bodies,
            "Only what is on record is shown; no act on a partial list is no answer.",
        ),
    )


def _one_in_words(asked: Asked, state: Actor, history: pl.DataFrame, mover: list[dict[str, Any]]) -> str:
    done = history.filter(pl.col("act").is_not_null())
    if mover and mover[0]["kind"] == "both_sides":
        return str(mover[0]["sentence"])
    if done.is_empty():
        return f"No act of {state.name} on any of these texts is on record: its position is not known."
    counts = {side: done.filter(pl.col("stance") == side).height for side in _SIDES}
    last = done.row(-1, named=True)
    when = PartialDate.parse(last["date"])
    spoken = (
        " and ".join(f"{plural(n, f'{side} text', f'{side} texts')}" for side, n in counts.items() if n)
        or "no side of any text"
    )
    return f"{state.name} stands on {spoken}; its last act on record is of {when.words()}."


def _strip(asked: Asked, state: Actor, history: pl.DataFrame, absent: pl.DataFrame) -> Markup | None:
    link = asked.links(addresses.state(state.id))
    texts = asked.findings.rows("instrument")
    cells = [
        *history.select("instrument", "stance").iter_rows(),
        *absent.select("instrument", "stance").iter_rows(),
    ]
    marks = tuple(
        charts.StanceMark(
            day=PartialDate.parse(texts[instrument]["date"]),
            stance=map_stance(stance),
            label=f"{texts[instrument]['title']}: {STANCE_WORDS[stance]}",
            href=link(addresses.page_of("instrument", instrument)),
        )
        for instrument, stance in sorted(cells, key=lambda c: (texts[c[0]]["date_first"], c[0]))
    )
    if not marks:
        return None
    return charts.strip(
        [charts.StripRow("", marks)],
        picture_id="history",
        title=f"What {state.name} did, text by text",
        as_of=asked.when,
    )


def _history_table(asked: Asked, history: pl.DataFrame, absent: pl.DataFrame) -> Table:
    texts = asked.findings.rows("instrument")
    rows: list[tuple[Any, ...]] = [
        (
            day(h["date"] or texts[h["instrument"]]["date"]),
            Cell(texts[h["instrument"]]["title"], addresses.page_of("instrument", h["instrument"])),
            texts[h["instrument"]]["side"],
            Cell(_did(h), addresses.entry((h["entries"] or h["open_entries"])[-1])),
            badge(h["stance"]),
        )
        for h in history.to_dicts()
    ]
    rows += [
        (
            day(t["date"]),
            Cell(t["title"], addresses.page_of("instrument", t["id"])),
            t["side"],
            "not on the complete list",
            badge("did_not_sign"),
        )
        for t in (texts[i] for i in absent["instrument"])
    ]
    rows.sort(key=lambda row: (row[0].first, row[1].label), reverse=True)
    return Table(
        "history",
        "Every text on which something is known, the latest first",
        (
            ("Date", "date"),
            ("Text", "head"),
            ("Its side", "text"),
            ("What it did", "text"),
            ("Stance", "text"),
        ),
        rows,
        heading="Its history",
    )


def _did(history: dict[str, Any]) -> str:
    return " then ".join(ACT_WORDS[act] for act in history["acts"]) or "may have acted by that day"


def _terms(findings: Findings, actor_id: str) -> Table:
    terms = (
        findings.table("membership")
        .filter(pl.col("actor") == actor_id)
        .sort("of", "start_first", nulls_last=False)
    )
    rows = [
        (
            Cell(findings.name_of(t["of"]), addresses.entry(t["id"])),
            day(t["start"]) or Cell("not dated"),
            day(t["end"]) or Cell("no end on record"),
        )
        for t in terms.to_dicts()
    ]
    return Table(
        "terms",
        "Bodies and groups",
        (("Member of", "head"), ("From", "date"), ("To", "date")),
        rows,
        heading="Member of",
    )


def _said(findings: Findings, state: Actor) -> Iterator[Block]:
    """What was said in its name: events and quotes whose actor or speaker names the state."""
    named = [state.name, *(name.text for name in state.names)]
    mentions = pl.any_horizontal(*(pl.col("actor").str.contains(name, literal=True) for name in named))
    events = findings.table("event").filter(
        mentions.fill_null(value=False) & (pl.col("date_first") <= findings.when)
    )
    if len(events):
        yield events_table(
            events.sort("date_first", descending=True).to_dicts(),
            "events",
            f"Events in the name of {state.name}",
        )


ROUTE = Route(addresses.STATES, answer, keys)
