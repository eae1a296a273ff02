"""Pages of hostile PDF files and pictures as pixels: each is drawn, or words say why not, within its limits."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack

import pytest

from onrecord.errors import OnrecordError
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.source import Options
from tests.ingest.hostile import CASES
from tests.ingest.hostile.case import Case

_LIMITS = Options(cpu_seconds=4)
_FILES_A_SANDBOX = 50
_OF_LIBRARIES = re.compile(r"[Pp]df ?ium|Error\b|Exception|Traceback|decoder|codec|<")
_DRAWN = (".pdf", ".png", ".jpg", ".tif", ".gif", ".bmp", ".webp", ".heic", ".avif", ".jp2", ".psd", ".ico")


def _drawn(cases: Iterable[Case]) -> dict[str, str]:
    """Of each file what was said of its first page: its size in pixels, or why there is none."""
    said = {}
    with ExitStack() as sandboxes:
        for number, case in enumerate(cases):
            if number % _FILES_A_SANDBOX == 0:
                sandboxes.close()
                sandbox = sandboxes.enter_context(Sandbox(_LIMITS, workers=1))
            with tempfile.TemporaryFile() as file:
                file.write(case.make())
                file.flush()
                try:
                    page = sandbox.picture(file, case.name, 1, 300)
                    said[case.name] = f"{page.width} by {page.height}"
                except OnrecordError as error:
                    said[case.name] = str(error).partition(" could not be drawn: ")[2]
    return said


def test_why_a_page_is_not_drawn_is_said_in_words() -> None:
    named = {case.name: case for case in CASES}
    wanted = ("branch that holds all but pages.pdf", "closed lock AES-256.pdf", "strips of no rows.tif", "40,000 by 40,000.heic")  # fmt: skip
    assert _drawn(named[name] for name in wanted) == {
        "branch that holds all but pages.pdf": "the page is damaged and does not load.",
        "closed lock AES-256.pdf": "the PDF opens only with a password.",
        "strips of no rows.tif": "the picture cannot be decoded: what it says of its size or its packing does not "
        "fit what it holds.",
        "40,000 by 40,000.heic": "limit pixels (120000000).",
    }


@pytest.mark.slow
def test_every_hostile_page_is_drawn_or_words_say_why_not() -> None:
    said = _drawn(case for case in CASES if case.name.endswith(_DRAWN))
    assert {name: words for name, words in said.items() if not words or _OF_LIBRARIES.search(words)} == {}
    assert said["tiles of a millionth.pdf"] == "the worker was lost (limit CPU seconds (4))."
