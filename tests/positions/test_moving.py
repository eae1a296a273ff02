"""Who moved, what shows it, and what is no move at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import positions
from onrecord.model.kinds import Base, Position
from onrecord.positions.moving import KINDS, movers
from onrecord.positions.steps import comparable
from onrecord.record import KEEPER, Record

from ..making import act, state, table, text

LATE = date(2026, 1, 1)


def moved(*entries: Base, as_of: date = LATE) -> dict[str, dict[str, Any]]:
    instruments, acts, actors = (table(kind, *entries) for kind in ("instrument", "position", "actor"))
    return {row["actor"]: row for row in movers(instruments, acts, actors, as_of).iter_rows(named=True)}


def lists_of(*signers: tuple[str, ...], status: str = "complete", side: str = "critical") -> tuple[Base, ...]:
    """One text a year from 2019 on, each with the signers given."""
    entries: list[Base] = []
    for number, names in enumerate(signers):
        entries.append(text(f"T{number}", f"{2019 + number}-06-01", side, status))
        entries += [act(f"T{number}", name) for name in names]
    return tuple(entries)


@pytest.mark.parametrize(
    ("signers", "kind"),
    [
        ((("AAA", "ZZZ"), ("ZZZ", "YYY")), "left"),
        ((("ZZZ", "YYY"), ("AAA", "ZZZ")), "joined"),
        ((("AAA", "ZZZ"), ("ZZZ", "YYY"), ("AAA", "ZZZ")), "returned"),
        ((("ZZZ", "YYY"), ("AAA", "ZZZ"), ("ZZZ", "YYY")), "left"),
        ((("ZZZ", "YYY"), ("AAA", "ZZZ"), ("ZZZ", "YYY"), ("AAA", "ZZZ")), "returned"),
    ],
)
def test_coming_and_going_is_read_from_complete_lists(
    signers: tuple[tuple[str, ...], ...], kind: str
) -> None:
    assert moved(*lists_of(*signers))["AAA"]["kind"] == kind


@pytest.mark.parametrize("status", ["partial", "unverified"])
def test_absence_from_a_list_that_is_not_complete_is_no_move(status: str) -> None:
    assert moved(*lists_of(("AAA", "ZZZ"), ("ZZZ", "YYY"), status=status)) == {}


def test_whoever_signs_everything_has_not_moved() -> None:
    assert "ZZZ" not in moved(*lists_of(("AAA", "ZZZ"), ("ZZZ", "YYY"), ("ZZZ", "AAA")))


def test_a_much_shorter_list_says_nothing_about_one_state() -> None:
    entries = lists_of(("AAA", "BBB", "CCC", "DDD"), ("AAA", "BBB"))
    assert moved(*entries) == {}
    found = comparable(table("instrument", *entries), table("position", *entries), LATE)
    assert found["id"].to_list() == ["T0"]


def test_the_length_a_list_is_measured_by_is_that_of_its_own_side() -> None:
    long = lists_of(("AAA", "BBB", "CCC", "DDD", "EEE", "FFF"), side="supportive")
    short = (text("C", "2020-06-01"), act("C", "ZZZ"))
    found = comparable(table("instrument", *long, *short), table("position", *long, *short), LATE)
    assert found["id"].to_list() == ["T0", "C"]


def test_an_unverified_signature_is_neither_a_move_nor_an_absence() -> None:
    entries = (
        *lists_of(("AAA", "ZZZ"), ("ZZZ", "YYY")),
        act("T1", "AAA", confidence="unverified"),
        text("S", "2020-01-01", "supportive"),
        act("S", "ZZZ", confidence="unverified"),
        act("S", "YYY", confidence="unverified"),
    )
    assert set(moved(*entries)) == {"YYY"}
    assert moved(*entries)["YYY"]["kind"] == "joined"


def test_a_state_that_signs_beside_a_list_of_its_side_on_the_same_day_has_not_left_it() -> None:
    entries = (
        *lists_of(("AAA", "ZZZ"), ("ZZZ", "YYY")),
        text("own", "2020-06-01", "critical", "partial"),
        act("own", "AAA"),
    )
    assert "AAA" not in moved(*entries)


def test_a_vote_shows_a_side_but_nobody_leaves_by_voting() -> None:
    vote = text("V", "2022-01-01", instrument_kind="vote")
    steady = lists_of(("AAA", "ZZZ"))
    assert moved(*steady, vote, act("V", "AAA", "yes"), act("V", "ZZZ", "abstain")) == {}
    against = moved(*steady, vote, act("V", "AAA", "no"))["AAA"]
    assert (against["kind"], against["side"], against["latest"]) == ("both_sides", None, "2022-01-01")


def test_a_signature_taken_back_puts_nobody_on_both_sides() -> None:
    entries = (
        text("S", "2019-01-01", "supportive", "partial"),
        act("S", "AAA"),
        act("S", "AAA", "withdraw", date="2019-01-05"),
        text("C", "2020-01-01", "critical", "partial"),
        act("C", "AAA"),
    )
    assert moved(*entries)["AAA"]["kind"] == "withdrew"


def test_a_withdrawal_tells_what_was_signed_and_for_how_long() -> None:
    entries = (
        text("T", "2019-07-12", "supportive", "partial"),
        state("AAA", name="Atlantis"),
        act("T", "AAA"),
        act("T", "AAA", "withdraw", date="2019-07-18"),
    )
    row = moved(*entries)["AAA"]
    assert row["sentence"] == (
        "Atlantis signed a supportive text on 12 July 2019 and withdrew on 18 July 2019, after 6 days."
    )
    assert row["entries"] == ["T/AAA/sign", "T/AAA/withdraw"]


def test_an_uncertain_day_is_told_as_within_so_many_days() -> None:
    entries = (
        text("T", "2021-06-22", "critical", "partial"),
        state("AAA", name="Atlantis"),
        act("T", "AAA", "join_late", date="2021-06-24", date_is="by"),
        act("T", "AAA", "withdraw", date="2021-06-24"),
    )
    row = moved(*entries)["AAA"]
    assert row["kind"] == "joined_late_and_left"
    assert row["sentence"] == (
        "Atlantis joined a critical text by 24 June 2021 and withdrew on 24 June 2021, within 2 days."
    )


def test_nothing_after_the_day_is_known() -> None:
    entries = lists_of(("AAA", "ZZZ"), ("ZZZ", "YYY"), ("AAA", "ZZZ"))
    assert "AAA" not in moved(*entries, as_of=date(2020, 5, 31))
    assert moved(*entries, as_of=date(2020, 6, 1))["AAA"]["kind"] == "left"
    assert moved(*entries, as_of=date(2021, 6, 1))["AAA"]["kind"] == "returned"


def test_a_withdrawal_from_what_nobody_saw_signed_is_no_move() -> None:
    entries = (text("T", "2020-01-01"), act("T", "AAA", "withdraw"), act("T", "BBB"))
    assert moved(*entries) == {}
    unseen = act("T", "AAA", confidence="unverified")
    assert moved(*entries, unseen) == {}


@st.composite
def records(draw: st.DrawFn) -> tuple[Base, ...]:
    """Up to six texts of every sort, and up to four states that do anything at all on them, on any day."""
    entries: list[Base] = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["letter", "letter", "vote"]))
        side = draw(st.sampled_from(["critical", "supportive", "neutral"]))
        status = draw(st.sampled_from(["complete", "complete", "partial"]))
        year = draw(st.integers(2018, 2024))
        entries.append(text(f"T{number}", draw(st.sampled_from([f"{year}", f"{year}-05-04"])), side, status,
                            instrument_kind=kind))  # fmt: skip
        chosen = ["yes", "no", "abstain", "absent"] if kind == "vote" else ["sign", "join_late", "withdraw"]
        for actor in ("AAA", "BBB", "CCC", "DDD"):
            for what in draw(st.lists(st.sampled_from(chosen), unique=True, max_size=2)):
                day = draw(st.none() | st.sampled_from(["2019", "2020-06", "2021-06-01"]))
                entries.append(act(f"T{number}", actor, what, date=day,
                                   confidence=draw(st.sampled_from(["verified", "unverified"])),
                                   date_is=draw(st.sampled_from(["on", "by"]))))  # fmt: skip
    return tuple(entries)


@given(entries=records(), as_of=st.dates(date(2018, 1, 1), date(2026, 1, 1)))
def test_whatever_is_on_record_every_mover_has_a_sentence_and_entries_that_show_it(
    entries: tuple[Base, ...], as_of: date
) -> None:
    found = moved(*entries, as_of=as_of)
    assert [row["rank"] for row in found.values()] == list(range(1, len(found) + 1))
    verified = {e.id: e for e in entries if isinstance(e, Position) and e.confidence == "verified"}
    for row in found.values():
        assert row["kind"] in KINDS
        assert row["sentence"].endswith(".")
        assert row["moves"] >= 1
        assert set(row["entries"]) <= set(verified)
        assert row["entries"]
        sides = {step["side"] for step in row["steps"] if step["what"] in ("sign", "join_late", "yes", "no")}
        assert (row["kind"] != "both_sides") or sides >= {"critical", "supportive"}


@pytest.fixture(scope="module")
def shipped(xinjiang: Record) -> dict[str, dict[str, Any]]:
    found = positions.movers(xinjiang.as_seen_by(KEEPER), as_of=date(2026, 11, 22))
    assert found["rank"].to_list() == list(range(1, found.height + 1))
    return {row["actor"]: row for row in found.iter_rows(named=True)}


def test_somalia_comes_first_as_the_only_state_on_both_sides(shipped: dict[str, dict[str, Any]]) -> None:
    assert [row["actor"] for row in shipped.values() if row["kind"] == "both_sides"] == ["SOM"]
    assert shipped["SOM"]["rank"] == 1
    assert shipped["SOM"]["entries"] == [
        "hrc41-letter-37/SOM/sign",
        "unga76-3c-cub-62/SOM/sign",
        "hrc51-l6-vote/SOM/yes",
        "unga77-3c-can-50/SOM/sign",
    ]
    assert shipped["SOM"]["sentence"] == (
        "Somalia is found on both sides: supportive in July 2019 and October 2021, then critical in October 2022; "
        "it is not on the complete list of 18 October 2023 (critical)."
    )


# As the research note tells it: who moved, and how.
KNOWN = [
    ("UKR", "joined_late_and_left", "critical", "within 2 days"),
    ("QAT", "withdrew", "supportive", "after 6 days"),
    ("FJI", "withdrew", "critical", "by 30 October 2023"),
    ("TUR", "left", "critical", "signed a critical text on 21 October 2021"),
    ("HTI", "left", "critical", "October 2020 and June 2021"),
    ("BIH", "left", "critical", "October 2020 and June 2021"),
    ("CHE", "returned", "critical", "not on the complete list of 21 October 2021"),
    ("HND", "left", "critical", "October 2022 and October 2023"),
    ("NRU", "returned", "critical", "October 2022 and October 2023"),
    ("ISR", "returned", "critical", "not on the complete list of 21 October 2021"),
    ("ESP", "returned", "critical", "October 2019 and June 2020"),
    ("SRB", "left", "supportive", "6 October 2020"),
    ("DZA", "returned", "supportive", "October 2021 and September 2022"),
    ("SAU", "returned", "supportive", "29 October 2019"),
    ("SWZ", "joined", "critical", "October 2021"),
    ("TUV", "joined", "critical", "18 October 2023"),
]


@pytest.mark.parametrize(("actor", "kind", "side", "words"), KNOWN)
def test_the_known_movers_are_found(
    shipped: dict[str, dict[str, Any]], actor: str, kind: str, side: str, words: str
) -> None:
    row = shipped[actor]
    assert (row["kind"], row["side"]) == (kind, side)
    assert words in row["sentence"]


@pytest.mark.parametrize("actor", ["AUS", "GBR", "KOR", "ARM", "PSE", "PAK", "FRA", "DEU"])
def test_states_that_never_left_or_never_signed_are_no_movers(
    shipped: dict[str, dict[str, Any]], actor: str
) -> None:
    assert actor not in shipped


def test_the_short_lists_since_2024_make_nobody_leave(shipped: dict[str, dict[str, Any]]) -> None:
    lists = {instrument for row in shipped.values() for instrument in row["absent_from"]}
    assert lists.isdisjoint({"hrc57-usa-10", "unga79-3c-aus-15", "unga80-3c-usa-15", "hrc51-chn-28"})


def test_every_mover_names_entries_that_are_on_record(
    xinjiang: Record, shipped: dict[str, dict[str, Any]]
) -> None:
    view = xinjiang.as_seen_by(KEEPER)
    for row in shipped.values():
        assert {view.kind_of(entry) for entry in row["entries"]} == {"position"}
        assert all(view.kind_of(instrument) == "instrument" for instrument in row["absent_from"])


def test_hong_kong_is_apart_unless_it_is_asked_for(xinjiang: Record) -> None:
    view = xinjiang.as_seen_by(KEEPER)
    apart = positions.movers(view, as_of=date(2026, 11, 22))
    together = positions.movers(view, as_of=date(2026, 11, 22), topics=())
    entries = apart["entries"].explode(empty_as_null=False)
    assert not entries.str.contains("-hk/").any()
    assert together["entries"].explode(empty_as_null=False).str.contains("-hk/").any()
    assert together.filter(pl.col("rank") == 1)["actor"].to_list() == ["SOM"]
