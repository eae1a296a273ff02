"""Votes: where states stand, who moved, and how the next vote will fall. Pure: tables in, tables out."""

from onrecord.votes.estimate import Estimate
from onrecord.votes.ideal_points import ideal_points
from onrecord.votes.pivots import Outcome, pivots
from onrecord.votes.recipe import contested, published_selection
from onrecord.votes.rules import RULES, Rule

__all__ = [
    "RULES",
    "Estimate",
    "Outcome",
    "Rule",
    "contested",
    "ideal_points",
    "pivots",
    "published_selection",
]
