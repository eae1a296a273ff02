"""A query's tree as tantivy asks it."""

from __future__ import annotations

import re

import tantivy

from onrecord.errors import UsageError
from onrecord.search.filed import DATE, FACTS, WORDS, fact, name_facts
from onrecord.search.query import Either, Every, Filter, Query, Without, Words

_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")


def asked(query: Query, schema: tantivy.Schema) -> tantivy.Query:
    """The query for an index with this schema.

    Raises:
        UsageError: a date is none, or a name has no word.
    """
    match query:
        case Words(words, prefix):
            return _words(schema, WORDS, list(words), prefix=prefix)
        case Filter(field, value):
            return _filter(schema, field, value)
        case Either(parts):
            return tantivy.Query.boolean_query([(tantivy.Occur.Should, asked(p, schema)) for p in parts])
        case Without():
            return _every(schema, (query,))
        case Every(parts):
            return _every(schema, parts)


def with_fact(query: tantivy.Query, name: str, schema: tantivy.Schema, *, wanted: bool) -> tantivy.Query:
    """The same query among the documents that have a fact, or among those that do not."""
    occur = tantivy.Occur.Must if wanted else tantivy.Occur.MustNot
    condition = tantivy.Query.const_score_query(tantivy.Query.term_query(schema, FACTS, name), 0.0)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (occur, condition)])


def _every(schema: tantivy.Schema, parts: tuple[Query, ...]) -> tantivy.Query:
    clauses = [
        (tantivy.Occur.MustNot, asked(part.part, schema))
        if isinstance(part, Without)
        else (tantivy.Occur.Must, asked(part, schema))
        for part in parts
    ]
    if all(isinstance(part, Without) for part in parts):
        clauses.append((tantivy.Occur.Must, tantivy.Query.all_query()))
    return tantivy.Query.boolean_query(clauses)


def _words(schema: tantivy.Schema, field: str, words: list[str], *, prefix: bool) -> tantivy.Query:
    if prefix and len(words) == 1:
        return tantivy.Query.regex_query(schema, field, f"{words[0]}.*")
    if prefix:
        # not phrase_prefix_query, which looks at the first 50 words that begin so and is silent about the others
        return tantivy.Query.regex_phrase_query(schema, field, [*words[:-1], f"{words[-1]}.*"])
    if len(words) == 1:
        return tantivy.Query.term_query(schema, field, words[0])
    return tantivy.Query.phrase_query(schema, field, words)


def _filter(schema: tantivy.Schema, field: str, value: str) -> tantivy.Query:
    if field in {"after", "before"}:
        first, last = _days(value)
        low, high = (last + 1, 99991231) if field == "after" else (0, first - 1)
        return tantivy.Query.range_query(schema, DATE, tantivy.FieldType.Integer, low, high)
    if field != "name":
        return tantivy.Query.term_query(schema, FACTS, fact(field, value))
    words = name_facts(value).split()
    if not words:
        raise UsageError("The filter name: has no word. Give part of a file's name.")
    return _words(schema, FACTS, words, prefix=False)


def _days(value: str) -> tuple[int, int]:
    """The first and last day, as 20180524, that a date of any precision covers."""
    found = _DATE.fullmatch(value)
    if not found:
        raise UsageError(f"{value!r} is no date. Write 2018, 2018-05 or 2018-05-24.")
    year, month, day = found.groups()
    first = f"{year}{month or '01'}{day or '01'}"
    return int(first), int(f"{year}{month or '12'}{day or '31'}")
