"""One example of every picture, from small invented data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages import charts

AS_OF = date(2026, 11, 22)
day = PartialDate.parse


def world_map() -> Markup:
    states = [
        charts.MapState("SOM", "Somalia", "both", "states/SOM/"),
        charts.MapState("TUR", "Türkiye", "critical", "states/TUR/", "last signed October 2022"),
        charts.MapState("CUB", "Cuba", "supportive", "states/CUB/"),
        charts.MapState("BRA", "Brazil", "not_signed", "states/BRA/"),
        charts.MapState("TUV", "Tuvalu", "unknown", "states/TUV/"),
    ]
    return charts.world_map(states, picture_id="p", title="Somalia is on both sides", as_of=AS_OF)


SIDES = (
    charts.SideCount(day("2019-07-08"), "critical", 22, 23, "complete", "Letter of 22", "i/a/"),
    charts.SideCount(day("2019-07"), "supportive", 37, 50, "complete", "Letter of 37", "i/b/"),
    charts.SideCount(day("2021-09-24"), "supportive", 65, 4, "partial", "Statement of 65", "i/c/"),
    charts.SideCount(day("2021-10-21"), "supportive", 6, 6, "unverified", "Statement of six", "i/d/"),
    charts.SideCount(day("2022"), "critical", None, 3, "partial", "No count", "i/e/"),
)


def mirrored_steps() -> Markup:
    return charts.mirrored_steps(SIDES, picture_id="p", title="Both sides grew", as_of=AS_OF)


def answers_over_sessions() -> Markup:
    answers = [charts.SessionAnswers(70, 5, 3, 2), charts.SessionAnswers(72, 0, 0, 4)]
    return charts.answers_over_sessions(
        answers, picture_id="p", title="Cuba said yes to 5 of 14 texts", as_of=AS_OF
    )


def flow() -> Markup:
    stages = [charts.Stage("Letter", "2019-07", "i/a/"), charts.Stage("Statement", "2020-10", "i/b/")]
    bands = [
        charts.Band(0, "critical", "critical", ("Austria", "Belgium"), "moves/1/"),
        charts.Band(0, "unknown", "critical", ("Haiti",), "moves/2/"),
        charts.Band(0, "critical", "not_signed", ("Japan",), "moves/3/"),
    ]
    return charts.flow(stages, bands, picture_id="p", title="Two moved", as_of=AS_OF)


def strip() -> Markup:
    marks = (
        charts.StanceMark(day("2019-07-12"), "supportive", "Letter of 37", "i/b/"),
        charts.StanceMark(day("2020-10"), "unknown", "Statement of 45", "i/c/"),
        charts.StanceMark(day("2022-10-31"), "critical", "Statement of 50", "i/d/"),
        charts.StanceMark(day("2022-10-31"), "both", "Both on one day", "i/e/"),
        charts.StanceMark(day("2023"), "not_signed", "Statement of 51", "i/f/"),
    )
    rows = [charts.StripRow("Somalia", marks, "states/SOM/"), charts.StripRow("Haiti", ())]
    return charts.strip(rows, picture_id="p", title="Somalia moved", as_of=AS_OF)


def promises() -> Markup:
    lines = [
        charts.PromiseLine(
            "Visit", day("2021-06-21"), "overdue 1,786 days", due=day("2021-12-31"), href="p/1/"
        ),
        charts.PromiseLine(
            "Publish", day("2021-09"), "kept after 352 days", ended=day("2022-08-31"), href="p/2/"
        ),
        charts.PromiseLine("Report", day("2022"), "waiting 1,400 days", href="p/3/"),
        charts.PromiseLine(
            "Refrain", day("2022-01-02"), "broken", ended=day("2022-03-01"), broken=True, href="p/4/"
        ),
    ]
    return charts.promises(lines, picture_id="p", title="One is overdue", as_of=AS_OF)


def spells() -> Markup:
    items = [
        charts.Spell("Camp", day("2017-04-10"), day("2019-05-22"), href="e/1/"),
        charts.Spell("Prison", day("2021-04"), None, day("2022-04"), "e/2/"),
        charts.Happening("Opinion 88/2022", day("2022-12"), "e/3/"),
        charts.Happening("Sentence", day("2021-04-01"), "e/4/"),
    ]
    return charts.spells(items, picture_id="p", title="Nothing known since April 2022", as_of=AS_OF)


def lanes() -> Markup:
    taken = charts.Spell("Prison", day("2021-04"), None, day("2022-04"), "e/2/")
    people = [
        charts.Lane("Somebody", (taken, charts.Happening("Opinion", day("2022-12"), "e/3/")), "p/1/"),
        charts.Lane("Somebody else", (), "p/2/"),
    ]
    return charts.lanes(people, picture_id="p", title="Nothing is known since", as_of=AS_OF)


def positions_over_sessions() -> Markup:
    def state(name: str, shift: float) -> charts.StateLine:
        places = (
            charts.SessionPosition(
                s, shift + s / 100, shift + s / 100 - 0.2, shift + s / 100 + 0.2, f"s/{name}/{s}/"
            )
            for s in (60, 61, 62, 64, 65)
        )
        return charts.StateLine(name, tuple(places))

    pair = state("Türkiye", 0.0), state("China", -1.0)
    return charts.positions_over_sessions(*pair, picture_id="p", title="They drift apart", as_of=AS_OF)


def five_positions_over_sessions() -> Markup:
    def state(name: str, place: float) -> charts.StateLine:
        return charts.StateLine(
            name, tuple(charts.SessionPosition(s, place, place - 0.1, place + 0.1) for s in (70, 71))
        )

    lines = [state(name, at / 100) for at, name in enumerate(("Chad", "Peru", "Fiji", "Cuba"))]
    lines.insert(2, charts.StateLine("Oman", ()))
    return charts.positions_over_sessions(*lines, picture_id="p", title="They stand together", as_of=AS_OF)


def stances_on_axis() -> Markup:
    states = [
        charts.PlacedState("Somalia", "both", 0.1, -0.2, 0.4),
        charts.PlacedState("Türkiye", "critical", 0.8, 0.5, 1.1, "states/TUR/"),
        charts.PlacedState("Cuba", "supportive", -1.2, -1.4, -1.0, "states/CUB/"),
        charts.PlacedState("Chad", "supportive", -0.6, -0.9, -0.4),
        charts.PlacedState("Fiji", "unknown", 0.0, -0.3, 0.3),
    ]
    return charts.stances_on_axis(
        states, picture_id="p", title="Critical states stand up the axis", as_of=AS_OF, picked="Somalia"
    )


def positions_map() -> Markup:
    states = [
        charts.ShadedState("TUR", "Türkiye", 3, "0.81", "states/TUR/"),
        charts.ShadedState("CUB", "Cuba", 0, "-1.20", "states/CUB/"),
        charts.ShadedState("TUV", "Tuvalu", 4, "1.90", "states/TUV/"),
        charts.ShadedState("CSK", "Czechoslovakia", 1, "-0.90"),
    ]
    return charts.positions_map(
        states, ends=("Cuba", "Tuvalu"), picture_id="p", title="They stand apart", as_of=AS_OF
    )


def small_maps() -> Markup:
    maps = [
        charts.SmallMap(str(year), {"TUR": 3, "CUB": at, "TUV": 4}, f"map/{year}/")
        for at, year in enumerate((1980, 1990, 2000, 2010))
    ]
    return charts.small_maps(maps, picture_id="p", title="Cuba moved", as_of=AS_OF)


def blocs_on_axis() -> Markup:
    marks = [
        charts.BlocMark("Türkiye", 1, 0.8, 0.97, "states/TUR/", named=True),
        charts.BlocMark("Chad", 1, 0.1, 0.61),
        charts.BlocMark("Cuba", 2, -1.2, 1.0, "states/CUB/", named=True),
    ]
    return charts.blocs_on_axis(marks, picture_id="p", title="Two blocs stand out", as_of=AS_OF)


def hemicycle() -> Markup:
    votes: list[tuple[str, charts.Vote]] = [
        ("Somalia", "yes"),
        ("India", "abstain"),
        ("Cuba", "no"),
        ("Fiji", "absent"),
    ]
    seats = [charts.Seat(name, vote, None, f"states/{name}/") for name, vote in votes]
    return charts.hemicycle(seats, picture_id="p", title="Rejected", as_of=AS_OF, yes_means="critical")


def bars() -> Markup:
    rows = [
        charts.Bar("Adults with two records", 22762, "22,762 of 188,100", whole=188100, href="f/1/"),
        charts.Bar("Killed", 10356, "10,356 (9,002 to 12,122)", low=9002, high=12122, href="f/2/"),
    ]
    return charts.bars(rows, picture_id="p", title="One in eight", as_of=AS_OF, unit="people")


def both_sides() -> Markup:
    return charts.both_sides(SIDES, picture_id="p", title="Both sides grew", as_of=AS_OF)


def longest_wait() -> Markup:
    return charts.longest_wait(
        made=date(2021, 9, 13), due=date(2022, 8, 31), picture_id="p", title="1,544 days", as_of=AS_OF
    )


def one_each() -> Markup:
    return charts.one_each(22, 16, picture_id="p", title="22 people")


def calibration() -> Markup:
    tenths = [
        charts.Tenth("yes", 0.05, 0.02, 400),
        charts.Tenth("yes", 0.95, 0.97, 900),
        charts.Tenth("abstain", 0.35, 0.4, 80),
        charts.Tenth("no", 0.6, 0.5, 12),
    ]
    return charts.calibration(tenths, picture_id="p", title="Chances meant what they said", as_of=AS_OF)


LINKED: dict[str, tuple[Callable[[], Markup], int]] = {
    "world_map": (world_map, 5),
    "mirrored_steps": (mirrored_steps, 5),
    "flow": (flow, 5),
    "strip": (strip, 6),
    "promises": (promises, 4),
    "spells": (spells, 4),
    "lanes": (lanes, 4),
    "positions_over_sessions": (positions_over_sessions, 10),
    "hemicycle": (hemicycle, 4),
    "bars": (bars, 2),
    "blocs_on_axis": (blocs_on_axis, 2),
    "positions_map": (positions_map, 3),
    "small_maps": (small_maps, 4),
    "stances_on_axis": (stances_on_axis, 2),
}
"""Pictures with links, and how many links the data of each call for."""

EVERY: dict[str, Callable[[], Markup]] = {
    **{name: draw for name, (draw, _) in LINKED.items()},
    "answers_over_sessions": answers_over_sessions,
    "both_sides": both_sides,
    "calibration": calibration,
    "five_positions_over_sessions": five_positions_over_sessions,
    "longest_wait": longest_wait,
    "one_each": one_each,
}
