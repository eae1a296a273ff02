"""Who was judged to be one person with somebody, by whom and why, as far as the viewer may see."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from onrecord.pages import addresses
from onrecord.pages.blocks import Block, Cell, Names, Table, day
from onrecord.pages.findings import Findings
from onrecord.people import cluster_of, judged


def linked(findings: Findings, person_id: str) -> tuple[Block, ...]:
    """A table of the judgements that make somebody one person with other entries; nothing where there are none."""
    judgements = _judgements(findings)
    members = cluster_of(person_id, judgements)
    if len(members) == 1:
        return ()
    inside = judgements.filter(verdict="same").filter(pl.col("a").is_in(members) & pl.col("b").is_in(members))
    rows = [
        (
            _cell(findings, row["a"]),
            _cell(findings, row["b"]),
            Cell(row["reason"], addresses.entry(row["decision"])),
            row["by"],
            day(row["decided"]),
        )
        for row in inside.iter_rows(named=True)
    ]
    return (
        Table(
            "linked",
            f"{len(members):,} entries that were judged to be one person; each judgement can be withdrawn",
            (
                ("Entry", "head"),
                ("Same as", "text"),
                ("Why", "text"),
                ("Judged by", "text"),
                ("When", "date"),
            ),
            rows,
            heading="Judged to be the same person",
        ),
    )


@lru_cache(maxsize=8)
def _judgements(findings: Findings) -> pl.DataFrame:
    return judged(findings.table("decision"), findings.rows("person").keys())


def _cell(findings: Findings, person_id: str) -> Cell:
    names = findings.rows("person")[person_id]["names"]
    return Cell(Names(names[:1]), addresses.page_of("person", person_id), sort=names[0]["text"])
