"""How long odd texts take: no answer and no refusal may take more than a tenth of a second.

    python bench/names/odd.py [--names 200000] [--json FILE]

Each text is searched for among generated names (see ``scale.py``), scored and explained against two names, the
better of two tries, in CPU milliseconds.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import scale
import task as tasks

from onrecord.names import Index, UnreadableName, explain, score

HANZI, LATIN = "米尔扎提·塔依尔", "Mierzhati Tayi'er"
TEXTS = (
    "", "M", "a" * 200, "买" * 200, "a" * 10_000, "a b c d e f g h i j", "Мirzаt", "Mirzat米尔扎提 مىرزات Мирзат",
    "ﻣﯩﺮﺯﺍﺕ ﺗﺎﮬﯩﺮ", "M\u0301i\u0301r\u0301zat", "\u202bمىرزات\u202c", "Mirzat 😀 Taher 1987", "張偉", "王伟", "The Of And",
    "12345", "\u0301" * 200, "a'" * 100, "zhang" * 40, "买提·" * 50, "abdurahmanjanxanov " * 10,
    "阿卜杜热合曼江汗诺夫", "阿卜杜热合曼江汗诺夫阿卜杜热", "Abdul Rahman Ibn Muhammad Al Uyghuri Khan Haji", "ﷺ" * 200,
    "안녕", "\x00" * 150 + "Mirzat",
)  # fmt: skip


def milliseconds(call: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(2):
        before = time.process_time()
        with suppress(UnreadableName):
            call()
        best = min(best, time.process_time() - before)
    return round(1000 * best, 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--names", type=int, default=200_000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    index = Index.build(scale.population(tasks.read_pairs(), args.names))
    index.search(LATIN)
    explain(LATIN, HANZI)
    rows = [
        {
            "text": text[:40],
            "characters": len(text),
            "search": milliseconds(lambda text=text: index.search(text)),  # type: ignore[misc]
            "score": milliseconds(lambda text=text: score(text, HANZI)),  # type: ignore[misc]
            "explain": milliseconds(lambda text=text: explain(text, LATIN)),  # type: ignore[misc]
        }
        for text in TEXTS
    ]
    for row in rows:
        print(*row.values())
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
