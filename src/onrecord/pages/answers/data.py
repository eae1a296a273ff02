"""Take the whole record with you: every table of what the viewer may see."""

from __future__ import annotations

from onrecord.model.kinds import KINDS
from onrecord.pages import addresses
from onrecord.pages.blocks import Cell, Prose, Table
from onrecord.pages.page import Asked, Link, Page, Route, only_one

_FORMS = ("csv", "json", "parquet")


def answer(asked: Asked, _key: str) -> Page:
    """The tables of all kinds, each as CSV, JSON and Parquet, and everything as FollowTheMoney entities."""
    findings = asked.findings
    tables = {kind: findings.table(kind) for kind in KINDS}
    total = sum(len(table) for table in tables.values())
    return Page(
        path=addresses.DATA,
        template="blocks.html",
        title="Take the record with you",
        finding=f"{total:,} entries of {len(KINDS)} kinds, as tables for a spreadsheet, a program or another archive.",
        thread=(Link("The record", addresses.FRONT),),
        content=(
            Prose(
                (
                    "CSV opens in any spreadsheet and is safe there. JSON and Parquet keep lists and citations whole. "
                    "FollowTheMoney entities are read by Aleph, OpenAleph and nomenklatura.",
                    "Dates keep their precision: beside each date stand the first and the last day it could be.",
                    "checkpoint.txt is the signed state of the ledger that every page and file here was made from, key.txt "
                    "what its signature is checked with. Whoever keeps both can have it proved later that nothing "
                    "that stood in the ledger then has changed since.",
                )
            ),
            Table(
                "kinds",
                "What there is",
                (("Kind", "head"), ("Entries", "number"), *((form.upper(), "text") for form in _FORMS)),
                [
                    (k, len(t), *(Cell(f"{k}.{form}", f"{addresses.DATA}{k}.{form}") for form in _FORMS))
                    for k, t in tables.items()
                ],
            ),
        ),
        tables=tables,
        documents={
            "checkpoint.txt": str(findings.view.checkpoint).encode(),
            "key.txt": f"{findings.view.signed_with}\n".encode(),
        },
        entries=tuple(
            entry_id
            for kind in (
                "actor",
                "person",
                "event",
                "instrument",
                "position",
                "membership",
                "promise",
                "figure",
                "quote",
            )
            for entry_id in tables[kind]["id"]
        ),
    )


ROUTE = Route(addresses.DATA, answer, only_one)
