"""How often something may be done: the generic cell rate algorithm (ITU-T I.371), one number kept for each name.

The number is the moment up to which the name has used up what it may do. It lies in the database, so a restart
does not forget it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from onrecord.accounts.errors import TooManyTries
from onrecord.accounts.secrets import hashed
from onrecord.record.stores import Session

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times at once, and as many again in every so many seconds, evenly spread."""

    times: int
    seconds: int

    @property
    def interval(self) -> int:
        """Microseconds in which one time comes back."""
        return self.seconds * _MICROSECONDS // self.times


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that is counted: what is done, by which account or from which address, and how often it may be."""

    act: str
    who: str
    limit: Limit

    @property
    def name(self) -> str:
        """What it is kept under: a hash, for people type passwords where a name belongs."""
        return hashed(f"{self.act}\n{self.who}")


def take(db: Session, now: datetime, *counted: Counted) -> None:
    """Count one time of each.

    Raises:
        TooManyTries: for one of them it is too soon. Nothing is kept then, if the transaction ends with it.
    """
    moment = _microseconds(now)
    db.do("delete from tries where until <= ?", (moment,))
    for item in counted:
        row = db.one("select until from tries where name = ?", (item.name,))
        until = max(int(row[0]) if row else 0, moment)
        early = until - moment - (item.limit.times - 1) * item.limit.interval
        if early > 0:
            raise TooManyTries(-(-early // _MICROSECONDS))
        db.do(
            "insert into tries values (?, ?) on conflict (name) do update set until = excluded.until",
            (item.name, until + item.limit.interval),
        )


def forget(db: Session, counted: Counted) -> None:
    """Begin counting anew."""
    db.do("delete from tries where name = ?", (counted.name,))


def network_of(address: str) -> str:
    """What counts as one address: an IPv6 network of 64 bits, which one household or server is given, is one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{known}/64", strict=False)) if not known.ipv4_mapped else str(
            known.ipv4_mapped
        )  # fmt: skip
    return str(known)


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * _MICROSECONDS)
