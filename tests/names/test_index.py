"""What an index promises."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onrecord.names import Index, IndexFileError, score
from onrecord.names.compare import probability

NAMES = [
    "Mirzat Taher",
    "米尔扎提·塔依尔",
    "مىرزات تاھىر",
    "Memet Tursun",
    "买买提·吐尔逊",
    "Rebiya Kadeer",
    "热比娅·卡德尔",
    "王伟",
    "Mierzhati",
    "Гүлнар Осман",
    "古丽娜尔·吾斯曼",
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(NAMES)


def test_a_name_is_found_in_every_script_it_stands_in(index: Index) -> None:
    for query in NAMES[:3]:
        assert {position for position, _ in index.search(query, 3)} == {0, 1, 2}


@pytest.mark.parametrize(
    "query", ["Mirzat Taher", "买买提·吐尔逊", "Gulnar Osman", "Mirzat", "米尔扎提塔依尔", "Wang Wei"]
)
def test_a_search_gives_the_probabilities_that_score_gives(index: Index, query: str) -> None:
    found = index.ranked(query, 5)
    assert found
    for hit in found:
        assert probability(hit.logit) == pytest.approx(score(query, NAMES[hit.position]), abs=1e-4)
    assert [(h.position, probability(h.total)) for h in found] == index.search(query, 5)


def test_a_part_common_among_the_names_says_less_by_matching() -> None:
    index = Index.build(
        [*(f"Perhat {a}{b}" for a in "bdgklmnprst" for b in ("osun", "ilim", "anat", "eker", "uqut"))]
    )
    rare = Index.build(["Perhat Bosun", "Dilnur Osman"])
    common_hit, rare_hit = index.ranked("Perhat Bosun", 1)[0], rare.ranked("Perhat Bosun", 1)[0]
    assert common_hit.commonness < 0.0 == rare_hit.commonness
    assert common_hit.logit == rare_hit.logit


def test_a_spelling_that_stands_in_many_names_goes_before_a_slip_of_the_pen() -> None:
    others = [f"Mirzat {surname}" for surname in ("Osman", "Yasin", "Ablet", "Qadir", "Sabir")]
    index = Index.build(["Mirzet", "Mirzat", *others])
    found = {hit.position: hit.familiarity for hit in index.ranked("米尔扎提")}
    assert found[0] == 0.0
    assert 0.0 < found[1] <= 0.35 * np.log(30)


def test_the_most_probable_comes_first_and_no_more_than_asked(index: Index) -> None:
    found = index.search("Memet Tursun", 3)
    probabilities = [probability for _, probability in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert len(found) == 3


def test_names_added_later_are_found_like_names_built_in(index: Index) -> None:
    grown = Index.build(NAMES[:4]).add(NAMES[4:7]).add(NAMES[7:])
    for query in NAMES:
        assert grown.search(query) == index.search(query)


def test_a_saved_index_answers_as_before_and_still_grows(index: Index, tmp_path: Path) -> None:
    index.save(tmp_path / "names.npz")
    loaded = Index.load(tmp_path / "names.npz")
    assert [loaded.search(q) for q in NAMES] == [index.search(q) for q in NAMES]
    assert loaded.add(["Perhat Ablikim"]).search("帕尔哈提·阿布力克木", 1)[0][0] == len(NAMES)


def test_an_index_saved_with_other_tables_is_worked_out_again(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "names.npz"
    index.save(path)
    with np.load(path) as file:
        arrays = dict(file)
    arrays["fingerprint"] = np.array("older")
    arrays["bank.symbols"] = np.zeros_like(arrays["bank.symbols"])
    np.savez(path, **arrays)
    assert Index.load(path).search("Mirzat Taher") == index.search("Mirzat Taher")


def test_what_is_no_index_is_refused_with_its_address(tmp_path: Path) -> None:
    path = tmp_path / "names.npz"
    with pytest.raises(IndexFileError, match=r"names\.npz"):
        Index.load(path)
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(IndexFileError, match="build it again"):
        Index.load(path)


def test_an_empty_index_finds_nothing() -> None:
    assert Index.build([]).search("Mirzat") == []


def test_among_thousands_the_pruned_search_finds_what_scoring_everything_finds() -> None:
    given = [
        "Mirzat",
        "Memet",
        "Tursun",
        "Perhat",
        "Osman",
        "Yasin",
        "Ablet",
        "Rahile",
        "Gulnar",
        "Ayshem",
        "Dilnur",
    ]
    stems = ["bar", "kel", "mun", "tash", "zir", "qor", "sel", "nur", "dol", "vak", "hem", "gaz"]
    parts = given + [a + b + c for a in stems for b in ("i", "a", "u") for c in stems]
    names = [f"{a} {b}" for a in parts[::7] for b in parts[::5] if a != b]
    index = Index.build(names)
    for query in ("米尔扎提·帕尔哈提", "Mirzat Perhat", "Tashanur Qorazir"):
        best = max(score(query, name) for name in names)
        assert max(probability(hit.logit) for hit in index.ranked(query)) == pytest.approx(best, abs=1e-3)
