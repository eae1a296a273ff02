"""How we know: what is counted how, what is not known, and how to check."""

from __future__ import annotations

import polars as pl

from onrecord.pages import addresses
from onrecord.pages.blocks import Block, Cell, Facts, Links, Prose, Table
from onrecord.pages.findings import Findings
from onrecord.pages.page import Asked, Link, Page, Route, only_one
from onrecord.pages.shown import link_to

_RULES = (
    ("Entries and sources", (
        "Every fact on these pages is an entry, and every entry names the sources it was taken from and, where it was "
        "marked, the exact place in them. A number on a page is computed from entries; it leads to them.",
        "A source whose original is kept is named by the SHA-256 of its bytes, which anyone can compute again. A source "
        "known by its address only is shown as such.",
    )),
    ("Signing and not signing", (
        "A list of signatories is complete, partial or unverified. Only absence from a complete list means that a state "
        "did not sign. Absence from any other list means that its position is not known: it is hatched on the maps and "
        "never counted as silence or refusal.",
        "A state's position on a text on a day is what its acts up to that day leave: signing and joining later add it, "
        "withdrawing takes it out. On a vote, the side belongs to the draft: yes on a critical draft is critical.",
        "The count that the authors stated and the number of names on record are shown apart.",
    )),
    ("Promises", (
        "A promise is something an actor said it would do; an aspiration is a hope it expressed; an obligation follows "
        "from a treaty; an ask is a demand by somebody else. They are never added together.",
        "What has become of a promise is computed for the day at the top of the page: kept, kept late, overdue, waiting "
        "(no due date was given), broken. Nothing is called broken without an event that shows it.",
    )),
    ("Dates", (
        "A month or a year that is all that is known stays a month or a year. Days late are then a range.",
    )),
    ("Disagreement", (
        "Sources that disagree stand side by side. Where the keepers rely on one, a decision says which and why.",
    )),
    ("Proof", (
        "Entries are only ever added. Each is a leaf of a Merkle tree (RFC 6962), so that whoever kept an earlier root "
        "can prove what has and has not changed since. A correction is a later entry; the earlier wording stays readable.",
    )),
    ("People", (
        "A person's case is shown only with consent on record or because the case is public already, with the source that "
        "made it so. Entries are private until somebody makes them public, and these pages are made from public ones only.",
    )),
)  # fmt: skip


def answer(asked: Asked, _key: str) -> Page:
    """The method, the limits of this record as it stands, and the keepers' decisions."""
    findings = asked.findings
    blocks: list[Block] = [Prose(paragraphs, heading) for heading, paragraphs in _RULES]
    blocks += [_incomplete(findings), _ledger(findings)]
    if decisions := findings.table("decision")["id"].to_list():
        blocks.append(Links("Decisions", tuple(link_to(d, findings) for d in decisions)))
    lists = findings.table("instrument")
    partial = lists.filter(pl.col("list_status") != "complete").height
    return Page(
        path=addresses.METHOD,
        template="blocks.html",
        title="How we know, and what we do not",
        finding=f"{partial} of {len(lists)} lists of signatories are partial or unverified; the pages say so wherever they are used.",
        thread=(Link("The record", addresses.FRONT),),
        content=tuple(blocks),
        section="How we know",
    )


def _incomplete(findings: Findings) -> Table:
    open_lists = findings.table("instrument").filter(pl.col("list_status") != "complete").sort("date_first")
    rows = [
        (
            Cell(i["title"], addresses.page_of("instrument", i["id"])),
            i["list_status"],
            Cell(
                i["stated_count"] if i["stated_count"] is not None else "not stated",
                sort=i["stated_count"] or -1,
            ),
            i["note"],
        )
        for i in open_lists.to_dicts()
    ]
    return Table(
        "incomplete",
        "Lists that are not complete",
        (("List", "head"), ("Status", "text"), ("Stated count", "number"), ("What is missing", "text")),
        rows,
        heading="What is missing",
    )


def _ledger(findings: Findings) -> Facts:
    state = findings.view.state
    return Facts(
        (("Lines in the ledger", state.size), ("Root of the tree (SHA-256)", state.root)),
        heading="The ledger behind these pages",
    )


ROUTE = Route(addresses.METHOD, answer, only_one)
