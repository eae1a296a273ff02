"""Well-formed SVG from plain values.

A picture is a string made on the server: it needs no script, prints, can be saved as a file of its own and
is the same, byte for byte, for the same data. It carries no event handler, no style attribute and no
address outside the site, so the strictest Content-Security-Policy lets it through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from markupsafe import Markup, escape

# Everything that XML 1.0 (section 2.2) forbids in a document, however it is written.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Child = Markup | str
Value = str | float | int | None


def number(value: float) -> str:
    """At most one decimal: finer than a screen shows, and the same on every machine."""
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def clean(text: str) -> Markup:
    """Text made safe between tags and in attributes, without characters that XML forbids."""
    return text if isinstance(text, Markup) else escape(_FORBIDDEN.sub("", text))


def _attribute(name: str, value: str | float) -> str:
    shown = number(value) if isinstance(value, int | float) else clean(value)
    return f' {name.rstrip("_").replace("_", "-")}="{shown}"'


def tag(name: str, *children: Child, **attributes: Value) -> Markup:
    """One element; ``stroke_width=2`` becomes ``stroke-width="2"``, and None leaves an attribute out."""
    inside = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    content = "".join(clean(child) for child in children)
    return Markup(f"<{name}{inside}>{content}</{name}>" if content else f"<{name}{inside}/>")  # noqa: S704


def join(parts: Iterable[Child]) -> Markup:
    """Parts one after another."""
    return Markup("").join(parts)


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 13,
    anchor: Literal["start", "middle", "end"] = "start",
    class_: str | None = None,
    weight: str | None = None,
) -> Markup:
    """Words at a point, in the ink of the page."""
    side = None if anchor == "start" else anchor
    return tag(
        "text", words, x=x, y=y, font_size=size, text_anchor=side, class_=class_, font_weight=weight,
        fill="currentColor",
    )  # fmt: skip


def haloed(x: float, y: float, *words: Child, size: float = 13.5) -> Markup:
    """Words that stand on top of lines and areas, set off by a rim of paper."""
    return tag(
        "text", *words, x=x, y=y, font_size=size, fill="currentColor", stroke="#fff", stroke_width=4,
        paint_order="stroke",
    )  # fmt: skip


def shortened(words: str, longest: int) -> str:
    """At most ``longest`` characters, cut at a word."""
    if len(words) <= longest:
        return words
    return words[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def line(x1: float, y1: float, x2: float, y2: float, *, width: float = 1, **attributes: Value) -> Markup:
    """A straight line in the ink of the page, unless ``stroke`` says otherwise."""
    return tag(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": "currentColor", **attributes}, stroke_width=width
    )


def link(href: str | None, words: str, *children: Child, tabbed: bool = True) -> Markup:
    """A datum: what is drawn, the words that say it, and the address of the entry behind it.

    ``tabbed=False`` takes the link out of the order of the Tab key, for pictures with hundreds of links
    that all stand again in the list beside the picture.
    """
    if href is None:
        return tag("g", tag("title", words), *children)
    order = None if tabbed else "-1"
    return tag("a", tag("title", words), *children, href=href, aria_label=words, tabindex=order)


def picture(
    *,
    picture_id: str,
    width: float,
    height: float,
    title: str,
    desc: str,
    body: Child,
    linked: bool = False,
    shrinks: bool = False,
) -> Markup:
    """The whole picture with its name and its description for those who do not see it.

    Args:
        picture_id: unique in the page; every id within the picture begins with it.
        linked: the picture holds links. Role ``img`` hides everything inside from a screen reader, so such
            a picture has role ``group`` instead (WAI-ARIA 1.2, "children presentational").
        shrinks: the picture can still be read as small as a telephone; others scroll sideways there.
    """
    return tag(
        "svg",
        tag("title", title, id=f"{picture_id}-title"),
        tag("desc", desc, id=f"{picture_id}-desc"),
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="group" if linked else "img",
        aria_labelledby=f"{picture_id}-title",
        aria_describedby=f"{picture_id}-desc",
        class_="picture shrinks" if shrinks else "picture",
        color="#1a1a1a",
        font_family="'Source Serif 4', 'Noto Naskh Arabic', 'Noto Serif SC', Georgia, serif",
    )
