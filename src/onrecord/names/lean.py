"""numba's types and functions, loaded without SciPy.

While it loads, numba looks whether SciPy is there, for the sake of linear algebra: 0.3 CPU seconds of a start that takes one
or two. Nothing compiled here is linear algebra, and who compiles some later finds SciPy then.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from threading import get_ident
from types import ModuleType


class _NoSciPy(MetaPathFinder):
    """Tells one thread that SciPy is not there; others import it as ever."""

    def __init__(self) -> None:
        self._thread = get_ident()

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname in {"scipy", "scipy.linalg"} and get_ident() == self._thread:
            raise ModuleNotFoundError(f"{fullname} is not looked for while numba loads", name=fullname)


@contextmanager
def _without_scipy() -> Iterator[None]:
    finder = _NoSciPy()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def load() -> None:
    """Load what numba loads at the first compiled call; what was loaded already stays as it is."""
    with _without_scipy():
        importlib.import_module("numba.np.arraymath")
