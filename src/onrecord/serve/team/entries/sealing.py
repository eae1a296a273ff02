"""A text for named readers alone, typed in a form: sealed as soon as it arrives, written nowhere in clear, shown to nobody.

It is not even sent back to whoever typed it: where a form comes back with a fault, the text must be typed again, and
what it is called stays in the form so that it cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.errors import Problem
from onrecord.model.kinds.base import Sealed
from onrecord.pages.forms import Control, Group
from onrecord.record.sealing import Sealer
from onrecord.serve.guarding import Sent

_NAME, _TEXT, _FOR = "sealed.name", "sealed.text", "sealed.for."


def sealed_part(readers: Mapping[str, str], sent: Sent) -> tuple[Group, ...]:
    """The controls, where the record has readers to seal for; the text is always empty."""
    if not readers:
        return ()
    again = "What you typed was not kept: type it again. " if sent.raw(_TEXT).strip() else ""
    hint = f"{again}It is encrypted when the form is sent; nobody can read it here afterwards, you included."
    controls = (
        Control(
            _NAME, "What it is", value=sent.one(_NAME), hint="In a word that may be seen, such as contact."
        ),
        Control(_TEXT, "The text", "lines", hint=hint, fills="off"),
        *(Control(_FOR + name, f"For {name}", "check", sent.one(_FOR + name)) for name in readers),
    )
    label = "A text for named readers alone (nobody marked: for all of them)"
    return (Group(label, controls, folded=not (again or sent.one(_NAME))),)


def sealed_by(readers: Mapping[str, str], sent: Sent) -> tuple[Sealed, ...] | Problem:
    """The text as it is put on record, none if none was typed, or why it cannot be sealed."""
    name, text = sent.one(_NAME), sent.raw(_TEXT)
    if not name and not text.strip():
        return ()
    if not text.strip():
        return Problem("There is no text to seal.", "Type it, or empty the field above.", column=_TEXT)
    if not name:
        return Problem("It is not said what is sealed.", "Write a word that may be seen.", column=_NAME)
    try:
        return (Sealer(readers).seal(name, text, [one for one in readers if sent.one(_FOR + one)]),)
    except ValueError as cause:
        remedy = "Ask whoever keeps this record to mend [readers] in record.toml."
        return Problem(f"The text cannot be sealed: {cause}.", remedy, column=_TEXT)
