"""What this machine says about its own clock: its zone, whether it is kept in step, and how far off it may be.

Read from the kernel (adjtimex, Linux) without any network. It is the machine's own word and no proof; a proof of time is
what witnesses and time stamps give.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

_UNSYNCHRONISED, _IN_NANOSECONDS = 0x0040, 0x2000


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2)."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        *((name, ctypes.c_long) for name in ("offset", "freq", "maxerror", "esterror")),
        ("status", ctypes.c_int),
        *((name, ctypes.c_long) for name in ("constant", "precision", "tolerance", "seconds", "fraction")),
        *((name, ctypes.c_long) for name in ("tick", "ppsfreq", "jitter")),
        ("shift", ctypes.c_int),
        *((name, ctypes.c_long) for name in ("stabil", "jitcnt", "calcnt", "errcnt", "stbcnt")),
        ("tai", ctypes.c_int),
        ("reserved", ctypes.c_int * 11),
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock's statement in words; and the seconds it still has to make up, where it is kept in step."""

    stated: str
    offset: str | None


def clock() -> Clock:
    """What the machine says of its clock now."""
    minutes = time.localtime().tm_gmtoff // 60
    zone = f"zone UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    kernel = _kernel()
    if kernel is None:
        return Clock(f"{zone}; the system does not say whether it is kept in step", None)
    if kernel.status & _UNSYNCHRONISED:
        return Clock(f"{zone}; not kept in step with another clock", None)
    unit = 1e-9 if kernel.status & _IN_NANOSECONDS else 1e-6
    stated = f"{zone}; kept in step, off by {kernel.maxerror / 1e6:.3f} s at most"
    return Clock(stated, f"{kernel.offset * unit:.6f}")


def _kernel() -> _Timex | None:
    asked, adjtimex = _Timex(), _adjtimex()
    return asked if adjtimex and adjtimex(ctypes.byref(asked)) >= 0 else None


@cache
def _adjtimex() -> Callable[[object], int] | None:
    """The system's function; None where there is none."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        found: Callable[[object], int] = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return None
    return found
