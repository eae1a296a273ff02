"""The commands that answer: movers, positions, promises."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest

from onrecord import errors
from onrecord.record import Record

from .conftest import Run


def test_movers_come_ranked_with_their_entries(run: Run, xinjiang: Record) -> None:
    found = run("-r", xinjiang.folder, "movers", "--json").json
    first = found[0]
    assert (first["rank"], first["actor"], first["name"], first["kind"]) == (
        1,
        "SOM",
        "Somalia",
        "both_sides",
    )
    assert first["sentence"].startswith("Somalia is found on both sides")
    assert first["entries"] == [step["entry"] for step in first["steps"] if step["entry"]]
    assert [row["rank"] for row in found] == list(range(1, len(found) + 1))
    assert {"UKR", "QAT", "FJI", "TUR", "HTI", "CHE", "HND"} <= {row["actor"] for row in found}


def test_movers_read_as_sentences(run: Run, xinjiang: Record) -> None:
    shown = run("-r", xinjiang.folder, "movers", "--as-of", "2021-06-30")
    assert shown.code == 0
    assert "Ukraine joined a critical text" in shown.out
    assert "Somalia is found" not in shown.out


def test_movers_of_another_topic_can_be_asked_for(run: Run, xinjiang: Record) -> None:
    found = run("-r", xinjiang.folder, "movers", "--topic", "hong_kong", "--json").json
    assert "UKR" not in {row["actor"] for row in found}


def test_the_positions_on_an_instrument(run: Run, xinjiang: Record) -> None:
    found = run("-r", xinjiang.folder, "positions", "--instrument", "hrc41-letter-37", "--json").json
    assert found["instrument"]["id"] == "hrc41-letter-37"
    assert (found["list_status"], found["stated_count"], found["listed"], found["net"]) == (
        "complete",
        37,
        37,
        50,
    )
    assert Counter(row["stance"] for row in found["positions"]) == {"supportive": 50, "withdrew": 1}
    qatar = next(row for row in found["positions"] if row["actor"] == "QAT")
    assert (qatar["name"], qatar["act"], qatar["date"]) == ("Qatar", "withdraw", "2019-07-18")
    assert qatar["entries"] == ["hrc41-letter-37/QAT/sign", "hrc41-letter-37/QAT/withdraw"]


@pytest.mark.parametrize(
    ("instrument", "meaning"),
    [("hrc41-letter-22", "did_not_sign"), ("hrc50-cub-69", "no_known_position"), ("hrc51-l6-vote", "had_no_vote"),
     ("ngo-230-2022-06-08", None)],
)  # fmt: skip
def test_who_did_not_sign_is_told_for_complete_lists_alone(
    run: Run, xinjiang: Record, instrument: str, meaning: str | None
) -> None:
    found = run("-r", xinjiang.folder, "positions", "--instrument", instrument, "--json").json
    assert found["absence_means"] == meaning
    if meaning == "did_not_sign":
        signed = {row["actor"] for row in found["positions"]}
        assert "USA" in found["did_not_sign"]
        assert signed.isdisjoint(found["did_not_sign"])
    else:
        assert found["did_not_sign"] is None


def test_the_positions_as_of_an_earlier_day(run: Run, xinjiang: Record) -> None:
    found = run(
        "-r",
        xinjiang.folder,
        "positions",
        "--instrument",
        "hrc41-letter-37",
        "--as-of",
        "2019-07-13",
        "--json",
    ).json
    assert (found["as_of"], found["listed"], found["joined"], found["withdrew"]) == ("2019-07-13", 37, 0, 0)
    assert next(row for row in found["positions"] if row["actor"] == "QAT")["stance"] == "supportive"
    assert next(row for row in found["positions"] if row["actor"] == "SRB")["stance"] == "no_known_position"


def test_a_text_that_was_not_there_yet_has_no_positions(run: Run, xinjiang: Record) -> None:
    found = run(
        "-r", xinjiang.folder, "positions", "--instrument", "hrc51-l6-vote", "--as-of", "2020-01-01", "--json"
    ).json
    assert (found["positions"], found["net"]) == ([], 0)


def test_all_instruments_have_a_line_each(run: Run, xinjiang: Record) -> None:
    found = run("-r", xinjiang.folder, "positions", "--json").json
    assert {"hrc41-letter-22", "ep-res-2022-06-09"} <= {row["instrument"] for row in found}


def test_positions_can_be_read_as_a_table_and_as_csv(run: Run, xinjiang: Record) -> None:
    shown = run("-r", xinjiang.folder, "positions", "--instrument", "hrc41-letter-22")
    assert "22 stated, 22 named, 1 joined late, 0 withdrew, net 23" in shown.out
    assert "join_late" in shown.out
    table = run("-r", xinjiang.folder, "positions", "--instrument", "hrc41-letter-22", "--csv").out
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == 23
    assert rows[0]["actor"] == "AUS"


def test_an_instrument_that_is_not_on_record_is_told_with_close_ones(run: Run, xinjiang: Record) -> None:
    refused = run("-r", xinjiang.folder, "positions", "--instrument", "hrc41-leter-37", "--json")
    assert refused.code == errors.EntryNotFound.exit_code
    assert "Did you mean hrc41-letter-37" in refused.err
    assert refused.out == ""
    assert run("-r", xinjiang.folder, "positions", "--instrument", "SOM").code == refused.code


def test_the_promises_on_a_day(run: Run, xinjiang: Record) -> None:
    found = run("-r", xinjiang.folder, "promises", "--as-of", "2026-11-22", "--json").json
    by_id = {row["id"]: row for row in found}
    assert (by_id["P-18"]["class"], by_id["P-18"]["outcome"], by_id["P-18"]["days"]) == (
        "ask",
        "overdue",
        1543,
    )
    late = by_id["P-16"]
    assert (late["outcome"], late["days_least"], late["days_most"]) == ("kept_late", 31, 61)
    assert {row["as_of"] for row in found} == {"2026-11-22"}


def test_the_promises_of_one_class(run: Run, xinjiang: Record) -> None:
    found = run("-r", xinjiang.folder, "promises", "--class", "obligation", "--json").json
    assert {row["class"] for row in found} == {"obligation"}
    assert len(found) == 3


def test_the_promises_of_an_earlier_day_know_nothing_of_later_ones(run: Run, xinjiang: Record) -> None:
    found = run("-r", xinjiang.folder, "promises", "--as-of", "2021-12-31", "--json").json
    by_id = {row["id"]: row["outcome"] for row in found}
    assert "P-18" not in by_id
    assert by_id["P-04"] == "not_due_yet"
    assert by_id["P-01"] == "not_due_yet"


def test_promises_read_as_a_table_and_as_csv(run: Run, xinjiang: Record) -> None:
    assert "Overdue by 1,543 days." in run("-r", xinjiang.folder, "promises", "--as-of", "2026-11-22").out
    rows = list(csv.DictReader(io.StringIO(run("-r", xinjiang.folder, "promises", "--csv").out)))
    assert {"id", "class", "outcome", "days", "days_least", "days_most", "as_of"} <= set(rows[0])


@pytest.mark.parametrize(
    "day", ["2022-02-30", "2022-13-01", "yesterday", "2022-05", "2022", "", "2022-01-01T00:00"]
)
@pytest.mark.parametrize("command", ["promises", "movers", "positions"])
def test_what_is_no_day_is_refused(run: Run, xinjiang: Record, command: str, day: str) -> None:
    refused = run("-r", xinjiang.folder, command, "--as-of", day)
    assert refused.code == errors.UsageError.exit_code
    assert "YYYY-MM-DD" in refused.err
