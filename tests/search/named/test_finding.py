"""Finding people and mentions over all scripts, seen through the gate."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from onrecord.ingest.taking_in import take_in
from onrecord.model import Citation
from onrecord.model.kinds import Name, Person, Source
from onrecord.model.kinds.person import Consent
from onrecord.names import UnreadableName
from onrecord.record import KEEPER, PUBLIC, Record
from onrecord.search.named.finding import names_among, names_of
from onrecord.search.named.mention import About


def _person(entry_id: str, *names: str, visibility: str = "private", **fields: str) -> Person:
    consent = Consent(basis="given", by="family") if visibility == "public" else None
    return Person(
        id=entry_id,
        names=tuple(Name(text=name) for name in names),
        summary="Taken.",
        citations=(Citation(source="S"),),
        visibility=visibility,  # type: ignore[arg-type]
        consent=consent,
        **fields,  # type: ignore[arg-type]
    )


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """A record with a public and a private person, and a list in which one of them is named."""
    folder = tmp_path_factory.mktemp("names")
    record = Record.create(folder / "record", title="Names")
    record.enter(
        [
            Source(id="S", title="A source", visibility="public"),
            _person("open", "Mirzat Taher", "Mulizati Tayier", visibility="public", born="1991"),
            _person("closed", "Rahile Dawut"),
        ]
    )
    documents = folder / "documents"
    documents.mkdir()
    rows = [
        ["姓名", "出生日期", "家庭住址"],
        ["米尔扎提·塔依尔", "1991-05-02", "喀什"],
        ["热依拉·达吾提", "1966", ""],
    ]
    _write(documents / "list.csv", rows)
    take_in(record, [documents], workers=1)
    return record


@pytest.mark.parametrize(
    "query",
    [
        "Mirzat Taher",
        "米尔扎提·塔依尔",
        "Mierzhati Tayi'er",
        "مىرزات تاھىر",
        "Mulizati Tayier",
        "Taher Mirzat",
    ],
)
def test_a_person_on_record_is_found_first_whatever_the_script(xinjiang: Record, query: str) -> None:
    assert names_of(xinjiang).find(query)[0].id == "C-01"


def test_people_and_mentions_are_ranked_together_and_say_where_they_stand(gathered: Record) -> None:
    hits = names_of(gathered).find("Mirzat Taher")
    assert [(hit.kind, hit.name, hit.locator) for hit in hits[:2]] == [
        ("person", "Mirzat Taher", None),
        ("mention", "米尔扎提·塔依尔", "cell A2"),
    ]


def test_a_hit_says_which_stretch_answers_which(gathered: Record) -> None:
    mention = names_of(gathered).find("Mirzat Taher")[1]
    pieces = [piece for match in mention.explanation.matched for piece in match.pieces]
    assert "".join(piece.other for piece in pieces) == "米尔扎提塔依尔"
    assert mention.explanation.probability == pytest.approx(mention.name_probability, abs=0.01)


def test_a_visitor_finds_public_people_only_and_no_document(gathered: Record) -> None:
    names = names_of(gathered, PUBLIC)
    assert [hit.id for hit in names.find("Mirzat Taher")] == ["open"]
    assert names.find("Rahile Dawut") == []


def test_names_in_memory_answer_as_those_on_disk(gathered: Record) -> None:
    table = gathered.as_seen_by(PUBLIC).table("person")
    assert names_among(table).find("米尔扎提") == names_of(gathered, PUBLIC).find("米尔扎提")


def test_what_else_is_known_changes_ranks_and_each_change_is_shown(gathered: Record) -> None:
    names = names_of(gathered)
    plain, weighed = names.find("Rahile Dawut"), names.find("Rahile Dawut", About(born="1966"))
    assert plain[0].id == "closed"
    assert (weighed[0].kind, weighed[0].locator) == ("mention", "cell A3")
    (change,) = weighed[0].adjustments
    assert change.fact == "birth year"
    assert weighed[0].probability > weighed[0].name_probability


def test_a_region_that_everybody_shares_is_no_fact(gathered: Record) -> None:
    hits = names_of(gathered).find("Mirzat Taher", About(place="Xinjiang, China"))
    assert all(hit.adjustments == () for hit in hits)


@pytest.mark.parametrize(
    "text", ["", " ", "😀", "123", "·", "a" * 10_000, "\u202e\u200f", "'", "\x00"], ids=lambda t: ascii(t[:6])
)
def test_what_is_no_name_is_told(gathered: Record, text: str) -> None:
    with pytest.raises(UnreadableName):
        names_of(gathered).find(text)


@pytest.mark.parametrize(
    "text", ["x", "王", "Mirzat塔依尔", "ﻣﯩﺮﺯﺍﺕ", "Mir\u0301zat\u200f Taher", "MIRZAT", "米爾扎提"]
)
def test_any_letters_get_an_answer(gathered: Record, text: str) -> None:
    assert all(0 < hit.probability < 1 for hit in names_of(gathered).find(text))


def test_nothing_that_is_looked_for_is_written_down(gathered: Record) -> None:
    names_of(gathered).find("Mirzat Taher")
    before = {path for path in gathered.folder.rglob("*") if path.is_file()}
    names_of(gathered).find("Zulpiqar Hemdulla")
    after = {path for path in gathered.folder.rglob("*") if path.is_file()}
    assert {path.name for path in after - before} <= {"catalogue.sqlite-wal", "catalogue.sqlite-shm"}
    assert not [path for path in after if b"zulpi" in path.read_bytes().lower()]


def test_the_index_can_be_deleted_damaged_and_grows(gathered: Record, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(gathered.folder, folder)
    record = Record(folder)
    expected = names_of(record).find("Mirzat Taher")
    shutil.rmtree(folder / "derived" / "names")
    assert names_of(record).find("Mirzat Taher") == expected
    (folder / "derived" / "names" / "mentions.npz").write_bytes(b"torn")
    (folder / "derived" / "names" / "gathered.json").write_bytes(b"{")
    assert names_of(record).find("Mirzat Taher") == expected
    _write(tmp_path / "more.csv", [["Name", "Sex"], ["Zulpiqar Hemdulla", "m"]])
    take_in(record, [tmp_path / "more.csv"], workers=1)
    record.enter([_person("new", "Zulpikar Hamdulla")])
    found = names_of(record)
    assert {hit.locator for hit in found.find("Zulpiqar Hemdulla")[:2]} == {None, "cell A2"}
    assert found.find("Mirzat Taher") == expected
    assert len(list((folder / "derived" / "names").glob("mentions-*.arrow"))) == 2


def test_a_person_who_is_withdrawn_is_not_found(gathered: Record, tmp_path: Path) -> None:
    from onrecord.model.kinds import Correction

    folder = tmp_path / "copy"
    shutil.copytree(gathered.folder, folder)
    record = Record(folder)
    assert names_of(record).find("Rahile Dawut")[0].id == "closed"
    record.enter([Correction(id="gone", replaces="closed", reason="asked to", withdraw=True)])
    assert "closed" not in {hit.id for hit in names_of(record, KEEPER).find("Rahile Dawut")}
