"""Names whose parts are turned, run together, or spelled as on maps."""

from __future__ import annotations

import pytest

from onrecord.names import Index, explain, score


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Taher Mirzat", "米尔扎提塔依尔"),
        ("Bufang Ma", "马步芳"),
        ("马步芳", "Ma Bufang"),
    ],
)
def test_a_name_run_together_is_found_in_either_order(typed: str, written: str) -> None:
    assert score(typed, written) > 0.5
    others = ["古丽娜尔·吾斯曼", "Gulnar Osman", "Ma Tang", "王伟"]
    assert Index.build([*others, written]).search(typed, 1)[0][0] == len(others)


def test_turning_the_parts_round_costs_something_and_is_told() -> None:
    assert score("Taher Mirzat", "米尔扎提塔依尔") < score("Mirzat Taher", "米尔扎提塔依尔")
    assert "the parts stand in another order" in explain("Taher Mirzat", "米尔扎提塔依尔").reasons
    assert "the parts stand in another order" not in explain("Mirzat Taher", "米尔扎提塔依尔").reasons


def test_the_explanation_of_a_name_run_together_follows_its_arguments() -> None:
    assert explain("米尔扎提塔依尔", "Mirzat Taher").pieces[0].one == "米"
    assert explain("Mirzat Taher", "米尔扎提塔依尔").pieces[0].one == "mi"


def test_q_and_x_may_stand_for_ch_and_sh_as_on_chinese_maps() -> None:
    assert score("Xayar", "Shayar") > 0.7 > score("Mayar", "Shayar")
    assumed = explain("Qimen", "其满").matched[0].assumed
    assert assumed == ("qimen: read as on Chinese maps, q as ch and x as sh",)


def test_where_all_have_a_fathers_name_leaving_it_out_costs_little() -> None:
    fathers = ("Osman", "Yasin", "Ablet", "Qadir", "Sabir", "Tursun", "Hesen", "Niyaz")
    register = [f"{given} {father}" for given in ("Perhat", "Dilnur", "Rahile") for father in fathers]
    full = {hit.position: hit for hit in Index.build([*register, "Mirzat Taher"]).ranked("Mirzat")}
    mixed = {hit.position: hit for hit in Index.build(["Perhat", "Dilnur", "Mirzat Taher"]).ranked("Mirzat")}
    assert full[len(register)].brevity > 0.0 == mixed[2].brevity
    assert full[len(register)].logit == mixed[2].logit


def test_a_part_too_many_costs_less_than_a_wrong_part() -> None:
    more, wrong = "米尔扎提·阿不都卡德尔·塔依尔", "米尔扎提·吾斯曼"
    assert score("Mirzat Taher", more) > score("Mirzat Taher", wrong)


def test_what_was_asked_before_changes_no_answer_and_a_grown_index_forgets_it() -> None:
    index = Index.build(["Mirzat Taher", "Perhat Osman"])
    first = index.search("米尔扎提·塔依尔")
    assert index.search("米尔扎提·塔依尔") == first
    index.add(["米尔扎提·塔依尔"])
    assert index.search("米尔扎提·塔依尔", 1)[0][0] == 2
