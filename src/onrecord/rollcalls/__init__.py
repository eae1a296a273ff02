"""Roll calls of a record: originals in the archive, an entry for each import, tables made from them."""

from onrecord.rollcalls.bodies import Body, bodies
from onrecord.rollcalls.taking_in import Taken, take_in

__all__ = ["Body", "Taken", "bodies", "take_in"]
