"""`onrecord find` and `onrecord people`, from the shell."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from onrecord.ingest.taking_in import take_in
from onrecord.model import Citation
from onrecord.model.kinds import Name, Person, Source
from onrecord.record import KEEPER, PUBLIC, Record
from tests.cli.conftest import Run


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("find")
    made = Record.create(tmp_path / "record", title="Names")
    cited = (Citation(source="S"),)
    made.enter(
        [
            Source(id="S", title="A source"),
            Person(
                id="p1", names=(Name(text="Mirzat Taher"),), summary="Taken.", born="1991", citations=cited
            ),
            Person(id="p2", names=(Name(text="Rahile Dawut"),), summary="Taken.", citations=cited),
        ]
    )
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["姓名", "出生日期"], ["米尔扎提·塔依尔", "1991-05-02"]])
    take_in(made, [tmp_path / "list.csv"], workers=1)
    return tmp_path / "record"


@pytest.fixture
def record(made_once: Path, tmp_path: Path) -> Path:
    """A record of two people, with a list in which one of them is named in Hanzi."""
    return Path(shutil.copytree(made_once, tmp_path / "record"))


def _mention(run: Run, record: Path) -> str:
    hits = run("-r", record, "find", "Mirzat Taher", "--json").json
    return str(next(hit["id"] for hit in hits if hit["kind"] == "mention"))


def test_find_tells_possible_people_with_place_alignment_and_what_changed_their_rank(
    run: Run, record: Path
) -> None:
    ran = run("-r", record, "find", "Mirzat Taher", "--born", "1991")
    assert ran.code == 0
    assert "possible person on record p1" in ran.out
    assert "list.csv cell A2" in ran.out
    assert "米" in ran.out
    assert "birth year: both were born in 1991" in ran.out
    assert "A name alone decides nothing" in ran.err
    assert "100%" not in ran.out


def test_find_for_scripts_gives_every_field(run: Run, record: Path) -> None:
    hits = run("-r", record, "find", "مىرزات تاھىر", "--json", "--limit", "2").json
    mention, person = sorted(hits, key=lambda hit: str(hit["kind"]))
    assert (mention["kind"], person["kind"], person["id"]) == ("mention", "person", "p1")
    assert mention["locator"] == "cell A2"
    assert mention["path"].endswith("list.csv")
    assert mention["born"] == "1991-05-02"
    assert 0 < mention["probability"] <= 1
    assert mention["alignment"][0]["pieces"]


def test_find_says_that_nobody_is_no_proof(run: Run, record: Path) -> None:
    ran = run("-r", record, "find", "Wolfgang")
    assert (ran.code, ran.out) == (0, "")
    assert "no proof" in ran.err


@pytest.mark.parametrize("text", ["", "😀", "x" * 10_000, "12345"])
def test_find_refuses_what_is_no_name_in_words(run: Run, record: Path, text: str) -> None:
    ran = run("-r", record, "find", text)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err) < 500
    assert "Traceback" not in ran.err


def test_find_refuses_a_birth_date_that_is_none(run: Run, record: Path) -> None:
    ran = run("-r", record, "find", "Mirzat", "--born", "1.5.91")
    assert ran.code == 2
    assert "Write 1985" in ran.err


@pytest.mark.parametrize("number", ["65312", "6531211991050", "65312x", "６５３１２１"])
def test_find_refuses_digits_that_begin_no_identity_number(run: Run, record: Path, number: str) -> None:
    assert run("-r", record, "find", "Mirzat", "--number", number).code == 2


def test_a_mention_is_linked_seen_with_its_reason_and_undone(run: Run, record: Path) -> None:
    mention = _mention(run, record)
    linked = run("-r", record, "people", "link", "p1", mention, "--verdict", "same", "--reason", "born the same day",
                 "--by", "Ana")  # fmt: skip
    assert linked.code == 0
    listed = run("-r", record, "people", "clusters")
    assert f"Mirzat Taher (p1) = 米尔扎提·塔依尔 ({mention})" in listed.out.replace(
        f"米尔扎提·塔依尔 ({mention}) = Mirzat Taher (p1)", f"Mirzat Taher (p1) = 米尔扎提·塔依尔 ({mention})"
    )
    assert "by Ana" in listed.out
    assert "born the same day" in listed.out
    assert "3 entries stand for 2 people; this rests on 1 judgement of same" in listed.out
    assert f"judged the same person as {mention}" in run("-r", record, "find", "Mirzat Taher").out
    undone = run("-r", record, "people", "undo", "p1", mention, "--reason", "another man")
    assert undone.code == 0
    assert run("-r", record, "people", "clusters", "--json").json["counted"]["people"] == 3


def test_a_judged_mention_comes_on_record_for_keepers_only_with_its_cell_cited(
    run: Run, record: Path
) -> None:
    mention = _mention(run, record)
    run(
        "-r",
        record,
        "people",
        "link",
        "p1",
        mention,
        "--verdict",
        "unsure",
        "--reason",
        "too little is known",
    )
    opened = Record(record)
    entry = opened.as_seen_by(KEEPER).entry(mention).entry
    assert isinstance(entry, Person)
    assert entry.names[0].text == "米尔扎提·塔依尔"
    assert entry.citations[0].supports == "cell A2"
    assert mention not in opened.as_seen_by(PUBLIC).ids
    assert run("-r", record, "verify").code == 0
    assert [hit["id"] for hit in run("-r", record, "find", "Mirzat Taher", "--json").json].count(mention) == 1


def test_contradicting_judgements_are_named(run: Run, record: Path) -> None:
    mention = _mention(run, record)
    for a, b, verdict in (("p1", mention, "same"), ("p2", mention, "same"), ("p1", "p2", "different")):
        assert run("-r", record, "people", "link", a, b, "--verdict", verdict, "--reason", "seen").code == 0
    found = run("-r", record, "people", "clusters", "--json").json
    (conflict,) = found["conflicts"]
    assert (conflict["a"], conflict["b"], conflict["path"]) == ("p1", "p2", ["p1", mention, "p2"])
    assert "Conflict: p1 and p2" in run("-r", record, "people", "clusters").out


def test_the_work_list_offers_what_nobody_judged(run: Run, record: Path) -> None:
    mention = _mention(run, record)
    offered = run("-r", record, "people", "worklist", "--json").json
    assert {frozenset((row["a"], row["b"])) for row in offered} == {frozenset(("p1", mention))}
    run("-r", record, "people", "link", "p1", mention, "--verdict", "different", "--reason", "seen")
    assert run("-r", record, "people", "worklist", "--json").json == []


@pytest.mark.parametrize(
    ("a", "b", "code"), [("p1", "p1", 2), ("p1", "nobody", 4), ("p1", "S", 2), ("p1", "mention/x/y", 4)]
)
def test_what_cannot_be_judged_is_refused_and_leaves_nothing(
    run: Run, record: Path, a: str, b: str, code: int
) -> None:
    size = Record(record).views.refresh().size
    assert run("-r", record, "people", "link", a, b, "--verdict", "same", "--reason", "seen").code == code
    assert run("-r", record, "people", "link", "p1", "p2", "--verdict", "same", "--reason", " ").code == 2
    assert run("-r", record, "people", "undo", "p1", "p2", "--reason", "seen").code == 4
    assert Record(record).views.refresh().size == size


def test_judgements_go_out_and_come_in(run: Run, record: Path, tmp_path: Path) -> None:
    run(
        "-r",
        record,
        "people",
        "link",
        "p1",
        "p2",
        "--verdict",
        "different",
        "--reason",
        "seen",
        "--by",
        "Ana",
    )
    out = run("-r", record, "people", "export", "-")
    assert out.json[:3] == ["p2", "p1", "negative"]
    (tmp_path / "edges.jsonl").write_text(out.out.replace("negative", "unsure"))
    again = run("-r", record, "people", "import", tmp_path / "edges.jsonl", "--reason", "from the other team")
    assert "1 judgements" in again.out
    judgements = run("-r", record, "people", "clusters", "--json").json["judgements"]
    assert [(j["verdict"], j["by"], j["reason"]) for j in judgements] == [
        ("unsure", "Ana", "from the other team")
    ]
    repeated = run("-r", record, "people", "import", tmp_path / "edges.jsonl", "--reason", "again")
    assert "0 judgements" in repeated.out
