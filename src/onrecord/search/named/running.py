"""Names in running text that no capital letter and no middle dot gives away: by best effort.

A name is also

* what stands behind a label and a colon at the beginning of a line or clause (``姓名：王伟``, ``ئىسمى: مىرزات تاھىر``,
  ``Name: Mirzat``): the labels are the column heads that hold names;
* two to four words in a row in Arabic letters of which every one is listed as a name or title, or ends as names do
  (-jan, -gul, -oghli): see :func:`onrecord.names.parts.looks_like_name`.

Many a name in Arabic letters is neither; the full text search finds its spelling.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from onrecord.names.parts import looks_like_name

_ARABIC = "[\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdcf\ufdf0-\ufefc]+"
_ARABIC_RUN = re.compile(rf"(?<!\w){_ARABIC}(?:[ \u00a0\u200c]{_ARABIC})+(?!\w)")
_WORD = re.compile(_ARABIC)
_MOST_WORDS = 4


def labelled(text: str, capitalised: str) -> Iterator[tuple[int, str]]:
    """Start and words of each name behind a label.

    Args:
        capitalised: pattern of one word with a capital, for alphabets that have them.
    """
    for found in _labelled(capitalised).finditer(text):
        yield found.start("name"), " ".join(found["name"].split())


@cache
def _labelled(capitalised: str) -> re.Pattern[str]:
    heads = files("onrecord.search.named").joinpath("headers.csv").read_text(encoding="utf-8")
    labels = {row["word"] for row in csv.DictReader(heads.splitlines()) if row["fact"] == "name"}
    label = "|".join(re.escape(word) for word in sorted(labels, key=len, reverse=True))
    words = rf"{capitalised}(?:[ \u00a0]{capitalised}){{0,{_MOST_WORDS - 1}}}(?!\w)"
    arabic = rf"{_ARABIC}(?:[ \u00a0\u200c]{_ARABIC}){{0,{_MOST_WORDS - 1}}}(?!\w)"
    hanzi = "[\u3400-\u4dbf\u4e00-\u9fff]{2,8}(?![\u3400-\u9fff·•‧])"
    return re.compile(
        rf"(?:^|[\n\r,;|(.!?،؛؟，；。！？（])[ \t]*(?i:{label})[ \t]*[:：][ \t]*(?P<name>{words}|{arabic}|{hanzi})",
        re.MULTILINE,
    )


def arabic_names(text: str) -> Iterator[tuple[int, str]]:
    """Start and words of each run of two to four words in Arabic letters that all look like parts of names."""
    for run in _ARABIC_RUN.finditer(text):
        held: list[re.Match[str]] = []
        for word in _WORD.finditer(text, run.start(), run.end()):
            if looks_like_name(word[0]):
                held.append(word)
                continue
            yield from _name(held)
            held = []
        yield from _name(held)


def _name(held: list[re.Match[str]]) -> Iterator[tuple[int, str]]:
    if 2 <= len(held) <= _MOST_WORDS:
        yield held[0].start(), " ".join(word[0] for word in held)
