"""Judgements, the clusters they make, what they contradict, and what to judge next."""

from __future__ import annotations

from itertools import combinations, pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import InvalidInput
from onrecord.people import cluster_of, clusters, conflicts, counted, judged, worklist
from onrecord.people.exchange import Edge, from_lines, to_lines
from onrecord.people.judgements import JUDGEMENTS
from onrecord.people.worklist import entropy

PEOPLE = [*"abcdef"]
_DECISIONS = {
    "id": pl.String,
    "seq": pl.Int64,
    "subject": pl.List(pl.String),
    "verdict": pl.String,
    "reason": pl.String,
    "by": pl.String,
    "decided": pl.String,
    "recorded_by": pl.String,
}


def _decisions(*said: tuple[str, str]) -> pl.DataFrame:
    """Decisions in order; subjects are one letter each."""
    rows = [
        {
            "id": f"d{seq}",
            "seq": seq,
            "subject": list(subject),
            "verdict": verdict,
            "reason": "seen",
            "recorded_by": "k",
        }
        for seq, (subject, verdict) in enumerate(said)
    ]
    return pl.DataFrame(rows, schema=_DECISIONS)


def _judged(*said: tuple[str, str]) -> pl.DataFrame:
    return judged(_decisions(*said), PEOPLE)


def test_of_several_decisions_on_a_pair_the_last_stands_whatever_the_order_of_its_subjects() -> None:
    found = _judged(("ab", "same"), ("ba", "different"))
    assert found.select("a", "b", "verdict", "decision", "by").rows() == [("a", "b", "different", "d1", "k")]


def test_decisions_on_other_things_than_people_are_left_out() -> None:
    assert _judged(("ax", "same"), ("ab", "prefer")).is_empty()


def test_a_decision_on_three_speaks_of_every_two() -> None:
    assert _judged(("abc", "same")).select("a", "b").rows() == [("a", "b"), ("a", "c"), ("b", "c")]


def test_links_join_over_others() -> None:
    found = clusters(_judged(("ab", "same"), ("bc", "same"), ("de", "same"), ("af", "unsure")))
    assert found.select("cluster", "members", "links").rows() == [("a", [*"abc"], 2), ("d", [*"de"], 1)]


def test_same_same_and_different_is_a_conflict_named_with_the_chain() -> None:
    said = _judged(("ab", "same"), ("bc", "same"), ("ac", "different"))
    assert conflicts(said).rows() == [("a", "c", "d2", ["a", "b", "c"], ["d0", "d1"])]
    assert clusters(said)["conflicts"].to_list() == [1]


def test_a_later_decision_ends_the_conflict() -> None:
    assert conflicts(
        _judged(("ab", "same"), ("bc", "same"), ("ac", "different"), ("bc", "different"))
    ).is_empty()


def test_different_people_who_share_nobody_are_no_conflict() -> None:
    assert conflicts(_judged(("ab", "same"), ("cd", "same"), ("ac", "different"))).is_empty()


def test_the_count_of_people_says_on_how_many_links_it_rests() -> None:
    said = _judged(("ab", "same"), ("bc", "same"), ("ac", "same"), ("de", "unsure"), ("af", "different"))
    assert counted(PEOPLE, said)._asdict() == {
        "entries": 6,
        "people": 4,
        "links": 3,
        "unsure": 1,
        "conflicts": 0,
    }


def test_the_cluster_of_somebody_who_was_never_linked_is_that_entry_alone() -> None:
    assert cluster_of("f", _judged(("ab", "same"))) == ["f"]
    assert cluster_of("b", _judged(("ab", "same"))) == ["a", "b"]


_SAID = st.lists(
    st.tuples(
        st.sampled_from(["".join(pair) for pair in combinations(PEOPLE, 2)]),
        st.sampled_from(["same", "different", "unsure"]),
    ),
    max_size=12,
)


@given(_SAID)
def test_clusters_are_what_walking_the_links_reaches(said: list[tuple[str, str]]) -> None:
    found = _judged(*said)
    links = {frozenset(pair) for pair in found.filter(verdict="same").select("a", "b").iter_rows()}
    for entry in PEOPLE:
        reached, waiting = {entry}, [entry]
        while waiting:
            here = waiting.pop()
            new = {other for link in links if here in link for other in link} - reached
            reached |= new
            waiting += new
        assert cluster_of(entry, found) == sorted(reached)


@given(_SAID)
def test_a_conflict_is_a_pair_judged_different_within_a_cluster_and_its_chain_holds(
    said: list[tuple[str, str]],
) -> None:
    found = _judged(*said)
    same = {(a, b): d for a, b, d in found.filter(verdict="same").select("a", "b", "decision").iter_rows()}
    named = set()
    for a, b, _, path, decisions in conflicts(found).iter_rows():
        named.add((a, b))
        assert (path[0], path[-1]) == (a, b)
        assert [same[min(p), max(p)] for p in pairwise(path)] == decisions
    expected = {
        (a, b)
        for a, b in found.filter(verdict="different").select("a", "b").iter_rows()
        if b in cluster_of(a, found)
    }
    assert named == expected


@given(_SAID)
def test_people_and_joined_entries_add_up(said: list[tuple[str, str]]) -> None:
    found = _judged(*said)
    assert counted(PEOPLE, found).people == len({tuple(cluster_of(entry, found)) for entry in PEOPLE})


def _pairs(*pairs: tuple[str, float]) -> pl.DataFrame:
    rows = [{"a": ab[0], "b": ab[1], "probability": p} for ab, p in pairs]
    return pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "probability": pl.Float64})


def test_the_pair_about_which_least_is_known_comes_first() -> None:
    found = worklist(_pairs(("ab", 0.99), ("cd", 0.5), ("ef", 0.2)), _judged())
    assert found.select("a", "b").rows() == [("c", "d"), ("e", "f"), ("a", "b")]
    assert found["bits"][0] == 1.0


def test_what_was_judged_or_follows_from_it_is_not_asked_again() -> None:
    said = _judged(("ab", "same"), ("bc", "same"), ("de", "unsure"), ("cf", "different"))
    pairs = _pairs(("ab", 0.5), ("ac", 0.5), ("de", 0.5), ("af", 0.5), ("ad", 0.5))
    assert worklist(pairs, said).select("a", "b", "settles").rows() == [("a", "d", 3)]


def test_of_equally_open_pairs_the_one_that_settles_more_comes_first() -> None:
    assert worklist(_pairs(("ef", 0.5), ("ad", 0.5)), _judged(("ab", "same")), limit=1)["a"].to_list() == [
        "a"
    ]


@pytest.mark.parametrize(("probability", "bits"), [(0.0, 0.0), (1.0, 0.0), (0.5, 1.0)])
def test_entropy_is_nothing_where_the_answer_is_sure(probability: float, bits: float) -> None:
    assert entropy(probability) == bits


@given(_SAID)
def test_judgements_come_back_from_a_resolver_file_as_they_went(said: list[tuple[str, str]]) -> None:
    found = _judged(*said)
    back = [tuple(edge[:3]) for edge in from_lines(to_lines(found))]
    assert back == found.select("a", "b", "verdict").rows()


def test_entities_that_hang_on_one_canonical_id_are_linked_with_each_other() -> None:
    lines = [
        '["NK-x", "b", "positive", null, "Ana", "2026-01-01"]\n',
        '["NK-x", "a", "positive", 0.9, "Ana", "2026-01-01"]\n',
        '["Q42", "c", "positive", null, null, null]\n',
        '["e", "d", "negative", null, "Ben", null]\n',
        '["e", "f", "no_judgement", 0.4, null, null]\n',
    ]
    assert from_lines(lines) == [Edge("a", "b", "same", "Ana"), Edge("d", "e", "different", "Ben")]


@pytest.mark.parametrize(
    "line", ["{}", "[1, 2, 3]", "x", '["a", "b", "perhaps", null, null, null]', '["a", "a"]']
)
def test_a_line_that_is_no_judgement_is_told_with_its_number(line: str) -> None:
    with pytest.raises(InvalidInput) as told:
        from_lines(["\n", line])
    assert [problem.row for problem in told.value.problems] == [2]


def test_no_judgements_make_empty_tables() -> None:
    nothing = pl.DataFrame(schema=JUDGEMENTS)
    assert clusters(nothing).is_empty()
    assert conflicts(nothing).is_empty()
    assert worklist(_pairs(), nothing).is_empty()
