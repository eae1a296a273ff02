"""From values to places on the page, and the round values worth a tick."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from datetime import date

from onrecord.model.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight-line map of [low, high] onto [start, end] of the page; a single value sits in the middle."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value, also outside [low, high]."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Days:
    """A scale of calendar days."""

    first: date
    last: date
    start: float
    end: float

    def __call__(self, day: date) -> float:
        """The place of a day."""
        scale = Scale(self.first.toordinal(), self.last.toordinal(), self.start, self.end)
        return scale(day.toordinal())

    def middle(self, day: PartialDate) -> float:
        """The place of a date: the day itself, or the middle of the days it could be."""
        return (self(day.first) + self(day.last)) / 2

    def whole_years(self, room: float = 44) -> list[tuple[int, float]]:
        """Years and the place of their 1 January, thinned until each has ``room`` units for its label."""
        years = range(self.first.year, self.last.year + 1)
        width = abs(self.end - self.start) / max(1.0, (self.last - self.first).days / 365.25)
        step = next((s for s in (1, 2, 5, 10, 20, 50) if s * width >= room), 100)
        ticks = [(year, date(year, 1, 1)) for year in years if year % step == 0]
        return [(year, self(day)) for year, day in ticks if self.first <= day <= self.last]


def span(days: list[date], as_of: date, *, margin: float = 0.02) -> tuple[date, date]:
    """The first and last day a picture has to show, with a little air; always holds ``as_of``."""
    low = min([*days, as_of]).toordinal()
    high = max([*days, as_of]).toordinal()
    air = math.ceil(max(30, high - low) * margin)
    return date.fromordinal(max(1, low - air)), date.fromordinal(min(date.max.toordinal(), high + air))


def round_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values (1, 2 or 5 times a power of ten) within [low, high], about ``about`` of them.

    Raises:
        ValueError: low lies above high, or one of them is not finite.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise ValueError(f"no ticks between {low} and {high}")
    raw = (high - low) / max(1, about)
    if raw < sys.float_info.min:  # one value, or two that differ by less than a float can be divided into
        return [low]
    exponent = math.floor(math.log10(raw))
    step = next(
        (m * 10.0**exponent for m in (1, 2, 5) if m * 10.0**exponent >= raw * 0.999), 10.0 ** (exponent + 1)
    )
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(i * step, max(0, -exponent)) for i in range(first, last + 1)]
