"""What pages are put together from: pictures, tables, facts, lists of links. One template draws them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from markupsafe import Markup

from onrecord.model.dates import PartialDate
from onrecord.pages.page import Link
from onrecord.pages.shown import Cited

ColumnKind = Literal["head", "text", "number", "date"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that leads somewhere or sorts by something else than it shows.

    ``path`` is within the site, ``query`` what its address asks there.
    """

    label: Any
    path: str | None = None
    sort: str | int | float | None = None
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; ``columns`` are labels with their kind, ``rows`` hold text, numbers, dates or cells.

    ``folded`` for the figures behind a picture that shows them: they open at a click.
    """

    id: str
    caption: str
    columns: tuple[tuple[str, ColumnKind], ...]
    rows: Sequence[Sequence[Any]]
    heading: str | None = None
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture under the sentence that it shows, with what it cannot say below."""

    name: str
    svg: Markup
    says: str
    note: str = ""
    is_map: bool = False
    legend: Markup | str = ""
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Name and value pairs."""

    pairs: tuple[tuple[str, Any], ...]
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs under a heading."""

    paragraphs: tuple[str, ...]
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """A list of links under a heading, with what is to be known of them."""

    heading: str
    links: tuple[Link, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Citations:
    """The sources of what the page says."""

    citations: tuple[Cited, ...]
    withheld: int = 0
    heading: str = "Sources"


@dataclass(frozen=True, slots=True)
class Names:
    """A person's names, each in its own script, as a block or in a cell; a name has ``text`` and ``language``."""

    names: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """A form that asks for the same page about something else; it works without a script, where a server answers.

    Attributes:
        label: what is chosen. button: the words on the button.
        fields: the name under which each choice is sent, its label and the value that stands in it.
        options: value and label of what can be chosen in every field.
        elsewhere: what a copy without a server says instead.
    """

    label: str
    button: str
    fields: tuple[tuple[str, str, str], ...]
    options: tuple[tuple[str, str], ...]
    elsewhere: str
    heading: str | None = None


Block = Table | Figure | Facts | Prose | Links | Citations | Names | Choice


def day(text: str | None) -> PartialDate | None:
    """A date with precision for a table cell, None where none is known."""
    return PartialDate.parse(text) if text else None


def kind_of_block(block: Block) -> str:
    """The name under which the template knows a block."""
    return type(block).__name__.lower()
