"""Pictures of time draw what the dates say and no more."""

from __future__ import annotations

import re
from datetime import date

from markupsafe import Markup

from onrecord.pages import charts
from onrecord.pages.charts.mirrored_steps import largest_of_sessions

from .examples import AS_OF, SIDES, day


def one_promise(**fields: object) -> Markup:
    line = charts.PromiseLine("Visit", day("2021-06-21"), "outcome", **fields)  # type: ignore[arg-type]
    return charts.promises([line], picture_id="p", title="t", as_of=AS_OF)


def overdue(markup: Markup) -> bool:
    return 'class="overdue"' in markup


def test_the_overdue_part_is_hatched() -> None:
    drawn = one_promise(due=day("2021-12-31"))
    found = re.search(r'<rect [^>]*fill="([^"]+)"[^>]*class="overdue"', drawn)
    assert found is not None
    assert found[1] == "url(#p-unknown)"


def test_a_promise_without_a_due_date_is_never_drawn_overdue() -> None:
    assert not overdue(one_promise())
    assert not overdue(one_promise(ended=day("2026-01-01")))


def test_a_promise_kept_in_time_is_not_drawn_overdue() -> None:
    assert not overdue(one_promise(due=day("2022-12-31"), ended=day("2022-05-23")))
    assert overdue(one_promise(due=day("2022-03-31"), ended=day("2022-05-23")))


def test_a_promise_not_yet_due_is_not_drawn_overdue() -> None:
    assert not overdue(one_promise(due=day("2027-12-31")))


def test_a_promise_kept_after_the_chosen_day_is_still_open_on_it() -> None:
    line = charts.PromiseLine("Visit", day("2021-06-21"), "overdue", day("2021-12-31"), day("2022-05-23"))
    then = charts.promises([line], picture_id="p", title="t", as_of=date(2022, 1, 31))
    assert "l7 5l-7 5z" in then.partition("</defs>")[2].partition("Made 21 June 2021")[2].partition("</g>")[0]


def one_spell(*dates: str | None) -> Markup:
    start, end, last_known = (day(d) if d else None for d in dates)
    assert start is not None
    spell = charts.Spell("Prison", start, end, last_known)
    return charts.spells([spell], picture_id="p", title="t", as_of=AS_OF)


def widths(markup: Markup, kind: str) -> list[float]:
    rects = re.findall(r"<rect [^>]*>", str(markup))
    return [float(re.search(r' width="([\d.]+)"', r)[1]) for r in rects if f'class="{kind}"' in r]  # type: ignore[index]


def test_a_month_is_a_band_and_a_year_a_wider_one() -> None:
    month, year = (widths(one_spell(start, "2023-01-01", None), "open-date") for start in ("2020-01", "2020"))
    assert len(month) == len(year) == 1
    assert year[0] > 8 * month[0]
    assert widths(one_spell("2020-01-01", "2023-01-01", None), "open-date") == []


def test_after_the_last_that_is_known_comes_hatching_not_an_end() -> None:
    assert len(widths(one_spell("2021-04", None, "2022-04"), "not-known")) == 1
    assert widths(one_spell("2021-04", "2022-04", None), "not-known") == []


def test_a_person_without_a_date_has_a_lane_that_says_so() -> None:
    lane = charts.Lane("Somebody", ())
    assert "no date is known" in str(charts.lanes([lane], picture_id="p", title="t", as_of=AS_OF))


def test_what_ended_after_the_chosen_day_was_still_going_on_that_day() -> None:
    held = charts.Spell("Camp", day("2017-04-10"), day("2019-05-22"))
    later = charts.Spell("Prison", day("2020-01-01"))
    then = charts.lanes(
        [charts.Lane("Somebody", (held, later))], picture_id="p", title="t", as_of=date(2018, 1, 1)
    )
    assert "no end on record, last known 1 January 2018" in str(then)
    assert "Prison" not in str(then)


def test_a_small_statement_in_the_session_of_a_large_one_does_not_lower_the_line() -> None:
    supportive = [count for count in SIDES if count.side == "supportive"]
    assert [count.label for count in largest_of_sessions(supportive)] == ["Letter of 37", "Statement of 65"]


def test_stated_count_and_names_on_record_have_their_own_marks() -> None:
    drawn = str(charts.mirrored_steps(SIDES, picture_id="p", title="t", as_of=AS_OF))
    stated = next(a for a in re.findall(r"<a .*?</a>", drawn) if "Statement of 65" in a)
    unstated = next(a for a in re.findall(r"<a .*?</a>", drawn) if "No count" in a)
    assert "<rect" in stated
    assert "<polygon" in stated
    assert "<rect" in unstated
    assert "<circle" not in unstated
    assert "65 stated, 4 named, list partial" in stated
