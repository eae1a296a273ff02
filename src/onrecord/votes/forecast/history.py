"""Past answers laid out as arrays, and how each past draft bears on a coming one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from onrecord.votes.forecast.texts import unit_rows
from onrecord.votes.frames import ANSWERS, require
from onrecord.votes.scaling.design import codes
from onrecord.votes.scaling.likelihood import Floats

# Titles this alike are taken for the same text on another day.
KINDRED = 0.6
# Years after which answers are no longer looked at.
MEMORY = 9.0


@dataclass(frozen=True)
class History:
    """Drafts and answers as arrays.

    Attributes:
        drafts: the table of drafts (R rows), sorted by date.
        states: codes (I), sorted. group: regional group of each as a number, -1 unknown (I).
        answers: one-hot answers (R, I, 3), yes and no swapped where the polarity is -1; all zero where none.
        date, known: of each draft, in years.
        words, texts: words of titles, and words and pairs of words of titles and headings; a unit row each (R, words).
        region: regional group of the state each draft concerns, -1 for none (R).
    """

    drafts: pl.DataFrame
    states: pl.Series
    group: NDArray[np.int64]
    answers: NDArray[np.float32]
    date: Floats
    known: Floats
    words: csr_matrix
    texts: csr_matrix
    region: NDArray[np.int64]

    def past(self, row: int) -> NDArray[np.int64]:
        """Rows of answered drafts that were voted on before the draft became known, not older than ``MEMORY``."""
        age = self.known[row] - self.date
        return np.flatnonzero((age > 0) & (age < MEMORY) & self.answers.any(axis=(1, 2)))

    def voted(self, row: int) -> NDArray[np.bool_]:
        """Which states answered a draft (I)."""
        return np.asarray(self.answers[row].any(axis=1))


@dataclass(frozen=True)
class Bearing:
    """How past drafts bear on one draft, each (past rows).

    ``same`` (0 to 1): the same situation or text; ``near``: how close its subject; ``close``: of the same region or
    subject at all; ``comparable``: of the same kind of question; ``age`` in years.
    """

    rows: NDArray[np.int64]
    age: Floats
    same: Floats
    near: Floats
    close: Floats
    comparable: Floats


def lay_out_history(votes: pl.DataFrame, drafts: pl.DataFrame, groups: pl.DataFrame) -> History:
    """Arrays of past answers.

    Args:
        votes: rcid, iso3, vote (1, 2, 3; others are absent). drafts: as ``drafts`` describes.
        groups: iso3, group: regional groups.

    Raises:
        InvalidInput: a column is missing.
    """
    require(votes, ("rcid", "iso3", "vote"), "votes")
    require(
        drafts,
        ("rcid", "date", "known", "topic", "target", "title", "headings", "kind", "polarity", "scored"),
        "drafts",
    )
    require(groups, ("iso3", "group"), "groups")
    drafts = drafts.sort("date", "rcid")
    answered = votes.filter(pl.col("vote").is_in(list(ANSWERS)))
    answered = answered.join(drafts.select("rcid", "polarity").with_row_index("at"), on="rcid")
    states = pl.concat([answered["iso3"], groups["iso3"]]).unique().sort()
    turned = pl.when(pl.col("polarity") < 0).then(4 - pl.col("vote")).otherwise(pl.col("vote"))
    column = answered.select(turned.alias("column"))["column"].to_numpy() - 1
    answers = np.zeros((drafts.height, len(states), 3), dtype=np.float32)
    answers[answered["at"].to_numpy(), codes(answered["iso3"], states), column] = 1.0
    names = groups["group"].unique().sort()
    group = np.full(len(states), -1)
    group[codes(groups["iso3"], states)] = codes(groups["group"], names)
    texts = [f"{title} {headings}" for title, headings in drafts.select("title", "headings").iter_rows()]
    return History(
        drafts,
        states,
        group,
        answers,
        years(drafts["date"]),
        years(drafts["known"]),
        unit_rows(drafts["title"].to_list()),
        unit_rows(texts, pairs=True),
        region_of(drafts["target"], states, group),
    )


def years(days: pl.Series) -> Floats:
    """Days as years since 1970."""
    return np.asarray(days.cast(pl.Int32).to_numpy() / 365.25)


def bearing(history: History, row: int) -> Bearing:
    """How the past bears on one draft: by situation and region where it has a topic, by its title otherwise."""
    rows = history.past(row)
    drafts = history.drafts
    age = history.known[row] - history.date[rows]
    if not drafts["topic"][row]:
        alike = np.where(drafts["topic"].to_numpy()[rows] == "", cosines(history.words, rows, row), 0.0)
        same = np.where(alike >= KINDRED, alike**2, 0.0)
        return Bearing(rows, age, same, alike**2 + 0.02, alike**2, np.ones(len(rows)))
    topic, kind = drafts["topic"].to_numpy(), drafts["kind"].to_numpy()
    scored = drafts["scored"].to_numpy()[rows]
    amends = kind[rows] == "amendment"
    situation = drafts["target"].is_not_null().to_numpy()[rows]
    same = (topic[rows] == topic[row]) & (topic[row] != "") & ~amends
    close = situation & ~amends & (history.region[rows] == history.region[row])
    comparable = np.where(scored | (situation & ~amends), 1.0, np.where(situation, 0.15, 0.0))
    if drafts["target"][row] is None:
        comparable = np.where(~situation & (amends == (kind[row] == "amendment")), 1.0, 0.0)
    near = np.where(situation & ~amends, np.where(close, 1.0, 0.4), 0.0)
    return Bearing(rows, age, same.astype(np.float64), near, close.astype(np.float64), comparable)


def cosines(texts: csr_matrix, rows: NDArray[np.int64], row: int) -> Floats:
    """How alike one text is to others (rows), from 0 to 1."""
    return np.asarray((texts[rows] @ texts[row].T).todense(), dtype=np.float64).ravel()


def region_of(targets: pl.Series, states: pl.Series, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Regional group of the state each draft concerns, -1 for none."""
    place = {state: k for k, state in enumerate(states)}
    return np.array([group[place[target]] if target in place else -1 for target in targets], dtype=np.int64)
