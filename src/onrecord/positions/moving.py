"""Who moved: states found on both sides, states that took their name away, and states that left, came or came back.

Only verified entries count, and only absence from a complete list is a way out (see
:mod:`onrecord.positions.steps`). A vote shows a side, so it counts for ``both_sides``; nobody leaves
the signatories by voting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any, Literal, get_args

import polars as pl

from onrecord.positions.steps import ABSENT, steps
from onrecord.positions.telling import sentence, withdrawn

Kind = Literal["both_sides", "joined_late_and_left", "withdrew", "left", "returned", "joined"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The kinds of move in the order of their rank, with what they mean in :func:`movers`."""

STEP = pl.Struct(
    {
        "date": pl.String(),
        "date_is": pl.String(),
        "instrument": pl.String(),
        "side": pl.String(),
        "what": pl.String(),
        "entry": pl.String(),
    }
)

SCHEMA: dict[str, Any] = {
    "rank": pl.Int64(),
    "actor": pl.String(),
    "name": pl.String(),
    "kind": pl.String(),
    "side": pl.String(),
    "sentence": pl.String(),
    "moves": pl.Int64(),
    "latest": pl.String(),
    "entries": pl.List(pl.String()),
    "absent_from": pl.List(pl.String()),
    "steps": pl.List(STEP),
}

_IN = ("sign", "join_late")


def movers(
    instruments: pl.DataFrame, positions: pl.DataFrame, actors: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """The actors that moved by a day, the strongest move first.

    Args:
        instruments: those whose topic counts (see :func:`onrecord.positions.acts.on_topics`).
        as_of: the day at whose end the record is read.

    Returns:
        One row for each actor: rank (from 1), actor, name, kind, side (that of the texts it signed; None for
        both), sentence, moves (how many times it changed), latest (date of the last change), entries (ids
        of the positions that show it), absent_from (ids of the complete lists that show it), steps
        (date, date_is, instrument, side, what, entry: everything it did and every list it is missing from).

        The kind is the strongest that holds: ``both_sides`` took the critical and the supportive side;
        ``joined_late_and_left`` joined a text after delivery and withdrew from it; ``withdrew`` took its name off
        a text; ``left`` signed and is missing from a later list; ``returned`` was missing and signed
        again; ``joined`` was missing from the first lists and signs since.
    """
    names = dict(actors.select("id", "name").iter_rows())
    found = []
    rows = steps(instruments, positions, as_of).iter_rows(named=True)
    for actor, taken in groupby(rows, key=lambda row: row["actor"]):
        if move := _move(actor, list(taken)):
            found.append((move, names.get(actor, actor)))
    found.sort(key=lambda item: _rank(*item))
    return pl.DataFrame(
        [_row(number, move, name) for number, (move, name) in enumerate(found, 1)],
        schema=SCHEMA,
        orient="row",
    )


@dataclass(frozen=True, slots=True)
class _Move:
    actor: str
    kind: Kind
    side: str | None
    steps: list[dict[str, Any]]
    turns: list[dict[str, Any]]
    """The steps at which something changed."""


def _move(actor: str, taken: list[dict[str, Any]]) -> _Move | None:
    sides = {step["side"] for step in _standing(taken)} & {"critical", "supportive"}
    if len(sides) == 2:
        return _Move(actor, "both_sides", None, taken, _turns_of_side(taken))
    signed = [
        step for step in taken if step["what"] in (*_IN, "withdraw", ABSENT) and step["side"] != "neutral"
    ]
    turns = _turns(signed)
    kind = _withdrawal(signed) or _presence(turns)
    if kind is None:
        return None
    side = next((step["side"] for step in signed if step["what"] in _IN), None)
    return _Move(actor, kind, side, taken, turns)


def _standing(taken: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Votes, and signatures that were not taken back."""
    gone = {step["instrument"] for step in taken if step["what"] == "withdraw"}
    return (
        step
        for step in taken
        if step["what"] in ("yes", "no") or (step["what"] in _IN and step["instrument"] not in gone)
    )


def _turns_of_side(taken: list[dict[str, Any]]) -> list[dict[str, Any]]:
    standing = [step for step in _standing(taken) if step["side"] in ("critical", "supportive")]
    return [step for before, step in pairwise(standing) if before["side"] != step["side"]]


def _withdrawal(signed: list[dict[str, Any]]) -> Kind | None:
    gone = withdrawn(signed)
    if gone is None:
        return None
    came = [step["what"] for step in signed if step["instrument"] == gone["instrument"]]
    return "joined_late_and_left" if "join_late" in came else "withdrew"


def _turns(signed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps that change between on the lists and off them, the first state left out."""
    return [step for before, step in pairwise(signed) if (before["what"] in _IN) != (step["what"] in _IN)]


def _presence(turns: list[dict[str, Any]]) -> Kind | None:
    if not turns:
        return None
    if turns[-1]["what"] not in _IN:
        return "left"
    return "joined" if len(turns) == 1 else "returned"


def _rank(move: _Move, name: str) -> tuple[int, int, int, str]:
    """By kind, leaving and coming back side by side; then whoever changed more often; then whoever changed last."""
    kind = "left" if move.kind == "returned" else move.kind
    return KINDS.index(kind), -len(move.turns), -move.turns[-1]["date_last"].toordinal(), name


def _row(number: int, move: _Move, name: str) -> list[Any]:
    absent = [step["instrument"] for step in move.steps if step["what"] == ABSENT]
    shown = [{field.name: step[field.name] for field in STEP.fields} for step in move.steps]
    return [
        number,
        move.actor,
        name,
        move.kind,
        move.side,
        sentence(name, move.kind, move.steps),
        len(move.turns),
        move.turns[-1]["date"],
        [step["entry"] for step in move.steps if step["entry"]],
        absent,
        shown,
    ]
