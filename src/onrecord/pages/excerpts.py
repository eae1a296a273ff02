"""Words of a reader in a longer text, whatever their case and marks: where they stand, and the text around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from markupsafe import Markup

from onrecord.pages.marked import marked

_BEFORE, _AFTER = 60, 120  # characters shown around the first word that was found
_SPACE = re.compile(r"\s")


def folded(text: str) -> str:
    """Text for comparing: compatibility forms unified, marks and case dropped."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def excerpt(text: str, wanted: Sequence[str]) -> Markup:
    """The text around the first of the words, each of them marked.

    Args:
        text: as it was written.
        wanted: folded words, of which each occurs in the folded text.
    """
    spans = _spans(text, wanted)
    first = spans[0][0] if spans else 0
    start, end = _at_words(text, max(0, first - _BEFORE), min(len(text), first + _AFTER))
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    return Markup("{}{}{}").format(
        "… " if start else "", marked(text[start:end], inside), " …" if end < len(text) else ""
    )


def _spans(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in the text as it was written, in order, those that touch made one."""
    parts = [folded(character) for character in text]
    origin = [at for at, part in enumerate(parts) for _ in part] + [len(text)]
    whole = "".join(parts)
    found = sorted(
        (origin[hit.start()], origin[hit.end() - 1] + 1)
        for word in wanted
        for hit in re.finditer(re.escape(word), whole)
    )
    merged: list[tuple[int, int]] = []
    for span in found:
        if merged and span[0] <= merged[-1][1]:
            start, end = merged.pop()
            merged.append((start, max(end, span[1])))
        else:
            merged.append(span)
    return merged


def _at_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch made smaller so that it begins and ends between words, where there are spaces."""
    if start and (space := _SPACE.search(text, start, start + _BEFORE // 2)):
        start = space.end()
    if end < len(text) and (at := text.rfind(" ", end - _BEFORE // 2, end)) > start:
        end = at
    return start, end
