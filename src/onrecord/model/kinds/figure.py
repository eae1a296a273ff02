"""A number that somebody stated, or that was computed."""

from __future__ import annotations

from onrecord.model.kinds.base import Base, DateText, Decimal, Id, Text


class Figure(Base, frozen=True, kw_only=True, omit_defaults=True, tag="figure"):
    """A value with its unit, what it counts, where and when, and by whom it was stated.

    ``qualifier`` keeps "about", "more than", "nearly". ``series`` groups figures that answer the same
    question, so that sources which disagree are shown side by side. ``derived_from`` names the entries
    a computed figure comes from.
    """

    value: Decimal
    unit: Text
    of_what: Text
    date: DateText
    qualifier: str | None = None
    place: str | None = None
    period: str | None = None
    stated_by: str | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    method: str | None = None
    series: str | None = None
    about: tuple[Id, ...] = ()
    derived_from: tuple[Id, ...] = ()
