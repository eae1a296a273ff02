"""The coming vote: chances rest on what was known before it, and on nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import InvalidInput
from onrecord.votes.forecast import (
    assembly_drafts,
    council_drafts,
    forecast,
    lay_out_history,
    rolling,
    stance,
    train_until,
)
from onrecord.votes.forecast.kindred import kindred_before
from onrecord.votes.forecast.model import Forecaster, quantiles
from onrecord.votes.forecast.pool import COUNT, learn, softmax
from onrecord.votes.forecast.shock import WEIGHTS, evidence, learn_spread, shifted
from onrecord.votes.forecast.signals import SIGNALS, signals
from onrecord.votes.forecast.texts import unit_rows
from onrecord.votes.importers import import_roll_calls
from onrecord.votes.rules import SIMPLE_MAJORITY

STATES = [f"S{k:02d}" for k in range(20)]
GROUPS = pl.DataFrame({"iso3": STATES, "group": ["EAST" if k < 10 else "WEST" for k in range(20)]})
TOPICS = ["S00", "S05", "S12"]


def council(seed: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Twelve years of two sessions; the East mostly opposes, the West supports, each with some noise."""
    generator = np.random.default_rng(seed)
    calls, votes = [], []
    for term in range(24):
        day = date(2008, 3, 1) + timedelta(days=182 * term)
        for topic in TOPICS:
            rcid = f"{term}/{topic}"
            calls.append((rcid, day, f"Human rights in {topic}", "resolution", topic, str(term)))
            for k, state in enumerate(STATES):
                chance = [0.1, 0.3, 0.6] if k < 10 else [0.85, 0.1, 0.05]
                votes.append((rcid, state, int(generator.choice(3, p=chance)) + 1))
    columns = ["rcid", "date", "title", "kind", "situation", "meeting_session"]
    return (
        pl.DataFrame(votes, schema=["rcid", "iso3", "vote"], orient="row"),
        pl.DataFrame(calls, schema=columns, orient="row"),
    )


@pytest.fixture(scope="module")
def world():
    votes, calls = council()
    return votes, calls, lay_out_history(votes, council_drafts(calls), GROUPS)


def row_of(history, rcid: str) -> int:
    return history.drafts["rcid"].to_list().index(rcid)


@pytest.fixture(scope="module")
def taught(world) -> Forecaster:
    return train_until(world[2], row_of(world[2], "23/S00"))


def test_chances_follow_the_record_and_the_result_is_a_distribution(world, taught):
    history = world[2]
    told = forecast(history, row_of(history, "23/S00"), taught, STATES, SIMPLE_MAJORITY)
    chances = told.members.select("p_yes", "p_abstain", "p_no").to_numpy()
    assert np.allclose(chances.sum(axis=1), 1.0)
    assert chances[10:, 0].min() > 0.5 > chances[:10, 0].max()
    assert told.counts.sum() == pytest.approx(1.0)
    assert told.yes[0] <= told.yes[1] <= told.yes[2]
    assert 0.5 < told.adopted <= 1.0


def test_answers_of_the_draft_itself_and_of_later_ones_are_not_looked_at(world, taught):
    votes, calls, history = world
    first_day = calls.filter(rcid="22/S00")["date"][0]
    later = calls.filter(pl.col("date") >= first_day)["rcid"]
    turned = votes.with_columns(
        vote=pl.when(pl.col("rcid").is_in(later.implode())).then(4 - pl.col("vote")).otherwise(pl.col("vote"))
    )
    other = lay_out_history(turned, council_drafts(calls), GROUPS)
    row = row_of(history, "22/S00")
    assert np.array_equal(signals(history, row).log, signals(other, row).log)
    assert train_until(history, row).spread_old == train_until(other, row).spread_old


def test_draft_nobody_has_voted_on_yet_is_foretold_too(world, taught):
    votes, calls, known = world
    history = lay_out_history(votes.filter(pl.col("rcid") != "23/S00"), council_drafts(calls), GROUPS)
    coming = forecast(history, row_of(history, "23/S00"), taught, STATES, SIMPLE_MAJORITY)
    past = forecast(known, row_of(known, "23/S00"), taught, STATES, SIMPLE_MAJORITY)
    assert coming.members.equals(past.members)


def test_votes_set_by_hand_are_certain_and_move_the_result(world, taught):
    history = world[2]
    row = row_of(history, "23/S00")
    free = forecast(history, row, taught, STATES, SIMPLE_MAJORITY)
    fixed = dict.fromkeys(STATES[:9], 1)
    held = forecast(history, row, taught, STATES, SIMPLE_MAJORITY, fixed=fixed)
    assert held.adopted > free.adopted
    assert held.members.filter(pl.col("fixed"))["p_yes"].to_list() == pytest.approx([1.0] * 9)
    assert held.members.filter(~pl.col("fixed"))["p_yes"].equals(free.members["p_yes"][9:])


def test_reasons_name_every_signal_for_every_member_heaviest_first(world, taught):
    history = world[2]
    told = forecast(history, row_of(history, "23/S00"), taught, STATES, SIMPLE_MAJORITY)
    mine = told.reasons.filter(iso3="S15")
    assert set(mine["signal"]) == set(SIGNALS)
    assert mine["adds"].abs().is_sorted(descending=True)
    assert told.reasons.filter(iso3="S00", signal="self")["p_no"][0] > 0.9


def test_text_that_ends_a_mandate_turns_the_votes_round(world, taught):
    votes, calls, _ = world
    ended = calls.with_columns(
        title=pl.when(pl.col("rcid") == "23/S00")
        .then(pl.lit("Discontinuation of the mandate"))
        .otherwise("title")
    )
    history = lay_out_history(votes, council_drafts(ended), GROUPS)
    told = forecast(history, row_of(history, "23/S00"), taught, STATES, SIMPLE_MAJORITY)
    assert told.members["p_no"][10:].min() > 0.5
    assert told.adopted < 0.5


def test_unknown_member_is_named(world, taught):
    with pytest.raises(InvalidInput, match="member XXX is not known"):
        forecast(world[2], 0, taught, ["XXX"], SIMPLE_MAJORITY)


def test_silence_counts_on_full_lists_only():
    instruments = pl.DataFrame(
        [
            ("full", "2020-10-06", "letter", "t", "critical", "complete"),
            ("part", "2020-10-06", "letter", "t", "supportive", "partial"),
            ("late", "2023-01-01", "letter", "t", "critical", "complete"),
            ("month", "2020-10", "letter", "t", "critical", "complete"),
        ],
        schema=["id", "date", "kind", "topic", "side", "status"],
        orient="row",
    )
    positions = pl.DataFrame(
        [
            ("full", "FRA", "sign"),
            ("part", "CUB", "sign"),
            ("late", "BRA", "sign"),
            ("full", "UKR", "sign"),
            ("full", "UKR", "withdraw"),
        ],
        schema=["instrument_id", "iso3", "position"],
        orient="row",
    )
    states = pl.Series(["BRA", "CUB", "FRA", "UKR"])
    told = stance(instruments, positions, ["t"], date(2022, 10, 6), states)
    assert told.select("iso3", pl.col("yes", "abstain", "no").round(2), "instruments").rows() == [
        ("BRA", 0.0, 0.5, 0.0, None),
        ("CUB", 0.0, 0.0, 0.5, "part"),
        ("FRA", 0.5, 0.0, 0.0, "full"),
        ("UKR", 0.0, 0.5, 0.0, "full"),
    ]
    only_partial = stance(instruments.filter(id="part"), positions, ["t"], date(2022, 10, 6), states)
    assert only_partial["abstain"].to_list() == [0.0] * 4


def test_signatures_move_the_signer_as_a_vote_would(world, taught):
    history = world[2]
    row = row_of(history, "23/S00")
    weights = pl.DataFrame(
        {"iso3": ["S02"], "yes": [3.0], "abstain": [0.0], "no": [0.0], "instruments": ["x"]}
    )
    before = forecast(history, row, taught, STATES, SIMPLE_MAJORITY).members.filter(iso3="S02")["p_yes"][0]
    after = forecast(history, row, taught, STATES, SIMPLE_MAJORITY, letters=weights).members
    assert after.filter(iso3="S02")["p_yes"][0] > before


def test_back_test_scores_what_it_foretold_and_beats_the_modal_vote(world):
    found = rolling(world[2], since=date(2017, 1, 1))
    votes = found.votes
    chance = votes.select("p_yes", "p_abstain", "p_no").to_numpy()
    actual = np.eye(3)[votes["vote"].to_numpy() - 1]
    scores = {row["model"]: row for row in found.scores.iter_rows(named=True)}
    assert scores["forecast"]["brier"] == pytest.approx(((chance - actual) ** 2).sum(axis=1).mean())
    assert scores["forecast"]["log_loss"] < scores["modal"]["log_loss"]
    assert scores["forecast"]["brier"] < scores["last"]["brier"]
    assert (
        found.calibration.group_by("answer").agg(pl.col("votes").sum())["votes"].to_list()
        == [votes.height] * 3
    )
    assert found.drafts.select((pl.col("yes_low") <= pl.col("yes_high")).all()).item()
    assert 0.5 <= found.interval_share <= 1.0


def test_spread_of_the_common_shift_is_found_again():
    generator = np.random.default_rng(5)
    past = []
    for _ in range(150):
        scores = generator.normal(size=(40, 3))
        chance = shifted(scores, 0.8)[generator.choice(len(WEIGHTS), p=WEIGHTS)]
        answers = np.array([np.eye(3)[generator.choice(3, p=row)] for row in chance])
        past.append(evidence(scores, answers))
    assert abs(learn_spread(past) - 0.8) <= 0.2


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), spread=st.floats(0.0, 1.5))
def test_common_shift_moves_members_together_and_leaves_each_as_sure_as_before(seed, spread):
    scores = 2.0 * np.random.default_rng(seed).normal(size=(6, 3))
    nodes = shifted(scores, spread)
    assert np.abs(np.tensordot(WEIGHTS, nodes, axes=1) - softmax(scores)).max() < 0.015
    assert (np.diff(nodes[:, :, 0], axis=0) >= -1e-9).all()


def test_pool_without_past_is_what_is_believed_and_with_past_fits_it(world):
    history = world[2]
    assert learn([]).weights.shape == (2, COUNT)
    rows = range(30, 60)
    past = [(signals(history, row), history.answers[row]) for row in rows]

    def loss(pool) -> float:
        chances = [shifted(pool.scores(found), 0.0)[0] for found, _ in past]
        return -sum(np.log((c * a).sum(axis=1)).sum() for c, (_, a) in zip(chances, past, strict=True))

    assert loss(learn(past)) < loss(learn([]))


def test_quantiles_hold_what_they_say():
    assert quantiles(np.array([0.05, 0.9, 0.05]), 10) == (11, 11, 11)
    assert quantiles(np.full(11, 1 / 11), -5) == (-4, 0, 4)


def test_titles_of_the_same_text_are_alike_and_others_are_not():
    titles = [
        "Nuclear disarmament : resolution / adopted by the General Assembly",
        "Nuclear disarmament: draft resolution",
        "Situation of human rights in Myanmar",
        "",
    ]
    words = unit_rows(titles)
    alike = (words @ words.T).toarray()
    assert alike[0, 1] == pytest.approx(1.0)
    assert alike[0, 2] == 0.0
    assert not alike[3].any()


def test_assembly_drafts_leave_parts_out_and_find_kindred_titles():
    calls = pl.DataFrame(
        {
            "rcid": [1, 2, 3],
            "session": [70, 71, 71],
            "date": [date(2015, 12, 1), date(2016, 12, 1), date(2016, 12, 1)],
            "descr": ["Nuclear disarmament", "Nuclear disarmament", "Right to food"],
            "para": [0, 0, 1],
        }
    )
    drafts = assembly_drafts(calls)
    assert drafts["rcid"].to_list() == [1, 2]
    votes = pl.DataFrame({"rcid": [1, 1], "iso3": ["S00", "S12"], "vote": [3, 1]})
    found = signals(lay_out_history(votes, drafts, GROUPS), 1)
    assert found.seen.tolist() == [state in {"S00", "S12"} for state in STATES]
    assert found.distributions["last"][0].argmax() == 2


def test_titles_and_headings_are_told_apart_wherever_the_source_keeps_them():
    calls = pl.DataFrame(
        {
            "rcid": [1, 2, 3, 4],
            "session": [60, 70, 75, 1],
            "date": [date(2005, 12, 1), date(2015, 12, 1), date(2020, 12, 1), date(1946, 12, 1)],
            "short_title": ["HUMAN RIGHTS, MYANMAR", "", "Right to food", ""],
            "descr": [
                "Situation of human rights in Myanmar",
                "Nuclear disarmament",
                "A/75/251 72b FOOD",
                "TO ADMIT",
            ],
        }
    )
    told = assembly_drafts(calls).sort("rcid")
    assert told["title"].to_list() == [
        "Situation of human rights in Myanmar",
        "Nuclear disarmament",
        "Right to food",
        "TO ADMIT",
    ]
    assert "HUMAN RIGHTS, MYANMAR" in told["headings"][0]
    assert "72b FOOD" in told["headings"][2]


def test_new_text_is_foretold_from_texts_with_like_words():
    """Ten years of two kinds of text; a new one with words of the first is foretold like the first."""
    titles = ["nuclear weapons ban", "Settlements in occupied territory"]
    calls = [
        (2 * k + kind, 60 + k, date(2005 + k, 12, 1 + kind), titles[kind])
        for k in range(8)
        for kind in (0, 1)
    ]
    new = (99, 68, date(2013, 12, 1), "Ban on the use of nuclear weapons")
    drafts = assembly_drafts(
        pl.DataFrame([*calls, new], schema=["rcid", "session", "date", "title"], orient="row")
    )
    votes = [(rcid, state, 1 if rcid % 2 else 3) for rcid, *_ in calls for state in STATES]
    history = lay_out_history(
        pl.DataFrame(votes, schema=["rcid", "iso3", "vote"], orient="row"), drafts, GROUPS
    )
    row = row_of(history, 99)
    nothing = np.zeros((len(history.states), 3))
    learnt = kindred_before(history, row)
    assert (learnt.record[:, 2] < 0.55).all()
    assert (learnt.foretold(history, row, nothing)[:, 2] > 0.6).all()
    signed = nothing + np.array([3.0, 0.0, 0.0])
    assert (learnt.foretold(history, row, signed)[:, 0] > learnt.foretold(history, row, nothing)[:, 0]).all()


def test_first_draft_of_a_body_is_foretold_without_a_past():
    drafts = assembly_drafts(
        pl.DataFrame({"rcid": [1], "session": [1], "date": [date(1946, 1, 10)], "title": ["x y"]})
    )
    votes = pl.DataFrame({"rcid": [1], "iso3": ["S00"], "vote": [1]})
    found = signals(lay_out_history(votes, drafts, GROUPS), 0)
    assert np.isfinite(found.log).all()
    assert not found.seen.any()


def test_xinjiang_debate_vote_from_what_was_known_the_day_before(shared):
    files = {name: (shared / "hrc" / name).read_bytes() for name in ("votes.csv", "resolutions.csv")}
    (imported,) = import_roll_calls(files)
    groups = pl.read_csv(shared / "hrc" / "regional_groups.csv")
    members = pl.read_csv(shared / "hrc" / "membership.csv", try_parse_dates=True)
    day = date(2022, 10, 6)
    sitting = members.filter(pl.col("start") <= day, pl.col("end") >= day)["iso3"].to_list()
    history = lay_out_history(imported.votes, council_drafts(imported.rollcalls), groups)
    row = row_of(history, "A/HRC/51/L.6")
    tables = [
        pl.read_csv(shared / "positions" / f"{name}.csv", infer_schema=False)
        for name in ("instruments", "positions")
    ]
    letters = stance(*tables, ["xinjiang", "both"], history.drafts["known"][row], history.states)
    forecaster = train_until(history, row)
    told = forecast(history, row, forecaster, sitting, SIMPLE_MAJORITY, letters=letters)
    actual = imported.votes.filter(rcid="A/HRC/51/L.6").select("iso3", "vote")
    words = {"yes": 1, "abstain": 2, "no": 3}
    both = told.members.join(actual, on="iso3").with_columns(
        foretold=pl.col("likeliest").replace_strict(words)
    )
    assert both.height == 47
    assert both.filter(pl.col("foretold") == pl.col("vote")).height >= 38
    assert told.margin[0] <= -2 <= told.margin[2]
    assert told.adopted <= 0.5
    assert forecast(history, row, forecaster, sitting, SIMPLE_MAJORITY).adopted > 0.9
