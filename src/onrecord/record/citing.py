"""Rows of citations.csv: which entry, which source, and the place in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onrecord.errors import Problem
from onrecord.record.rows import Row

CITATION_COLUMNS = frozenset(
    [
        "entry",
        "source",
        "supports",
        "stance",
        "exact",
        "prefix",
        "suffix",
        "start",
        "end",
        "fragment",
        "conforms_to",
        "xpath",
    ]
)


def to_citation(row: Row) -> tuple[str, dict[str, Any]] | Problem:
    """The id of an entry and one citation for it, from a row of citations.csv."""
    cells = row.cells
    unknown = sorted(set(cells) - CITATION_COLUMNS)
    if unknown:
        return row.problem(
            f"There is no column {unknown[0]!r} for citations.",
            f"Use: {', '.join(sorted(CITATION_COLUMNS))}.",
            unknown[0],
        )
    for needed in ("entry", "source"):
        if needed not in cells:
            return row.problem(f"The citation has no {needed}.", "Fill it in.", needed)
    if fault := _place_fault(cells):
        return row.problem(*fault)
    return str(cells["entry"]), {
        **{name: cells[name] for name in ("source", "supports", "stance") if name in cells},
        **({"selectors": selectors} if (selectors := list(_selectors(cells))) else {}),
    }


def _place_fault(cells: dict[str, Any]) -> tuple[str, str, str] | None:
    """What is wrong with the place that a citation names, how to mend it, and in which column."""
    ends = [str(cells[name]) for name in ("start", "end") if name in cells]
    if not all(end.isascii() and end.isdigit() for end in ends):
        return "A character range is not whole numbers.", "Write 'start' and 'end' as numbers.", "start"
    if len(ends) == 1:
        return "A character range has one end only.", "Write both 'start' and 'end'.", "end"
    if ends and int(ends[1]) < int(ends[0]):
        return "A character range ends before it starts.", "Mend 'start' or 'end'.", "end"
    if "exact" not in cells and {"prefix", "suffix"} & set(cells):
        return (
            "The words before or after are given without the words themselves.",
            "Fill in 'exact'.",
            "exact",
        )
    return None


def _selectors(cells: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "exact" in cells:
        yield {
            "type": "TextQuoteSelector",
            **{n: cells[n] for n in ("exact", "prefix", "suffix") if n in cells},
        }
    if "start" in cells and "end" in cells:
        yield {"type": "TextPositionSelector", "start": int(cells["start"]), "end": int(cells["end"])}
    if "fragment" in cells:
        conforms = {"conformsTo": cells["conforms_to"]} if "conforms_to" in cells else {}
        yield {"type": "FragmentSelector", "value": cells["fragment"], **conforms}
    if "xpath" in cells:
        yield {"type": "XPathSelector", "value": cells["xpath"]}
