"""The UN Digital Library's voting export, General Assembly or Security Council: one row a member and resolution.

Columns of the Assembly's file: undl_id, ms_code, ms_name, ms_vote (Y, N, A, X or blank), date, session, resolution, draft,
committee_report, meeting, title, agenda_title, subjects, vote_note, total_yes, total_no, total_abstentions, total_non_voting,
total_ms, undl_link. The Security Council's has description and agenda in place of title and agenda_title, no session, and
permanent_member and modality: of resolutions adopted without vote the members are listed, but nobody answered. Totals are written
as 141 or 141.0. The library holds adopted resolutions only. Origin: Dag Hammarskjold Library, digitallibrary.un.org, records
4060887 and 4055387; non-commercial use with attribution.
"""

from __future__ import annotations

import polars as pl

from onrecord.votes.importers.format import (
    ROLLCALL_COLUMNS,
    VOTE_COLUMNS,
    Format,
    Imported,
    answers,
    ordered,
    refuse_unread,
)
from onrecord.votes.importers.seats import seat
from onrecord.votes.importers.tables import Table

COLUMNS = frozenset({"undl_id", "ms_code", "ms_vote", "date", "resolution"})
OTHERS = ("agenda_title", "agenda", "subjects", "meeting", "draft", "modality", "vote_note", "undl_link")
TOTALS = {"total_yes": "yes", "total_no": "no", "total_abstentions": "abstain"}


def claims(columns: frozenset[str]) -> bool:
    """Whether a table is the library's export."""
    return columns >= COLUMNS


def read(tables: list[Table]) -> list[Imported]:
    """Read every table; those with resolutions numbered S/RES are the Security Council's.

    Raises:
        InvalidInput: a vote or date cannot be read, with file and row.
    """
    frame = pl.concat([table.frame for table in tables], how="diagonal").with_columns(
        pl.all().exclude("row", "file").cast(pl.String)
    )
    frame = frame.with_columns(
        rcid=pl.col("undl_id").cast(pl.Int64, strict=False),
        # A blank cell beside a listed member means it did not vote.
        answer=pl.when(pl.col("ms_vote").fill_null("").str.strip_chars() == "")
        .then(pl.lit(8, pl.Int8))
        .otherwise(answers("ms_vote")),
        day=pl.col("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False),
        body=pl.when(pl.col("resolution").str.starts_with("S/")).then(pl.lit("sc")).otherwise(pl.lit("unga")),
    )
    for source, column, readable in (
        ("undl_id", "rcid", "a record number"),
        ("ms_vote", "answer", "Y, N, A, X or blank"),
        ("date", "day", "a date as 2022-10-06"),
    ):
        refuse_unread(frame, source, column, readable)
    frame = frame.with_columns(iso3=seat("ms_code", "day"))
    return [of_body(str(key[0]), rows) for key, rows in frame.group_by("body", maintain_order=True)]


def of_body(body: str, rows: pl.DataFrame) -> Imported:
    """One body's rows as votes and roll calls."""
    votes = voted(rows).select("rcid", "iso3", pl.col("answer").alias("vote"), "file", "row")
    first = rows.unique("rcid", keep="first", maintain_order=True)
    totals = [
        pl.col(source).cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).alias(name)
        for source, name in TOTALS.items()
        if source in rows.columns
    ]
    others = [pl.col(name) for name in OTHERS if name in rows.columns]
    titles = [pl.col(name) for name in ("title", "description") if name in rows.columns]
    year = pl.col("day").dt.year()
    session = year
    if body == "unga":
        session = running_session()
        if "session" in rows.columns:
            number = pl.col("session").str.extract(r"^(\d+)$").cast(pl.Int32, strict=False)
            # The eleventh emergency special session is no eleventh session.
            session = pl.when((year - 1945 - number).is_between(0, 1)).then(number).otherwise(session)
    calls = first.select(
        "rcid",
        "body",
        session.cast(pl.Int16).alias("session"),
        pl.col("day").alias("date"),
        pl.col("resolution").alias("symbol"),
        pl.coalesce(titles).alias("title") if titles else pl.lit(None, pl.String).alias("title"),
        *totals,
        "file",
        "row",
        *others,
    )
    return Imported("undl", body, votes.select(VOTE_COLUMNS), ordered(calls, ROLLCALL_COLUMNS))


def voted(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without those of resolutions adopted without vote, which list every member as not voting."""
    if "modality" not in rows.columns:
        return rows
    return rows.filter(~pl.col("modality").fill_null("").str.to_lowercase().str.contains("without"))


def running_session() -> pl.Expr:
    """Regular session that runs on a date, for emergency special sessions: the 77th opened in September 2022."""
    day = pl.col("day")
    return day.dt.year() - 1945 - (day.dt.month() < 9).cast(pl.Int32)


FORMAT = Format("undl", claims, read)
