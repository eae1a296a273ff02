"""What a reader is: a name, a version, the kinds it reads, and one function from a source to a finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version

from onrecord.ingest.reading import Finding
from onrecord.ingest.source import Source


@dataclass(frozen=True, slots=True)
class Reader:
    """One format's reader. Its version changes whenever the same bytes may give another finding."""

    name: str
    version: str
    kinds: tuple[str, ...]
    read: Callable[[Source], Finding]


def package_version(own: int, *packages: str) -> str:
    """A reader's version: our own count, then those of the libraries that do the work."""
    return "; ".join([str(own), *(f"{package} {_installed(package)}" for package in packages)])


def _installed(package: str) -> str:
    try:
        return installed_version(package)
    except PackageNotFoundError:
        return "absent"
