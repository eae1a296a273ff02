"""What was taken in: folders, what became of each file, and how many of each kind. For the record's owner alone."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import polars as pl

from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.reading import Outcome
from onrecord.pages import addresses
from onrecord.pages.blocks import Cell, Table
from onrecord.pages.evidence import Evidence
from onrecord.pages.listed import Listed
from onrecord.pages.marked import visible
from onrecord.pages.page import Asked, Link, Page
from onrecord.pages.words import plural

THREAD = (Link("The record", addresses.FRONT), Link("Documents", addresses.DOCUMENTS))
UNDATED = "none"
"""What stands for a year in an address where files that claim no date are asked for."""

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, or a file that holds files, with how many lie in it at any depth; ``document`` is that file's page."""

    name: str
    path: str
    files: int
    document: str | None


@dataclass(frozen=True, slots=True)
class DocumentsContent:
    """What ``documents.html`` shows.

    ``query`` holds what was chosen, ``above`` the folder around the chosen one, ``document`` the page of the file that
    the chosen one is, if it is one.
    """

    folder: str
    above: str | None
    document: str | None
    folders: tuple[Folder, ...]
    query: Mapping[str, str]
    outcomes: tuple[str, ...]
    kinds: tuple[str, ...]
    statistics: tuple[Table, ...]
    files: Table
    further: str | None


def answer(evidence: Evidence, asked: Asked, _key: str) -> Page:
    """The files in a folder that have the chosen outcome, kind, claimed year and name; its own files come first."""
    every = evidence.shelf.files(evidence.record)
    folder = asked.query.get("folder", "").rstrip("/") or _root(every)
    inside = [file for file in every if file.path.startswith(f"{folder}/")]
    chosen = [file for file in inside if _is_chosen(file, asked.query)]
    chosen.sort(key=lambda file: (file.path.count("/", len(folder) + 1) > 0, file.path))
    holding = {file.path: addresses.document(file.row.sha256) for file in every if file.row.sha256}
    start = int(asked.query["from"]) if asked.query.get("from", "").isdecimal() else 0
    kept = {name: value for name, value in asked.query.items() if value and name != "from"}
    return Page(
        path=addresses.DOCUMENTS,
        template="documents.html",
        title="Documents",
        finding=_finding(every, chosen, _waiting(evidence)),
        thread=THREAD[:1],
        content=DocumentsContent(
            folder=folder,
            above=os.path.dirname(folder) if folder != _root(every) else None,
            document=holding.get(folder),
            folders=tuple(_folders(inside, folder, holding)),
            query=kept,
            outcomes=tuple(Outcome),
            kinds=tuple(sorted({file.row.kind for file in every})),
            statistics=(_by_kind(inside), _by_year(inside)),
            files=_table(chosen[start : start + _SHOWN], folder),
            further=str(start + _SHOWN) if len(chosen) > start + _SHOWN else None,
        ),
        tables={"documents": partial(_frame, chosen)},
        section="Documents",
        partial="Paths, names and dates are what the files claim; only the hash of the bytes is a fact.",
    )


def _root(files: list[Listed]) -> str:
    """The folder that all files lie in."""
    folders = {os.path.dirname(file.path) for file in files if not file.row.member_of}
    return os.path.commonpath(folders).rstrip("/") if folders else ""


def _is_chosen(file: Listed, query: Mapping[str, str]) -> bool:
    year = query.get("year", "")
    return (
        query.get("outcome", "") in {"", file.row.outcome}
        and query.get("kind", "") in {"", file.row.kind}
        and (not year or _year(file) == year)
        and query.get("name", "").strip().casefold() in file.path.rpartition("/")[2].casefold()
    )


def _year(file: Listed) -> str:
    return str(file.date)[:-4] if file.date else UNDATED


def _folders(files: list[Listed], folder: str, holding: Mapping[str, str]) -> Iterator[Folder]:
    below = (file.path[len(folder) + 1 :] for file in files)
    counts = Counter(path.partition("/")[0] for path in below if "/" in path)
    for name, count in sorted(counts.items()):
        path = f"{folder}/{name}"
        yield Folder(visible(name), path, count, holding.get(path))


def _waiting(evidence: Evidence) -> int:
    """How many originals are kept that no reader has read yet, as after a run that was cut short."""
    with closing(open_catalogue(evidence.record)) as catalogue:
        return len(catalogue.waiting())


def _finding(everything: list[Listed], chosen: list[Listed], waiting: int) -> str:
    read = sum(file.row.outcome == Outcome.READ for file in everything)
    shown = f" {plural(len(chosen), 'is', 'are')} shown here." if len(chosen) != len(everything) else ""
    later = (
        f" {plural(waiting, 'other is', 'others are')} kept and not read yet; the next `onrecord add` reads them."
        if waiting
        else ""
    )
    return f"{plural(len(everything), 'file was', 'files were')} taken in, members included; {read:,} read whole.{shown}{later}"


def _by_kind(files: list[Listed]) -> Table:
    counts = Counter((file.row.kind, file.row.outcome) for file in files)
    outcomes = [outcome for outcome in Outcome if any(o == outcome for _, o in counts)]
    kinds = sorted({kind for kind, _ in counts})
    return Table(
        "kinds",
        "What became of the files in this folder, by kind",
        (
            ("Kind", "head"),
            *((f"{outcome[0].upper()}{outcome[1:]}", "number") for outcome in outcomes),
            ("All", "number"),
        ),
        [
            (kind, *(counts[kind, o] for o in outcomes), sum(n for (k, _), n in counts.items() if k == kind))
            for kind in kinds
        ],
        heading="How many",
    )


def _by_year(files: list[Listed]) -> Table:
    counts = Counter(map(_year, files))
    undated = counts.pop(UNDATED, 0)
    return Table(
        "years",
        "Files in this folder by the year they claim for themselves",
        (("Year", "head"), ("Files", "number")),
        [*sorted(counts.items()), *([("no claimed date", undated)] if undated else [])],
    )


def _table(files: list[Listed], folder: str) -> Table:
    return Table(
        "files",
        "Files",
        (
            ("File", "head"),
            ("Kind", "text"),
            ("Outcome", "text"),
            ("Why", "text"),
            ("Claimed date", "date"),
            ("Members", "number"),
        ),
        [
            (
                _link(file, folder),
                file.row.kind,
                file.row.outcome,
                Cell(visible(file.row.reason)),
                iso_day(file.date) if file.date else Cell("none"),
                len(file.row.children),
            )
            for file in files
        ],
        heading="Files",
    )


def _link(file: Listed, folder: str) -> Cell:
    name = visible(file.path[len(folder) + 1 :])
    return Cell(name, addresses.document(file.row.sha256) if file.row.sha256 else None)


def iso_day(number: int) -> str:
    """The day that a number such as 20180524 stands for."""
    return f"{number // 10000:04}-{number // 100 % 100:02}-{number % 100:02}"


def _frame(files: list[Listed]) -> pl.DataFrame:
    text = ("path", "sha256", "kind", "outcome", "reason", "claimed_date", "reader", "version")
    rows = [
        (f.path, f.row.sha256, f.row.kind, f.row.outcome, f.row.reason, iso_day(f.date) if f.date else None,
         f.row.reader, f.row.version, len(f.row.children))
        for f in files
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={**dict.fromkeys(text, pl.String), "members": pl.Int64}, orient="row")
