"""Votes: where states stand, who moved, and how the next vote will fall. Pure: tables in, tables out."""

from onrecord.votes.alignment import agreement
from onrecord.votes.bodies import council_members, members_on, regional_groups
from onrecord.votes.check import findings, without
from onrecord.votes.estimate import Estimate
from onrecord.votes.fit_statistics import explained
from onrecord.votes.ideal_points import ideal_points
from onrecord.votes.importers import import_roll_calls
from onrecord.votes.importers.format import Imported
from onrecord.votes.movers import driving_votes, movers, repeated_answers
from onrecord.votes.pivots import Outcome, pivots
from onrecord.votes.recipe import contested, published_selection
from onrecord.votes.rules import RULES, Rule

__all__ = [
    "RULES",
    "Estimate",
    "Imported",
    "Outcome",
    "Rule",
    "agreement",
    "contested",
    "council_members",
    "driving_votes",
    "explained",
    "findings",
    "ideal_points",
    "import_roll_calls",
    "members_on",
    "movers",
    "pivots",
    "published_selection",
    "regional_groups",
    "repeated_answers",
    "without",
]
