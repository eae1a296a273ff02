"""The coming vote: chances of each member with reasons, the result, what-if, and how well past forecasts did.

Order of use: ``council_drafts`` or ``assembly_drafts`` prepares the drafts, ``lay_out_history`` the past, ``stance`` the
signatures, ``train_until`` the weights, ``forecast`` the answer; ``rolling`` scores past forecasts.
"""

from onrecord.votes.forecast.backtest import Backtest, rolling
from onrecord.votes.forecast.drafts import assembly_drafts, council_drafts
from onrecord.votes.forecast.history import History, lay_out_history
from onrecord.votes.forecast.letters import stance
from onrecord.votes.forecast.model import Forecast, Forecaster, forecast, placed, train_until

__all__ = [
    "Backtest",
    "Forecast",
    "Forecaster",
    "History",
    "assembly_drafts",
    "council_drafts",
    "forecast",
    "lay_out_history",
    "placed",
    "rolling",
    "stance",
    "train_until",
]
