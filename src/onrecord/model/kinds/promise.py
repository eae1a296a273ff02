"""An actor said it would do something, or was asked to."""

from __future__ import annotations

from typing import Literal

from onrecord.model.kinds.base import Base, DateText, Id, Text

PromiseClass = Literal["promise", "aspiration", "obligation", "ask"]


class Promise(Base, frozen=True, kw_only=True, omit_defaults=True, tag="promise"):
    """What was promised, hoped, owed or asked, and what came of it.

    The outcome is never stored: it is computed for a chosen day from ``due``, ``kept_on`` and
    ``broken_by``. ``due`` has its basis, or there is openly none. ``broken_by`` names the event that is
    the evidence; without one nothing is called broken. ``checked`` is the last day somebody looked.
    """

    promise_class: PromiseClass
    made_on: DateText
    by: Text
    what: Text
    to_whom: str | None = None
    words: str | None = None
    due: DateText | None = None
    due_basis: str | None = None
    kept_on: DateText | None = None
    kept_by: Id | None = None
    broken_on: DateText | None = None
    broken_by: Id | None = None
    blocked_by: Id | None = None
    unratable: str | None = None
    checked: DateText | None = None
