"""The world by its votes, session by session: a large map, small ones over the years, and every session to go to."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from markupsafe import Markup

from onrecord.errors import EntryNotFound
from onrecord.pages import addresses, charts
from onrecord.pages.answers.sessions_counted import and_sessions_counted
from onrecord.pages.answers.votes_thread import thread_below
from onrecord.pages.blocks import Block, Cell, Figure, Links, Prose, Table
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page
from onrecord.pages.words import session_in_words, the_body

MAP = "map"

SMALL_MAPS = 9

METHOD = (
    "Five steps cut the axis so that, over all sessions together, as many positions fall into each; they are the same in every "
    "session, so that a state that changes its grey has moved. The position is the middle of the estimate, without its interval.",
    "Borders are today's: states that are no more stand in the list only. "
    "A state is hatched where it has no position in the session: it was no member, stayed away, or voted on nothing that divides.",
)


def keys(findings: Findings, body: str) -> Iterator[str]:
    """``map`` for the last session, then ``map/`` and each session."""
    yield MAP
    yield from (f"{MAP}/{session}" for session in _places(findings, body)["session"].unique().sort())


def page(asked: Asked, body: str, chosen: str) -> Page:
    """The map of one session, the last where none is chosen.

    Raises:
        EntryNotFound: nobody has a position in that session.
    """
    places = stepped(_places(asked.findings, body))
    sessions = places["session"].unique().sort().to_list()
    session = int(chosen) if chosen.isdigit() else sessions[-1]
    if session not in sessions or (chosen and not chosen.isdigit()):
        raise EntryNotFound(
            f"No state has a position in session {chosen!r} of {body}. Sessions run from {sessions[0]} to {sessions[-1]}."
        )
    path = f"{addresses.VOTES}{body}/{MAP}/" + (f"{session}/" if chosen else "")
    now = places.filter(pl.col("session") == session).sort("mean")
    years = _years(asked.findings, body)
    large, small = _large(asked, now, path, session), _small(asked, places, years, body, path, session)
    blocks: list[Block] = [
        Figure(
            "map", large, _in_words(asked, now), charts.BORDERS_NOTE, is_map=True, legend=_legend(asked, now)
        ),
        _neighbours(body, sessions, session),
        Figure(
            "over-time",
            small,
            _change_in_words(asked, places, session),
            "Each small map leads to its session.",
        ),
        _positions(asked, now),
        _sessions_table(asked, body, places, years),
        Prose(METHOD, heading="How it is drawn"),
    ]
    return Page(
        path=path,
        template="blocks.html",
        title=f"The world by its votes in {the_body(body)}, {session_in_words(session)}{_of_year(years, session)}",
        finding=_in_words(asked, now),
        thread=thread_below(body),
        content=tuple(blocks),
        tables={"positions": now} | ({} if chosen else {"all-sessions": places}),
        pictures={"map": large, "over-time": small},
        entries=asked.findings.rolls.bodies[body].imports,
        section="Votes",
        partial=and_sessions_counted(
            asked,
            [body],
            "Near positions can differ by less than their intervals; the page of each state shows them.",
        ),
    )


def _places(findings: Findings, body: str) -> pl.DataFrame:
    return findings.rolls.estimates[body].points.filter(pl.col("dimension") == 1)


def stepped(points: pl.DataFrame) -> pl.DataFrame:
    """Positions with ``step``, 0 to 4: the fifth of all positions of all sessions that each falls into."""
    cuts = [points["mean"].quantile(share) for share in (0.2, 0.4, 0.6, 0.8)]
    step = pl.sum_horizontal((pl.col("mean") > cut).cast(pl.Int8) for cut in cuts)
    return points.with_columns(step=step)


def _years(findings: Findings, body: str) -> dict[int, int]:
    """The year in which each session first voted."""
    calls = findings.rolls.bodies[body].rollcalls.select("session", pl.col("date").cast(pl.Date).dt.year())
    return dict(calls.drop_nulls().group_by("session").agg(pl.col("date").min()).iter_rows())


def _of_year(years: dict[int, int], session: int) -> str:
    year = years.get(session)
    return f" ({year})" if year is not None and year != session else ""


def _ends(asked: Asked, now: pl.DataFrame) -> tuple[str, str]:
    return asked.findings.name_of(now["actor"][0]), asked.findings.name_of(now["actor"][-1])


def _legend(asked: Asked, now: pl.DataFrame) -> str:
    low, high = _ends(asked, now)
    return f"From pale ({low}) to dark ({high}) in five steps; hatched: no position."


def _in_words(asked: Asked, now: pl.DataFrame) -> str:
    low, high = _ends(asked, now)
    return f"{now.height} states have a position in {session_in_words(now['session'][0])}; {low} and {high} stand at its ends."


def _change_in_words(asked: Asked, places: pl.DataFrame, session: int) -> str:
    before = places.filter(pl.col("session") == session - 10).select("actor", pl.col("step").alias("then"))
    both = places.filter(pl.col("session") == session).join(before, on="actor")
    if both.is_empty():
        return "The same steps along the axis in sessions spread over the years."
    moved = both.filter(pl.col("step") != pl.col("then")).height
    return f"{moved} of {both.height} states stand in another step than ten sessions before {session_in_words(session)}."


def _large(asked: Asked, now: pl.DataFrame, path: str, session: int) -> Markup:
    link = asked.links(path)
    known = asked.findings.rows("actor")
    states = [
        charts.ShadedState(
            p["actor"],
            asked.findings.name_of(p["actor"]),
            p["step"],
            f"{p['mean']:.2f} ({p['q05']:.2f} to {p['q95']:.2f})",
            link(addresses.state(p["actor"])) if p["actor"] in known else None,
        )
        for p in now.to_dicts()
    ]
    return charts.positions_map(
        states,
        ends=_ends(asked, now),
        picture_id="map",
        title=f"Positions by votes in {session_in_words(session)}",
        as_of=asked.when,
    )


def _small(
    asked: Asked, places: pl.DataFrame, years: dict[int, int], body: str, path: str, session: int
) -> Markup:
    link = asked.links(path)
    maps = [
        charts.SmallMap(
            f"{session_in_words(one).capitalize()}{_of_year(years, one)}",
            dict(places.filter(pl.col("session") == one).select("actor", "step").iter_rows()),
            link(f"{addresses.VOTES}{body}/{MAP}/{one}/"),
        )
        for one in spread(places["session"].unique().sort().to_list(), SMALL_MAPS)
    ]
    says = _change_in_words(asked, places, session)
    return charts.small_maps(maps, picture_id="over-time", title=says, as_of=asked.when)


def spread(sessions: list[int], count: int) -> list[int]:
    """At most ``count`` of the sessions, evenly spread, the first and the last among them."""
    if len(sessions) <= count:
        return sessions
    return [sessions[round(at * (len(sessions) - 1) / (count - 1))] for at in range(count)]


def _neighbours(body: str, sessions: list[int], session: int) -> Links:
    at = sessions.index(session)
    base = f"{addresses.VOTES}{body}/{MAP}/"
    before = (
        [Link(f"← {session_in_words(sessions[at - 1]).capitalize()}", f"{base}{sessions[at - 1]}/")]
        if at
        else []
    )
    after = [
        Link(f"{session_in_words(one).capitalize()} →", f"{base}{one}/") for one in sessions[at + 1 : at + 2]
    ]
    return Links("Another session", (*before, *after, Link("Every session", f"{base}#sessions-caption")))


def _positions(asked: Asked, now: pl.DataFrame) -> Table:
    known = asked.findings.rows("actor")
    return Table(
        "positions",
        f"Positions in {session_in_words(now['session'][0])}, from one end of the axis to the other",
        (("State", "head"), ("Position", "number"), ("90 % interval", "text"), ("Step", "number")),
        [
            (
                Cell(
                    asked.findings.name_of(p["actor"]),
                    addresses.state(p["actor"]) if p["actor"] in known else None,
                ),
                Cell(f"{p['mean']:.2f}", sort=p["mean"]),
                f"{p['q05']:.2f} to {p['q95']:.2f}",
                p["step"] + 1,
            )
            for p in now.to_dicts()
        ],
        heading="The same as a list",
    )


def _sessions_table(asked: Asked, body: str, places: pl.DataFrame, years: dict[int, int]) -> Table:
    name = asked.findings.name_of
    rows = []
    for (session,), now in places.sort("mean").group_by(["session"], maintain_order=True):
        number = int(str(session))
        rows.append(
            (
                Cell(
                    session_in_words(number).capitalize(),
                    f"{addresses.VOTES}{body}/{MAP}/{number}/",
                    sort=number,
                ),
                str(years.get(number, "not dated")),
                now.height,
                name(now["actor"][0]),
                name(now["actor"][-1]),
            )
        )
    return Table(
        "sessions",
        "Every session, the latest first",
        (
            ("Session", "head"),
            ("Year", "text"),
            ("States", "number"),
            ("At the pale end", "text"),
            ("At the dark end", "text"),
        ),
        sorted(rows, key=lambda row: -int(row[0].sort or 0)),
        heading="Every session",
    )
