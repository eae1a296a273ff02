"""Derivatives that no outcome stands on any more, and what becomes of them.

* One that another took the place of (made by a newer reader, or with other choices) stays, and so do its hashes: somebody
  may have cited by it.
* One that nobody knows was left by a run that was cut off before it was acknowledged, or by a catalogue that was deleted.
* ``onrecord add --retry all`` takes away the unknown ones, and replaced ones that are damaged: it leaves nothing
  that cannot be checked. Never while another run may be about to acknowledge one of them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from onrecord.ingest.catalogue import Catalogue
from onrecord.ingest.derived import Derived


def unknown(derived: Derived, catalogue: Catalogue) -> set[tuple[str, str]]:
    """Digest and key of each derivative that the catalogue says nothing of."""
    known = {(digest, key) for digest, key, *_ in catalogue.read_files()}
    known.update((each.sha256, each.key) for each in catalogue.replaced())
    return set(derived.keys()) - known


def sweep(derived: Derived, catalogue: Catalogue) -> None:
    """Take away what cannot be checked: unknown derivatives, and replaced ones that are damaged or gone."""
    for digest, key in unknown(derived, catalogue):
        shutil.rmtree(derived.path(digest, key))
    for each in catalogue.replaced():
        if any(derived.faults(each.sha256, each.key, each.sums)):
            shutil.rmtree(derived.path(each.sha256, each.key), ignore_errors=True)
            catalogue.forget_replaced(each.sha256, each.key)


@contextmanager
def running(folder: Path) -> Iterator[Callable[[], bool]]:
    """Say that a run writes derivatives here. Yields a function: whether it is the only one; others then wait."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)

    def alone() -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield alone
    finally:
        os.close(handle)
