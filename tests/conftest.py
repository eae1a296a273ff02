"""What every room's tests share: how Hypothesis runs, the shipped record, and one browser."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

from onrecord.record import Record
from onrecord.records import template

from .browsing import browser

__all__ = ["browser", "empty", "verifier", "xinjiang"]

QUIETLY = settings(
    deadline=None,  # two cores are shared by everything: time says nothing here
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
# The same examples at each run, so that a failure is about the change; `make test-all` looks for new ones.
settings.register_profile("house", QUIETLY, derandomize=True)
settings.register_profile("explore", QUIETLY, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(scope="session")
def xinjiang(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The shipped record, built once; tests that change a record make their own."""
    return Record.create(tmp_path_factory.mktemp("shipped") / "xinjiang", template("xinjiang"))


@pytest.fixture
def empty(tmp_path: Path) -> Record:
    """A record with nothing in it."""
    return Record.create(tmp_path / "record", title="A record")


@pytest.fixture(scope="session")
def verifier() -> ModuleType:
    """The verifier that shares no code with the program, as a module."""
    file = Path(__file__).parents[1] / "tools" / "verify_record.py"
    spec = importlib.util.spec_from_file_location("verify_record", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
