"""One typed door to numba, so that compiled functions keep their signatures for the type checker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile to machine code on first call and keep the result beside the module for the next process."""
    return cast(F, numba.njit(cache=True, error_model="numpy")(function))
