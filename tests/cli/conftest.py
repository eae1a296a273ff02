"""Running commands as a shell would: arguments in; exit code and both streams out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from onrecord.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.delenv("ONRECORD", raising=False)

    def ran(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["onrecord", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        streams = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        assert "Traceback" not in streams.out + streams.err
        return Ran(stopped.value.code, streams.out, streams.err)

    return ran
