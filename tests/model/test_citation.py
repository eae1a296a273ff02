"""Citations: the place in a source, in words."""

from __future__ import annotations

import msgspec
import pytest

from onrecord.model.citation import (
    Citation,
    FragmentSelector,
    Selector,
    TextPositionSelector,
    TextQuoteSelector,
    XPathSelector,
    locator_in_words,
)


@pytest.mark.parametrize(
    ("selectors", "words"),
    [
        ((), None),
        ((TextQuoteSelector(exact="in weeks"),), "“in weeks”"),
        ((TextPositionSelector(start=1200, end=1250),), "characters 1,200 to 1,250"),
        ((FragmentSelector(value="page=3&viewrect=72,90,200,14"),), "page 3"),
        ((FragmentSelector(value="xywh=10,20,300,40"),), "a place in the picture"),
        ((FragmentSelector(value="row=5"),), "row 5"),
        ((FragmentSelector(value="sheet=%E5%90%8D%E5%8D%95&cells=A8:B8"),), "sheet 名单, cells A8:B8"),
        ((FragmentSelector(value="message=1.2"),), "message, part 1.2"),
        ((FragmentSelector(value="part=word/document.xml&paragraph=3"),), "word/document.xml, paragraph 3"),
        ((XPathSelector(value="/html/body/p[2]"),), "/html/body/p[2]"),
        ((FragmentSelector(value="page=3"), TextQuoteSelector(exact="weeks")), "page 3; “weeks”"),
    ],
)
def test_the_place_is_told_as_a_reader_looks_for_it(
    selectors: tuple[Selector, ...], words: str | None
) -> None:
    assert locator_in_words(Citation(source="S", selectors=selectors)) == words


def test_selectors_are_written_as_the_w3c_names_them() -> None:
    citation = Citation(source="S", selectors=(TextQuoteSelector(exact="weeks", prefix="in "),))
    assert msgspec.json.decode(msgspec.json.encode(citation)) == {
        "source": "S",
        "selectors": [{"type": "TextQuoteSelector", "exact": "weeks", "prefix": "in "}],
    }
