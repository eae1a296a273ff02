"""What people type into the search field, as a tree.

``word another``        both, anywhere in the document
``word OR another``     either; ``(…)`` groups
``-word`` ``NOT word``  without; also before a bracket
``"several words"``     next to each other, in this order
``abdu*``               words that begin so, also at the end of a phrase
``kind:pdf``            one kind of file; also ``folder:``, ``script:`` (han, arabic, cyrillic, latin), ``has:table``,
                        ``name:`` (words of the file's name), ``after:`` and ``before:`` (dates as 2018, 2018-05, 2018-05-24)

A run of Han characters is looked for as it stands, neighbours and all. Words are cut as in
:mod:`onrecord.search.words`, so accents, capitals and ways of typing Uyghur do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from onrecord.errors import UsageError
from onrecord.search.words import SCRIPTS, split

FILTERS = ("kind", "folder", "script", "has", "name", "after", "before")
LONGEST = 10_000
"""Characters of a query. What is longer is a list."""

_VALUES = {"script": SCRIPTS, "has": ("table",)}
_DEEPEST = 50
_SHOWN = 60
_TOKEN = re.compile(r'\s*(?:(-?\(|\))|(-?)(?:(\w+):)?"([^"]*)"?(\*?)|(-?)([^\s()"]+))')


@dataclass(frozen=True, slots=True)
class Words:
    """Words next to each other, as indexed; with ``prefix`` the last is only how a word begins."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on the file itself."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Not this part."""

    part: Query


Query: TypeAlias = Words | Filter | Every | Either | Without


def parse(text: str) -> Query:
    """The tree of a query.

    Raises:
        UsageError: nothing in it can be looked for, a bracket is open, a filter is unknown or has no such value, or it
            is longer than 10,000 characters.
    """
    if len(text) > LONGEST:
        raise UsageError(
            f"The query has {len(text)} characters; {LONGEST} can be asked at once. Look for many names with a list."
        )
    shown = repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
    query, rest = _either(list(_tokens(text)), 0)
    if rest:
        raise UsageError(f"The query {shown} closes a bracket that it never opened.")
    if query is None:
        raise UsageError(f"The query {shown} holds no word to look for. Give a word, a name or a number.")
    return query


def wanted(query: Query) -> Iterator[Words]:
    """The words that a hit shows: all that are not excluded."""
    match query:
        case Words():
            yield query
        case Every(parts) | Either(parts):
            for part in parts:
                yield from wanted(part)


def _tokens(text: str) -> Iterator[str | Query]:
    """Brackets and operators as text; words, phrases and filters as queries."""
    for match in _TOKEN.finditer(text):
        bracket, not_phrase, phrase_field, phrase, star, not_word, word = match.groups()
        if bracket:
            yield from ("NOT", "(") if bracket == "-(" else bracket
        elif phrase is not None:
            yield from _negated(not_phrase, _leaf(phrase_field, phrase, prefix=bool(star)))
        elif word in {"AND", "OR", "NOT"}:
            yield word
        else:
            field, colon, value = word.partition(":")
            known = colon and field in FILTERS
            shown = value if known else word
            leaf = _leaf(field if known else None, shown.rstrip("*"), prefix=shown.endswith("*"))
            yield from _negated(not_word, leaf)


def _negated(minus: str, leaf: Query | None) -> Iterator[Query]:
    if leaf is not None:
        yield Without(leaf) if minus else leaf


def _leaf(field: str | None, text: str, *, prefix: bool) -> Query | None:
    if field is not None and field not in FILTERS:
        raise UsageError(f"There is no filter {field}:. There are {', '.join(f'{f}:' for f in FILTERS)}.")
    if field is not None:
        return Filter(field, _checked(field, text.strip()))
    words = split(text).split()
    if not words:
        return None
    return Words(tuple(words), prefix or text.rstrip().endswith("*"))


def _checked(field: str, value: str) -> str:
    known = _VALUES.get(field, ())
    if not value or (known and value.lower() not in known):
        what = f" There are {', '.join(known)}." if known else " Write what it asks for after the colon."
        why = f"has no value {value!r}" if value else "is empty"
        raise UsageError(f"The filter {field}: {why}.{what}")
    return value


def _either(tokens: list[str | Query], depth: int) -> tuple[Query | None, list[str | Query]]:
    parts: list[Query] = []
    while True:
        part, tokens = _every(tokens, depth)
        if part is not None:
            parts.append(part)
        if not tokens or tokens[0] != "OR":
            return _joined(Either, parts), tokens
        tokens = tokens[1:]


def _every(tokens: list[str | Query], depth: int) -> tuple[Query | None, list[str | Query]]:
    parts: list[Query] = []
    negated = False
    while tokens and tokens[0] not in {"OR", ")"}:
        head, tokens = tokens[0], tokens[1:]
        if head == "NOT":
            negated = True
            continue
        if head == "AND":
            continue
        if head == "(":
            if depth >= _DEEPEST:
                raise UsageError(f"The query has more than {_DEEPEST} brackets in each other.")
            part, tokens = _either(tokens, depth + 1)
            if not tokens:
                raise UsageError("The query opens a bracket that it does not close.")
            tokens = tokens[1:]
        else:
            part = head if not isinstance(head, str) else None
        if part is not None:
            parts.append(Without(part) if negated else part)
        negated = False
    return _joined(Every, parts), tokens


def _joined(kind: type[Every] | type[Either], parts: list[Query]) -> Query | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
