"""`onrecord votes`: roll calls in, where states stand, who moved, how the next vote will fall."""

from __future__ import annotations

import click

from onrecord.cli.rooms import Rooms

SECTIONS = {
    "Bring in": {
        "fetch": "Download an official file of roll calls, when you agree.",
        "import": "Put files of roll calls on record, each an original.",
        "check": "List what does not fit: tallies, members, dates, duplicates.",
    },
    "Where states stand": {
        "estimate": "Place every state in every session, with intervals.",
        "movers": "Say who moved when, and by which votes.",
        "agreement": "Compare a state's answers with another's.",
        "blocs": "Find who votes together, and how firmly.",
    },
    "The coming vote": {
        "forecast": "Foretell the vote on a draft, member by member.",
        "backtest": "Foretell past drafts from what was known, and score it.",
    },
}


@click.group(cls=Rooms, package="onrecord.cli.votes", sections=SECTIONS)
def votes() -> None:
    """Roll calls: bring them in, check them, see where states stand."""
