"""Forms as data: what is asked, what stands in it already, what is wrong with that. One template draws them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from onrecord.errors import Problem
from onrecord.pages.blocks import Block

ControlKind = Literal["line", "lines", "password", "choice", "check", "hidden", "picks"]


@dataclass(frozen=True, slots=True)
class Option:
    """One of several things to choose: what is sent, what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that a form asks.

    Attributes:
        name: what it is sent as, and the field that a problem is about.
        kind: a line or lines of text, a password, one of ``options``, a check mark, something not shown, or ``picks``:
            entries looked for by words and marked, of which several may be taken if ``many``.
        value: what stands in it; for a check mark anything but the empty text.
        hint: how to fill it in.
        options: the choices; of ``picks`` those marked first, up to ``marked``, then those that were found.
        find: of ``picks`` the words that were looked for.
        fixed: whether it is shown, and sent, as it is.
        now: the value on record that the form would replace; None where there is none to compare with.
        fills: what the browser may fill it in with (the HTML attribute ``autocomplete``).
        problems: what is wrong with the value.
    """

    name: str
    label: str
    kind: ControlKind = "line"
    value: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    marked: int = 0
    many: bool = False
    find: str = ""
    required: bool = False
    fixed: bool = False
    now: str | None = None
    fills: str = "off"
    problems: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """The id of the element that a problem leads to."""
        return f"field-{self.name.replace('.', '-')}"


@dataclass(frozen=True, slots=True)
class Group:
    """Controls that belong together, under a name; ``folded`` while nobody needs them."""

    label: str
    controls: tuple[Control, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A way to send a form: the value of ``do``, and the words on the button."""

    act: str
    label: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form that changes something.

    Attributes:
        to: the address within the site that it is sent to.
        token: the secret that shows that it came from a page of this server.
    """

    id: str
    to: str
    token: str
    parts: tuple[Control | Group, ...]
    buttons: tuple[Button, ...]
    heading: str = ""
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormContent:
    """What ``form.html`` shows: news, what is wrong, blocks, forms, blocks."""

    forms: tuple[Form, ...] = ()
    before: tuple[Block, ...] = ()
    after: tuple[Block, ...] = ()
    news: str = ""
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()

    @property
    def places(self) -> dict[str, str]:
        """The field that a problem is about to the id of its element."""
        return {control.name: control.id for form in self.forms for control in controls_of(form)}


def controls_of(form: Form) -> Iterable[Control]:
    """The controls of a form, those in groups too."""
    for part in form.parts:
        if isinstance(part, Group):
            yield from part.controls
        else:
            yield part


def with_problems(parts: Sequence[Control | Group], problems: Sequence[Problem]) -> tuple[Any, ...]:
    """The controls with what is wrong beside each; a group in which something is wrong is unfolded."""

    def marked(control: Control) -> Control:
        mine = tuple(p for p in problems if p.column == control.name)
        return replace(control, problems=mine) if mine else control

    def unfolded(group: Group) -> Group:
        controls = tuple(map(marked, group.controls))
        wrong = any(control.problems for control in controls)
        return replace(group, controls=controls, folded=group.folded and not wrong)

    return tuple(unfolded(part) if isinstance(part, Group) else marked(part) for part in parts)
