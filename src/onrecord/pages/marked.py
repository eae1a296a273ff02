"""Foreign text on a page: escaped, with nothing in it that hides, and with the passages a reader came for marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from onrecord.passages.places import UNSEEN

_SCRIPTS = (
    ("ug-Arab", re.compile("[\u06d5\u06d0\u06c7\u06c6\u06c8\u06cb\u06ad]")),
    ("und-Arab", re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("und-Cyrl", re.compile("[\u0400-\u04ff]")),
)
_UNSEEN_PARTS = re.compile(f"({UNSEEN.pattern})")


def visible(text: str) -> str:
    """A name or line with every character that is not seen, or that turns text round, told by its code point."""
    return UNSEEN.sub(lambda found: f"⟨{_code(found[0])}⟩", text)


def marked(text: str, spans: Iterable[tuple[int, int]] = (), anchor: str = "") -> Markup:
    """The text as HTML with each span [start, end) marked; spans are in order and do not overlap.

    ``anchor`` is the id of the first mark, so that an address leads to it.
    """
    out, at = [], 0
    for start, end in spans:
        out.append(_shown(text[at:start]))
        name = Markup(' id="{}"').format(anchor) if anchor and at == 0 else ""
        out.append(Markup("<mark{}>{}</mark>").format(name, _shown(text[start:end])))
        at = end
    return Markup("").join([*out, _shown(text[at:])])


def language_of(text: str) -> str | None:
    """A language tag for fonts and voices, from the letters alone: the script that a quarter of the text is in.

    Uyghur is told from other languages in Arabic letters by vowels and consonants that only it uses.
    """
    letters = sum(character.isalpha() for character in text)
    for tag, pattern in _SCRIPTS[1:]:
        if letters and len(pattern.findall(text)) * 4 >= letters:
            return _SCRIPTS[0][0] if tag == "und-Arab" and _SCRIPTS[0][1].search(text) else tag
    return None


def _shown(text: str) -> Markup:
    """The style sheet shows the code point, so that it is seen and yet not among the words that a reader copies."""
    parts = _UNSEEN_PARTS.split(text)
    sign = Markup('<span class="unseen" title="{0}" data-code="{0}"></span>')
    return Markup("").join(
        sign.format(_code(part)) if index % 2 else escape(part) for index, part in enumerate(parts)
    )


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
