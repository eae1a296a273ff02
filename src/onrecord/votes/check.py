"""What is wrong with public roll calls, as far as a program can tell.

Each rule has an id that stays. Findings are listed whatever their weight; ``without`` leaves out the votes or roll
calls of the rules named, by default those under which an answer cannot be right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from onrecord.errors import UsageError
from onrecord.votes.frames import ABSTAIN, ANSWERS, NO, YES, require
from onrecord.votes.states import existed

FINDING = {
    "rule": pl.String,
    "rcid": pl.String,
    "symbol": pl.String,
    "date": pl.Date,
    "iso3": pl.String,
    "detail": pl.String,
    "file": pl.String,
    "row": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong. ``scope`` is what an exclusion drops: the vote or the whole roll call."""

    id: str
    scope: str
    says: str
    excluded: bool


RULES = {
    rule.id: rule
    for rule in (
        Rule("tally-differs", "rollcall", "the answers do not add up to the published totals", False),
        Rule("not-a-member", "vote", "the voter was not a member of the body that day", True),
        Rule(
            "member-missing",
            "rollcall",
            "members of the body that day are listed neither as voting nor as absent",
            False,
        ),
        Rule("no-such-state", "vote", "the state was not a member of the United Nations that day", False),
        Rule("answer-twice", "vote", "the state is listed more than once with the same answer", True),
        Rule("answers-differ", "vote", "the state is listed with different answers", True),
        Rule(
            "rollcall-twice",
            "rollcall",
            "another roll call has the same symbol (or title, where it has none), day and answers",
            False,
        ),
        Rule("impossible-date", "rollcall", "no date, a date to come, or one outside the session", False),
        Rule(
            "reversed", "rollcall", "the title ends, stops or puts off something: yes may mean against", False
        ),
        Rule("no-rollcall", "vote", "the vote belongs to no roll call listed", True),
        Rule(
            "other-vote",
            "rollcall",
            "an earlier import has another vote under the same id, and this one is not used",
            False,
        ),
        Rule(
            "vote-twice",
            "rollcall",
            "an earlier import has this vote under another id; it counts once",
            False,
        ),
    )
}
EXCLUDED = tuple(rule.id for rule in RULES.values() if rule.excluded)

# Titles under which a yes undoes: ending a mandate, no action, leaving words out, putting off, separate rejection.
UNDOES = (
    r"(?i)\bdiscontinu|\bterminat(?:e|ion)\b|\bend(?:ing)? (?:of )?the mandate|\bno[- ]action\b|\bno action\b|\badjourn"
    r"|\bpostpone|\bdefer(?:ral|ment)?\b|\bdelet(?:e|ion)\b|\bnot to (?:act|consider|take)|\brevo(?:ke|cation)\b"
)


def findings(
    votes: pl.DataFrame,
    rollcalls: pl.DataFrame,
    *,
    membership: pl.DataFrame | None = None,
    as_of: date | None = None,
) -> pl.DataFrame:
    """Everything found, one row a finding, in the order of ``RULES`` and then of roll calls.

    Args:
        votes: rcid, iso3, vote (1, 2, 3 or 8 took no part); file and row if there are any.
        rollcalls: rcid, session, date (Date); body, symbol, title, yes, no, abstain, file, row if there are any.
        membership: iso3, start, end (Date, both days included, end null while it lasts) of the body; without
            it the two rules on members are not run.
        as_of: day after which a date is yet to come; None does not ask.

    Returns:
        rule, rcid (as text), symbol, date, iso3 (null for a roll call), detail, file, row.

    Raises:
        InvalidInput: a column is missing.
    """
    require(votes, ("rcid", "iso3", "vote"), "votes")
    require(rollcalls, ("rcid", "session", "date"), "roll calls")
    calls = filled(rollcalls, {"body": pl.String, "symbol": pl.String, "title": pl.String, "file": pl.String})
    calls = filled(calls, {"yes": pl.Int64, "no": pl.Int64, "abstain": pl.Int64, "row": pl.Int64})
    places = filled(votes, {"file": pl.String, "row": pl.Int64})
    known = calls.select("rcid", "symbol", "date")
    rows = places.join(known, on="rcid", how="left", maintain_order="left")
    answered = rows.filter(
        pl.col("vote").is_in(list(ANSWERS)) & pl.col("rcid").is_in(calls["rcid"].implode())
    )
    parts = [
        tally_differs(answered, calls),
        *([] if membership is None else members_only(rows, answered, known, membership)),
        no_such_state(answered),
        *answers_repeated(rows),
        rollcall_twice(answered, calls),
        impossible_date(calls, as_of),
        reversed_title(calls),
        no_rollcall(rows, calls),
    ]
    return pl.concat([as_findings(part) for part in parts])


def without(
    votes: pl.DataFrame, found: pl.DataFrame, rules: Iterable[str] = EXCLUDED
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Votes left when the findings of some rules are excluded, and those left out with the rule of each.

    A rule of scope ``vote`` drops the state's row; for ``answer-twice`` the first row stays. A rule of scope
    ``rollcall`` drops all rows of it. No rules exclude nothing.

    Raises:
        UsageError: there is no such rule.
    """
    chosen = tuple(rules)
    unknown = [rule for rule in chosen if rule not in RULES]
    if unknown:
        raise UsageError(f"There is no rule {unknown[0]!r}. Choose among {', '.join(RULES)}.")
    keyed = votes.with_row_index("at").with_columns(key=pl.col("rcid").cast(pl.String))
    wanted = found.filter(pl.col("rule").is_in(chosen)).select("rule", key="rcid", who="iso3", row_of="row")
    whole = wanted.filter(pl.col("who").is_null()).unique("key")
    single = wanted.filter(pl.col("who").is_not_null()).unique(("key", "who"))
    dropped = pl.concat(
        [
            keyed.join(whole.select("rule", "key"), on="key"),
            keyed.join(single.select("rule", "key", "who"), left_on=("key", "iso3"), right_on=("key", "who")),
        ],
        how="diagonal",
    ).unique("at", keep="first")
    first_row = keyed.group_by("key", "iso3").agg(pl.col("at").min())
    spared = dropped.filter(pl.col("rule") == "answer-twice").join(
        first_row, on=("key", "iso3", "at"), how="semi"
    )
    dropped = dropped.join(spared.select("at"), on="at", how="anti").sort("at")
    kept = keyed.join(dropped.select("at"), on="at", how="anti").sort("at")
    return kept.drop("at", "key"), dropped.drop("at", "key")


def filled(table: pl.DataFrame, columns: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """The table with those of the columns it lacks as null."""
    missing = [pl.lit(None, kind).alias(name) for name, kind in columns.items() if name not in table.columns]
    return table.with_columns(missing)


def as_findings(part: pl.DataFrame) -> pl.DataFrame:
    """The columns of a finding, those not given as null."""
    lacking = [pl.lit(None, kind).alias(name) for name, kind in FINDING.items() if name not in part.columns]
    return part.with_columns(lacking).select(pl.col(name).cast(kind) for name, kind in FINDING.items())


def counted(answered: pl.DataFrame) -> pl.DataFrame:
    """Answers of each roll call: rcid, counted_yes, counted_no, counted_abstain."""
    return answered.group_by("rcid").agg(
        *(
            (pl.col("vote") == answer).sum().cast(pl.Int64).alias(f"counted_{name}")
            for name, answer in (("yes", YES), ("no", NO), ("abstain", ABSTAIN))
        )
    )


def tally_differs(answered: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """Roll calls whose answers do not add up to the totals published."""
    both = calls.join(counted(answered), on="rcid", how="inner", maintain_order="left").filter(
        pl.any_horizontal(pl.col(name) != pl.col(f"counted_{name}") for name in ("yes", "no", "abstain"))
    )
    shown = pl.format(
        "counted {}-{}-{}, published {}-{}-{} (yes-no-abstain)",
        *("counted_yes", "counted_no", "counted_abstain"),
        *(pl.col(name).cast(pl.String).fill_null("?") for name in ("yes", "no", "abstain")),
    )
    return both.with_columns(rule=pl.lit("tally-differs"), detail=shown)


def members_only(
    rows: pl.DataFrame, answered: pl.DataFrame, known: pl.DataFrame, membership: pl.DataFrame
) -> list[pl.DataFrame]:
    """Voters who were not members that day, and members not listed, absent ones counting as listed.

    Raises:
        InvalidInput: the membership lacks a column.
    """
    require(membership, ("iso3", "start", "end"), "membership")
    terms = membership.select("iso3", "start", pl.col("end").fill_null(date(9999, 1, 1)))
    days = known.filter(pl.col("rcid").is_in(rows["rcid"].implode()) & pl.col("date").is_not_null())
    due = days.join_where(terms, pl.col("date") >= pl.col("start"), pl.col("date") <= pl.col("end"))
    due = due.unique(("rcid", "iso3"))
    outside = answered.filter(pl.col("date").is_not_null()).join(
        due, on=("rcid", "iso3"), how="anti", maintain_order="left"
    )
    missing = due.join(rows, on=("rcid", "iso3"), how="anti").sort("iso3")
    missing = missing.group_by("rcid", "symbol", "date").agg(pl.col("iso3")).sort("rcid")
    voted = pl.col("vote").replace_strict(ANSWERS, return_dtype=pl.String)
    return [
        outside.with_columns(rule=pl.lit("not-a-member"), detail=pl.format("listed as voting {}", voted)),
        missing.with_columns(rule=pl.lit("member-missing"), detail=pl.col("iso3").list.join(", ")).drop(
            "iso3"
        ),
    ]


def no_such_state(answered: pl.DataFrame) -> pl.DataFrame:
    """Votes of states that were not members of the United Nations on the day."""
    strange = answered.filter(~existed(answered).fill_null(True))
    return strange.with_columns(
        rule=pl.lit("no-such-state"), detail=pl.lit("not a member of the United Nations")
    )


def answers_repeated(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """States listed more than once in a roll call: with one answer, and with several."""
    groups = rows.group_by("rcid", "iso3", maintain_order=True).agg(
        pl.len().alias("times"),
        pl.col("vote").n_unique().alias("kinds"),
        pl.col("symbol", "date", "file").first(),
        pl.col("row").last(),
    )
    several = groups.filter(pl.col("times") > 1)
    detail = pl.format("listed {} times", "times")
    return [
        several.filter(pl.col("kinds") == 1).with_columns(rule=pl.lit("answer-twice"), detail=detail),
        several.filter(pl.col("kinds") > 1).with_columns(rule=pl.lit("answers-differ"), detail=detail),
    ]


def rollcall_twice(answered: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """Roll calls that repeat an earlier one's symbol, day and every answer; unanimous ones are not compared.

    Where there is no symbol the title stands in for it.
    """
    answers = (
        answered.sort("rcid", "iso3")
        .group_by("rcid", maintain_order=True)
        .agg(
            pl.struct("iso3", "vote")
            .hash(0)
            .implode()
            .list.eval(pl.element().cast(pl.String))
            .list.join("-")
            .alias("all"),
            pl.col("vote").n_unique().alias("kinds"),
        )
    )
    told = calls.join(answers.filter(pl.col("kinds") > 1), on="rcid", maintain_order="left")
    told = told.with_columns(text=pl.coalesce("symbol", "title")).filter(pl.col("text").is_not_null())
    same = ("text", "date", "all")
    first = pl.col("rcid").first().over(same)
    again = told.with_columns(earlier=first).filter(pl.col("earlier") != pl.col("rcid"))
    return again.with_columns(rule=pl.lit("rollcall-twice"), detail=pl.format("same as {}", "earlier"))


def impossible_date(calls: pl.DataFrame, as_of: date | None) -> pl.DataFrame:
    """Dates that cannot be: none at all, yet to come, or (General Assembly) outside the years of the session."""
    day, session = pl.col("date"), pl.col("session").cast(pl.Int64)
    opened = session + 1945
    # Files without sessions count by the year.
    numbered = (pl.col("body") == "unga") & (session != day.dt.year())
    outside = numbered & ~day.dt.year().is_between(opened, opened + 1)
    checked = calls.with_columns(
        detail=pl.when(day.is_null())
        .then(pl.lit("no date"))
        .when(day < date(1945, 10, 24))
        .then(pl.lit("before the United Nations"))
        .when(day > pl.lit(as_of, pl.Date))
        .then(pl.lit("yet to come"))
        .when(outside)
        .then(pl.format("session {} sat in {} and {}", session, opened, opened + 1))
    )
    return checked.filter(pl.col("detail").is_not_null()).with_columns(rule=pl.lit("impossible-date"))


def reversed_title(calls: pl.DataFrame) -> pl.DataFrame:
    """Roll calls whose title says that a yes undoes something."""
    told = calls.with_columns(detail=pl.col("title").str.slice(0, 120))
    return told.filter(pl.col("title").str.contains(UNDOES)).with_columns(rule=pl.lit("reversed"))


def no_rollcall(rows: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """Votes whose roll call is not listed."""
    lost = rows.join(calls.select("rcid"), on="rcid", how="anti", maintain_order="left")
    return lost.with_columns(rule=pl.lit("no-rollcall"), detail=pl.lit("its roll call is not listed"))
