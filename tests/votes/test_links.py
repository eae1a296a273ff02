"""Repeated texts as chains."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.votes.links import items_of

CHAIN = pl.DataFrame({"rcid1": [987, 1045, 987], "rcid2": [1045, 20000, 20000]})


@pytest.mark.parametrize("kind", [pl.Int64, pl.String])
def test_a_chain_is_one_item_whether_roll_calls_are_numbers_or_text(kind: type[pl.DataType]) -> None:
    rcids = pl.Series([987, 1045, 20000, 5]).cast(kind)
    items = dict(items_of(rcids, CHAIN.with_columns(pl.all().cast(kind))).cast(pl.String).iter_rows())
    assert items == {"987": "987", "1045": "987", "20000": "987", "5": "5"}


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), max_size=30))
def test_text_and_numbers_give_the_same_chains(pairs: list[tuple[int, int]]) -> None:
    links = pl.DataFrame(pairs, schema={"rcid1": pl.Int64, "rcid2": pl.Int64}, orient="row")
    rcids = pl.Series(range(1, 301))
    numbers = items_of(rcids, links).cast(pl.String)
    texts = items_of(rcids.cast(pl.String), links.cast(pl.String))
    assert dict(numbers.iter_rows()) == dict(texts.iter_rows())
