"""What docs/proof.md says can be typed, and what it quotes is what is said."""

from __future__ import annotations

import re
from pathlib import Path

from onrecord.cli.main import cli

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "proof.md").read_text()


def test_every_command_on_the_page_exists_with_its_options() -> None:
    lines = re.findall(r"onrecord(?: -r [A-Z]+)? ([a-z]+)([^`\n|#>]*)", PAGE)
    assert len(lines) >= 15
    for name, rest in lines:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None, name
        for word in rest.split():
            if word in getattr(command, "commands", {}):
                command = command.commands[word]  # type: ignore[attr-defined]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest.split() if word.startswith("--")} <= known, (name, rest)


def test_every_tool_on_the_page_exists() -> None:
    tools = set(re.findall(r"tools/\w+\.py", PAGE))
    assert tools == {"tools/verify_record.py", "tools/verify_proof.py"}
    assert all((HOUSE / tool).is_file() for tool in tools)


def test_every_message_on_the_page_is_one_that_verification_gives() -> None:
    record = HOUSE / "src" / "onrecord" / "record"
    places = (*(record / "checking").glob("*.py"), record / "verify.py", HOUSE / "src/onrecord/cli/verify.py")
    said = "".join(path.read_text() for path in places)
    table = PAGE.split("## What `verify` says", 1)[1].split("##", 1)[0]
    for message in re.findall(r"^\| `(?:leaf 5|head 21|original …)?:? ?([^`]+)`", table, re.MULTILINE):
        words = re.split(r"…|\d+", message.removesuffix("…").strip())
        assert all(word.strip() in said for word in words), message
