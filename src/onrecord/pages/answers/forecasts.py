"""How a coming vote will fall: forecasts as they were frozen, with each member's chances and a change by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, get_args

import msgspec
import polars as pl
from markupsafe import Markup

from onrecord.errors import EntryNotFound
from onrecord.model.dates import PartialDate
from onrecord.pages import addresses, charts
from onrecord.pages.answers.roll_call import listed, path_of
from onrecord.pages.blocks import Block, Cell, ColumnKind, Facts, Figure, Links, Prose, Table, day
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route
from onrecord.pages.words import body_name, plural
from onrecord.rollcalls.frozen import FORECAST_KIND, Frozen
from onrecord.rollcalls.scored import scored_forecasts
from onrecord.votes import frames
from onrecord.votes.pivots import CHANCES, pivots
from onrecord.votes.rules import RULES

THREAD = (
    Link("The record", addresses.FRONT),
    Link("Votes", addresses.VOTES),
    Link("Forecasts", addresses.FORECASTS),
)

Answer = Literal["yes", "abstain", "no"]

ANSWERS: tuple[Answer, ...] = get_args(Answer)

TURNS = ("abstain_to_yes", "no_to_abstain")


@dataclass(frozen=True, slots=True)
class ForecastContent:
    """What ``forecast.html`` shows: the blocks of the page, and what its script works out a change from."""

    blocks: tuple[Block, ...]
    data: str
    members: tuple[tuple[str, str, str], ...]
    """Code, name and likeliest answer of each member, those whose change would count most first."""


def answer(asked: Asked, key: str) -> Page:
    """All frozen forecasts, or one.

    Raises:
        EntryNotFound: there is no such forecast that the viewer may see.
    """
    if not key:
        return _all(asked)
    found = asked.findings.rolls.forecasts.get(f"{FORECAST_KIND}/{key}")
    if found is None:
        raise EntryNotFound(f"There is no forecast {key!r}. See the list of forecasts.")
    return _one(asked, key, found)


def keys(findings: Findings) -> Iterator[str]:
    """The list, then every forecast."""
    yield ""
    for event in findings.rolls.forecasts:
        yield event.removeprefix(f"{FORECAST_KIND}/")


def _all(asked: Asked) -> Page:
    rows = [
        (
            day(f.draft.date.isoformat()),
            Cell(f.draft.title, f"{addresses.FORECASTS}{event.removeprefix(f'{FORECAST_KIND}/')}/"),
            body_name(f.draft.body),
            Cell(f"{f.adopted:.2f}", sort=f.adopted),
            day(f.made.isoformat()),
        )
        for event, f in asked.findings.rolls.forecasts.items()
    ]
    table = Table(
        "forecasts",
        "Forecasts, the latest first",
        (
            ("Vote on", "date"),
            ("Draft", "head"),
            ("Body", "text"),
            ("Adopted, probability", "number"),
            ("Made on", "date"),
        ),
        rows,
    )
    nothing = Prose(
        (
            "No forecast is on record. Whoever keeps this record makes one with `onrecord votes forecast --freeze`.",
        )
    )
    return Page(
        path=addresses.FORECASTS,
        template="blocks.html",
        title="Forecasts",
        finding=f"{len(rows)} votes are foretold." if rows else "No vote is foretold.",
        thread=THREAD[:2],
        content=(
            table if rows else nothing,
            Links("How good they are", (Link("How well votes are foretold", addresses.BACK_TEST),)),
        ),
        section="Votes",
    )


def _one(asked: Asked, key: str, forecast: Frozen) -> Page:
    path = f"{addresses.FORECASTS}{key}/"
    name = asked.findings.name_of
    likeliest = [_likeliest(chance) for chance in forecast.chances]
    link = asked.links(path)
    seats = [
        charts.Seat(name(state), vote, chance[0], href=link(addresses.state(state)))
        for state, vote, chance in zip(forecast.members, likeliest, forecast.chances, strict=True)
    ]
    picture = charts.hemicycle(seats, picture_id="chamber", title=forecast.draft.title, as_of=forecast.made)
    turning = _turning(forecast)
    order = sorted(range(len(forecast.members)), key=lambda at: -forecast.persuadable[at])
    happened = _happened(asked, forecast)
    return Page(
        path=path,
        template="forecast.html",
        title=f"Forecast: {forecast.draft.title}",
        finding=_in_words(forecast) + ("" if happened is None else f" {happened.says}"),
        thread=THREAD,
        content=ForecastContent(
            (
                Figure("chamber", picture, "Each member where its likeliest answer puts it."),
                *([] if happened is None else [happened.facts]),
                _facts(key, forecast),
                _table(asked, forecast, order, turning, happened),
            ),
            _script_data(forecast),
            tuple((forecast.members[at], name(forecast.members[at]), likeliest[at]) for at in order),
        ),
        tables={"members": _frame(asked, forecast).hstack(turning)},
        pictures={"chamber": picture},
        entries=(f"{FORECAST_KIND}/{key}",),
        section="Votes",
        partial="A forecast made from votes and signatures knows nothing of what is said in the corridors on the day.",
    )


def _likeliest(chance: tuple[float, float, float]) -> Answer:
    return ANSWERS[chance.index(max(chance))]


def _in_words(forecast: Frozen) -> str:
    when = PartialDate.parse(forecast.draft.date.isoformat()).words()
    return (
        f"For {when}: adopted with probability {forecast.adopted:.2f}; {forecast.yes[1]} yes "
        f"(80 %: {forecast.yes[0]} to {forecast.yes[2]}), yes less no {forecast.margin[1]:+d} "
        f"(80 %: {forecast.margin[0]:+d} to {forecast.margin[2]:+d})."
    )


def _facts(key: str, forecast: Frozen) -> Facts:
    return Facts(
        (
            ("Vote on", day(forecast.draft.date.isoformat())),
            ("Known before", day((forecast.draft.known or forecast.draft.date).isoformat())),
            ("Body", body_name(forecast.draft.body)),
            ("Rule", forecast.draft.rule),
            ("Signatures used", ", ".join(forecast.draft.letters) or "none"),
            ("Made on", day(forecast.made.isoformat())),
            ("Before the vote", _how_early(forecast)),
            ("Ledger it was made from", forecast.root),
            ("Entry", Cell(f"{FORECAST_KIND}/{key}", addresses.entry(f"{FORECAST_KIND}/{key}"))),
        ),
        heading="What it was made from",
    )


def _how_early(forecast: Frozen) -> str:
    """Whether it was made before the vote, and by how many days."""
    days = (forecast.draft.date - forecast.made).days
    if days < 0:
        return f"no: in hindsight, {plural(-days, 'day', 'days')} after it"
    return f"yes, by {plural(days, 'day', 'days')}" if days else "on its day"


@dataclass(frozen=True, slots=True)
class _Happened:
    """The vote that was foretold, once it is on record."""

    says: str
    facts: Facts
    voted: dict[str, str]


def _happened(asked: Asked, forecast: Frozen) -> _Happened | None:
    """How the vote fell and how good the forecast was; None while the vote is not on record."""
    bodies = asked.findings.rolls.bodies
    score = scored_forecasts({"": forecast}, bodies).row(0, named=True)
    if score["rcid"] is None:
        return None
    body = bodies[forecast.draft.body]
    cast = body.votes.filter(pl.col("rcid") == score["rcid"])
    voted = {
        state: frames.ANSWERS.get(vote, "absent") for state, vote in cast.select("iso3", "vote").iter_rows()
    }
    result = f"{score['yes']} yes, {score['no']} no"
    has_page = score["rcid"] in set(listed(body)["rcid"])
    facts = Facts(
        (
            ("Result", Cell(result, path_of(forecast.draft.body, score["rcid"]) if has_page else None)),
            ("Likeliest answers that came", f"{score['right']} of {score['votes']}"),
            ("Brier score", f"{score['brier']:.3f} (0 is sure and right, 2 sure and wrong)"),
        ),
        heading="What happened",
    )
    return _Happened(f"It came to {result}.", facts, voted)


def _table(
    asked: Asked, forecast: Frozen, order: list[int], turning: pl.DataFrame, happened: _Happened | None
) -> Table:
    voted = None if happened is None else happened.voted
    column: tuple[tuple[str, ColumnKind], ...] = () if voted is None else (("Voted", "text"),)
    return Table(
        "members",
        "Members, those whose change would count most and is likeliest first",
        (
            ("State", "head"),
            *column,
            ("Yes", "number"),
            ("Abstain", "number"),
            ("No", "number"),
            ("Abstaining → yes turns it", "number"),
            ("No → abstaining turns it", "number"),
            ("Strongest reason", "text"),
        ),
        [
            (
                Cell(asked.findings.name_of(forecast.members[at]), addresses.state(forecast.members[at])),
                *(() if voted is None else (voted.get(forecast.members[at], "no answer on record"),)),
                *(Cell(f"{chance:.2f}", sort=chance) for chance in forecast.chances[at]),
                *(Cell(f"{turning[name][at]:.3f}", sort=turning[name][at]) for name in TURNS),
                forecast.reasons[at],
            )
            for at in order
        ],
        heading="Each member",
    )


def _whole(node: Sequence[Sequence[float]]) -> pl.DataFrame:
    """The members' chances at one value of the shift; they are kept rounded, so each is brought back to a sum of one."""
    table = pl.DataFrame(list(node), schema=list(CHANCES), orient="row")
    return table.select(pl.col(CHANCES) / pl.sum_horizontal(CHANCES))


def _turning(forecast: Frozen) -> pl.DataFrame:
    """For each member, in their order: the probability that its change alone turns the result, over the common shift."""
    rule = RULES[forecast.draft.rule]
    parts = [
        pivots(_whole(node), rule).members.select(pl.col(name) * weight for name in TURNS)
        for node, weight in zip(forecast.nodes, forecast.weights, strict=True)
    ]
    return reduce(lambda total, part: total.select(pl.col(name) + part[name] for name in TURNS), parts)


def _frame(asked: Asked, forecast: Frozen) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "actor": list(forecast.members),
            "name": [asked.findings.name_of(state) for state in forecast.members],
            **{
                f"p_{answer}": [chance[at] for chance in forecast.chances]
                for at, answer in enumerate(ANSWERS)
            },
            "persuadable": list(forecast.persuadable),
            "reason": list(forecast.reasons),
        }
    )


def _script_data(forecast: Frozen) -> Markup:
    """The numbers for the script, safe inside a script element: no ``<`` leaves as itself."""
    data = msgspec.json.encode(
        {
            "rule": forecast.draft.rule,
            "members": forecast.members,
            "nodes": forecast.nodes,
            "weights": forecast.weights,
        }
    )
    return Markup(data.decode().replace("<", "\\u003c"))  # noqa: S704 - escaped on this line


ROUTE = Route(addresses.FORECASTS, answer, keys)
