"""Where states stand by their votes: the roll calls on record, the estimated positions, and what is wrong with the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from onrecord.errors import EntryNotFound
from onrecord.pages import addresses, charts
from onrecord.pages.answers import roll_call, vote_blocs, vote_checks, vote_map
from onrecord.pages.answers.sessions_counted import and_sessions_counted
from onrecord.pages.answers.votes_thread import THREAD
from onrecord.pages.blocks import Block, Cell, Figure, Links, Prose, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.shown import link_to
from onrecord.pages.words import body_name, plural, session_in_words, the_body
from onrecord.rollcalls.backtests import has_situations

MOVES_SHOWN = 100

CALLS_SHOWN = 100

METHOD = (
    "Each position is an ideal point: a dynamic ordinal item response model in which every state has a place on one axis that "
    "may drift from session to session, and every text two cut points between yes, abstention and no. Repeated texts share "
    "their cut points where the source links them. Intervals hold the position with 90 % probability under the model.",
    "The axis has no unit and no name of its own: it is the line along which the roll calls divide the states most. Absence is "
    "not an answer and is left out. The scale is that of the published series of Bailey, Strezhnev and Voeten (2017).",
)


def answer(asked: Asked, key: str) -> Page:
    """The bodies whose roll calls are on record, one body, or what does not fit in its data.

    Raises:
        EntryNotFound: no roll calls of that body are on record for the viewer.
    """
    if not key:
        return _all(asked)
    body, _, rest = key.partition("/")
    if body in asked.findings.rolls.bodies:
        if not rest:
            return _one(asked, body)
        if rest == vote_checks.CHECK:
            return vote_checks.page(asked, body)
        if rest.startswith(f"{roll_call.CALL}/"):
            return roll_call.page(asked, body, rest.removeprefix(f"{roll_call.CALL}/"))
        if rest == vote_blocs.BLOCS:
            return vote_blocs.page(asked, body)
        if rest.partition("/")[0] == vote_map.MAP:
            return vote_map.page(asked, body, rest.partition("/")[2])
    raise EntryNotFound(f"There is no page {key!r} about votes for you to see. See the list of bodies.")


def keys(findings: Findings) -> Iterator[str]:
    """The list, then each body, what does not fit in its data, its blocs, its maps and its roll calls."""
    yield ""
    for body in findings.rolls.bodies:
        yield from (body, f"{body}/{vote_checks.CHECK}", f"{body}/{vote_blocs.BLOCS}")
        yield from (f"{body}/{key}" for key in vote_map.keys(findings, body))
        yield from (f"{body}/{key}" for key in roll_call.keys(findings, body))


def _all(asked: Asked) -> Page:
    bodies = asked.findings.rolls.bodies
    rows = [
        (
            Cell(body_name(body.body), f"{addresses.VOTES}{body.body}/"),
            body.rollcalls.height,
            body.votes.height,
            body.votes["iso3"].n_unique(),
            " to ".join(str(body.rollcalls["session"].sort()[at]) for at in (0, -1)),
        )
        for body in bodies.values()
    ]
    nothing = Prose(
        (
            "No roll calls that you may see are on record. The data sets of the United Nations' votes are not shipped; whoever "
            "keeps this record can bring them in with the command onrecord votes import.",
        )
    )
    return Page(
        path=addresses.VOTES,
        template="blocks.html",
        title="Votes",
        finding=f"Roll calls of {plural(len(rows), 'body is', 'bodies are')} on record."
        if rows
        else "No roll calls are on record.",
        thread=THREAD[:1],
        content=(
            *(
                (_bodies_table(rows), Links("The coming vote", (Link("Forecasts", addresses.FORECASTS),)))
                if rows
                else (nothing,)
            ),
            *_single_votes(asked.findings),
        ),
        section="Votes",
    )


def _single_votes(findings: Findings) -> tuple[Block, ...]:
    """The votes that are on record by themselves, as instruments, each with who voted how."""
    votes = findings.table("instrument").filter(instrument_kind="vote").sort("date_first", descending=True)
    links = tuple(link_to(entry_id, findings) for entry_id in votes["id"])
    return (Links("Votes on the texts of this record", links),) if links else ()


def _bodies_table(rows: list[tuple[Any, ...]]) -> Table:
    return Table(
        "bodies",
        "Bodies",
        (
            ("Body", "head"),
            ("Roll calls", "number"),
            ("Answers", "number"),
            ("States", "number"),
            ("Sessions", "text"),
        ),
        rows,
    )


def _one(asked: Asked, body: str) -> Page:
    estimated = asked.findings.rolls.estimates[body]
    points = estimated.points.filter(pl.col("dimension") == 1)
    last = points.filter(pl.col("session") == points["session"].max()).sort("mean")
    pair = _pair(asked, last)
    picture = line_picture(asked, points, pair, "positions", pair_in_words(asked, points, pair))
    path = f"{addresses.VOTES}{body}/"
    imports = asked.findings.rolls.bodies[body].imports
    blocks: list[Block] = [
        Figure(
            "positions",
            picture,
            pair_in_words(asked, points, pair),
        ),
        Links(
            "More from these votes",
            (
                Link("Compare two to five states", addresses.COMPARE),
                Link("Who votes together", f"{path}{vote_blocs.BLOCS}/"),
                Link("The world over time", f"{path}{vote_map.MAP}/"),
                Link("How well its votes would have been foretold", f"{addresses.BACK_TEST}{body}/"),
            ),
        ),
        _table(asked, points, last),
        _movers_table(asked, estimated.movers),
        _calls_table(asked, body),
        Prose(METHOD, heading="How it is estimated"),
        Links(
            "What it rests on",
            (
                *(link_to(i, asked.findings) for i in imports),
                Link("What does not fit in the data", f"{path}{vote_checks.CHECK}/"),
            ),
        ),
    ]
    return Page(
        path=path,
        template="blocks.html",
        title=f"Where states stand by their votes in {the_body(body)}",
        finding=_extremes(asked, last),
        thread=THREAD,
        content=tuple(blocks),
        tables={"points": points, "movers": estimated.movers},
        pictures={"positions": picture},
        section="Votes",
        partial=and_sessions_counted(
            asked,
            [body],
            "A position says how a state votes beside the others, not why; and not how it would vote on a text unlike those before.",
        ),
    )


def _pair(asked: Asked, last: pl.DataFrame) -> tuple[str, str]:
    """The two states drawn: those in the address, else the one the record is about and the one farthest from it."""
    here = set(last["actor"])
    chosen = [s for s in asked.query.get("states", "").upper().split(",") if s in here]
    about = next((a for a in asked.findings.view.description.about if a in here), last["actor"][0])
    first = chosen[0] if chosen else about
    place = last.filter(pl.col("actor") == first)["mean"][0]
    far = last.filter(pl.col("actor") != first).sort((pl.col("mean") - place).abs(), descending=True)[
        "actor"
    ][0]
    return first, chosen[1] if len(chosen) > 1 and chosen[1] != first else far


def line_picture(asked: Asked, points: pl.DataFrame, states: Sequence[str], name: str, title: str) -> Markup:
    """The positions of one to five states over the sessions, with their intervals."""
    lines = [
        charts.StateLine(
            asked.findings.name_of(state),
            tuple(
                charts.SessionPosition(p["session"], p["mean"], p["q05"], p["q95"])
                for p in points.filter(pl.col("actor") == state).sort("session").to_dicts()
            ),
        )
        for state in states
    ]
    return charts.positions_over_sessions(
        *lines, picture_id=name, title=title, as_of=asked.when, interval="90 %"
    )


def pair_in_words(asked: Asked, points: pl.DataFrame, states: tuple[str, str]) -> str:
    """Whether two states have come closer by their votes since they first sat together."""
    first, second = (points.filter(pl.col("actor") == state).sort("session") for state in states)
    names = [asked.findings.name_of(state) for state in states]
    both = first.join(second, on="session", suffix="_other")
    if both.is_empty():
        return f"{names[0]} and {names[1]} never voted in the same session."
    then, now = (abs(both[row]["mean"][0] - both[row]["mean_other"][0]) for row in (0, -1))
    way = "farther apart" if now > then else "closer together"
    return f"{names[0]} and {names[1]} stand {way} in {session_in_words(both['session'][-1])} than in {both['session'][0]} ({then:.2f} then, {now:.2f} now)."


def _extremes(asked: Asked, last: pl.DataFrame) -> str:
    name = asked.findings.name_of
    return (
        f"In {session_in_words(last['session'][0])}, {name(last['actor'][0])} stands at one end of the axis and "
        f"{name(last['actor'][-1])} at the other; {last.height} states have a position."
    )


def _table(asked: Asked, points: pl.DataFrame, last: pl.DataFrame) -> Table:
    before = points.filter(pl.col("session") == last["session"][0] - 10).select(
        "actor", pl.col("mean").alias("before")
    )
    rows = last.join(before, on="actor", how="left").sort("mean").to_dicts()
    known = asked.findings.rows("actor")
    return Table(
        "positions",
        f"Positions in {session_in_words(last['session'][0])}, from one end of the axis to the other",
        (
            ("State", "head"),
            ("Position", "number"),
            ("90 % interval", "text"),
            ("Change in ten sessions", "number"),
            ("Answers", "number"),
        ),
        [
            (
                Cell(
                    asked.findings.name_of(r["actor"]),
                    addresses.state(r["actor"]) if r["actor"] in known else None,
                ),
                Cell(f"{r['mean']:.2f}", sort=r["mean"]),
                f"{r['q05']:.2f} to {r['q95']:.2f}",
                Cell(f"{r['mean'] - r['before']:+.2f}", sort=r["mean"] - r["before"])
                if r["before"] is not None
                else Cell("not comparable"),
                r["votes"],
            )
            for r in rows
        ],
        heading="All positions",
    )


def _movers_table(asked: Asked, movers: pl.DataFrame) -> Table:
    name = asked.findings.name_of
    known = asked.findings.rows("actor")
    return Table(
        "moves",
        "Sessions in which a state took another position, the likeliest first",
        (("State", "head"), ("From session", "number"), ("Probability", "number"), ("Shift", "number"), ("Toward", "text"),
         ("Same texts, another answer", "text")),
        [
            (
                Cell(name(m["actor"]), addresses.state(m["actor"]) if m["actor"] in known else None),
                m["session"],
                Cell(f"{m['probability']:.2f}", sort=m["probability"]),
                Cell(f"{m['shift']:+.2f}", sort=m["shift"]),
                name(m["toward"]) if m["toward"] else "neither",
                f"{m['repeats_changed']} of {m['repeats']}" if m["repeats"] else "no text repeated",
            )
            for m in movers.head(MOVES_SHOWN).to_dicts()
        ],
        heading="Who moved",
    )  # fmt: skip


def _calls_table(asked: Asked, body: str) -> Table:
    rolls = asked.findings.rolls.bodies[body]
    listed = roll_call.listed(rolls).head(CALLS_SHOWN)
    cast = rolls.votes.join(listed.select("rcid"), on="rcid", how="semi")
    counts = {
        rcid: given
        for rcid, *given in cast.group_by("rcid")
        .agg((pl.col("vote") == answer).sum().alias(str(answer)) for answer in (1, 3, 2))
        .iter_rows()
    }
    return Table(
        "calls",
        f"Roll calls, the latest first ({'on the situation of a country' if has_situations(rolls) else 'of the last session'})",
        (("Date", "date"), ("Text", "head"), ("Yes", "number"), ("No", "number"), ("Abstain", "number")),
        [
            (
                day(call["date"].isoformat()) if call["date"] else Cell("not dated"),
                Cell(call["title"] or call["symbol"] or call["rcid"], roll_call.path_of(body, call["rcid"])),
                *counts[call["rcid"]],
            )
            for call in listed.to_dicts()
        ],
        heading="Vote by vote",
    )


ROUTE = Route(addresses.VOTES, answer, keys)
