"""Examples of the documentation, run as a reader would: commands in a shell, Python at its prompt, one folder a page."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGES = tuple(
    page.relative_to(ROOT).as_posix() for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
)
ALIKE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A block of a page: ``console`` and ``python`` are run; ``sh`` would not end, or would install something."""

    language: str
    text: str
    line: int


def examples(page: str) -> Iterator[Example]:
    words = (ROOT / page).read_text(encoding="utf-8")
    for found in _BLOCK.finditer(words):
        yield Example(found[1], found[2], words.count("\n", 0, found.start()) + 2)


def run_console(block: str, folder: Path) -> None:
    """Run the lines after ``$ `` one by one; what stands below each is what it must print (``...`` is anything)."""
    for command, expected in steps(block):
        ran = subprocess.run(  # a page's own commands
            ["sh", "-c", f"exec 2>&1\n{command}"],
            cwd=folder,
            env=surroundings(folder),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert ran.returncode == 0, f"$ {command}\n{ran.stdout}"
        assert not expected or same(expected, ran.stdout), f"$ {command}\n{ran.stdout}"


def same(expected: str, printed: str) -> bool:
    return doctest.OutputChecker().check_output(expected, printed, ALIKE)


def steps(block: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of somebody who has installed the program and nothing else."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }


def run_python(block: str, folder: Path, names: dict[str, Any], where: str, line: int) -> None:
    """Run a block in the folder, with prompts or without; ``names`` is what earlier blocks of the page defined."""
    test = doctest.DocTestParser().get_doctest(block, names, where, where, line)
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=ALIKE | doctest.IGNORE_EXCEPTION_DETAIL, verbose=False)
    with chdir(folder):
        if not test.examples:
            exec(compile(block, where, "exec"), names)
        outcome = runner.run(test, out=told.append, clear_globs=False)
    names.update(test.globs)
    assert outcome.failed == 0, "".join(told)
