"""What every picture promises, whatever it shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import etree
from markupsafe import Markup

from .examples import EVERY, LINKED

SVG = {"s": "http://www.w3.org/2000/svg"}
every_picture = pytest.mark.parametrize("draw", EVERY.values(), ids=EVERY.keys())


def tree(markup: Markup) -> etree._Element:
    return etree.fromstring(str(markup).encode(), etree.XMLParser(resolve_entities=False))


@every_picture
def test_a_picture_is_well_formed_and_named_and_described(draw: Callable[[], Markup]) -> None:
    svg = tree(draw())
    title, desc = svg.find("s:title", SVG), svg.find("s:desc", SVG)
    assert title is not None
    assert desc is not None
    assert title.text
    assert desc.text
    assert svg.get("aria-labelledby") == title.get("id")
    assert svg.get("aria-describedby") == desc.get("id")


@every_picture
def test_the_same_data_give_the_same_bytes(draw: Callable[[], Markup]) -> None:
    assert draw() == draw()


@every_picture
def test_a_picture_passes_the_strictest_content_security_policy(draw: Callable[[], Markup]) -> None:
    for element in tree(draw()).iter():
        assert etree.QName(element).localname not in {"style", "script", "foreignObject", "image", "use"}
        assert not [name for name in element.attrib if str(name) == "style" or str(name).startswith("on")]
        assert not [value for value in element.attrib.values() if "http" in value]


@every_picture
def test_ids_are_unique_and_every_texture_asked_for_is_there(draw: Callable[[], Markup]) -> None:
    markup = str(draw())
    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("p-") for name in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", markup)) <= set(ids)


@every_picture
def test_nothing_is_drawn_at_a_place_that_is_no_number(draw: Callable[[], Markup]) -> None:
    assert not re.search(r"\b(nan|inf)\b", str(draw()), re.IGNORECASE)


@pytest.mark.parametrize(("draw", "links"), LINKED.values(), ids=LINKED.keys())
def test_each_datum_is_a_link_with_words(draw: Callable[[], Markup], links: int) -> None:
    found = tree(draw()).findall(".//s:a", SVG)
    assert len(found) == links
    for anchor in found:
        title = anchor.find("s:title", SVG)
        assert title is not None
        assert anchor.get("aria-label") == title.text


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_hides_nothing_from_a_screen_reader_that_can_be_followed(name: str) -> None:
    assert tree(EVERY[name]()).get("role") == ("group" if name in LINKED else "img")
