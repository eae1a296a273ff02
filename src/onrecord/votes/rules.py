"""What it takes to adopt: the voting rules of United Nations bodies.

Sources: Rules of Procedure of the General Assembly (A/520/Rev.20), rules 83, 85 and 86: important questions take
two thirds of members present and voting, others a majority of them, and those who abstain are considered as
not voting. Human Rights Council: the same rules apply (A/RES/60/251 para. 11, A/HRC/RES/5/1 annex); a special
session is held at the request of a member with the support of one third of the membership (16 of 47;
A/RES/60/251 para. 10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by name: ``met(yes, no, members)`` says for arrays of counts whether it is met."""

    name: str
    words: str
    met: Callable[[Counts, Counts, int], NDArray[np.bool_]]

    def table(self, members: int) -> NDArray[np.bool_]:
        """Whether the rule is met at each (yes, no), (members + 1) squared."""
        yes = np.arange(members + 1)[:, None]
        return np.ascontiguousarray(self.met(yes, yes.T, members))


SIMPLE_MAJORITY = Rule(
    "simple-majority", "more yes than no; abstentions aside", lambda yes, no, members: yes > no
)
TWO_THIRDS = Rule(
    "two-thirds",
    "yes at least two thirds of yes and no; abstentions aside",
    lambda yes, no, members: (yes >= 2 * no) & (yes > 0),
)
ONE_THIRD_REQUEST = Rule(
    "one-third-request",
    "support of at least a third of the members, voting or not",
    lambda yes, no, members: (3 * yes >= members) & (no >= 0),
)
RULES = {rule.name: rule for rule in (SIMPLE_MAJORITY, TWO_THIRDS, ONE_THIRD_REQUEST)}
