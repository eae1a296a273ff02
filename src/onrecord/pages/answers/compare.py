"""Two to five states beside each other: their positions by votes over time, how often they agree, and what each signed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import sqrt

import polars as pl
from markupsafe import Markup

from onrecord.errors import EntryNotFound
from onrecord.pages import addresses, charts
from onrecord.pages.answers.instruments import badge
from onrecord.pages.answers.sessions_counted import and_sessions_counted
from onrecord.pages.answers.votes import METHOD, line_picture
from onrecord.pages.blocks import Block, Cell, Choice, Figure, Prose, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route, only_one
from onrecord.pages.words import session_in_words, the_body

THREAD = (Link("The record", addresses.FRONT), Link("States", addresses.STATES))

FIELDS = ("a", "b", "c", "d", "e")

LEAST, DEFAULT, MOST = 2, 3, len(FIELDS)

SESSIONS_COMPARED = 10

_AGREEMENT = (
    "Agreement is the share of roll calls on which both gave the same answer of yes, abstention and no, over the last ten sessions "
    "in which both took part. Roll calls on which 95 % or more gave one answer are left out: there nearly everybody agrees. The "
    "interval is Wilson's, 90 %."
)


def answer(asked: Asked, _key: str) -> Page:
    """The states named in the address (``?states=CHN,USA`` or one in each of ``a`` to ``e``), or the record's own choice.

    Raises:
        EntryNotFound: one of them is no state that the viewer may see.
    """
    states = chosen(asked)
    blocks: list[Block] = [_choice(asked.findings, states)]
    pictures: dict[str, Markup] = {}
    tables: dict[str, pl.DataFrame] = {"stances": stances_of(asked.findings, states)}
    says = _letters_in_words(asked.findings, states, tables["stances"])
    pairs: list[pl.DataFrame] = []
    for body in asked.findings.rolls.bodies:
        points = _points(asked.findings, body, states)
        voting = [state for state in states if state in set(points["actor"])]
        if len(voting) < LEAST:
            continue
        name = f"positions-{body}"
        sentence = _positions_in_words(asked.findings, body, points)
        pictures[name] = line_picture(asked, points, states, name, sentence)
        note = "Bands and edges are 90 % intervals. A gap is a session without votes that tell anything."
        blocks.append(Figure(name, pictures[name], sentence, note))
        tables[f"points-{body}"] = points
        pairs.append(agreement_of_pairs(asked.findings, body, voting))
        blocks.append(_matrix(asked.findings, body, voting, pairs[-1]))
    if pairs:
        tables["agreement"] = pl.concat(pairs)
        says = _agreement_in_words(asked.findings, tables["agreement"])
    blocks.append(_letters(asked.findings, states, tables["stances"]))
    if pairs:
        blocks.append(Prose((*METHOD, _AGREEMENT), heading="How it is measured"))
    return Page(
        path=addresses.COMPARE,
        template="blocks.html",
        title=_title(asked.findings, states),
        finding=says,
        thread=THREAD,
        content=tuple(blocks),
        tables=tables,
        pictures=pictures,
        entries=tuple(states),
        section="States",
        partial=and_sessions_counted(
            asked,
            asked.findings.rolls.bodies,
            "States that vote alike need not have talked to each other; and no act on a partial list is no answer.",
        ),
    )


def chosen(asked: Asked) -> list[str]:
    """The states to compare, two to five, each once."""
    named = asked.query.get("states", "").upper().split(",") + [
        asked.query.get(field, "").upper() for field in FIELDS
    ]
    states = list(dict.fromkeys(state for state in named if state))
    known = asked.findings.rows("actor")
    for state in states:
        if state not in known:
            raise EntryNotFound(
                f"There is no state {state!r} on record. Use ISO 3166-1 alpha-3 codes, such as CHN."
            )
    wanted = min(MOST, max(LEAST, len(states))) if states else DEFAULT
    return [*dict.fromkeys([*states, *_own_choice(asked.findings)])][:wanted]


def _own_choice(findings: Findings) -> Iterator[str]:
    """Whom the record is about, the United States, then the states that moved most."""
    known = findings.rows("actor")
    yield from (s for s in (*findings.view.description.about, "USA", *findings.movers["actor"]) if s in known)
    yield from (row["id"] for row in known.values() if row["type"] == "state")


def _choice(findings: Findings, states: list[str]) -> Choice:
    listed = findings.table("actor").filter(pl.col("type").is_in(["state", "observer"])).sort("name")
    options = (("", "nobody"), *listed.select("id", "name").iter_rows())
    padded = [*states, *[""] * MOST]
    return Choice(
        label="States to compare",
        button="Compare",
        fields=tuple((field, f"State {at + 1}", padded[at]) for at, field in enumerate(FIELDS)),
        options=tuple(options),
        elsewhere="This copy shows one choice of states. Where the program answers, as in `onrecord serve`, any two to five can be compared.",
    )


def _title(findings: Findings, states: list[str]) -> str:
    names = [findings.name_of(state) for state in states]
    if len(names) < LEAST:
        return "Too few states on record to set beside each other"
    return f"{', '.join(names[:-1])} and {names[-1]} beside each other"


def _points(findings: Findings, body: str, states: list[str]) -> pl.DataFrame:
    points = findings.rolls.estimates[body].points.filter(
        pl.col("dimension") == 1, pl.col("actor").is_in(states)
    )
    return points.insert_column(0, pl.lit(body).alias("body")).sort("actor", "session")


def _positions_in_words(findings: Findings, body: str, points: pl.DataFrame) -> str:
    last = points.filter(pl.col("session") == points["session"].max()).sort("mean")
    if last.height < LEAST:
        return f"Positions by votes in {the_body(body)}, session by session."
    ends = [findings.name_of(last["actor"][at]) for at in (0, -1)]
    apart = last["mean"][-1] - last["mean"][0]
    return f"In {the_body(body)}, {session_in_words(last['session'][0])}, {ends[0]} and {ends[1]} stand farthest apart ({apart:.2f})."


def agreement_of_pairs(findings: Findings, body: str, states: list[str]) -> pl.DataFrame:
    """Agreement of every pair over its last ten sessions.

    Returns:
        body, first, second, from_session, to_session, rollcalls, agreement, agreement_q05, agreement_q95.
    """
    rows = []
    for first, second in combinations(states, 2):
        table = findings.agreement(body, second).filter(pl.col("actor") == first).sort("session")
        recent = table.tail(SESSIONS_COMPARED)
        if recent.is_empty():
            continue
        calls = int(recent["rollcalls"].sum())
        same = float((recent["agreement"] * recent["rollcalls"]).sum()) / calls
        low, high = _wilson(same, calls)
        span = recent["session"][0], recent["session"][-1]
        rows.append((body, first, second, *span, calls, same, low, high))
    columns = ("body", "first", "second", "from_session", "to_session", "rollcalls", "agreement")
    kinds = [pl.String] * 3 + [pl.Int64] * 3 + [pl.Float64] * 3
    names = (*columns, "agreement_q05", "agreement_q95")
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def _wilson(share: float, count: int) -> tuple[float, float]:
    z2 = 1.6448536269514722**2
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = sqrt(z2 * share * (1 - share) / count + z2 * z2 / (4 * count * count)) / (1 + z2 / count)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def _matrix(findings: Findings, body: str, states: list[str], pairs: pl.DataFrame) -> Table:
    found = {frozenset((row["first"], row["second"])): row for row in pairs.to_dicts()}
    rows = [
        (
            Cell(findings.name_of(state), addresses.state(state)),
            *(_agreed(found.get(frozenset((state, other)))) if other != state else "–" for other in states),
        )
        for state in states
    ]
    return Table(
        f"agreement-{body}",
        f"How often they gave the same answer in {the_body(body)} over the last ten sessions, consensus left out",
        (("State", "head"), *((findings.name_of(state), "text") for state in states)),
        rows,
        heading=f"Agreement in {the_body(body)}",
    )


def _agreed(pair: dict[str, float] | None) -> Cell:
    if pair is None:
        return Cell("no session together")
    shown = f"{pair['agreement']:.0%} ({pair['agreement_q05']:.0%} to {pair['agreement_q95']:.0%})"
    return Cell(shown.replace("%", "\u00a0%"), sort=pair["agreement"])


def _agreement_in_words(findings: Findings, pairs: pl.DataFrame) -> str:
    if pairs.is_empty():
        return "They never took part in the same roll calls."
    best, least = pairs.sort("agreement").row(-1, named=True), pairs.sort("agreement").row(0, named=True)

    def told(pair: dict[str, object]) -> str:
        names = f"{findings.name_of(str(pair['first']))} and {findings.name_of(str(pair['second']))}"
        return f"{names} gave the same answer in {float(str(pair['agreement'])):.0%} of divided roll calls in {the_body(str(pair['body']))}".replace(
            "%", "\u00a0%"
        )

    return f"{told(best)}" + (f"; {told(least)}." if pairs.height > 1 else ".")


def stances_of(findings: Findings, states: list[str]) -> pl.DataFrame:
    """What each of the states did on every text: instrument, date, title, side, then one column a state."""
    texts = findings.table("instrument").select("id", "date", "date_first", "title", "side")
    cells = pl.concat(
        [table.select("instrument", "actor", "stance") for table in (findings.stances, findings.absences)]
    ).filter(pl.col("actor").is_in(states))
    table = texts
    for state in states:
        mine = cells.filter(pl.col("actor") == state).unique("instrument", keep="first", maintain_order=True)
        mine = mine.select(pl.col("instrument").alias("id"), pl.col("stance").alias(state))
        table = table.join(mine, on="id", how="left", maintain_order="left")
    known = table.filter(
        pl.any_horizontal(
            pl.col(states).is_not_null() & ~pl.col(states).is_in(["no_known_position", "had_no_vote"])
        )
    )
    return known.sort("date_first", "id", descending=[True, False]).drop("date_first")


def _letters(findings: Findings, states: list[str], table: pl.DataFrame) -> Table:
    rows = [
        (
            day(row["date"]),
            Cell(row["title"], addresses.page_of("instrument", row["id"])),
            row["side"],
            *(
                badge(row[state]) if row[state] else charts.stance_badge("unknown", "no known position")
                for state in states
            ),
        )
        for row in table.to_dicts()
    ]
    return Table(
        "stances",
        "What each did on every text on which one of them did something, the latest first",
        (
            ("Date", "date"),
            ("Text", "head"),
            ("Side", "text"),
            *((findings.name_of(state), "text") for state in states),
        ),
        rows,
        heading="Letters, statements and votes on record",
    )


def _letters_in_words(findings: Findings, states: list[str], table: pl.DataFrame) -> str:
    sides = ("critical", "supportive")
    counts = {state: [(table[state] == side).sum() for side in sides] for state in states}
    return (
        "; ".join(
            f"{findings.name_of(state)} stands on {critical} critical and {supportive} supportive texts"
            for state, (critical, supportive) in counts.items()
        )
        + "."
    )


ROUTE = Route(addresses.COMPARE, answer, only_one)
