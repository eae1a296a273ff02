"""What every entry has: an id, its citations, who may see it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onrecord.model.citation import Citation
from onrecord.model.visibility import Visibility

_PART = r"[A-Za-z0-9][A-Za-z0-9._:~-]*"

Id = Annotated[str, msgspec.Meta(pattern=rf"^{_PART}(/{_PART})*\Z", max_length=200)]
"""An id: letters, digits and ``. _ : ~ -``, in parts divided by ``/``.

It is part of the entry's address and a folder of the published site, so no part is ``..`` or hidden.
"""

DateText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z")]
"""A date with precision, as :class:`onrecord.model.dates.PartialDate` reads it."""

Decimal = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?\Z")]
"""A number as printed in the source, kept as text so that 12.10 stays 12.10 and no binary fraction creeps in."""

Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*\Z")]
"""A BCP 47 language tag, with the script where it matters: ``ug-Arab``, ``ug-Latn``, ``zh-Hans``."""

Text = Annotated[str, msgspec.Meta(min_length=1)]


class Sealed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A text that only named readers can open: encrypted with age (age-encryption.org/v1) before it is recorded.

    ``name`` says what it is (contact, witness), ``readers`` for whom, ``age`` holds the armoured ciphertext.
    """

    name: Text
    readers: tuple[Text, ...]
    age: Text


class Base(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", gc=False):
    """The part that all entries share.

    An entry is made of immutable parts and so is in no cycle: Python's garbage collector does not watch it
    (``gc=False``), which makes reading a hundred thousand of them three times faster.

    Attributes:
        id: unique in the record, kept for ever, part of the entry's address.
        citations: where the fact stands; every kind but source, decision and correction needs at least one.
        visibility: private (keepers only), team, or public. Private unless somebody says otherwise.
        note: what a reader should know before relying on the entry.
        sealed: texts that only named readers can open.
    """

    id: Id
    citations: tuple[Citation, ...] = ()
    visibility: Visibility = "private"
    note: str | None = None
    sealed: tuple[Sealed, ...] = ()


class Name(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A name in one script and language. ``role`` tells a spelling from an alias or a stage name."""

    text: Text
    language: Language | None = None
    role: str | None = None
