"""What can go wrong, told so that a person can mend it.

Every error says what happened to which item, why, and how to go on. Each class carries the exit code
that the command line returns; the table in ``docs/commands.md`` lists them and a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass


class OnrecordError(Exception):
    """Base of every error this program raises on purpose."""

    exit_code = 1


class UsageError(OnrecordError):
    """The command was asked for something it does not offer."""

    exit_code = 2


class RecordNotFound(OnrecordError):
    """There is no record at the address given."""

    exit_code = 3


class EntryNotFound(OnrecordError):
    """No entry with that id is visible to the person asking."""

    exit_code = 4


class DamageFound(OnrecordError):
    """Verification found bytes that are not what was acknowledged."""

    exit_code = 5


class StorageError(OnrecordError):
    """The disk or the database refused to read or to keep something."""

    exit_code = 6


class NotAllowed(OnrecordError):
    """The gate refused: the viewer may not see or do this."""

    exit_code = 7


class NotReached(OnrecordError):
    """A place on the network that the user named did not answer."""

    exit_code = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one place in what was handed in.

    ``row`` counts from 1 with the header as row 1, as a spreadsheet shows it; ``column`` is the field's
    name. Both are None where the problem has no such place.
    """

    message: str
    remedy: str
    file: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row is not None else None,
                f"column {self.column}" if self.column else None,
            )
            if part
        )
        return f"{place}: {self.message} {self.remedy}" if place else f"{self.message} {self.remedy}"


_TOLD = 100
"""How many problems an error tells in words; the rest are counted."""

_KEPT = 1000
"""How many problems of one batch are kept for whoever reads them by program; the rest are counted."""


class InvalidInput(OnrecordError):
    """What was handed in cannot be put on record; nothing was changed.

    Attributes:
        problems: the problems found, in the order of files and rows; of very many only the first.
        count: how many there are.
    """

    exit_code = 8

    def __init__(self, problems: list[Problem], count: int | None = None) -> None:
        self.problems = problems
        self.count = len(problems) if count is None else count
        head = f"{self.count} problem{'s' if self.count != 1 else ''} found; nothing was changed."
        more = [f"… and {self.count - _TOLD} more."] if self.count > _TOLD else []
        super().__init__("\n".join([head, *(str(p) for p in problems[:_TOLD]), *more]))


class Problems:
    """Problems as they are met: all are counted, the first are kept, so that a million of them fit in memory."""

    def __init__(self) -> None:
        self._first: list[Problem] = []
        self._count = 0

    def add(self, *found: Problem) -> None:
        """Take problems in."""
        self._first += found[: _KEPT - len(self._first)]
        self._count += len(found)

    def refuse(self) -> None:
        """Do nothing if there are none.

        Raises:
            InvalidInput: with the first of them, and how many there are.
        """
        if self._count:
            raise InvalidInput(self._first, self._count)
