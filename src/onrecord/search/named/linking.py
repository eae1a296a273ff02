"""Putting a judgement on record: two entries or mentions are the same person, different, or nobody can say.

A mention that is judged is put on record first, as a private case with its citation, and its document as a private
source: so the judgement points to something that stays when derived data are deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, get_args

import polars as pl

from onrecord.errors import EntryNotFound, UsageError
from onrecord.model import Citation
from onrecord.model.citation import FragmentSelector, TextQuoteSelector
from onrecord.model.kinds import Correction, Decision, Entry, Name, Person, Source
from onrecord.record import KEEPER, Record
from onrecord.search.named.gathered import gathered
from onrecord.search.named.mention import Mention
from onrecord.search.named.rows import Mentions

_DOCUMENT = re.compile("mention/([0-9a-f]{16})/")

Verdict = Literal["same", "different", "unsure"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement as it was put on record: the id of its decision, and the mentions that came on record with it."""

    decision: str
    mentions: tuple[str, ...]


def judge(
    record: Record,
    a: str,
    b: str,
    verdict: Verdict,
    reason: str,
    *,
    by: str | None = None,
    public: bool = False,
) -> Judged:
    """Put on record what somebody decided about two people or mentions. It takes the place of earlier decisions.

    Args:
        a, b: ids of persons on record, or of mentions as ``onrecord find`` prints them.
        reason: why, for those who come after.
        by: who decided; the record's keeper unless given.
        public: whether visitors may see the decision; they do so only if they may see both people.

    Raises:
        UsageError: both are one, one is no person, or the reason is empty.
        EntryNotFound: there is no such person and no such mention.
        StorageError: the ledger could not keep it; nothing was changed.
    """
    if a == b:
        raise UsageError(f"{a} and {a} are one entry: there is nothing to judge. Name two.")
    if not reason.strip():
        raise UsageError("Say why with --reason: a judgement without a reason cannot be weighed by anybody.")
    new = [mention for entry_id in (a, b) if (mention := _mention(record, entry_id)) is not None]
    author = by or record.description.keeper
    decision = Decision(
        id=_next_id(record, a, b),
        subject=tuple(sorted((a, b))),
        verdict=verdict,
        reason=reason.strip(),
        decided=record.clock().date().isoformat(),
        by=author,
        visibility="public" if public else "private",
    )
    record.enter([*_entries(record, new), decision], by=author)
    return Judged(decision.id, tuple(mention.id for mention in new))


def undo(record: Record, a: str, b: str, reason: str, *, by: str | None = None) -> str:
    """Withdraw the last decision on two people, so that the one before it counts again, if there was one.

    Returns:
        The id of the decision that no longer counts; it and the correction stay readable.

    Raises:
        EntryNotFound: no decision on these two stands.
        UsageError: the reason is empty.
    """
    if not reason.strip():
        raise UsageError("Say why with --reason.")
    decisions = record.as_seen_by(KEEPER).table("decision").sort("seq")
    decisions = decisions.filter(pl.col("verdict").is_in(get_args(Verdict)))
    pair = {a, b}
    standing = [row["id"] for row in decisions.iter_rows(named=True) if set(row["subject"]) == pair]
    if not standing:
        raise EntryNotFound(
            f"No decision on {a} and {b} stands. `onrecord people clusters` lists those that do."
        )
    correction = Correction(
        id=f"{standing[-1]}/withdrawn", replaces=standing[-1], reason=reason.strip(), withdraw=True
    )
    record.enter([correction], by=by)
    return str(standing[-1])


def _mention(record: Record, entry_id: str) -> Mention | None:
    """The mention with that id where it is not on record yet; None where a person with that id is.

    Raises:
        UsageError: the entry is no person.
        EntryNotFound: there is neither.
    """
    with record.ledger.reading() as reader:
        kind = reader.kind_of(entry_id)
    if kind == "person":
        return None
    if kind is not None:
        raise UsageError(
            f"{entry_id} is on record as {kind}, not as person. Give ids as `onrecord find` prints them."
        )
    found = _DOCUMENT.match(entry_id)
    mentions = Mentions(gathered(record)).of_document(found[1]) if found else iter(())
    mention = next((mention for mention in mentions if mention.id == entry_id), None)
    if mention is None:
        raise EntryNotFound(
            f"There is no person and no mention {entry_id!r}. Give ids as `onrecord find` prints them."
        )
    return mention


def _next_id(record: Record, a: str, b: str) -> str:
    """An id for the next decision on two entries: the same pair, one number on."""
    pair = sha256("\0".join(sorted((a, b))).encode()).hexdigest()[:16]
    with record.ledger.reading() as reader:
        number = 1
        while reader.find(f"same-person/{pair}/{number}") is not None:
            number += 1
    return f"same-person/{pair}/{number}"


def _entries(record: Record, mentions: list[Mention]) -> Iterator[Entry]:
    sources = {
        sha: entry_id
        for entry_id, sha in record.as_seen_by(KEEPER).table("source").select("id", "sha256").iter_rows()
        if sha
    }
    for mention in mentions:
        if mention.document not in sources:
            sources[mention.document] = f"document/{mention.document[:16]}"
            title = f"Document {mention.document[:16]}"
            yield Source(id=sources[mention.document], title=title, sha256=mention.document)
        yield _person(mention, sources[mention.document])


def _person(mention: Mention, source: str) -> Person:
    place = (FragmentSelector(value=mention.selector),) if mention.selector else ()
    quote = TextQuoteSelector(exact=mention.name)
    return Person(
        id=mention.id,
        names=(Name(text=mention.name),),
        summary=f"Named in a document, {mention.locator}. On record because it was compared with somebody.",
        born=mention.about.born,
        sex="female" if mention.about.sex == "female" else "male" if mention.about.sex == "male" else None,
        from_=mention.about.place,
        citations=(Citation(source=source, supports=mention.locator, selectors=(*place, quote)),),
    )
