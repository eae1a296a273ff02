"""Citations: a source and the exact place in it, in the terms of the W3C Web Annotation Data Model.

A selector says where in the source the fact stands. The standard's own names are kept, capitals
included, so that another annotation tool reads them: https://www.w3.org/TR/annotation-model/#selectors
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import unquote

import msgspec

from onrecord.model.integers import Integer

PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"
CSV_FRAGMENTS = "http://tools.ietf.org/rfc/rfc7111"


class TextQuoteSelector(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="type",
    tag="TextQuoteSelector",
    gc=False,
):
    """The words themselves, with what stands just before and after them."""

    exact: str
    prefix: str | None = None
    suffix: str | None = None


class TextPositionSelector(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="type",
    tag="TextPositionSelector",
    gc=False,
):
    """A half-open range of characters [start, end) in the text as read from the source."""

    start: Integer
    end: Integer


class FragmentSelector(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="type",
    tag="FragmentSelector",
    gc=False,
):
    """A page and box (``page=3&viewrect=72,90,200,14``), a row or cell (``row=5``, ``cell=5,2``) or a region."""

    value: str
    conformsTo: str | None = None


class XPathSelector(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="type",
    tag="XPathSelector",
    gc=False,
):
    """An element of an HTML or XML document."""

    value: str


Selector = TextQuoteSelector | TextPositionSelector | FragmentSelector | XPathSelector


class Citation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A source and the place in it that shows the fact.

    ``supports`` says in a few words what the place shows ("full list of 22"). No selector means that the
    source as a whole is cited: pages show that, they do not hide it.
    """

    source: str
    supports: str | None = None
    selectors: tuple[Selector, ...] = ()
    stance: Literal["supports", "disputes"] = "supports"


def locator_in_words(citation: Citation) -> str | None:
    """The place in the source for a reader, or None where the source is cited as a whole."""
    return "; ".join(filter(None, map(_selector_in_words, citation.selectors))) or None


_SAID = {
    "page": "page ", "row": "row ", "cell": "cell ", "cells": "cells ", "sheet": "sheet ", "part": "", "paragraph": "paragraph ",
    "record": "record ", "message": "message, part ",
}  # fmt: skip
_BOXES = {"viewrect": "", "xywh": "a place in the picture"}
"""What is said of a box, whose numbers are for programs."""


def _part_in_words(part: str) -> str:
    name, _, value = part.partition("=")
    first, _, last = value.partition(":")
    if name == "cells" and first == last:
        return f"cell {first}"
    if name in _BOXES:
        return _BOXES[name]
    return f"{_SAID[name]}{unquote(value)}" if name in _SAID else part


def _selector_in_words(selector: Selector) -> str:
    match selector:
        case TextQuoteSelector(exact=exact):
            return f"“{exact}”"
        case TextPositionSelector(start=start, end=end):
            return f"characters {start:,} to {end:,}"
        case FragmentSelector(value=value):
            return ", ".join(filter(None, map(_part_in_words, value.split("&"))))
        case XPathSelector(value=value):
            return value
