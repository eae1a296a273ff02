"""When the documents claim to be from: years, and the months of a year. For the record's owner alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from onrecord.pages import addresses, charts
from onrecord.pages.answers.documents import THREAD, UNDATED, iso_day
from onrecord.pages.blocks import Block, Cell, Facts, Figure, Table
from onrecord.pages.evidence import Evidence
from onrecord.pages.listed import Listed
from onrecord.pages.marked import visible
from onrecord.pages.page import Asked, Link, Page
from onrecord.pages.words import plural

_MONTHS = ("January", "February", "March", "April", "May", "June", "July",
           "August", "September", "October", "November", "December")  # fmt: skip
_SHOWN = 500
_MOST_YEARS = 60
_UNCHECKED = "A date is what a file says of itself, in its metadata or headers; nobody has checked it."


def answer(evidence: Evidence, asked: Asked, _key: str) -> Page:
    """Every year that documents claim, or the months of one year with its documents in order."""
    files = evidence.shelf.files(evidence.record)
    dated = sorted((file for file in files if file.date), key=lambda file: (file.date, file.path))
    year = asked.query.get("year", "")
    chosen = [file for file in dated if str((file.date or 0) // 10000) == year] if year else dated
    says = _says(files, dated, chosen, year)
    figure = _months(chosen, says, asked) if year else _years(dated, says, asked)
    blocks: list[Block] = [figure, *([_table(chosen)] if year else [])] if chosen else []
    blocks += [_undated(len(files) - len(dated))] if len(dated) < len(files) else []
    overview = Link("By claimed date", addresses.DOCUMENT_TIMELINE)
    return Page(
        path=addresses.DOCUMENT_TIMELINE,
        template="blocks.html",
        title=f"Documents that claim to be from {visible(year)}" if year else "Documents by claimed date",
        finding=says,
        thread=(*THREAD, overview) if year else THREAD,
        content=tuple(blocks),
        tables={"documents": _frame(chosen)},
        pictures={figure.name: figure.svg} if chosen else {},
        section="Documents",
        partial=" ".join((_UNCHECKED, *_still_to_come(chosen, asked))),
    )


def _undated(count: int) -> Facts:
    """How many files claim no date, with the way to them: they stand in no year."""
    way = Cell(
        plural(count, "file", "files"), f"{addresses.DOCUMENTS}#files-heading", query={"year": UNDATED}
    )
    return Facts((("No claimed date", way),))


def _still_to_come(chosen: Sequence[Listed], asked: Asked) -> Iterator[str]:
    """That files claim a day after the one the page is for, if some do."""
    today = int(f"{asked.when:%Y%m%d}")
    if later := sum((file.date or 0) > today for file in chosen):
        yield f"{plural(later, 'file claims', 'files claim')} a day that is still to come."


def _says(files: Sequence[Listed], dated: Sequence[Listed], chosen: Sequence[Listed], year: str) -> str:
    without = f"{plural(len(files) - len(dated), 'file claims', 'files claim')} no date"
    if year:
        return f"{plural(len(chosen), 'file claims', 'files claim')} to be from {visible(year)}; {without}."
    if not dated:
        return f"{without}."
    first, last = iso_day(dated[0].date or 0), iso_day(dated[-1].date or 0)
    return (
        f"{plural(len(dated), 'file claims a date', 'files claim dates')} from {first} to {last}; {without}."
    )


def _years(dated: Sequence[Listed], says: str, asked: Asked) -> Figure:
    counts = Counter((file.date or 0) // 10000 for file in dated)
    link = asked.links(addresses.DOCUMENT_TIMELINE)
    rows = [
        charts.Bar(
            str(year),
            counts[year],
            f"{counts[year]:,}",
            href=link(addresses.DOCUMENT_TIMELINE, year=str(year)) if counts[year] else None,
        )
        for year in _span(counts)
    ]
    svg = charts.bars(rows, picture_id="years", title=says, as_of=asked.when, unit="files")
    return Figure("years", svg, "Files by the year they claim; a year leads to its months.")


def _span(counts: Mapping[int, int]) -> Iterable[int]:
    """The years from the first to the last, empty ones too unless they are so many that they would hide the others."""
    if not counts or max(counts) - min(counts) > _MOST_YEARS:
        return sorted(counts)
    return range(min(counts), max(counts) + 1)


def _months(chosen: Sequence[Listed], says: str, asked: Asked) -> Figure:
    counts = Counter((file.date or 0) // 100 % 100 for file in chosen)
    rows = [
        charts.Bar(name, counts[number], f"{counts[number]:,}")
        for number, name in enumerate(_MONTHS, start=1)
    ]
    svg = charts.bars(rows, picture_id="months", title=says, as_of=asked.when, unit="files")
    return Figure("months", svg, "Files by the month they claim.")


def _table(chosen: Sequence[Listed]) -> Table:
    shown = f", the first {_SHOWN} of them" if len(chosen) > _SHOWN else ""
    return Table(
        "documents",
        f"In order of the claimed date{shown}",
        (("Claimed date", "date"), ("File", "head"), ("Kind", "text")),
        [(iso_day(file.date or 0), _link(file), file.row.kind) for file in chosen[:_SHOWN]],
        heading="Documents",
    )


def _link(file: Listed) -> Cell:
    name = visible(file.path.rpartition("/")[2])
    return Cell(name, addresses.document(file.row.sha256) if file.row.sha256 else None)


def _frame(chosen: Sequence[Listed]) -> pl.DataFrame:
    rows = [(iso_day(file.date or 0), file.path, file.row.sha256, file.row.kind) for file in chosen]
    columns = ("claimed_date", "path", "sha256", "kind")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
