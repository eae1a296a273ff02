"""Who may see what."""

from __future__ import annotations

import pytest

from onrecord.model.kinds import Source
from onrecord.model.visibility import Visibility, may_see


@pytest.mark.parametrize(
    ("clearance", "sees"),
    [("private", {"private", "team", "public"}), ("team", {"team", "public"}), ("public", {"public"})],
)
def test_a_viewer_sees_up_to_the_clearance(clearance: Visibility, sees: set[Visibility]) -> None:
    every: tuple[Visibility, ...] = ("private", "team", "public")
    assert {visibility for visibility in every if may_see(clearance, visibility)} == sees


def test_an_entry_is_private_unless_somebody_says_otherwise() -> None:
    assert Source(id="S", title="t").visibility == "private"
