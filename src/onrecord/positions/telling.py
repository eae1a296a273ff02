"""A state's move in one plain sentence, made from its steps."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from onrecord.model.dates import PartialDate, between, days_in_words

Step = dict[str, Any]

_SIGNED = ("sign", "join_late")
_TOOK_A_SIDE = (*_SIGNED, "yes", "no")


def sentence(name: str, kind: str, steps: list[Step]) -> str:
    """What a state did, in the order of the days.

    Args:
        name: the state's name.
        kind: a kind of :mod:`onrecord.positions.moving`.
        steps: everything it did and every list it is missing from, oldest first (:mod:`onrecord.positions.steps`).
    """
    if kind == "both_sides":
        gone = {step["instrument"] for step in steps if step["what"] == "withdraw"}
        stood = [step for step in steps if step["instrument"] not in gone]
        return f"{name} is found on both sides: {_sides(stood)}{_missing_since(stood)}."
    left = withdrawn(steps)
    if left and kind in ("joined_late_and_left", "withdrew"):
        later = _sides(steps[steps.index(left) + 1 :])
        return f"{name} {_withdrawal(steps, left)}{f'; later {later}' if later else ''}."
    return f"{name} {_spells(steps)}."


def withdrawn(steps: list[Step]) -> Step | None:
    """The first withdrawal from a text with a side whose signing is among the steps too."""
    signed = {step["instrument"] for step in steps if step["what"] in _SIGNED and step["side"] != "neutral"}
    return next((s for s in steps if s["what"] == "withdraw" and s["instrument"] in signed), None)


def _sides(steps: list[Step]) -> str:
    stood = [s for s in steps if s["what"] in _TOOK_A_SIDE and s["side"] in ("critical", "supportive")]
    runs = [(side, list(run)) for side, run in groupby(stood, key=lambda step: step["side"])]
    return ", then ".join(f"{side} {_dates(run)}" for side, run in runs)


def _missing_since(steps: list[Step]) -> str:
    at = max(index for index, step in enumerate(steps) if step["what"] in _TOOK_A_SIDE)
    missing = [s for s in steps[at:] if s["what"] == "not_listed" and s["side"] == steps[at]["side"]]
    return f"; it is not on {_lists(missing)} ({missing[0]['side']})" if missing else ""


def _withdrawal(steps: list[Step], gone: Step) -> str:
    came = next(s for s in steps if s["instrument"] == gone["instrument"] and s["what"] in _SIGNED)
    least, most = between(_span(came), _span(gone))
    if most < 0:
        stayed = "which is before it"
    else:
        stayed = (
            f"within {days_in_words(most, most)}" if least <= 0 else f"after {days_in_words(least, most)}"
        )
    joined = "joined a" if came["what"] == "join_late" else "signed a"
    return f"{joined} {gone['side']} text {_date(came)} and withdrew {_date(gone)}, {stayed}"


def _spells(steps: list[Step]) -> str:
    moves = [s for s in steps if s["what"] in (*_SIGNED, "not_listed") and s["side"] != "neutral"]
    side = moves[0]["side"]
    runs = [(there, list(run)) for there, run in groupby(moves, key=lambda step: step["what"] in _SIGNED)]
    parts = []
    signed_before = False
    for there, run in runs:
        what = (
            "signed again"
            if signed_before
            else f"signed {side} texts"
            if len(run) > 1
            else f"signed a {side} text"
        )
        parts.append(f"{what} {_dates(run)}" if there else f"is not on {_lists(run)}")
        signed_before = signed_before or there
    return ", then ".join(parts)


def _dates(run: list[Step]) -> str:
    """``on 6 October 2022``, ``in October 2021 and June 2022`` or ``from July 2019 to June 2021 (4 texts)``."""
    if len(run) == 1:
        return _date(run[0])
    if len(run) == 2:
        return f"in {_months(run)}"
    return f"from {_month(run[0])} to {_month(run[-1])} ({len(run)} texts)"


def _lists(run: list[Step]) -> str:
    if len(run) == 1:
        return f"the complete list of {PartialDate.parse(run[0]['date']).words()}"
    if len(run) == 2:
        return f"the complete lists of {_months(run)}"
    return f"the {len(run)} complete lists from {_month(run[0])} to {_month(run[-1])}"


def _date(step: Step) -> str:
    day = PartialDate.parse(step["date"])
    if step["date_is"] == "by":
        return f"by {day.words()}"
    return f"{'on' if day.precision == 'day' else 'in'} {day.words()}"


def _months(run: list[Step]) -> str:
    return " and ".join(dict.fromkeys(map(_month, run)))


def _month(step: Step) -> str:
    day = PartialDate.parse(step["date"])
    return day.words().split(" ", 1)[1] if day.precision == "day" else day.words()


def _span(step: Step) -> PartialDate:
    return PartialDate(step["date_first"], step["date_last"], "day")
