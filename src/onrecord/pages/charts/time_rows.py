"""One row below the other over a common axis of years: the frame of the pictures of promises and of spells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages.charts.appearance import textures
from onrecord.pages.charts.axes import as_of_line, day_in_words, year_axis
from onrecord.pages.charts.scales import Days, span
from onrecord.pages.charts.svg import join, picture

WIDTH, LEFT, RIGHT, TOP = 720.0, 10.0, 706.0, 30.0

Row = TypeVar("Row")


def time_rows(
    rows: Sequence[Row],
    draw: Callable[[Row, float, Days], Markup],
    key: Callable[[float], Markup],
    dates: Sequence[PartialDate],
    *,
    row_height: float,
    picture_id: str,
    title: str,
    desc: str,
    as_of: date,
    linked: bool,
) -> Markup:
    """Draw rows over the years that hold ``dates`` and ``as_of``, with a key below.

    Args:
        draw: makes a row from the row itself, the height of its upper line and the scale of days.
        key: makes the key from the height of its line.
    """
    days = Days(*span([day for one in dates for day in (one.first, one.last)], as_of), LEFT, RIGHT)
    bottom = TOP + row_height * len(rows) + 6
    body = [
        textures(picture_id, {"unknown"}),
        year_axis(days, TOP, bottom),
        *(draw(row, TOP + row_height * i + 18, days) for i, row in enumerate(rows)),
        as_of_line(days, as_of, TOP - 6, bottom, words=day_in_words(as_of)),
        key(bottom + 44),
    ]
    return picture(
        picture_id=picture_id,
        width=WIDTH,
        height=bottom + 56,
        title=title,
        desc=desc,
        body=join(body),
        linked=linked,
    )
