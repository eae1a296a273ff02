"""XML of foreign files, read without DTD, entities, network or trust; and what can be saved of broken XML."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from lxml import etree

from onrecord.ingest.limits import Damaged

_MEANT = (
    ("Excessive depth", "elements nest deeper than 256"),
    ("amplification factor", "it defines XML entities, which are never expanded here"),
    ("Text node too long|Buffer size limit|Huge input", "a single text or remark has more than ten million characters"),
    ("Entity '.*' not defined|EntityRef", "it names a character or text that nobody defined"),
    ("invalid Char|not proper UTF-8|encoding|Encoding|CharRef", "it holds a character that XML does not allow"),
    ("Document is empty|Start tag expected|Document labelled", "it is no XML"),
    ("Premature end|Couldn't find end|not terminated|end of file", "it ends too soon"),
)  # fmt: skip
_GRAMMAR = re.compile(rb"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.S)


def elements(data: bytes, name: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """The elements of a large XML document with these names, one after the other, each gone when the next one comes.

    Raises:
        Damaged: as :func:`parse_xml`, when that is met.
    """
    if b"<!DOCTYPE" in data[:65536]:
        raise Damaged(f"{name} has a DTD, which is never read here")
    found = etree.iterparse(
        io.BytesIO(data), tag=[f"{{*}}{tag}" for tag in tags], resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in found:
            yield element
            element.clear()
            while (before := element.getprevious()) is not None:
                element.getparent().remove(before)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(_broken(name, error)) from error
    if found.root is not None and found.root.getroottree().docinfo.doctype:
        raise Damaged(f"{name} has a DTD, which is never read here")  # one that no byte of ASCII told


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root element of an XML document.

    Entities are not expanded, DTDs not loaded, nothing is fetched, and lxml's own limits on depth and size
    of text hold.

    Raises:
        Damaged: it is not well-formed, nests deeper than 256, or defines entities.
    """
    try:
        root = etree.fromstring(data, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(_broken(name, error)) from error
    grammar: etree.DTD | None = root.getroottree().docinfo.internalDTD
    if grammar is not None and grammar.entities():  # type: ignore[attr-defined] # missing in the stubs
        raise Damaged(f"{name} defines XML entities, which are never expanded here")
    return root


def saved_xml(data: bytes, name: str) -> tuple[etree._Element, str]:
    """The root element of an XML document, of a broken one as much of it as there is; and how it is broken, or nothing.

    Raises:
        Damaged: nothing of it can be read.
    """
    try:
        return parse_xml(data, name), ""
    except Damaged as damage:
        try:
            root: etree._Element | None = etree.fromstring(
                _GRAMMAR.sub(b"", data, count=1), _parser(recover=True)
            )
        except (etree.XMLSyntaxError, ValueError):
            root = None
        if root is None:
            raise
        return root, str(damage)


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        recover=recover, remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _broken(name: str, error: Exception) -> str:
    """Where an XML document breaks and why, without the words of the library."""
    said = str(error)
    why = next(
        (words for pattern, words in _MEANT if re.search(pattern, said)), "its tags do not fit together"
    )
    place = (
        f" at line {error.lineno}, character {error.offset}"
        if isinstance(error, etree.XMLSyntaxError)
        else ""
    )
    return f"the XML of {name} breaks{place}: {why}"


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute's value by its name without namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def whole_number(text: str | None, otherwise: int) -> int:
    """A number of at most nine ASCII digits, or else another one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise
