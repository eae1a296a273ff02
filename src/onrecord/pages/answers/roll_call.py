"""One roll call: how everybody answered, who answered otherwise than last time, who brought the text, and what would have turned it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import polars as pl

from onrecord.errors import EntryNotFound
from onrecord.pages import addresses, charts
from onrecord.pages.answers.votes_thread import thread_below
from onrecord.pages.blocks import Block, Cell, Facts, Figure, Links, Prose, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Page
from onrecord.pages.shown import link_to
from onrecord.pages.words import plural, session_label
from onrecord.rollcalls.backtests import has_situations
from onrecord.rollcalls.bodies import Body
from onrecord.votes.forecast import council_drafts
from onrecord.votes.frames import ANSWERS
from onrecord.votes.links import items_of

CALL = "call"

_SEATS = {**dict(zip((1, 2, 3), get_args(charts.Vote), strict=False)), 8: "absent"}


def keys(findings: Findings, body: str) -> Iterator[str]:
    """``call/`` and each roll call that has a page in a copy without a server: those on situations, else of the last session.

    A server answers for every roll call.
    """
    yield from (f"{CALL}/{rcid}" for rcid in listed(findings.rolls.bodies[body])["rcid"])


def listed(body: Body) -> pl.DataFrame:
    """The roll calls that lists lead to: those on a country's situation where there are any, else the last session's."""
    answered = body.rollcalls.join(body.votes.select("rcid"), on="rcid", how="semi")
    if has_situations(body):
        return answered.filter(pl.col("situation").fill_null("") != "").sort("date", descending=True)
    last = answered.filter(pl.col("session") == pl.col("session").max())
    return last.sort("date", "rcid", descending=True, nulls_last=True)


def path_of(body: str, rcid: str) -> str:
    """The page of one roll call."""
    return f"{addresses.VOTES}{body}/{CALL}/{rcid}/"


def page(asked: Asked, body: str, rcid: str) -> Page:
    """One roll call.

    Raises:
        EntryNotFound: there is none of that name.
    """
    rolls = asked.findings.rolls.bodies[body]
    found = rolls.rollcalls.filter(pl.col("rcid") == rcid)
    if found.is_empty():
        raise EntryNotFound(f"There is no roll call {rcid!r} of {body} on record for you to see.")
    call = found.row(0, named=True)
    answers = _answers(asked, body, rolls, rcid)
    counts = {word: answers.filter(pl.col("answer") == word).height for word in ANSWERS.values()}
    says = _in_words(counts, answers)
    picture = charts.hemicycle(
        _seats(asked, answers, path_of(body, rcid)), picture_id="votes", title=says, as_of=asked.when
    )
    changed = answers.filter(pl.col("before").is_not_null() & (pl.col("before") != pl.col("answer")))
    blocks: list[Block] = [
        Figure("votes", picture, says),
        _facts(call, counts),
        Prose((turning_in_words(**counts),), heading="What would have turned it"),
        *_changed(asked, changed, answers),
        *_unforeseen(asked, body, rolls, rcid, answers),
        _everybody(asked, answers),
        Links("What it rests on", tuple(link_to(i, asked.findings) for i in rolls.imports)),
    ]
    return Page(
        path=path_of(body, rcid),
        template="blocks.html",
        title=str(call["title"] or call["symbol"] or rcid),
        finding=says,
        thread=thread_below(body),
        content=tuple(blocks),
        tables={"answers": answers},
        pictures={"votes": picture},
        entries=rolls.imports,
        section="Votes",
        partial="An answer is what the source lists; explanations given in the room are not in it.",
    )


def _answers(asked: Asked, body: str, rolls: Body, rcid: str) -> pl.DataFrame:
    """actor, name, answer (yes, abstain, no, absent), before (its last answer on the same matter), before_date, file, row."""
    cast = rolls.votes.filter(pl.col("rcid") == rcid).unique("iso3", keep="first", maintain_order=True)
    words = {**ANSWERS, 8: "absent"}
    last = last_answers(rolls, rcid)
    names = pl.Series("name", [asked.findings.name_of(actor) for actor in cast["iso3"]], dtype=pl.String)
    return (
        cast.select(
            pl.col("iso3").alias("actor"),
            names,
            pl.col("vote").replace_strict(words, return_dtype=pl.String).alias("answer"),
            "file",
            "row",
        )
        .join(last, on="actor", how="left", maintain_order="left")
        .select("actor", "name", "answer", "before", "before_date", "file", "row")
        .sort("name")
    )


def last_answers(rolls: Body, rcid: str) -> pl.DataFrame:
    """Each state's last answer on the same matter before a roll call: actor, before (in words), before_date.

    The same matter is the same situation (answers to texts that undo something are turned round), or a text linked to this
    one or of the same title.
    """
    earlier = _same_matter(rolls, rcid)
    cast = rolls.votes.filter(pl.col("vote").is_in(list(ANSWERS))).join(earlier, on="rcid")
    turned = pl.when(pl.col("turned")).then(4 - pl.col("vote")).otherwise(pl.col("vote"))
    return (
        cast.sort("date")
        .group_by("iso3")
        .agg(turned.last().alias("vote"), pl.col("date").last().alias("before_date"))
        .select(
            pl.col("iso3").alias("actor"),
            pl.col("vote").replace_strict(ANSWERS, return_dtype=pl.String).alias("before"),
            "before_date",
        )
    )


def _same_matter(rolls: Body, rcid: str) -> pl.DataFrame:
    """Earlier roll calls on the matter of one: rcid, date, turned (a yes there is a no here)."""
    if has_situations(rolls):
        drafts = council_drafts(rolls.rollcalls)
        mine = drafts.filter(pl.col("rcid") == rcid).row(0, named=True)
        same = drafts.filter(
            (pl.col("topic") == mine["topic"]) & (pl.col("topic") != "") & (pl.col("kind") != "amendment")
        )
        return same.filter(pl.col("date") < mine["date"]).select(
            "rcid", "date", (pl.col("polarity") != mine["polarity"]).alias("turned")
        )
    calls = rolls.rollcalls.select(
        "rcid",
        pl.col("date").cast(pl.Date),
        pl.col("title").cast(pl.String).fill_null("").str.to_lowercase().str.strip_chars(),
    ).join(items_of(rolls.rollcalls["rcid"], rolls.links), on="rcid")
    own = calls.filter(pl.col("rcid") == rcid).row(0, named=True)
    kin = (pl.col("item") == own["item"]) | ((pl.col("title") == own["title"]) & (pl.col("title") != ""))
    same = calls.filter(kin & (pl.col("date") < own["date"])) if own["date"] else calls.clear()
    return same.select("rcid", "date", pl.lit(value=False).alias("turned"))


def _in_words(counts: dict[str, int], answers: pl.DataFrame) -> str:
    known = answers.filter(pl.col("before").is_not_null() & pl.col("answer").is_in(list(ANSWERS.values())))
    tally = f"{counts['yes']} voted yes, {counts['no']} no, {counts['abstain']} abstained"
    if known.is_empty():
        return f"{tally}; no earlier vote on the same matter is on record."
    moved = known.filter(pl.col("before") != pl.col("answer")).height
    return f"{tally}; {moved} of {known.height} answered otherwise than the last time."


def turning_in_words(yes: int, no: int, abstain: int) -> str:
    """Who could have turned a result by simple majority of those voting yes or no; a tie does not carry."""
    margin = yes - no
    carried = margin > 0
    gap = margin if carried else 1 - margin
    winner, loser, end = ("yes", "no", "stopped") if carried else ("no", "yes", "carried")
    ways = [
        f"{plural((gap + 1) // 2, winner, f'{winner} votes')} turned into {loser}",
        f"{gap} turned into abstention" if gap <= max(yes, no) else "",
        f"{gap} of {abstain} abstentions turned into {loser}" if gap <= abstain else "",
    ]
    stood = (
        f"More yes than no by {margin}"
        if carried
        else f"More no than yes by {-margin}"
        if margin
        else "As many yes as no"
    )
    return (
        f"{stood}: by a simple majority it {'carries' if carried else 'fails'}. {', or '.join(way for way in ways if way)} would have "
        f"{end} it."
    )


def _seats(asked: Asked, answers: pl.DataFrame, here: str) -> list[charts.Seat]:
    link = asked.links(here)
    known = asked.findings.rows("actor")
    return [
        charts.Seat(
            a["name"], a["answer"], href=link(addresses.state(a["actor"])) if a["actor"] in known else None
        )
        for a in answers.to_dicts()
    ]


def _facts(call: dict[str, Any], counts: dict[str, int]) -> Facts:
    published = [call.get(name) for name in ("yes", "no", "abstain")]
    counted = [counts[name] for name in ("yes", "no", "abstain")]
    told = "-".join("?" if n is None else str(n) for n in published)
    agree = " (as counted)" if published == counted else f" (counted here {'-'.join(map(str, counted))})"
    date = call["date"].isoformat() if call["date"] else None
    return Facts(
        (
            ("Date", day(date) or Cell("not dated")),
            ("Symbol", call["symbol"]),
            (session_label(call["session"]), str(call["session"])),
            ("Situation", call.get("situation") or "none named"),
            ("Sponsors", call.get("main_sponsors") or "the source names none"),
            (
                "Yes, no, abstain as published",
                told + agree if any(published) else "not published in the source",
            ),
            ("Place in the source", f"{call['file']}, row {call['row']}"),
        ),
        heading="The text",
    )


def _changed(asked: Asked, changed: pl.DataFrame, answers: pl.DataFrame) -> Iterator[Table]:
    if answers["before"].is_null().all():
        return
    yield _table(
        asked,
        changed,
        "changed",
        "States that answered otherwise than the last time",
        "Who changed since last time",
    )


def _everybody(asked: Asked, answers: pl.DataFrame) -> Table:
    return _table(
        asked, answers, "answers", "Every state listed, with its last answer on the same matter", "Everybody"
    )


def _table(asked: Asked, rows: pl.DataFrame, id_: str, caption: str, heading: str) -> Table:
    known = asked.findings.rows("actor")
    return Table(
        id_,
        caption,
        (("State", "head"), ("Answer", "text"), ("Last time", "text"), ("On", "date")),
        [
            (
                Cell(a["name"], addresses.state(a["actor"]) if a["actor"] in known else None),
                a["answer"],
                a["before"] or "no vote on record",
                day(a["before_date"].isoformat()) if a["before_date"] else Cell("never"),
            )
            for a in rows.to_dicts()
        ],
        heading=heading,
    )


def _unforeseen(asked: Asked, body: str, rolls: Body, rcid: str, answers: pl.DataFrame) -> Iterator[Table]:
    """The answers that a forecast from what was known before would least have expected."""
    if not has_situations(rolls):
        return
    told = asked.findings.rolls.back_test(body).votes.filter(pl.col("rcid").cast(pl.String) == rcid)
    if told.is_empty():
        return
    chance = pl.concat_list("p_yes", "p_abstain", "p_no").list.get(pl.col("vote") - 1)
    rows = told.select(pl.col("iso3").alias("actor"), chance.alias("chance")).sort("chance").head(10)
    named = dict(answers.select("actor", "name").iter_rows())
    cast = dict(answers.select("actor", "answer").iter_rows())
    yield Table(
        "unforeseen",
        "The ten answers least expected from what was known before the session",
        (("State", "head"), ("Answer", "text"), ("Chance given to it", "number")),
        [
            (
                Cell(
                    named[r["actor"]],
                    addresses.state(r["actor"]) if r["actor"] in asked.findings.rows("actor") else None,
                ),
                cast[r["actor"]],
                Cell(f"{r['chance']:.2f}", sort=r["chance"]),
            )
            for r in rows.to_dicts()
        ],
        heading="Who surprised",
    )
