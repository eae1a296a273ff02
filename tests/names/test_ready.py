"""The alignments are compiled once on a machine, and a reader is told before that takes a while."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import pytest

from onrecord.names import kernel, ready


def _double(x: int) -> int:
    return 2 * x


def test_after_preparing_all_is_compiled() -> None:
    ready.prepare()
    assert ready.compiled()


def test_what_was_kept_before_the_source_changed_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "kernel.py"
    source.touch()
    kept = tmp_path / "kernel._read-1.py311.nbi"

    class Function:
        __name__ = "_read"
        signatures: tuple[()] = ()
        stats = type("Stats", (), {"cache_path": str(tmp_path)})
        py_func = eval(compile("lambda: None", str(source), "eval"))

    monkeypatch.setattr(ready, "_COMPILED", (Function(),))
    assert not ready.compiled()
    kept.touch()
    assert ready.compiled()
    os.utime(kept, (1, 1))
    assert not ready.compiled()


def test_where_nothing_can_be_kept_on_disk_the_matcher_works_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = numba.njit

    def refusing(*args: Any, cache: bool = False) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return plain(*args)

    monkeypatch.setattr(numba, "njit", refusing)
    assert kernel.jit(_double)(4) == 8


def test_preparing_in_the_background_happens_once() -> None:
    assert ready.begin() is ready.begin()
    ready.begin().join()
    assert ready.compiled()


def test_comparing_names_does_not_load_linear_algebra() -> None:
    said = "import sys; from onrecord.names import score; score('Mirzat', '米尔扎提'); print('scipy.linalg' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
