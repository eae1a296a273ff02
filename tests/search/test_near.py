"""Documents that are nearly the same are grouped; documents that are not are left apart."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from onrecord.search.near import alike, like, look_alike, share, sketch

CHANCE = random.Random(4)
LONG = " ".join(
    CHANCE.choice("abcdefghij") * CHANCE.randint(1, 5) + str(CHANCE.randrange(99)) for _ in range(600)
)
OTHER = " ".join(str(CHANCE.randrange(10_000)) for _ in range(600))
HAN = "".join(chr(CHANCE.randrange(0x4E00, 0x5E00)) for _ in range(600))

TEXT = st.text("ab 阿卜", max_size=60)


@given(TEXT, TEXT)
def test_the_share_is_symmetric_and_whole_with_itself(one: str, other: str) -> None:
    first, second = sketch(one), sketch(other)
    assert share(first, second) == share(second, first)
    assert 0 <= share(first, second) <= 1
    assert share(first, first) == (1 if first else 0)


def test_a_document_with_a_line_changed_is_grouped_with_itself_and_not_with_another() -> None:
    changed = LONG.replace(" ", " inserted ", 5)
    han = HAN[:300] + "改" + HAN[300:]
    texts = {"a": LONG, "b": changed, "c": OTHER, "d": HAN, "e": han, "f": "short"}
    assert alike({key: sketch(text) for key, text in texts.items()}) == [("a", "b"), ("d", "e")]


def test_the_estimate_is_near_the_true_share() -> None:
    half = " ".join(LONG.split()[:300])
    assert abs(share(sketch(LONG), sketch(half)) - 0.5) < 0.15


def test_pictures_a_few_bits_apart_look_alike_and_blank_ones_do_not() -> None:
    looks = {
        "a": "00000000ffffffff",
        "b": "00000001fffffffe",
        "c": "ffffffff00000000",
        "x": "0" * 16,
        "y": "0" * 16,
    }
    assert look_alike(looks) == [("a", "b")]
    assert [key for key, _ in like("a", looks)] == ["b"]
    assert like("nobody", looks) == []
