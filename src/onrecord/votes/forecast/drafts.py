"""Drafts as the forecast sees them: what was known of a text before it was voted on.

A table of drafts has one row a roll call: rcid, date (Date), known (Date: only votes before this day may be used; the
first day of voting of the session), topic (the situation, empty where there is none), target (ISO3 of the state
concerned, null where none), title, headings (agenda item and subject headings, empty where not known), kind, polarity (1, or -1 where a yes goes against what the topic's resolutions
ask: hostile amendments and texts that end or put off something), scored (whether back-tests score it).
"""

from __future__ import annotations

import polars as pl

from onrecord.votes.check import UNDOES
from onrecord.votes.frames import require

# Palestine and Israel items follow a pattern of their own and are forecast, but not counted as country situations.
OWN_PATTERN = "PSE"
# Columns that may hold an Assembly text's title or headings, and how a reference to its agenda begins.
TEXTS = ("short_title", "title", "descr", "agenda_title", "subjects")
AGENDA = r"^A/\d+/251"


def council_drafts(rollcalls: pl.DataFrame) -> pl.DataFrame:
    """Drafts of the Human Rights Council from its imported roll calls.

    Args:
        rollcalls: as ``importers.hrc`` gives them: rcid, date, title, kind, situation, meeting_session; subject
            where the source has it.

    Raises:
        InvalidInput: a column is missing.
    """
    require(rollcalls, ("rcid", "date", "title", "kind", "situation", "meeting_session"), "roll calls")
    amends = pl.col("kind") == "amendment"
    topic = pl.col("situation").fill_null("")
    return rollcalls.select(
        "rcid",
        "date",
        pl.col("date").min().over("meeting_session").alias("known"),
        topic.alias("topic"),
        pl.when(topic != OWN_PATTERN).then(pl.col("situation")).alias("target"),
        pl.col("title").fill_null(""),
        (pl.col("subject").fill_null("") if "subject" in rollcalls.columns else pl.lit("")).alias("headings"),
        "kind",
        pl.when(amends | pl.col("title").str.contains(UNDOES))
        .then(-1)
        .otherwise(1)
        .cast(pl.Int8)
        .alias("polarity"),
        ((topic != "") & (topic != OWN_PATTERN) & ~amends).alias("scored"),
    ).sort("date", "rcid")


def assembly_drafts(rollcalls: pl.DataFrame) -> pl.DataFrame:
    """Drafts of the General Assembly from its imported roll calls; votes on paragraphs and amendments left out.

    Topics are empty: kindred texts are found by their words. Voeten's file keeps a text's title now in one column and
    now in another, with headings in capitals or references to the agenda in its place.

    Args:
        rollcalls: rcid, session, date; title, short_title, descr, agenda_title, subjects where the source has them;
            para and amend where it marks them.

    Raises:
        InvalidInput: a column is missing.
    """
    require(rollcalls, ("rcid", "session", "date"), "roll calls")
    marks = [pl.col(name).fill_null(0) == 1 for name in ("para", "amend") if name in rollcalls.columns]
    texts = [pl.col(name).fill_null("") for name in TEXTS if name in rollcalls.columns]
    titles = [pl.when(text.str.contains("[a-z]") & ~text.str.contains(AGENDA)).then(text) for text in texts]
    any_text = [pl.when(text.str.strip_chars() != "").then(text) for text in texts]
    whole = rollcalls.filter(~pl.any_horizontal(marks)) if marks else rollcalls
    return whole.select(
        "rcid",
        pl.col("date").cast(pl.Date),
        pl.col("date").cast(pl.Date).min().over("session").alias("known"),
        pl.lit("").alias("topic"),
        pl.lit(None, pl.String).alias("target"),
        pl.coalesce(*titles, *any_text, pl.lit("")).alias("title"),
        pl.concat_str(texts, separator=" ").alias("headings") if texts else pl.lit("").alias("headings"),
        pl.lit("resolution").alias("kind"),
        pl.lit(1, pl.Int8).alias("polarity"),
        pl.lit(True).alias("scored"),
    ).sort("date", "rcid")
