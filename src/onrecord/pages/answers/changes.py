"""What changed last: entries and corrections by the day they were recorded."""

from __future__ import annotations

from typing import Any

from onrecord.pages import addresses
from onrecord.pages.blocks import Block, Cell, Table
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route, only_one
from onrecord.pages.shown import label_of

_SHOWN = 200


def answer(asked: Asked, _key: str) -> Page:
    """Corrections first, then the entries recorded last."""
    findings = asked.findings
    corrections = findings.table("correction").sort("seq", descending=True).to_dicts()
    latest = newest(findings, _SHOWN)
    blocks: list[Block] = [_corrections(corrections, findings)] if corrections else []
    blocks.append(
        Table(
            "latest",
            f"The {len(latest):,} entries recorded last",
            (("Recorded", "text"), ("Entry", "head"), ("Kind", "text"), ("By", "text")),
            [
                (
                    r["recorded"][:10],
                    Cell(label_of(r["id"], findings), addresses.entry(r["id"])),
                    r["kind"],
                    r["recorded_by"],
                )
                for r in latest
            ],
        )
    )
    day = latest[0]["recorded"][:10] if latest else None
    return Page(
        path=addresses.CHANGES,
        template="blocks.html",
        title="What changed last",
        finding=(
            f"The last entry was recorded on {day}; {len(corrections)} corrections are on record."
            if day
            else "Nothing is on record yet."
        ),
        thread=(Link("The record", addresses.FRONT),),
        content=tuple(blocks),
    )


def newest(findings: Findings, count: int) -> list[dict[str, Any]]:
    """The entries recorded last, latest first, with their kind."""
    kinds = ("source", "actor", "membership", "person", "event", "instrument", "position", "promise", "figure", "quote",
             "decision")  # fmt: skip
    rows = [
        {**row, "kind": kind}
        for kind in kinds
        for row in findings.table(kind).select("id", "seq", "recorded", "recorded_by").tail(count).to_dicts()
    ]
    return sorted(rows, key=lambda row: -row["seq"])[:count]


def _corrections(corrections: list[dict[str, Any]], findings: Findings) -> Table:
    return Table(
        "corrections",
        "Corrections",
        (("Recorded", "text"), ("Of", "head"), ("Why", "text")),
        [
            (
                c["recorded"][:10],
                Cell(label_of(c["replaces"], findings), addresses.entry(c["replaces"])),
                c["reason"],
            )
            for c in corrections
        ],
    )


ROUTE = Route(addresses.CHANGES, answer, only_one)
