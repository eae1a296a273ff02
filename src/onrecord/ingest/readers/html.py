"""HTML through lexbor: text by block element with its XPath; scripts, styles and markup never become text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import chain, groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from onrecord.ingest.charset import decode, stated
from onrecord.ingest.limits import LimitReached
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.readers.text import encoding_claims, quality
from onrecord.ingest.reading import Finding, Mark, Piece
from onrecord.ingest.source import Source
from onrecord.model.citation import Selector, XPathSelector

_SKIPPED = frozenset({"script", "style", "template", "head", "object", "svg", "math"})
_RAW = frozenset({"noframes", "noembed", "iframe"})
"""Elements whose words only old browsers show; to a parser their markup is text."""
_MARKUP = re.compile(r"<[^<>]*>")
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr", "nobr",
})  # fmt: skip
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I)
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.I)
_SPACE = re.compile(r"\s+")
_DEEPEST_PATH = 200
_OPEN = 100_000  # beyond that lexbor's time grows with the square of the depth
_ATTRIBUTES = 30_000  # of different names in one element; lexbor's time grows with the square of their number
_LONG_TAG = re.compile(rb"<[A-Za-z][^>]{%d,}" % (2 * _ATTRIBUTES))
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_BOXES = re.compile(
    rb"<(/?)(?:div|span|section|article|blockquote|center|font|ul|ol|dl|b|i|u|em|strong|a)\b", re.I
)


def read(source: Source) -> Finding:
    """The title as a claim, a piece for each stretch of text in a block element."""
    data = source.whole()
    if len(data) > source.options.part_bytes:
        raise LimitReached("HTML bytes", source.options.part_bytes)
    if data.count(b"<") > _OPEN and _deepest(data) > _OPEN:
        raise LimitReached("elements within each other", _OPEN)
    if max(map(_attributes, _LONG_TAG.findall(data)), default=0) > _ATTRIBUTES:
        raise LimitReached("attributes in one element", _ATTRIBUTES)
    decoded = decode(data, source.options.encoding or declared(data))
    outcome, reason = quality(decoded)
    title = re.search(r"<title[^>]*>([^<]{1,1000})", decoded.text, re.I)
    claims = (*encoding_claims(decoded), *((("title", title[1].strip()),) if title else ()))
    return Finding(outcome=outcome, reason=reason, pieces=tuple(html_pieces(decoded.text)), claims=claims)


def _attributes(tag: bytes) -> int:
    """How many attributes of different names an element has, about."""
    return len({word.partition(b"=")[0] for word in _QUOTED.sub(b"", tag).split()})


def _deepest(data: bytes) -> int:
    """How deep boxes lie within each other at most, counting those that only their own end closes."""
    depth = deepest = 0
    for tag in _BOXES.finditer(data):
        depth += -1 if tag[1] else 1
        deepest = max(depth, deepest)
    return deepest


def declared(data: bytes) -> str:
    """The charset a page states for itself, where Python knows it and the bytes bear it out; else empty."""
    found = _CHARSET.search(data[:4096])
    name = stated(found[1].decode()) if found else ""
    name = "cp1252" if name == "iso-8859-1" else name
    try:
        data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return ""
    return name


def html_pieces(text: str, within: Selector | None = None) -> Iterator[Piece]:
    """The text of a page block by block. ``within`` is the place of the page in a larger file."""
    page = LexborHTMLParser(text)
    roots = [*page.css("head > noframes"), *page.css("html > frameset"), page.body]
    found = chain.from_iterable(_texts(root, _place(root)) for root in roots if root is not None)
    for (path, mark), group in groupby(found, key=lambda found: found[:2]):
        shown = _SPACE.sub(" ", "".join(text for _, _, text in group)).strip()
        if shown:
            place = XPathSelector(value=path)
            yield Piece(shown, (within, place) if within else (place,), mark)


def _place(root: LexborNode) -> str:
    return "/html/head/noframes" if root.tag == "noframes" else f"/html/{root.tag}"


def _texts(root: LexborNode, place: str) -> Iterator[tuple[str, Mark, str]]:
    """Text nodes with the path of their block. No recursion, so that depth costs no stack; paths stop growing
    after 200 steps, so that it costs no memory either."""
    waiting: list[tuple[LexborNode, str, Mark, int]] = [(root, place, "", 0)]
    while waiting:
        node, path, mark, depth = waiting.pop()
        if node.is_text_node:
            yield path, mark, node.text_content or ""
        elif node.tag == "br":
            yield path, mark, " "
        elif node.tag == "img":
            yield path, mark, f" {node.attributes.get('alt') or ''} "
        elif node.tag in _RAW:
            yield path, "hidden", unescape(_MARKUP.sub(" ", node.text()))
        elif node.is_element_node and node.tag not in _SKIPPED:
            own: Mark = "hidden" if _hidden(node) else mark
            waiting += reversed([(*child, own, depth + 1) for child in _children(node, path, depth)])


def _children(node: LexborNode, path: str, depth: int) -> Iterator[tuple[LexborNode, str]]:
    seen: Counter[str] = Counter()
    child = node.child
    while child is not None:
        tag = child.tag or ""
        seen[tag] += 1
        block = child.is_element_node and tag not in _INLINE and tag != "br" and depth < _DEEPEST_PATH
        yield child, f"{path}/{tag}[{seen[tag]}]" if block else path
        child = child.next


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or _INVISIBLE.search(attributes.get("style") or "") is not None


READER = Reader("HTML", package_version(5, "selectolax"), ("html",), read)
