"""Records that come with the program: facts as CSV, each with its source. No code lives in them."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def shipped() -> list[str]:
    """The names of the shipped records."""
    return sorted(folder.name for folder in _HERE.iterdir() if (folder / "record.toml").exists())


def template(name: str) -> Path:
    """The folder with the files of a shipped record."""
    return _HERE / name
