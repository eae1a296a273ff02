"""The page of one original, and the way from its address to the page or one of its tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import polars as pl

from onrecord.errors import EntryNotFound
from onrecord.ingest.mending import cause_of, how_to_mend
from onrecord.ingest.reading import Outcome, Piece, Reading
from onrecord.model.citation import Citation, TextQuoteSelector
from onrecord.pages import addresses
from onrecord.pages.answers.document.custody import Custody, custody_shown
from onrecord.pages.answers.document.picture import PagePicture, picture_of
from onrecord.pages.answers.document.related import related
from onrecord.pages.answers.document.tables import Sheet, first_rows, page_of_table
from onrecord.pages.answers.document.text import HERE, Part, part_of, text_of_page
from onrecord.pages.answers.documents import THREAD, iso_day
from onrecord.pages.blocks import Cell, Facts, Links
from onrecord.pages.evidence import Evidence
from onrecord.pages.marked import visible
from onrecord.pages.page import Asked, Page
from onrecord.pages.passage_links import passage_selectors
from onrecord.pages.words import plural
from onrecord.passages.citing import leading_back
from onrecord.passages.originals import Original
from onrecord.passages.places import UNSEEN, Place, places
from onrecord.passages.sheets import Cells, cells_at

_PLACES = 20
_TABLE = re.compile(r"([0-9a-f]{64})/tables/([1-9]\d{0,5})")


@dataclass(frozen=True, slots=True)
class Marking:
    """The form that makes an entry: what stands in its fields, the secret it carries, the citation as JSON.

    ``citation`` is empty while the address names no single passage.
    """

    exact: str
    prefix: str
    suffix: str
    token: str
    citation: str


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """What ``document.html`` shows. ``notice`` says why the passage that the address names is not marked."""

    facts: Facts
    notice: str
    picture: PagePicture | None
    part: Part
    tables: tuple[Sheet, ...]
    claims: Facts
    related: tuple[Links, ...]
    custody: Custody
    marking: Marking


def answer(evidence: Evidence, asked: Asked, key: str) -> Page:
    """The page of an original, or of one of its tables.

    Raises:
        EntryNotFound: there is no such original or table.
    """
    if table := _TABLE.fullmatch(key):
        return page_of_table(evidence, asked, table[1], int(table[2]))
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise EntryNotFound(f"{key!r} is not the SHA-256 of an original. See the list of documents.")
    found = evidence.shelf.original(evidence.record, key)
    pieces = found.reading.pieces if found.reading else ()
    here, notice = _here(pieces, asked)
    tables = first_rows(evidence, found, _cells(pieces, here))
    in_table = any(row.is_here for table in tables for row in table.rows)
    custody = custody_shown(evidence.record, key)
    return Page(
        path=addresses.document(key),
        template="document.html",
        title=visible(found.name),
        finding=_finding(found),
        thread=THREAD,
        content=DocumentContent(
            facts=_facts(found),
            notice=notice,
            picture=picture_of(evidence, found, pieces, here, _number(asked, "page")),
            part=_part(pieces, here, asked, anchor="" if in_table else HERE),
            tables=tables,
            claims=_claims(found),
            related=related(evidence, found, asked.findings),
            custody=custody,
            marking=_marking(evidence, found, asked, pieces, here),
        ),
        tables={**({"text": partial(_text, pieces)} if pieces else {}), "custody": custody.rows},
        documents=custody.proofs,
        section="Documents",
        partial=_missing(found),
    )


def _here(pieces: Sequence[Piece], asked: Asked) -> tuple[list[Place], str]:
    """The places that the address names, and what to say where they are not what was meant."""
    selectors = passage_selectors(asked.query)
    quote = next((s for s in selectors if isinstance(s, TextQuoteSelector)), None)
    if quote is None and "place" not in asked.query:
        return [], ""
    if found := places(pieces, selectors):
        many = (
            f"These words stand at {len(found)} places; all are marked." if quote and len(found) > 1 else ""
        )
        return found, many
    if quote and (found := places(pieces, [TextQuoteSelector(exact=quote.exact)])):
        return found, "These words do not stand where the citation says; they are marked where they do stand."
    return [], "This passage does not stand in the document as it was read."


def _cells(pieces: Sequence[Piece], here: Sequence[Place]) -> Cells | None:
    """The cells that the first place is in."""
    return cells_at(pieces[here[0].piece], here[0].start, here[0].end) if here else None


def _part(pieces: Sequence[Piece], here: Sequence[Place], asked: Asked, *, anchor: str) -> Part:
    """The text around the passage, or else on the page, or else the part, that the address names."""
    page, part = _number(asked, "page"), _number(asked, "part")
    if page and not here and not part and pieces:
        return text_of_page(pieces, page)
    return part_of(pieces, here, part, anchor)


def _number(asked: Asked, name: str) -> int | None:
    given = asked.query.get(name, "")
    return int(given) if given.isdecimal() and 0 < len(given) < 8 else None


def _finding(found: Original) -> str:
    if found.reading is None:
        return "It is kept and has not been read yet; the next `onrecord add` reads it."
    reading = found.reading
    why = f" ({visible(reading.reason)})" if reading.reason else ""
    held = [plural(len(reading.pieces), "piece of text", "pieces of text")] if reading.pieces else []
    held += [plural(len(reading.tables), "table", "tables")] if reading.tables else []
    held += [plural(len(found.members), "member", "members")] if found.members else []
    what = f" It holds {' and '.join(held)}." if held else ""
    return f"Outcome: {reading.outcome}{why}.{what}{_again(reading)}"


def _again(reading: Reading) -> str:
    """What can be done where nothing, or not all, was read."""
    if reading.outcome == Outcome.READ:
        return ""
    told = how_to_mend(cause_of(reading.outcome, reading.reason))
    what = f" What you can do: {told}." if told else ""
    again = f"`onrecord add --retry '{reading.outcome}'` tries again with the readers there are."
    return f"{what} The original is kept whole; {again}"


def _missing(found: Original) -> str | None:
    warnings = found.reading.warnings if found.reading else ()
    return " ".join(map(visible, warnings)) or None


def _facts(found: Original) -> Facts:
    reading = found.reading
    pairs: list[tuple[str, object]] = [("SHA-256 of the original", found.sha256)]
    pairs += [("Place, as claimed", Cell(visible(place))) for place in found.places[:_PLACES]]
    if (more := len(found.places) - _PLACES) > 0:
        pairs.append(("More places", f"{plural(more, 'other', 'others')}; custody below has all"))
    if found.members and found.places:
        inside = Cell(
            plural(len(found.members), "member", "members"),
            addresses.DOCUMENTS,
            query={"folder": found.places[0]},
        )
        pairs.append(("In it, as a folder", inside))
    if reading:
        pairs += [("Kind, by its bytes", reading.kind), ("Read by", f"{reading.reader} {reading.version}")]
    return Facts(tuple(pairs))


def _claims(found: Original) -> Facts:
    claims = found.reading.claims if found.reading else ()
    dated = [("Date, as the file claims it", iso_day(found.date))] if found.date else []
    said = [(visible(name), Cell(visible(value))) for name, value in claims]
    return Facts((*dated, *said), heading="What the file says of itself")


def _marking(
    evidence: Evidence, found: Original, asked: Asked, pieces: Sequence[Piece], here: Sequence[Place]
) -> Marking:
    token = evidence.form_token
    query = asked.query
    if len(here) != 1 or here[0].start == here[0].end:
        exact, prefix, suffix = (_typed(query.get(name)) for name in ("exact", "prefix", "suffix"))
        return Marking(exact, prefix, suffix, token, "")
    selectors = leading_back(pieces, here[0])
    quote = selectors[-1]
    assert isinstance(quote, TextQuoteSelector), "the quotation comes last"
    ids = asked.findings.table("source").filter(pl.col("sha256") == found.sha256)["id"]
    source = ids[0] if len(ids) else f"original-{found.sha256[:16]}"
    exact, prefix, suffix = map(_typed, (quote.exact, quote.prefix, quote.suffix))
    return Marking(exact, prefix, suffix, token, _as_json(Citation(source=source, selectors=selectors)))


def _typed(text: str | None) -> str:
    """The text as it can stand in a field of a form, which has one line; for matching it is the same."""
    return " ".join(UNSEEN.sub("", text or "").split())


def _as_json(citation: Citation) -> str:
    """The citation as JSON in which every character that is not seen is an escape."""
    text = msgspec.json.format(msgspec.json.encode(citation), indent=1).decode()
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _text(pieces: Sequence[Piece]) -> pl.DataFrame:
    """Every piece of text with its place, to take away."""
    rows = [
        (n, msgspec.json.encode(p.selectors).decode(), p.mark, p.text) for n, p in enumerate(pieces, start=1)
    ]
    schema = {"piece": pl.Int64, "place": pl.String, "mark": pl.String, "text": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
