"""Foreign text on a terminal: control and direction characters are shown as escapes, so that they do nothing."""

from __future__ import annotations

import re

_ACTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|[\t\n]"
)


def plain(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would act on."""
    return _ACTIVE.sub(lambda found: " " if found[0] in "\t\n" else f"\\u{ord(found[0]):04x}", text)
