"""Pictures that answer: each a pure function from plain data to an SVG, drawn on the server.

Every function takes ``picture_id`` (unique in the page), ``title`` (the finding in one sentence) and the day
``as_of`` for which it holds, and returns markup that needs no script and no style sheet.
"""

from onrecord.pages.charts.answers_over_sessions import SessionAnswers, answers_over_sessions
from onrecord.pages.charts.appearance import STANCES, WORDS, Stance
from onrecord.pages.charts.bars import Bar, bars
from onrecord.pages.charts.blocs_on_axis import SURE, BlocMark, blocs_on_axis
from onrecord.pages.charts.calibration import Tenth, calibration
from onrecord.pages.charts.flow import Band, Stage, flow
from onrecord.pages.charts.hemicycle import Seat, Vote, hemicycle
from onrecord.pages.charts.lanes import Lane, lanes
from onrecord.pages.charts.legend import legend, stance_badge
from onrecord.pages.charts.mirrored_steps import SideCount, mirrored_steps
from onrecord.pages.charts.position_maps import SHADES, ShadedState, SmallMap, positions_map, small_maps
from onrecord.pages.charts.positions_over_sessions import MOST as MOST_LINES
from onrecord.pages.charts.positions_over_sessions import SessionPosition, StateLine, positions_over_sessions
from onrecord.pages.charts.promises import PromiseLine, promises
from onrecord.pages.charts.sparklines import both_sides, longest_wait, one_each
from onrecord.pages.charts.spells import Happening, Spell, spells
from onrecord.pages.charts.stances_on_axis import PlacedState, stances_on_axis
from onrecord.pages.charts.strip import StanceMark, StripRow, strip
from onrecord.pages.charts.world_map import BORDERS_NOTE, MapState, world_map

__all__ = [
    "BORDERS_NOTE",
    "MOST_LINES",
    "SHADES",
    "STANCES",
    "SURE",
    "WORDS",
    "Band",
    "Bar",
    "BlocMark",
    "Happening",
    "Lane",
    "MapState",
    "PlacedState",
    "PromiseLine",
    "Seat",
    "SessionAnswers",
    "SessionPosition",
    "ShadedState",
    "SideCount",
    "SmallMap",
    "Spell",
    "Stage",
    "Stance",
    "StanceMark",
    "StateLine",
    "StripRow",
    "Tenth",
    "Vote",
    "answers_over_sessions",
    "bars",
    "blocs_on_axis",
    "both_sides",
    "calibration",
    "flow",
    "hemicycle",
    "lanes",
    "legend",
    "longest_wait",
    "mirrored_steps",
    "one_each",
    "positions_map",
    "positions_over_sessions",
    "promises",
    "small_maps",
    "spells",
    "stance_badge",
    "stances_on_axis",
    "strip",
    "world_map",
]
