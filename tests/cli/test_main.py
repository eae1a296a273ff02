"""The command line as an interface: exit codes, words instead of tracebacks, errors as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord import errors
from onrecord.cli.main import SECTIONS
from onrecord.record import Record

from .conftest import Run

COMMANDS = {name: words for commands in SECTIONS.values() for name, words in commands.items()}


def classes(base: type[errors.OnrecordError]) -> list[type[errors.OnrecordError]]:
    return [base, *(found for child in base.__subclasses__() for found in classes(child))]


def test_every_error_has_an_exit_code_of_its_own_and_says_what_it_means() -> None:
    here = [error for error in classes(errors.OnrecordError) if error.__module__ == "onrecord.errors"]
    codes = [error.exit_code for error in here]
    assert len(set(codes)) == len(codes)
    assert all(0 < code < 126 for code in codes)
    assert all(error.__doc__ for error in here)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    shown = run(command, "--help")
    assert shown.code == 0
    assert shown.out.startswith(f"Usage: onrecord {command}")


def test_the_help_names_every_command_and_says_in_full_what_it_is_for(run: Run) -> None:
    shown = run("--help")
    assert shown.code == 0
    told = " ".join(shown.out.split())
    assert all(f" {command} {words}" in told for command, words in COMMANDS.items())


def test_what_is_no_command_is_refused_with_usage(run: Run) -> None:
    refused = run("dance")
    assert refused.code == 2
    assert "No such command 'dance'" in refused.err
    assert refused.out == ""


def test_misuse_is_told_as_json_to_whoever_asked_for_json(run: Run) -> None:
    refused = run("promises", "--json", "--no-such-option")
    assert refused.code == 2
    assert json.loads(refused.err)["error"] == "UsageError"
    assert "--no-such-option" in json.loads(refused.err)["message"]


def test_without_a_record_the_command_asks_for_one(run: Run) -> None:
    refused = run("movers")
    assert refused.code == errors.UsageError.exit_code
    assert "-r DIR" in refused.err


@pytest.mark.parametrize("command", [("movers",), ("verify",), ("rebuild",), ("show", "X"), ("promises",)])
def test_a_folder_without_a_record_is_told_with_the_way_on(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    refused = run("-r", tmp_path / "nowhere", *command)
    assert refused.code == errors.RecordNotFound.exit_code
    assert "onrecord new DIR" in refused.err
    assert not (tmp_path / "nowhere").exists()


def test_the_record_may_be_named_by_the_environment(
    run: Run, xinjiang: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD", str(xinjiang.folder))
    assert run("verify", "--json").json["clean"]


def test_an_error_is_json_where_json_was_asked_for(run: Run, tmp_path: Path) -> None:
    refused = run("-r", tmp_path, "movers", "--json")
    told = json.loads(refused.err)
    assert (told["error"], told["exit_code"]) == ("RecordNotFound", refused.code)
    assert told["problems"] == []
    assert refused.out == ""


def test_a_reader_that_goes_away_is_no_error(xinjiang: Record) -> None:
    command = [sys.executable, "-m", "onrecord", "-r", str(xinjiang.folder), "movers", "--json"]
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr


def test_a_command_stopped_by_its_user_says_so_in_one_word(
    run: Run, xinjiang: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("onrecord.cli.verify.the_record", stopped)
    ended = run("-r", xinjiang.folder, "verify")
    assert (ended.code, ended.err.strip()) == (130, "Stopped.")
