"""The law of a limit: never more at once than it says, and what it tells to wait is what it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.accounts.errors import TooManyTries
from onrecord.accounts.limits import Counted, Limit, take
from onrecord.accounts.tables import prepare
from onrecord.record import Record
from onrecord.record.places import ledger_place
from onrecord.record.stores import Store

from .making import Clock


def allowed(store: Store, clock: Clock, counted: Counted) -> int:
    """The seconds to wait; 0 if it was allowed."""
    try:
        with store.writing() as db:
            take(db, clock(), counted)
    except TooManyTries as refused:
        return refused.seconds
    return 0


@settings(max_examples=25)
@given(
    times=st.integers(1, 5),
    seconds=st.integers(1, 1000),
    pauses=st.lists(st.integers(0, 400), min_size=1, max_size=25),
)
def test_no_window_lets_through_more_than_twice_and_no_moment_more_than_once_what_it_says(
    tmp_path_factory: pytest.TempPathFactory, times: int, seconds: int, pauses: list[int]
) -> None:
    record = Record.create(tmp_path_factory.mktemp("limits") / "record")
    store, clock = ledger_place(record.folder, record.description), Clock()
    prepare(store)
    counted = Counted("try", "somebody", Limit(times, seconds))
    let_through = []
    for pause in pauses:
        clock.turn(seconds=pause)
        if allowed(store, clock, counted) == 0:
            let_through.append(clock())
    for moment in let_through:
        within = [at for at in let_through if moment <= at < moment + timedelta(seconds=seconds)]
        assert len(within) <= 2 * times
        assert let_through.count(moment) <= times
    while wait := allowed(store, clock, counted):
        clock.turn(seconds=wait)
        assert wait <= seconds
    assert allowed(store, clock, Counted("try", "another", Limit(1, seconds))) == 0
