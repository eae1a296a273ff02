"""The server for a team: everybody sees what the public sees, and whoever signs in what is open to their role."""

from onrecord.serve.team.app import make_team_app
from onrecord.serve.team.place import Place

__all__ = ["Place", "make_team_app"]
