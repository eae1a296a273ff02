"""Whether the alignments are compiled on this machine, and compiling them.

The result of compiling is kept beside the package, or in the user's cache folder where that cannot be written, so
that it is done once for each installed version, not once for each run.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

from onrecord.names import gather, judge, kernel, sketch
from onrecord.names.compare import score
from onrecord.names.index import Index

NOTICE = "Preparing the name matcher, once per machine: this takes some ten seconds."


# One compiled function of each module that has some, the last that a first search needs.
_COMPILED = (kernel._read, judge._verdicts, sketch._least, gather._gather)


def compiled() -> bool:
    """Whether a search can begin at once: its code is in memory, or was kept on disk since it last changed."""
    return all(map(_kept, _COMPILED))


def _kept(function: Any) -> bool:
    source = Path(function.py_func.__code__.co_filename)
    files = Path(function.stats.cache_path or source.parent).glob(f"{source.stem}.{function.__name__}-*.nbi")
    changed = source.stat().st_mtime
    return bool(function.signatures) or any(file.stat().st_mtime >= changed for file in files)


@cache
def prepare() -> None:
    """Compile every alignment, by comparing names of each pair of scripts."""
    for one, other in (("Mirzat Taher", "米尔扎提·塔依尔"), ("买买提", "麦麦提"), ("Mirzat", "مىرزات")):
        score(one, other)
    Index.build([f"Mirzat {number}" for number in "abcdefg"]).search("Mirzat")


@cache
def begin() -> Thread:
    """Compile in the background, once however often it is asked."""
    thread = Thread(target=prepare, name="names", daemon=True)
    thread.start()
    return thread
