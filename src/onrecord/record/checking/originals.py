"""The originals: every byte hashed again."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from onrecord.errors import StorageError
from onrecord.record.archive import Originals
from onrecord.record.checking.damage import Damage
from onrecord.record.checking.survey import Survey

Progress = Callable[[int, int], None]


def check_originals(
    archive: Originals, survey: Survey, progress: Progress | None
) -> tuple[int, int, list[Damage], list[str]]:
    """Hash every original.

    Returns:
        How many there are, their bytes as acknowledged, what is missing, changed or swapped, and the whole ones that
        no custody event names: an addition that was cut off leaves such, and adding the file again gives it one.
    """
    found = list(archive.digests())
    wanted = set(survey.acknowledged)
    damage = [
        Damage("original", digest, "it was acknowledged and is not in the archive", survey.resting_on(digest))
        for digest in sorted(wanted - set(found))
    ]
    unexplained: list[str] = []
    size = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, (digest, actual) in enumerate(
            zip(found, pool.map(lambda d: _actual(archive, d), found), strict=True), 1
        ):
            size += survey.acknowledged.get(digest, 0)
            if actual != digest:
                damage.append(Damage("original", digest, _why(actual, wanted), survey.resting_on(digest)))
            elif digest not in wanted:
                unexplained.append(digest)
            if progress:
                progress(done, len(found))
    return len(found), size, damage, unexplained


def _why(actual: str, wanted: set[str]) -> str:
    if actual in wanted:
        return f"swapped: its bytes are those of original {actual}"
    return f"its bytes give {actual}" if len(actual) == 64 else actual


def _actual(archive: Originals, digest: str) -> str:
    try:
        return archive.actual(digest)
    except StorageError as cause:
        told = cause.__cause__
        return f"it cannot be read: {told.strerror}" if isinstance(told, OSError) else str(cause)
