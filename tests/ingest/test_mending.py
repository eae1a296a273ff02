"""What a person can do about a file, by its outcome and the limit it met."""

from __future__ import annotations

import pytest

from onrecord.ingest.limits import LimitReached
from onrecord.ingest.mending import cause_of, how_to_mend
from onrecord.ingest.reading import Outcome


@pytest.mark.parametrize(
    ("outcome", "reason", "cause", "begins"),
    [
        ("refused", f"{LimitReached('expansion', '200 times')}; 0 members came out", "refused, limit expansion", "it swells"),
        ("refused", str(LimitReached("nested messages", 16)), "refused, limit nested messages", "parts of it lie deeper"),
        ("refused", str(LimitReached("answer bytes", 9)), "refused, limit answer bytes", "it is larger than one file"),
        ("refused", "limit free space: it has 9 bytes", "refused, limit free space", "make room"),
        ("refused", "a link is not followed; add what it leads to", "refused", ""),
        ("failed", "limit of its own", "failed", "ask for the file again"),
        ("read", "", "read", ""),
    ],
)  # fmt: skip
def test_files_that_are_mended_in_the_same_way_have_one_cause(
    outcome: str, reason: str, cause: str, begins: str
) -> None:
    assert cause_of(outcome, reason) == cause
    assert how_to_mend(cause).startswith(begins)
    assert bool(how_to_mend(cause)) == bool(begins)


def test_whatever_was_not_read_whole_can_be_mended() -> None:
    assert [o for o in Outcome if not how_to_mend(o)] == [Outcome.READ, Outcome.REFUSED]
