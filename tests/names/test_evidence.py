"""Facts beside the name raise or lower the rank, each shown."""

from __future__ import annotations

import pytest

from onrecord.names.evidence import Facts, adjusted, adjustments


def test_facts_known_on_one_side_only_say_nothing() -> None:
    wanted = Facts(birth_year=1970, place="Kashgar", sex="male", relatives=("Ali",), id_prefix="653101")
    assert adjustments(wanted, Facts()) == ()


@pytest.mark.parametrize(
    ("wanted", "found", "sign"),
    [
        (Facts(birth_year=1970), Facts(birth_year=1970), 1),
        (Facts(birth_year=1970), Facts(birth_year=1971), 1),
        (Facts(birth_year=1970), Facts(birth_year=1990), -1),
        (Facts(birth_year=1970), Facts(id_prefix="65310119700101"), 1),
        (Facts(place="Poskam"), Facts(place="泽普"), 1),
        (Facts(place="Poskam"), Facts(place="乌鲁木齐"), -1),
        (Facts(sex="male"), Facts(sex="female"), -1),
        (Facts(relatives=("Mirzat Taher",)), Facts(relatives=("米尔扎提·塔依尔",)), 1),
        (Facts(id_prefix="653101"), Facts(id_prefix="653101199001011234"), 1),
        (Facts(id_prefix="653101"), Facts(id_prefix="650102"), -1),
    ],
)
def test_agreement_raises_and_contradiction_lowers_with_a_reason(
    wanted: Facts, found: Facts, sign: int
) -> None:
    changes = adjustments(wanted, found)
    assert changes
    assert all(change.reason for change in changes)
    assert (adjusted(0.5, changes) - 0.5) * sign > 0


def test_contradicting_birth_dates_in_identity_numbers_outweigh_one_county() -> None:
    changes = adjustments(Facts(id_prefix="65310119700101"), Facts(id_prefix="65310119850505"))
    assert adjusted(0.5, changes) < 0.5


def test_certainty_is_left_alone() -> None:
    changes = adjustments(Facts(sex="male"), Facts(sex="female"))
    assert adjusted(1.0, changes) == 1.0
    assert adjusted(0.0, changes) == 0.0
