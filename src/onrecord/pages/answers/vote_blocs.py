"""The blocs of a body: which states voted together in its last sessions, and how surely each belongs to its own."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from onrecord.pages import addresses, charts
from onrecord.pages.answers.sessions_counted import and_sessions_counted
from onrecord.pages.answers.votes_thread import thread_below
from onrecord.pages.blocks import Block, Cell, Figure, Prose, Table
from onrecord.pages.page import Asked, Page
from onrecord.pages.words import sessions_in_words, the_body
from onrecord.rollcalls.blocs import DRAWS, Found

BLOCS = "blocs"

LEAST_MEMBERS = 2

METHOD = (
    "Two states are joined by how much more alike they answered than their habits of saying yes, abstaining and saying no would give "
    "by chance; roll calls on which 95 % or more gave one answer are left out. The Leiden algorithm (Traag, Waltman and van "
    "Eck, 2019) then looks for the division with the most likeness inside and the least across, without being told how many blocs there are.",
    f"The roll calls are then drawn {DRAWS} times anew, with replacement, and the blocs found again each time. Stability is how often, on "
    "average, a state falls together with the others of its bloc. A state with a low one stands between blocs.",
    "Blocs are numbered by size and have no names of their own; the state written in the picture is the one closest to the others of its bloc.",
)


def page(asked: Asked, body: str) -> Page:
    """The blocs of a body's last sessions."""
    found = asked.findings.rolls.blocs(body)
    members = found.blocs.members
    picture = _picture(asked, body, found)
    says = _in_words(asked, found)
    blocks: list[Block] = [
        Figure("blocs", picture, says, "Marks of a row are set one under another only to keep them apart."),
        _summary(asked, found),
        _members(asked, members),
        Prose(METHOD, heading="How they are found"),
    ]
    return Page(
        path=f"{addresses.VOTES}{body}/{BLOCS}/",
        template="blocks.html",
        title=f"Who votes together in {the_body(body)}, {sessions_in_words(found.first, found.last)}",
        finding=says,
        thread=thread_below(body),
        content=tuple(blocks),
        tables={"members": members, "blocs": found.blocs.blocs, "pairs": found.blocs.together},
        pictures={"blocs": picture},
        entries=asked.findings.rolls.bodies[body].imports,
        section="Votes",
        partial=and_sessions_counted(
            asked, [body], "States of one bloc vote alike; whether they agreed to is not told by votes."
        ),
    )


def _picture(asked: Asked, body: str, found: Found) -> Markup:
    link = asked.links(f"{addresses.VOTES}{body}/{BLOCS}/")
    points = asked.findings.rolls.estimates[body].points.filter(
        pl.col("dimension") == 1, pl.col("session").is_between(found.first, found.last)
    )
    place = dict(points.sort("session").group_by("actor").agg(pl.col("mean").last()).iter_rows())
    core = set(found.blocs.blocs.filter(pl.col("states") >= LEAST_MEMBERS)["core"])
    known = asked.findings.rows("actor")
    marks = [
        charts.BlocMark(
            asked.findings.name_of(m["actor"]),
            m["bloc"],
            place[m["actor"]],
            m["stability"] or 0.0,
            link(addresses.state(m["actor"])) if m["actor"] in known else None,
            named=m["actor"] in core,
        )
        for m in found.blocs.members.to_dicts()
        if m["actor"] in place
    ]
    return charts.blocs_on_axis(marks, picture_id="blocs", title=_in_words(asked, found), as_of=asked.when)


def _in_words(asked: Asked, found: Found) -> str:
    groups = found.blocs.blocs.filter(pl.col("states") >= LEAST_MEMBERS)
    sizes = ", ".join(str(count) for count in groups["states"])
    unsure = found.blocs.members.filter(pl.col("stability") < charts.SURE).height
    return (
        f"{groups.height} blocs of {sizes} states stand out in {sessions_in_words(found.first, found.last)}; "
        f"{unsure} states stand between blocs."
    )


def _summary(asked: Asked, found: Found) -> Table:
    name = asked.findings.name_of
    return Table(
        "summary",
        "The blocs, the largest first",
        (
            ("Bloc", "head"),
            ("States", "number"),
            ("Closest to the others", "text"),
            ("Stability", "number"),
            ("Likeness inside", "number"),
            ("With others", "number"),
        ),
        [
            (
                f"Bloc {b['bloc']}",
                b["states"],
                name(b["core"]),
                *(
                    Cell("none", sort=-1) if b[column] is None else Cell(f"{b[column]:.2f}", sort=b[column])
                    for column in ("stability", "within", "outside")
                ),
            )
            for b in found.blocs.blocs.to_dicts()
        ],
    )


def _members(asked: Asked, members: pl.DataFrame) -> Table:
    known = asked.findings.rows("actor")
    name = asked.findings.name_of
    return Table(
        "members",
        "Every state with its bloc, those closest to the others of their bloc first",
        (
            ("State", "head"),
            ("Bloc", "number"),
            ("Stability", "number"),
            ("Otherwise most often in", "text"),
            ("Share of draws", "number"),
        ),
        [
            (
                Cell(name(m["actor"]), addresses.state(m["actor"]) if m["actor"] in known else None),
                m["bloc"],
                Cell("alone", sort=-1)
                if m["stability"] is None
                else Cell(f"{m['stability']:.2f}", sort=m["stability"]),
                f"Bloc {m['next_bloc']}" if m["next_share"] else "no other",
                Cell("none", sort=0)
                if not m["next_share"]
                else Cell(f"{m['next_share']:.2f}", sort=m["next_share"]),
            )
            for m in members.to_dicts()
        ],
        heading="Each state",
    )
