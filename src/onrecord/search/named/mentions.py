"""The names that stand in a document: in the name columns of its tables, and in its running text by a stated rule.

In running text a name is

* Hanzi on both sides of a middle dot (米尔扎提·塔依尔): the name begins with the characters before the first dot that
  are used to transcribe (those of the trained table, at most six) and ends with such characters behind the last; words
  of grammar on its edges (于, 的, 和 …) are left out;
* two to four words in a row of Latin or Cyrillic letters that each begin with a capital.

The first place of each name in a document is kept; the full text search finds the others. The rule goes by shape, not by
language or origin. Uyghur and Kazakh in Arabic letters have no capitals, so in such text, and in Hanzi without a dot, names
are found by best effort only (:mod:`onrecord.search.named.running`).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq

from onrecord.errors import StorageError
from onrecord.ingest.cells import cell_at, row_selector
from onrecord.ingest.reading import Piece, Reading
from onrecord.model.citation import Citation, FragmentSelector, TextPositionSelector, locator_in_words
from onrecord.names.parts import LONGEST_NAME
from onrecord.names.tables import rows as table_rows
from onrecord.search.named.columns import about_in, heads_in
from onrecord.search.named.mention import Mention
from onrecord.search.named.running import arabic_names, labelled

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003347f"
_DOTTED = re.compile(f"[{_HAN}]+(?:[·•‧∙・･᛫●⋅．][{_HAN}]+)+")
_END_CHARACTERS = 6
_MOST_WORDS = 4
_GRAMMAR = frozenset("于在是的和与被从向对为说及等叫即")
"""Characters that stand beside a name far more often than at its edge; some of them transcribe within one."""

_PART_ORDER = ("family", "given", "father")


def mentions_of(digest: str, reading: Reading, folder: Path) -> Iterator[Mention]:
    """The names in one document.

    Args:
        digest: its SHA-256.
        reading: what was read of it.
        folder: where its derivative lies, with the cells of its tables as Parquet.

    Raises:
        StorageError: a table is missing or damaged.
    """
    for number, table in enumerate(reading.tables, start=1):
        if table.name or table.columns:
            yield from _in_table(digest, folder / f"table-{number}.parquet")
    yield from in_text(digest, reading.pieces)


def _in_table(digest: str, path: Path) -> Iterator[Mention]:
    if not path.exists():  # a sheet without a cell
        return
    try:
        table = pq.read_table(path)
    except (OSError, ValueError) as cause:
        raise StorageError(
            f"The table {path} cannot be read: {cause}. Run `onrecord add --retry all` to make it again."
        ) from cause
    stored = table.schema.metadata or {}
    columns = table.column_names[1:]
    letters: dict[str, str] = json.loads(stored.get(b"letters", b"{}"))
    yield from in_rows(
        digest,
        stored.get(b"sheet", b"").decode() or None,
        [letters.get(name, name) for name in columns],
        [None if name == letters.get(name) else name for name in columns],
        table.column("_row").to_pylist(),
        [table.column(name).to_pylist() for name in columns],
    )


def in_rows(
    digest: str,
    sheet: str | None,
    letters: Sequence[str],
    heads: Sequence[str | None],
    rows: Sequence[int],
    cells: Sequence[Sequence[str | None]],
) -> Iterator[Mention]:
    """The names in one table.

    Args:
        sheet: its name, None in a CSV.
        letters: the columns' letters.
        heads: what stands in the row above ``rows``.
        rows: the original number of each row.
        cells: column by column, values as stored.
    """
    top = [list(heads), *([column[at] for column in cells] for at in range(min(len(rows), 10)))]
    found = heads_in(top)
    if found is None:
        return
    first, facts = found
    for row, values in zip(
        rows[first:], zip(*(column[first:] for column in cells), strict=True), strict=True
    ):
        held: dict[str, list[str]] = defaultdict(list)
        for column, fact in facts.items():
            if value := (values[column] or "").strip():
                held[fact].append(value)
        for column, name in _names(facts, values, held):
            letter = letters[column]
            yield Mention(
                name=name,
                document=digest,
                locator=f"cell {sheet}!{letter}{row}" if sheet else f"cell {letter}{row}",
                selector=row_selector(sheet, letter, letter, row).value,
                about=about_in(held),
            )


def _names(
    facts: dict[int, str], values: Sequence[str | None], held: dict[str, list[str]]
) -> Iterator[tuple[int, str]]:
    """Column and name of everybody named in a row: each cell of a name column, else surname and given name together."""
    whole = [(column, (values[column] or "").strip()) for column, fact in facts.items() if fact == "name"]
    parts = [held[fact][0] for fact in _PART_ORDER if held.get(fact)]
    at = next((column for column, fact in facts.items() if fact in {"given", "family"}), None)
    if not any(name for _, name in whole) and at is not None and (held.get("given") or held.get("family")):
        whole = [(at, " ".join(parts))]
    for column, name in whole:
        if len(name) <= LONGEST_NAME and any(map(str.isalpha, name)):
            yield column, " ".join(name.split())


def in_text(digest: str, pieces: Iterable[Piece]) -> Iterator[Mention]:
    """The names in running text, each at its first place; cells of tables are left to :func:`in_rows`."""
    seen: set[str] = set()
    for piece in pieces:
        if cell_at(piece, 0) is not None:
            continue
        for start, name in _in_piece(piece.text):
            if name not in seen:
                seen.add(name)
                yield Mention(name, digest, _locator(piece, start), _fragment(piece))


def _in_piece(text: str) -> Iterator[tuple[int, str]]:
    for found in _capitalised().finditer(text):
        words = found[0].split()
        if len(words) <= _MOST_WORDS:
            yield found.start(), " ".join(words)
    for found in _DOTTED.finditer(text):
        start, end = _transcribed(found[0])
        if start < end:
            yield found.start() + start, found[0][start:end]
    yield from labelled(text, _capitalised_word())
    yield from arabic_names(text)


def _transcribed(run: str) -> tuple[int, int]:
    """Where in Hanzi with dots the name begins and ends; an empty range where no end of it is a transcription."""
    known = _transcription_characters()
    dots = [at for at, character in enumerate(run) if character < "\u3400"]
    start, end = dots[0], dots[-1] + 1
    while start > 0 and dots[0] - start < _END_CHARACTERS and run[start - 1] in known:
        start -= 1
    while end < len(run) and end - dots[-1] <= _END_CHARACTERS and run[end] in known:
        end += 1
    while start < dots[0] and run[start] in _GRAMMAR:
        start += 1
    while end > dots[-1] + 1 and run[end - 1] in _GRAMMAR:
        end -= 1
    return (start, end) if start < dots[0] and end > dots[-1] + 1 else (0, 0)


@cache
def _transcription_characters() -> frozenset[str]:
    return frozenset(row["symbol"] for row in table_rows("channel.csv") if row["symbol"] >= "\u3400")


@cache
def _capitalised_word() -> str:
    letters = [chr(code) for code in (*range(0x41, 0x250), *range(0x400, 0x530), *range(0x1E00, 0x1F00))]
    capital = f"[{''.join(c for c in letters if c.isupper())}]"
    letter = f"[{''.join(c for c in letters if c.isalpha())}]"
    return f"{capital}{letter}*(?:['’ʼ‘`-]{letter}+)*"


@cache
def _capitalised() -> re.Pattern[str]:
    """Capitalised words in a row, one space between neighbours; how many there may be is for the caller to say."""
    word = _capitalised_word()
    return re.compile(rf"(?<![\w'’-]){word}(?:[ \u00a0]{word})+(?![\w'’-])")


def _locator(piece: Piece, start: int) -> str:
    """The place in words; characters are counted from 1, over the whole text where the piece says where in it it lies."""
    begins = next((s.start for s in piece.selectors if isinstance(s, TextPositionSelector)), 0)
    others = tuple(s for s in piece.selectors if not isinstance(s, TextPositionSelector))
    words = locator_in_words(Citation(source="", selectors=others))
    return ", ".join(filter(None, (words, f"character {begins + start + 1:,}")))


def _fragment(piece: Piece) -> str:
    return next((s.value for s in piece.selectors if isinstance(s, FragmentSelector)), "")
