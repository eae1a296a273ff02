"""An entry as it stands now: every correction applied, in order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from onrecord.model.kinds import Correction, Event
from onrecord.record.history import current, versions

from ..making import event


def fix(**fields: Any) -> Correction:
    return Correction(id="X", replaces="E", reason="r", **fields)


def test_a_change_sets_fields_and_null_clears_them() -> None:
    first = event(detail="long", place="Kashgar")
    found = current(first, [fix(changes={"title": "Better", "detail": None})]).entry
    assert isinstance(found, Event)
    assert (found.title, found.detail, found.place) == ("Better", None, "Kashgar")


def test_a_withdrawal_holds_until_a_later_correction_does_not_withdraw() -> None:
    withdrawn, back = fix(withdraw=True), fix(changes={"title": "After all"})
    assert [version.withdrawn for version in versions(event(), [withdrawn, back])] == [False, True, False]


def test_every_state_names_the_correction_that_led_to_it() -> None:
    fixes = [fix(changes={"title": "1"}), fix(changes={"title": "2"})]
    assert [version.correction for version in versions(event(), fixes)] == [None, *fixes]


changes = st.dictionaries(
    st.sampled_from(["title", "event_kind", "note", "detail"]), st.text(min_size=1), max_size=3
)


@given(st.lists(changes, max_size=5))
def test_the_last_word_on_each_field_counts(given_: list[dict[str, str]]) -> None:
    found = current(event(), [fix(changes=each) for each in given_]).entry
    last: dict[str, str] = {}
    for each in given_:
        last.update(each)
    assert all(getattr(found, name) == value for name, value in last.items())
    assert len(versions(event(), [fix(changes=each) for each in given_])) == len(given_) + 1
