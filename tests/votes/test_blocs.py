"""Blocs by Leiden on likeness beyond chance."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import InvalidInput
from onrecord.votes.blocs import blocs, likeness, partition

CAMPS = {"A": range(8), "B": range(6), "C": range(4)}


def camps(noise: float, calls: int = 60, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Three camps whose members answer as their camp does, but for some noise; Z99 answers at random."""
    generator = np.random.default_rng(seed)
    votes = []
    for call in range(calls):
        line = {camp: int(generator.integers(1, 4)) for camp in CAMPS}
        for camp, who in CAMPS.items():
            for number in who:
                stray = generator.random() < noise
                votes.append(
                    (call, f"{camp}{number:02d}", int(generator.integers(1, 4)) if stray else line[camp])
                )
        votes.append((call, "Z99", int(generator.integers(1, 4))))
    return (
        pl.DataFrame(votes, schema=["rcid", "iso3", "vote"], orient="row"),
        pl.DataFrame({"rcid": range(calls), "session": [1] * calls}),
    )  # fmt: skip


def test_camps_are_found_again_and_the_largest_comes_first():
    found = blocs(*camps(noise=0.2), draws=20)
    camp_of = pl.col("actor").str.slice(0, 1)
    members = found.members.filter(camp_of != "Z").group_by("bloc").agg(camp_of.unique().alias("camps"))
    assert members.sort("bloc")["camps"].to_list() == [["A"], ["B"], ["C"]]
    assert found.blocs["states"].is_sorted(descending=True)
    assert found.modularity > 0.3


def test_clear_camps_are_stable_and_a_state_at_random_is_not():
    found = blocs(*camps(noise=0.2), draws=40)
    stability = dict(found.members.select("actor", "stability").iter_rows())
    least = min(value for actor, value in stability.items() if actor != "Z99")
    assert least > 0.8
    assert stability["Z99"] is None or stability["Z99"] < least


def test_pairs_of_one_camp_fall_together_and_pairs_of_two_do_not():
    together = blocs(*camps(noise=0.0), draws=10).together
    same = pl.col("first").str.slice(0, 1) == pl.col("second").str.slice(0, 1)
    known = together.filter(pl.col("second") != "Z99")
    assert known.filter(same)["share"].min() == 1.0
    assert known.filter(~same)["share"].max() < 0.5


def test_within_a_bloc_states_are_more_alike_than_with_others():
    found = blocs(*camps(noise=0.3), draws=5).blocs.filter(pl.col("states") > 1)
    assert found.filter(pl.col("within") <= pl.col("outside")).is_empty()


def test_the_same_seed_gives_the_same_blocs():
    drawn = camps(noise=0.4)
    first, second = blocs(*drawn, draws=10, seed=7), blocs(*drawn, draws=10, seed=7)
    assert first.members.equals(second.members)
    assert first.together.equals(second.together)


def test_roll_calls_of_consensus_join_nobody():
    votes = pl.DataFrame({"rcid": [1] * 3, "iso3": ["A", "B", "C"], "vote": [1, 1, 1]})
    with pytest.raises(InvalidInput, match="no roll call divides the states"):
        blocs(votes, pl.DataFrame({"rcid": [1], "session": [1]}))


def test_likeness_beyond_chance_is_that_of_the_alignment_room():
    from onrecord.votes.alignment import agreement

    votes, calls = camps(noise=0.3)
    both = agreement(votes, calls, {"A00": ["A00"]}).filter(part="all", actor="A01")["kappa"][0]
    pair = votes.filter(pl.col("iso3").is_in(["A00", "A01"]))
    answered = np.zeros((3, 2, 60))
    answered[pair["vote"].to_numpy() - 1, (pair["iso3"] == "A01").to_numpy().astype(int), pair["rcid"]] = 1
    assert likeness(answered, np.ones(60))[0, 1] == pytest.approx(both)


@settings(max_examples=40)
@given(st.integers(2, 12), st.integers(0, 1000))
def test_every_state_is_in_one_bloc_and_blocs_are_numbered_by_size(states: int, seed: int):
    generator = np.random.default_rng(seed)
    alike = np.triu(generator.random((states, states)) * (generator.random((states, states)) > 0.6), 1)
    _, place = partition(alike + alike.T, 1.0, seed, 1)
    sizes = np.bincount(place)
    assert len(place) == states
    assert sizes.min() >= 1
    assert all(sizes[:-1] >= sizes[1:])
