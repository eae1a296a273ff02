"""How well forecasts would have done and how those that were made did: every past vote foretold, then scored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from markupsafe import Markup

from onrecord.errors import EntryNotFound
from onrecord.pages import addresses, charts
from onrecord.pages.answers.sessions_counted import and_sessions_counted
from onrecord.pages.blocks import Block, Cell, Figure, Links, Prose, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.words import plural, the_body
from onrecord.rollcalls.backtests import Tested
from onrecord.rollcalls.frozen import FORECAST_KIND
from onrecord.rollcalls.scored import scored_forecasts

THREAD = (
    Link("The record", addresses.FRONT),
    Link("Votes", addresses.VOTES),
    Link("Forecasts", addresses.FORECASTS),
)

MODELS = {
    "forecast": "The forecast",
    "logit": "Multinomial logit on own record, last vote and mood",
    "last": "Its last vote on the situation, else its own record",
    "record": "The state's own record",
    "modal": "Always the answer most often given",
}

METHOD = (
    "Every vote is foretold from what was known before the first day of voting of its session; weights are learnt only from "
    "votes before that day. What is scored are the members that voted yes, no or abstained.",
    "Accuracy is the share of members whose likeliest answer came. The Brier score adds up the squared distance between the three "
    "chances and what happened, 0 for a sure and right forecast, 2 for a sure and wrong one. Log loss punishes false certainty "
    "harder. The error of the count is how many votes the expected count of yes lay off, on average; the margin is yes less no.",
    "Whether a text passes is not scored: nearly all texts that come to a vote do.",
)

TO_IMPORT = (
    "No roll calls that you may see are on record, so there is nothing to test forecasts on. The data sets of the United Nations' "
    "votes are not shipped with the program.",
    "Whoever keeps this record can bring them in: `onrecord votes fetch` says which official files to download and where to put "
    "them, `onrecord votes import FILE…` takes them in, and this page is then computed from them.",
)


def answer(asked: Asked, key: str) -> Page:
    """The forecasts that were frozen and how they fared, or one body's back-test.

    Raises:
        EntryNotFound: no roll calls of that body are on record for the viewer.
    """
    if not key:
        return _all(asked)
    if key not in asked.findings.rolls.bodies:
        raise EntryNotFound(f"No roll calls of {key!r} are on record for you to see. See the list of bodies.")
    return _one(asked, key, asked.findings.rolls.back_test(key))


def keys(findings: Findings) -> Iterator[str]:
    """The list, then each body."""
    yield ""
    yield from findings.rolls.bodies


def _all(asked: Asked) -> Page:
    rolls = asked.findings.rolls
    frozen = scored_forecasts(rolls.forecasts, rolls.bodies)
    scored = frozen.filter(pl.col("rcid").is_not_null())
    bodies = tuple(
        Link(f"Past votes in {the_body(body)}", f"{addresses.BACK_TEST}{body}/") for body in rolls.bodies
    )
    blocks: list[Block] = [Links("Past votes foretold", bodies)] if bodies else [Prose(TO_IMPORT)]
    blocks.append(_frozen_table(frozen) if frozen.height else Prose((_NOTHING_FROZEN,), "Forecasts made"))
    blocks.append(Prose(METHOD, heading="How it is measured"))
    return Page(
        path=addresses.BACK_TEST,
        template="blocks.html",
        title="How well votes are foretold",
        finding=_all_in_words(scored, frozen, len(bodies)),
        thread=THREAD,
        content=tuple(blocks),
        tables={"forecasts": frozen} if frozen.height else {},
        entries=tuple(frozen["event"]),
        section="Votes",
    )


_NOTHING_FROZEN = (
    "No forecast is on record yet. One that is kept with `onrecord votes forecast --freeze` stands here with the hash of what it "
    "was made from, and is scored once its vote is imported."
)


def _all_in_words(scored: pl.DataFrame, frozen: pl.DataFrame, bodies: int) -> str:
    if scored.height:
        right, votes = scored["right"].sum(), scored["votes"].sum()
        return (
            f"Of {plural(frozen.height, 'forecast', 'forecasts')} kept before the vote, {scored.height} can be scored: "
            f"{right} of {votes} members did what was held likeliest."
        )
    past = f"Past votes of {plural(bodies, 'body', 'bodies')} were foretold in hindsight." if bodies else ""
    return f"{past} No forecast made before its vote can be scored yet.".strip()


def _frozen_table(frozen: pl.DataFrame) -> Table:
    return Table(
        "forecasts",
        "Forecasts kept before the vote, the latest first",
        (("Vote on", "date"), ("Draft", "head"), ("Made on", "date"), ("Adopted, probability", "number"), ("Yes foretold", "text"),
         ("Yes, no", "text"), ("Members right", "text"), ("Brier", "number"), ("Log loss", "number")),
        [_frozen_row(f) for f in frozen.to_dicts()],
        heading="Forecasts made",
    )  # fmt: skip


def _frozen_row(f: dict[str, Any]) -> tuple[Any, ...]:
    path = f"{addresses.FORECASTS}{f['event'].removeprefix(f'{FORECAST_KIND}/')}/"
    known = f["rcid"] is not None
    return (
        day(f["date"].isoformat()),
        Cell(f["title"], path),
        day(f["made"].isoformat()),
        Cell(f"{f['p_adopted']:.2f}", sort=f["p_adopted"]),
        f"{f['yes_foretold']} ({f['yes_low']} to {f['yes_high']})",
        f"{f['yes']}, {f['no']}" if known else "not on record",
        f"{f['right']} of {f['votes']}" if known else "not on record",
        Cell(f"{f['brier']:.3f}", sort=f["brier"]) if known else None,
        Cell(f"{f['log_loss']:.3f}", sort=f["log_loss"]) if known else None,
    )


def _one(asked: Asked, body: str, tested: Tested) -> Page:
    picture = _picture(asked, tested)
    path = f"{addresses.BACK_TEST}{body}/"
    blocks: list[Block] = [
        _scores_table(tested.scores),
        Figure(
            "calibration",
            picture,
            _calibration_in_words(tested.calibration),
            "Chances are grouped by tenths; small marks rest on few votes and scatter.",
        ),
        _calibration_table(tested.calibration),
        _drafts_table(asked, body, tested),
        Prose(METHOD, heading="How it is measured"),
    ]
    return Page(
        path=path,
        template="blocks.html",
        title=f"How well votes in {the_body(body)} would have been foretold",
        finding=_one_in_words(tested),
        thread=(*THREAD, Link("How well votes are foretold", addresses.BACK_TEST)),
        content=tuple(blocks),
        tables={name: getattr(tested, name) for name in ("scores", "calibration", "drafts", "votes")},
        pictures={"calibration": picture},
        entries=asked.findings.rolls.bodies[body].imports,
        section="Votes",
        partial=and_sessions_counted(
            asked,
            [body],
            "Made in hindsight: the method was chosen by people who knew these votes. Only forecasts kept before a vote are free of that.",
        ),
    )


def _one_in_words(tested: Tested) -> str:
    told = {row["model"]: row for row in tested.scores.to_dicts()}
    ours = told["forecast"]
    best = min((told[m] for m in told if m != "forecast"), key=lambda row: row["log_loss"])
    inside = (tested.drafts["yes"].is_between(tested.drafts["yes_low"], tested.drafts["yes_high"])).sum()
    return (
        (
            f"Of {ours['votes']:,} votes on {tested.drafts.height} texts since {tested.since.year}, {ours['accuracy']:.1%} fell as held "
            f"likeliest; the best plain guess ({MODELS[best['model']].lower()}) had {best['accuracy']:.1%} right. The count of yes lay "
            f"in its 80 % interval {inside} times of {tested.drafts.height}."
        )
        .replace("%", "\u00a0%")
        .replace("80 \u00a0%", "80\u00a0%")
    )


def _scores_table(scores: pl.DataFrame) -> Table:
    order = list(MODELS)
    rows = sorted(scores.to_dicts(), key=lambda row: order.index(row["model"]))
    return Table(
        "scores",
        "The forecast beside plain guesses; smaller is better but for shares right",
        (("Forecast by", "head"), ("Right", "number"), ("Right on first votes", "number"), ("Brier", "number"), ("Log loss", "number"),
         ("Error of the count of yes", "number"), ("Error of the margin", "number")),
        [
            (
                MODELS[row["model"]],
                *(_share(row[name]) for name in ("accuracy", "first_accuracy")),
                *(Cell(f"{row[name]:.3f}", sort=row[name]) for name in ("brier", "log_loss")),
                *(Cell(f"{row[name]:.1f}", sort=row[name]) for name in ("yes_error", "margin_error")),
            )
            for row in rows
        ],
    )  # fmt: skip


def _share(value: float | None) -> Cell:
    return Cell("none", sort=-1) if value is None else Cell(f"{100 * value:.1f}\u00a0%", sort=value)


def _picture(asked: Asked, tested: Tested) -> Markup:
    tenths = [
        charts.Tenth(row["answer"], row["foretold"], row["happened"], row["votes"])
        for row in tested.calibration.to_dicts()
    ]
    says = _calibration_in_words(tested.calibration)
    return charts.calibration(tenths, picture_id="calibration", title=says, as_of=asked.when)


def _calibration_in_words(table: pl.DataFrame) -> str:
    off = table.select(
        ((pl.col("foretold") - pl.col("happened")).abs() * pl.col("votes")).sum() / pl.col("votes").sum()
    ).item()
    return (
        f"A chance foretold lay {100 * off:.1f} percentage points off the share that came true, on average."
    )


def _calibration_table(table: pl.DataFrame) -> Table:
    return Table(
        "chances",
        "Chances foretold, by tenths, beside how often they came true",
        (
            ("Answer", "head"),
            ("Chance between", "text"),
            ("Votes", "number"),
            ("Foretold", "number"),
            ("Came true", "number"),
        ),
        [
            (
                row["answer"],
                f"{row['low']:.0%} and {row['high']:.0%}".replace("%", "\u00a0%"),
                row["votes"],
                _share(row["foretold"]),
                _share(row["happened"]),
            )
            for row in table.to_dicts()
        ],
    )


def _drafts_table(asked: Asked, body: str, tested: Tested) -> Table:
    calls = asked.findings.rolls.bodies[body].rollcalls
    titles = dict(calls.select("rcid", pl.coalesce("title", "symbol", "rcid")).iter_rows())
    rows = tested.drafts.sort("date", descending=True).to_dicts()
    return Table(
        "drafts",
        "Every text foretold, the latest first: expected count of yes with its 80 % interval, and what came",
        (
            ("Date", "date"),
            ("Text", "head"),
            ("Yes foretold", "text"),
            ("Yes", "number"),
            ("No", "number"),
            ("In the interval", "text"),
        ),
        [
            (
                day(r["date"].isoformat()),
                titles.get(r["rcid"]) or r["rcid"],
                Cell(f"{r['yes_expected']:.1f} ({r['yes_low']} to {r['yes_high']})", sort=r["yes_expected"]),
                r["yes"],
                r["no"],
                "yes" if r["yes_low"] <= r["yes"] <= r["yes_high"] else "no",
            )
            for r in rows
        ],
        heading="Text by text",
    )


ROUTE = Route(addresses.BACK_TEST, answer, keys)
