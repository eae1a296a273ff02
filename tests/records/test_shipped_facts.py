"""What the shipped record on Xinjiang holds: sound entries, lists that add up, and facts that are known."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from onrecord import positions, promises
from onrecord.model import check
from onrecord.model.kinds import Decision, Entry, Event, Figure, Instrument, Person, Position, Promise, Quote
from onrecord.record import Record
from onrecord.record.gate import KEEPER

COMPILED = date(2026, 11, 22)

NET = {
    "hrc41-letter-22": (22, 23), "hrc41-letter-37": (37, 50), "unga74-3c-uk-23": (23, 23), "unga74-3c-blr-54": (54, 54),
    "hrc44-uk-27": (27, 27), "hrc44-cub-53-hk": (53, 53), "hrc44-blr-46": (20, 20), "unga75-3c-deu-39": (39, 39),
    "unga75-3c-cub-45": (45, 45), "unga75-3c-pak-55-hk": (22, 22), "unga75-3c-kwt-3": (1, 1), "hrc46-blr-71-hk": (1, 1),
    "hrc46-cub-64": (2, 2), "hrc47-can-44": (44, 44), "hrc47-blr-65": (6, 10), "hrc48-pak-65": (4, 4),
    "hrc48-gcc-6": (6, 6), "unga76-3c-fra-43": (43, 43), "unga76-3c-cub-62": (26, 26), "hrc50-nld-47": (47, 47),
    "hrc50-cub-69": (11, 11), "hrc51-chn-28": (28, 28), "hrc51-l6-sponsors": (8, 13), "hrc51-pak-68": (7, 7),
    "unga77-3c-can-50": (50, 50), "unga77-3c-cub-66": (5, 5), "unga77-3c-sau-8": (8, 8), "unga78-3c-pak-72": (5, 5),
    "unga78-3c-gbr-51": (51, 50), "hrc57-usa-10": (10, 10), "hrc57-cub-80": (1, 1), "unga79-3c-aus-15": (15, 15),
    "unga79-3c-pak-80": (5, 5), "unga79-3c-qat-gcc-6": (6, 6), "unga80-3c-chn-85": (6, 6), "unga80-3c-usa-15": (15, 15),
}  # fmt: skip
"""Names on the list as first published, and net of those who joined and withdrew."""


def acts(entries: dict[str, Entry], instrument: str) -> Counter[str]:
    """How many acts of each sort stand on an instrument."""
    return Counter(
        entry.act
        for entry in entries.values()
        if isinstance(entry, Position) and entry.instrument == instrument
    )


def test_every_entry_is_sound_by_itself(entries: dict[str, Entry]) -> None:
    assert [problem for entry in entries.values() for problem in check.problems(entry)] == []


def test_no_entry_points_to_something_that_is_not_on_record(entries: dict[str, Entry]) -> None:
    def kind(entry_id: str) -> str | None:
        return check.kind_of(entries[entry_id]) if entry_id in entries else None

    assert [problem for entry in entries.values() for problem in check.dangling(entry, kind)] == []


def test_every_source_is_cited(entries: dict[str, Entry]) -> None:
    cited = {citation.source for entry in entries.values() for citation in entry.citations}
    assert {i for i, entry in entries.items() if check.kind_of(entry) == "source"} - cited == set()


@pytest.mark.parametrize("instrument", NET)
def test_the_names_on_a_list_add_up(entries: dict[str, Entry], instrument: str) -> None:
    done = acts(entries, instrument)
    listed, net = NET[instrument]
    assert done["sign"] == listed
    assert done["sign"] + done["join_late"] - done["withdraw"] == net


def test_a_complete_list_has_as_many_names_as_its_authors_said(by_kind: dict[str, list[Entry]]) -> None:
    voting = {"yes", "no", "abstain", "absent"}
    on_list: Counter[str] = Counter()
    for entry in by_kind["position"]:
        assert isinstance(entry, Position)
        on_list[entry.instrument] += entry.act == "sign" or entry.act in voting
    complete = [e for e in by_kind["instrument"] if isinstance(e, Instrument) and e.list_status == "complete"]
    assert len(complete) >= 17
    assert {e.id: on_list[e.id] for e in complete} == {e.id: e.stated_count for e in complete}


def test_the_debate_on_xinjiang_was_refused_by_17_to_19_with_11_abstentions(
    entries: dict[str, Entry],
) -> None:
    assert acts(entries, "hrc51-l6-vote") == {"yes": 17, "no": 19, "abstain": 11}


def test_everybody_who_voted_was_a_member_of_the_council_that_day(record: Record) -> None:
    view = record.as_seen_by(KEEPER)
    seats = view.table("membership")
    day = date(2022, 10, 6)
    members = seats.filter(
        (seats["of"] == "hrc") & (seats["start_last"] <= day) & (seats["end_first"] >= day)
    )
    votes = view.table("position").filter(view.table("position")["instrument"] == "hrc51-l6-vote")
    assert members.height == 47
    assert set(votes["actor"]) == set(members["actor"])


def test_dates_of_joining_and_leaving_are_those_of_the_reports(entries: dict[str, Entry]) -> None:
    known = {
        "hrc41-letter-22/ITA/join_late": ("2019-07-12", "on"),
        "hrc41-letter-37/QAT/withdraw": ("2019-07-18", "on"),
        "hrc41-letter-37/UZB/join_late": ("2019-07-26", "by"),
        "hrc47-can-44/UKR/withdraw": ("2021-06-24", "on"),
        "hrc47-blr-65/LBN/join_late": ("2021-07-20", "by"),
        "unga78-3c-gbr-51/FJI/withdraw": ("2023-10-30", "by"),
    }
    found = {i: (e.date, e.date_is) for i in known if isinstance(e := entries[i], Position)}
    assert found == known


def test_what_is_inferred_or_contested_is_unverified(by_kind: dict[str, list[Entry]]) -> None:
    doubtful = [
        e for e in by_kind["position"] if isinstance(e, Position) and (e.note or "").startswith("unverified")
    ]
    assert len(doubtful) == 35
    assert {e.confidence for e in doubtful} == {"unverified"}
    assert all(
        e.confidence == "verified"
        for e in by_kind["position"]
        if isinstance(e, Position) and e not in doubtful
    )


def test_somalia_alone_signed_on_both_sides(record: Record) -> None:
    moved = positions.movers(record.as_seen_by(KEEPER), as_of=COMPILED, topics=())
    signed_both = {
        row["actor"]
        for row in moved.iter_rows(named=True)
        if {step["side"] for step in row["steps"] if step["what"] in ("sign", "join_late")}
        == {"critical", "supportive"}
    }
    assert signed_both - {"QAT"} == {"SOM"}
    assert moved["actor"][0] == "SOM"


@pytest.mark.parametrize(("text", "words"), [("Q-08", "not an investigation"), ("Q-20", "we are trying")])
def test_a_quotation_is_the_phrase_that_matters(entries: dict[str, Entry], text: str, words: str) -> None:
    quote = entries[text]
    assert isinstance(quote, Quote)
    assert quote.text == words


def test_no_quotation_is_longer_than_ten_words(by_kind: dict[str, list[Entry]]) -> None:
    quoted = {q.id: q.text for q in by_kind["quote"] if isinstance(q, Quote)}
    quoted |= {p.id: p.words for p in by_kind["promise"] if isinstance(p, Promise) and p.words}
    assert len(quoted) == 41 + 12
    assert {i: text for i, text in quoted.items() if len(text.split()) > 10} == {}


def test_a_quotation_and_its_event_lie_in_the_same_month(entries: dict[str, Entry]) -> None:
    linked = [(q, entries[q.event]) for q in entries.values() if isinstance(q, Quote) and q.event]
    assert len(linked) == 40
    assert [
        q.id for q, event in linked if not (isinstance(event, Event) and event.date[:7] == q.date[:7])
    ] == []


def test_sources_that_disagree_stand_in_one_series_with_a_decision(by_kind: dict[str, list[Entry]]) -> None:
    values: dict[str, set[str]] = {}
    judged = {s for d in by_kind["decision"] if isinstance(d, Decision) for s in d.subject}
    undecided = []
    for figure in by_kind["figure"]:
        assert isinstance(figure, Figure)
        if figure.series:
            values.setdefault(figure.series, set()).add(figure.value)
            if figure.id not in judged:
                undecided.append(figure.id)
    assert values["scholars-letter-2022-signatories"] == {"37", "38", "39"}
    assert values["hrc50-cub-69-signatories"] == {"69", "70", "79"}
    assert undecided == ["F-04"], "the seed estimate has no rival in its unit"


def test_a_decision_relies_on_something_it_judges(by_kind: dict[str, list[Entry]]) -> None:
    for decision in by_kind["decision"]:
        assert isinstance(decision, Decision)
        assert (decision.prefers is not None) == (decision.verdict == "prefer"), decision.id
        assert decision.prefers is None or decision.prefers in decision.subject, decision.id


def test_the_detentions_of_one_person_can_be_told_in_order(entries: dict[str, Entry]) -> None:
    spells = [
        (e.date, e.event_kind)
        for e in entries.values()
        if isinstance(e, Event) and "C-01" in e.about and e.event_kind in ("detention", "release", "sentence")
    ]
    assert sorted(spells) == [
        ("2017-04-10", "detention"),
        ("2019-05-22", "release"),
        ("2020-05-19", "detention"),
        ("2020-08-31", "release"),
        ("2020-09-26", "detention"),
        ("2021-04-01", "sentence"),
    ]


def test_a_date_that_other_sources_dispute_is_judged(by_kind: dict[str, list[Entry]]) -> None:
    judged = {s for d in by_kind["decision"] if isinstance(d, Decision) for s in d.subject}
    disputed = {e.id for e in by_kind["event"] if isinstance(e, Event) and e.event_kind == "disputed date"}
    assert len(disputed) == 9
    assert disputed <= judged


def test_every_date_of_a_month_or_a_year_was_left_unpadded(entries: dict[str, Entry]) -> None:
    month = {
        "E-201808-cerd-review": "2018-08",
        "E-2017-dawut-disappears": "2017",
        "E-202206-vice-article": "2022-06",
    }
    assert {i: getattr(entries[i], "date", None) for i in month} == month


def test_the_news_story_is_cited_for_what_it_states(entries: dict[str, Entry]) -> None:
    citing = {i for i, entry in entries.items() if any(c.source == "S001" for c in entry.citations)}
    assert {
        "C-01",
        "F-05",
        "P-07",
        "Q-09",
        "E-20220523-visit",
        "hrc41-letter-22",
        "hrc41-letter-22/AUS/sign",
    } <= citing
    assert len(citing) >= 60


def test_people_are_named_as_the_sources_name_them(entries: dict[str, Entry]) -> None:
    songwriter = entries["C-20"]
    assert isinstance(songwriter, Person)
    assert [(n.text, n.role) for n in songwriter.names] == [
        ("Yaxia'er Xiaohelaiti", None),
        ("Yashar Shohret", "other spelling"),
        ("Uigga", "stage name"),
    ]


def test_every_promise_comes_out_as_it_was_judged(
    record: Record, compiled: dict[str, list[dict[str, str]]]
) -> None:
    stated = {row["id"]: row["status"] for row in compiled["process/promises.csv"]}
    found = promises.outcomes(record.as_seen_by(KEEPER), as_of=COMPILED)
    as_stated = {"overdue": "open", "waiting": "open", "not_due_yet": "open"}
    assert {r["id"]: as_stated.get(r["outcome"], r["outcome"]) for r in found.iter_rows(named=True)} == stated


def test_the_report_to_the_ilo_was_1543_days_overdue(record: Record) -> None:
    found = promises.outcomes(record.as_seen_by(KEEPER), as_of=COMPILED).rows_by_key(
        "id", named=True, unique=True
    )
    assert (found["P-18"]["outcome"], found["P-18"]["days_least"]) == ("overdue", 1543)
    assert (found["P-16"]["days_least"], found["P-16"]["days_most"]) == (31, 61)
    assert found["P-05"]["outcome"] == "broken"
