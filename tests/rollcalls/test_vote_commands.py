"""The commands about votes that keep or hand out what was worked out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onrecord.cli.main import cli
from onrecord.record import Record
from onrecord.rollcalls import take_in

from .test_rollcalls import plain_file, record

__all__ = ["record"]


def run(record: Record, *words: str) -> Result:
    return CliRunner().invoke(cli, ["-r", str(record.folder), "votes", *words], catch_exceptions=False)


@pytest.fixture
def voting(record: Record, tmp_path: Path) -> Record:
    take_in(record, [plain_file(tmp_path)])
    return record


def test_blocs_are_told_to_people_and_to_scripts(voting: Record) -> None:
    told = run(voting, "blocs", "--body", "council", "--draws", "3")
    scripts = json.loads(run(voting, "blocs", "--body", "council", "--draws", "3", "--json").stdout)
    assert "Bloc 1, " in told.stdout
    assert {row["actor"] for row in scripts["members"]} == {"AAA", "BBB", "CCC", "DDD", "EEE", "CHN", "USA"}
    assert scripts["first_session"] == 2000
    assert scripts["last_session"] == 2004
    csv = run(voting, "blocs", "--body", "council", "--draws", "3", "--csv").stdout
    assert csv.startswith("actor,bloc,closeness,stability,next_bloc,next_share,answers")


def test_a_back_test_names_every_baseline_and_is_kept(voting: Record) -> None:
    found = json.loads(run(voting, "backtest", "--body", "council", "--json").stdout)
    assert {row["model"] for row in found["scores"]} == {"forecast", "last", "record", "modal", "logit"}
    assert list((voting.folder / "derived" / "rollcalls").glob("backtest-*"))


def test_an_estimate_is_written_for_arviz(voting: Record, tmp_path: Path) -> None:
    arviz = pytest.importorskip("arviz", reason="ArviZ is not installed")
    file = tmp_path / "estimate.nc"
    assert run(voting, "estimate", "--body", "council", "--netcdf", str(file)).exit_code == 0
    assert "AAA" in arviz.from_netcdf(file).posterior["actor"].values
