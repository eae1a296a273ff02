"""A coming vote on a record: the draft is a file, members and signatures come from the ledger."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from onrecord.errors import InvalidInput
from onrecord.record import KEEPER, Record
from onrecord.rollcalls import lessons, take_in
from onrecord.rollcalls.bodies import body_named
from onrecord.rollcalls.draft import read_draft
from onrecord.rollcalls.forecasts import foretell

STATES = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG")
FOR = ("AAA", "BBB", "CCC", "DDD")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Thirty votes on the situation of ZZZ, on which four states always say yes and three no."""
    resolutions = ["symbol,kind,date,session,title,situation,main_sponsors,yes,no,abstain"]
    votes = ["symbol,date,iso3,vote,source_url"]
    for number in range(30):
        day = f"{2010 + number // 3}-0{number % 3 * 3 + 1}-10"
        symbol = f"A/HRC/RES/{number}/1"
        resolutions.append(f"{symbol},resolution,{day},{number},Situation in ZZZ : resolution,ZZZ,,4,3,0")
        votes += [
            f"{symbol},{day},{state},{'Y' if state in FOR else 'N'},https://example.org" for state in STATES
        ]
    for name, lines in (("resolutions.csv", resolutions), ("votes.csv", votes)):
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    made = Record.create(tmp_path / "record", title="A record")
    take_in(made, [tmp_path / "resolutions.csv", tmp_path / "votes.csv"])
    return made


def draft(tmp_path: Path, more: str = "") -> Path:
    path = tmp_path / "draft.toml"
    members = ", ".join(f'"{state}"' for state in STATES)
    path.write_text(
        'body = "hrc"\ndate = 2020-03-01\ntitle = "Situation in ZZZ"\ntopic = "ZZZ"\ntarget = "ZZZ"\n'
        f"members = [{members}]\n{more}"
    )
    return path


def chances(record: Record, path: Path) -> tuple[float, dict[str, float]]:
    view = record.as_seen_by(KEEPER)
    told = foretell(record, view, body_named(record, view, "hrc"), read_draft(path))
    return told.forecast.adopted, dict(told.forecast.members.select("iso3", "p_yes").iter_rows())


def test_the_draft_that_the_documentation_shows_can_be_read(tmp_path: Path) -> None:
    words = (Path(__file__).parents[2] / "docs" / "votes.md").read_text(encoding="utf-8")
    shown = re.search(r"```toml\n(.*?)```", words, re.DOTALL)
    assert shown is not None
    (tmp_path / "draft.toml").write_text(shown[1])
    read = read_draft(tmp_path / "draft.toml")
    assert (read.body, read.target, read.fixed) == ("hrc", "CHN", {"UKR": "abstain"})


def test_states_are_expected_to_vote_as_they_did(record: Record, tmp_path: Path) -> None:
    adopted, yes = chances(record, draft(tmp_path))
    assert min(yes[state] for state in FOR) > 0.5 > max(yes[state] for state in set(STATES) - set(FOR))
    assert adopted > 0.5


def test_a_vote_set_by_hand_is_certain_and_moves_the_result(record: Record, tmp_path: Path) -> None:
    before, _ = chances(record, draft(tmp_path))
    after, yes = chances(record, draft(tmp_path, '[fixed]\nAAA = "no"\n'))
    assert yes["AAA"] == pytest.approx(0)
    assert after < before


def test_what_was_learnt_for_a_text_is_kept_and_tells_the_same(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = chances(record, draft(tmp_path))
    by_hand, _ = chances(record, draft(tmp_path, '[fixed]\nAAA = "no"\n'))
    monkeypatch.setattr(lessons, "train_until", learning_is_refused)
    assert chances(record, draft(tmp_path)) == before
    assert chances(record, draft(tmp_path, '[fixed]\nAAA = "no"\n'))[0] == by_hand


@pytest.mark.parametrize("more", ["known = 2015-01-01\n", 'headings = "Item 4"\n', "polarity = -1\n"])
def test_another_text_or_day_is_learnt_anew(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    chances(record, draft(tmp_path))
    monkeypatch.setattr(lessons, "train_until", learning_is_refused)
    with pytest.raises(AssertionError, match="learning"):
        chances(record, draft(tmp_path, more))


def learning_is_refused(*_: object, **__: object) -> None:
    raise AssertionError("learning")


def test_the_rule_decides(record: Record, tmp_path: Path) -> None:
    simple, _ = chances(record, draft(tmp_path))
    strict, _ = chances(record, draft(tmp_path, 'rule = "two-thirds"\n'))
    assert strict < simple


def test_votes_after_the_day_it_became_known_are_not_looked_at(record: Record, tmp_path: Path) -> None:
    early = draft(tmp_path, "known = 2012-01-01\n")
    view = record.as_seen_by(KEEPER)
    body = body_named(record, view, "hrc")
    cut = body.rollcalls.filter(pl.col("date").cast(pl.Date) < pl.date(2012, 1, 1))["rcid"].implode()
    votes = body.votes.filter(pl.col("rcid").is_in(cut))
    shorter = replace(body, votes=votes, until=2011)
    whole = foretell(record, view, body, read_draft(early)).forecast
    part = foretell(record, view, shorter, read_draft(early)).forecast
    assert whole.members["p_yes"].to_list() == pytest.approx(part.members["p_yes"].to_list())


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('rule = "by applause"\n', "no rule 'by applause'"),
        ("polarity = 3\n", "polarity"),
        ('mood = "good"\n', "mood"),
        ("[fixed]\nAAA = 1\n", "fixed"),
        ("known = 2020-03-02\n", "known after the vote cannot be used. Use 2020-03-01"),
    ],
)
def test_a_draft_that_says_something_else_is_refused(tmp_path: Path, more: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_draft(draft(tmp_path, more))


@pytest.mark.parametrize(
    ("field", "word", "says"),
    [
        ("topic", '"ZZX"', "column topic: no roll call of hrc is known as 'ZZX'. Is it ZZZ"),
        ("target", '"China"', "column target: no state is known as 'China'"),
        ("letters", '["xinjang"]', "column letters: no letter on record is known as 'xinjang'"),
    ],
)
def test_a_word_that_the_record_does_not_know_is_named(
    record: Record, tmp_path: Path, field: str, word: str, says: str
) -> None:
    path = draft(tmp_path)
    kept = [line for line in path.read_text().splitlines() if not line.startswith(field)]
    path.write_text("\n".join([*kept, f"{field} = {word}"]))
    with pytest.raises(InvalidInput, match=says):
        chances(record, path)


def test_a_member_who_never_voted_is_named(record: Record, tmp_path: Path) -> None:
    path = draft(tmp_path)
    path.write_text(path.read_text().replace('"AAA", ', '"AAA", "QQQ", '))
    with pytest.raises(InvalidInput, match="QQQ"):
        chances(record, path)


def test_without_terms_on_record_the_voters_of_the_last_session_are_taken(
    record: Record, tmp_path: Path
) -> None:
    path = draft(tmp_path)
    path.write_text(
        "\n".join(line for line in path.read_text().splitlines() if not line.startswith("members"))
    )
    told = read_draft(path)
    view = record.as_seen_by(KEEPER)
    assert set(foretell(record, view, body_named(record, view, "hrc"), told).members) == set(STATES)
