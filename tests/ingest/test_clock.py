"""What the machine says of its clock is recorded as its own word."""

from __future__ import annotations

import ctypes

import pytest

from onrecord.ingest import clock as module
from onrecord.ingest.clock import Clock, clock


def kernel(status: int, offset: int) -> module._Timex:
    """A kernel's answer with at most 1.5 s of error."""
    return module._Timex(status=status, offset=offset, maxerror=1_500_000)


def test_the_structure_is_as_long_as_the_kernel_writes() -> None:
    assert ctypes.sizeof(module._Timex) == 208 if ctypes.sizeof(ctypes.c_long) == 8 else 128


@pytest.mark.parametrize(
    ("answer", "stated", "offset"),
    [
        (kernel(0x2000, -2_000_000), "; kept in step, off by 1.500 s at most", "-0.002000"),
        (kernel(0, 250), "; kept in step, off by 1.500 s at most", "0.000250"),
        (kernel(0x2040, 5), "; not kept in step with another clock", None),
        (None, "; the system does not say whether it is kept in step", None),
    ],
)
def test_a_clock_says_whether_it_is_kept_in_step_and_how_far_off_it_may_be(
    monkeypatch: pytest.MonkeyPatch, answer: module._Timex | None, stated: str, offset: str | None
) -> None:
    monkeypatch.setattr(module, "_kernel", lambda: answer)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    module.time.tzset()
    try:
        assert clock() == Clock(f"zone UTC+08:00{stated}", offset)
    finally:
        monkeypatch.undo()
        module.time.tzset()
