"""The part of a state's page that its votes tell: where it stands, beside whom, with whom it votes, when it moved and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from statistics import median
from typing import Any

import polars as pl

from onrecord.pages import addresses, charts
from onrecord.pages.answers.human_rights_votes import human_rights_answers, human_rights_votes
from onrecord.pages.answers.instruments import map_stance
from onrecord.pages.answers.standing import standing
from onrecord.pages.answers.votes import METHOD, line_picture, pair_in_words
from onrecord.pages.blocks import Block, Cell, Choice, Figure, Prose, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked
from onrecord.pages.words import session_in_words, session_label, the_body
from onrecord.rollcalls.frozen import FORECAST_KIND
from onrecord.votes.frames import ANSWERS

DRIVING_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ByVotes:
    """What a state's votes tell: blocks for its page, and the tables behind them."""

    blocks: tuple[Block, ...]
    tables: dict[str, pl.DataFrame]


def by_votes(asked: Asked, state: str) -> ByVotes:
    """Everything told of a state by roll calls on record, body by body; nothing where it took part in none."""
    blocks: list[Block] = []
    tables: dict[str, pl.DataFrame] = {}
    for body, estimated in asked.findings.rolls.estimates.items():
        points = estimated.points.filter(pl.col("dimension") == 1)
        if state not in set(points["actor"]):
            continue
        agreed = agreement_with(asked.findings, body, state)
        moves = estimated.movers.filter(pl.col("actor") == state).sort("session")
        driving = named_votes(asked.findings, body, estimated.driving.filter(pl.col("actor") == state))
        blocks += [
            *_line(asked, body, points, state),
            *_letters_and_votes(asked, body, points, state),
            *_agreement(asked, body, state, agreed),
            *_moves(asked.findings, body, moves, driving),
        ]
        tables |= {
            f"points-{body}": points.filter(pl.col("actor") == state),
            f"agreement-{body}": agreed,
            f"moves-{body}": moves,
            f"driving-votes-{body}": driving,
        }
        answers = human_rights_answers(asked.findings, body, state)
        if answers is not None:
            blocks += human_rights_votes(asked, body, state, answers)
            tables[f"human-rights-{body}"] = answers
    if blocks:
        blocks = [
            _beside(asked, state),
            *blocks,
            *_next_votes(asked, state),
            Prose(METHOD, "How positions are estimated"),
        ]
    return ByVotes(tuple(blocks), tables)


def _beside(asked: Asked, state: str) -> Choice:
    listed = asked.findings.table("actor").filter(pl.col("type") == "state", pl.col("id") != state)
    return Choice(
        label="Another state to show beside this one",
        button="Show",
        fields=(("beside", "Beside", _other(asked, state)),),
        options=tuple(listed.sort("name").select("id", "name").iter_rows()),
        heading="By its votes",
        elsewhere="This copy shows one other state beside this one. Where the program answers, as in `onrecord serve`, it can be any.",
    )


def _other(asked: Asked, state: str) -> str:
    """The state shown beside: the one in the address, else the one that the record is about, else the United States."""
    asked_for = asked.query.get("beside", "").upper()
    choices = (asked_for, *asked.findings.view.description.about, "USA", "CHN")
    known = asked.findings.rows("actor")
    return next((other for other in choices if other != state and other in known), "")


def _line(asked: Asked, body: str, points: pl.DataFrame, state: str) -> Iterator[Figure]:
    other = _other(asked, state)
    name = f"votes-{body}"
    if other in set(points["actor"]):
        says = f"In {the_body(body)}, {pair_in_words(asked, points, (state, other))}"
        yield Figure(name, line_picture(asked, points, (state, other), name, says), says, _BANDS)
    else:
        says = f"{asked.findings.name_of(state)}'s position by its votes in {the_body(body)}."
        yield Figure(name, line_picture(asked, points, (state,), name, says), says, _BANDS)


_BANDS = "Bands are 90 % intervals. A gap is a session without votes that tell anything."


def _letters_and_votes(asked: Asked, body: str, points: pl.DataFrame, state: str) -> Iterator[Figure]:
    last = points.filter(pl.col("session") == points["session"].max())
    if state not in set(last["actor"]):
        return
    sides = standing(asked.findings)
    placed = [
        charts.PlacedState(
            asked.findings.name_of(p["actor"]),
            map_stance(sides.get(p["actor"], "")),
            p["mean"],
            p["q05"],
            p["q95"],
        )
        for p in last.to_dicts()
    ]
    name = asked.findings.name_of(state)
    says = _letters_in_words(name, placed, body, last["session"][0])
    picture = charts.stances_on_axis(
        placed, picture_id=f"letters-{body}", title=says, as_of=asked.when, picked=name
    )
    note = "Uprights mark the middle state of each row; the bar under the name is the 90 % interval. Signatures are those on record."
    yield Figure(f"letters-{body}", picture, says, note)


def _letters_in_words(name: str, placed: list[charts.PlacedState], body: str, session: int) -> str:
    middle = {
        side: median([p.place for p in placed if p.stance == side])
        for side in ("critical", "supportive")
        if any(p.stance == side for p in placed)
    }
    own = next(p.place for p in placed if p.name == name)
    if len(middle) < 2:
        return f"By its votes in {the_body(body)}, {session_in_words(session)}, {name} stands at {own:.2f}."
    nearer = min(middle, key=lambda side: abs(middle[side] - own))
    return (
        f"By its votes in {the_body(body)}, {session_in_words(session)}, {name} ({own:.2f}) stands nearer to the states that signed on the {nearer} side "
        f"(middle {middle[nearer]:.2f}) than to the others ({middle['critical' if nearer == 'supportive' else 'supportive']:.2f})."
    )


def agreement_with(findings: Findings, body: str, state: str) -> pl.DataFrame:
    """How often a state answered as China, the United States, those the record is about, and its own group did.

    Returns:
        the columns of :func:`onrecord.votes.alignment.agreement`, ``other`` being a state or the id of a group.
    """
    here = set(findings.rolls.bodies[body].votes["iso3"].unique())
    states = [
        s for s in dict.fromkeys((*findings.view.description.about, "CHN", "USA")) if s in here and s != state
    ]
    tables = [findings.agreement(body, other) for other in states]
    tables += [
        findings.agreement(body, group, members) for group, members in _own_groups(findings, state, here)
    ]
    mine = [table.filter(pl.col("actor") == state) for table in tables]
    return pl.concat(mine) if mine else pl.DataFrame(schema={"other": pl.String, "session": pl.Int64})


def _own_groups(findings: Findings, state: str, here: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The regional group that a state is in now, with its members that vote in a body."""
    groups = findings.table("actor").filter(pl.col("type") == "group")["id"]
    now = findings.table("membership").filter(pl.col("of").is_in(groups.implode()), pl.col("end").is_null())
    for group in now.filter(pl.col("actor") == state)["of"].unique().sort():
        members = now.filter(pl.col("of") == group)["actor"].unique().sort()
        voting = tuple(m for m in members if m in here)
        if len(voting) > 1:
            yield group, voting


def _agreement(asked: Asked, body: str, state: str, agreed: pl.DataFrame) -> Iterator[Block]:
    if agreed.is_empty():
        return
    name = asked.findings.name_of
    others = agreed["other"].unique(maintain_order=True).to_list()[: charts.MOST_LINES]
    lines = [
        charts.StateLine(
            name(other),
            tuple(
                charts.SessionPosition(r["session"], r["agreement"], r["agreement_q05"], r["agreement_q95"])
                for r in agreed.filter(pl.col("other") == other).sort("session").to_dicts()
            ),
        )
        for other in others
    ]
    says = _agreement_in_words(name(state), body, agreed, others, name)
    picture = charts.positions_over_sessions(
        *lines, picture_id=f"agreement-{body}", title=says, as_of=asked.when, interval="90 %", axis="share of same answers"
    )  # fmt: skip
    note = "Only roll calls on which fewer than 95 % gave one answer. With a group, answers are compared member by member."
    heading = f"With whom it votes in {the_body(body)}"
    yield Figure(f"agreement-{body}", picture, says, note, heading=heading)
    yield _agreement_table(name(state), body, agreed, others, name)


def _agreement_in_words(state: str, body: str, agreed: pl.DataFrame, others: list[str], name: Any) -> str:
    last = agreed.filter(pl.col("session") == agreed["session"].max()).sort("agreement", descending=True)
    told = ", ".join(
        f"{row['agreement']:.0%} with {name(row['other'])}".replace("%", "\u00a0%") for row in last.to_dicts()
    )
    return f"In {the_body(body)}, {session_in_words(last['session'][0])}, {state} gave the same answer in {told}."


def _agreement_table(state: str, body: str, agreed: pl.DataFrame, others: list[str], name: Any) -> Table:
    found = {(row["session"], row["other"]): row for row in agreed.to_dicts()}
    return Table(
        f"with-{body}",
        f"How often {state} gave the same answer in {the_body(body)}, with 90 % intervals, consensus left out",
        ((session_label(agreed["session"][0]), "head"), *((name(other), "text") for other in others)),
        [
            (str(session), *(_share(found.get((session, other))) for other in others))
            for session in agreed["session"].unique().sort(descending=True)
        ],
        folded=True,
    )


def _share(row: dict[str, Any] | None) -> Cell:
    if row is None:
        return Cell("no roll call together", sort=-1)
    shown = f"{row['agreement']:.0%} ({row['agreement_q05']:.0%} to {row['agreement_q95']:.0%})"
    return Cell(shown.replace("%", "\u00a0%"), sort=row["agreement"])


def named_votes(findings: Findings, body: str, driving: pl.DataFrame) -> pl.DataFrame:
    """Driving votes with the date, symbol and title of their roll calls."""
    calls = findings.rolls.bodies[body].rollcalls.select(
        "rcid",
        pl.col("date").cast(pl.Date),
        pl.col("symbol").cast(pl.String),
        pl.col("title").cast(pl.String),
    )
    return driving.join(calls, on="rcid", how="left", maintain_order="left")


def _moves(findings: Findings, body: str, moves: pl.DataFrame, driving: pl.DataFrame) -> Iterator[Table]:
    if moves.is_empty():
        return
    rows = []
    for move in moves.sort("session", descending=True).to_dicts():
        heavy = driving.filter(pl.col("move") == move["session"]).head(DRIVING_SHOWN).to_dicts()
        rows += [_move_row(findings, move, vote) for vote in heavy] or [_move_row(findings, move, None)]
    yield Table(
        f"moves-{body}",
        f"Its moves in {the_body(body)}, the latest first, each with the votes that speak most for it",
        (
            (f"From {session_label(moves['session'][0]).lower()}", "head"),
            ("Shift", "number"),
            ("Probability", "number"),
            ("Toward", "text"),
            ("Vote of", "date"),
            ("On", "text"),
            ("Its answer", "text"),
            ("Likelier by", "number"),
        ),
        rows,
        heading=f"When it moved in {the_body(body)}, and by which votes",
    )


def _move_row(findings: Findings, move: dict[str, Any], vote: dict[str, Any] | None) -> tuple[Any, ...]:
    told = (
        str(move["session"]),
        Cell(f"{move['shift']:+.2f}", sort=move["shift"]),
        Cell(f"{move['probability']:.2f}", sort=move["probability"]),
        findings.name_of(move["toward"]) if move["toward"] else "neither",
    )
    if vote is None:
        return (*told, None, "no vote speaks for it alone", "", "")
    return (
        *told,
        day(vote["date"].isoformat() if vote["date"] else None),
        vote["title"] or vote["symbol"] or vote["rcid"],
        ANSWERS[vote["vote"]],
        Cell(f"{exp(vote['weight']):.1f} times", sort=vote["weight"]),
    )


def _next_votes(asked: Asked, state: str) -> Iterator[Table]:
    """Votes to come, foretold with this state among the members."""
    coming = {
        event: forecast
        for event, forecast in asked.findings.rolls.forecasts.items()
        if state in forecast.members and forecast.draft.date >= asked.when
    }
    if not coming:
        return
    rows = []
    for event, forecast in coming.items():
        chance = forecast.chances[forecast.members.index(state)]
        path = f"{addresses.FORECASTS}{event.removeprefix(f'{FORECAST_KIND}/')}/"
        shown = (Cell(f"{c:.2f}", sort=c) for c in chance)
        rows.append((day(forecast.draft.date.isoformat()), Cell(forecast.draft.title, path), *shown))
    yield Table(
        "next-votes",
        "Votes to come in which it takes part, and the chance of each of its answers",
        (("Vote on", "date"), ("Draft", "head"), ("Yes", "number"), ("Abstain", "number"), ("No", "number")),
        rows,
        heading="Next votes",
    )
