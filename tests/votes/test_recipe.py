"""The published selection and the linking of repeated texts."""

from __future__ import annotations

import polars as pl

from onrecord.votes.links import items_of
from onrecord.votes.recipe import contested, published_selection


def test_chains_of_repeats_go_back_to_their_beginning_and_the_smallest_of_several():
    links = pl.DataFrame({"rcid1": [470, 512, 545, 5310, 5312], "rcid2": [512, 545, 577, 5389, 5389]})
    items = dict(items_of(pl.Series([470, 512, 545, 577, 5310, 5312, 5389, 9]), links).iter_rows())
    assert items == {470: 470, 512: 470, 545: 470, 577: 470, 5310: 5310, 5312: 5312, 5389: 5310, 9: 9}


def test_selection_leaves_out_what_the_published_one_does():
    calls = pl.DataFrame(
        {
            "rcid": [1, 2, 3, 4, 5],
            "session": [44, 45, 45, 19, 48],
            "para": [1, 1, None, 0, None],
            "amend": [0, None, 1, 0, None],
        }
    )
    votes = pl.DataFrame(
        {"rcid": [1, 2, 3, 4, 5, 5, 1], "iso3": ["FRA"] * 5 + ["ZAF", "EAZ"], "vote": [1] * 7}
    )
    assert published_selection(votes, calls).rows() == [(1, "FRA", 1), (5, "FRA", 1)]


def test_recipe_gives_the_published_estimation_set(shared):
    folder = shared / "unga"
    calls = pl.read_parquet(folder / "rollcalls.parquet").filter(pl.col("source") == "voeten")
    links = pl.read_parquet(folder / "linked_rollcalls.parquet")
    kept = published_selection(pl.read_parquet(folder / "votes.parquet"), calls)
    table = contested(kept, calls, links)
    assert table.height == 797_473
    assert table["item"].n_unique() == 4_784
    assert table.select("iso3", "session").n_unique() == 10_469
    assert table["iso3"].n_unique() == 198
