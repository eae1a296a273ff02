"""Words in the documents: every hit leads to its place in the document. For the record's owner alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from onrecord.errors import UsageError
from onrecord.ingest.reading import Piece
from onrecord.pages import addresses
from onrecord.pages.answers.documents import THREAD
from onrecord.pages.evidence import Evidence
from onrecord.pages.marked import language_of, marked, visible
from onrecord.pages.page import Asked, Page
from onrecord.pages.passage_links import passage_query
from onrecord.pages.words import plural
from onrecord.passages.places import in_words
from onrecord.search.collection import Answer, Collection
from onrecord.search.snippets import Passage

_MOST = 50
_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage with the words marked, where it stands, and the parameters that lead to it."""

    snippet: Markup
    language: str | None
    place: str
    mark: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A document that answers."""

    name: str
    places: tuple[str, ...]
    kind: str
    path: str
    passages: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class SearchContent:
    """What ``evidence_search.html`` shows."""

    words: str
    kind: str
    kinds: tuple[str, ...]
    found: tuple[Found, ...]


def answer(evidence: Evidence, asked: Asked, _key: str) -> Page:
    """The documents in which the words occur, best first, each with the first passages."""
    words, kind = asked.query.get("q", "").strip(), asked.query.get("kind", "")
    with evidence.shelf.collection(evidence.record) as collection:
        kinds = collection.kinds()
        found, finding = _searched(collection, words, kind)
    return Page(
        path=addresses.DOCUMENT_SEARCH,
        template="evidence_search.html",
        title=f"Documents: {visible(words)}" if words else "Search the documents",
        finding=finding,
        thread=THREAD,
        content=SearchContent(words, kind, kinds, found),
        section="Documents",
    )


def _searched(collection: Collection, words: str, kind: str) -> tuple[tuple[Found, ...], str]:
    if not words:
        return (
            (),
            "Words, “several words” in quotation marks, begin*, -without, OR, folder:, after:, before:.",
        )
    try:
        answers = collection.search(_narrowed(words, kind), _MOST, _PASSAGES)
    except UsageError as problem:
        return (), visible(str(problem))
    found = tuple(map(_found, answers))
    more = "; there may be more" if len(found) == _MOST else ""
    return found, f"{plural(len(found), 'document has', 'documents have')} what was asked for{more}."


def _narrowed(words: str, kind: str) -> str:
    """The query with a filter by kind around it; a quotation left open is closed before."""
    closed = words + '"' * (words.count('"') % 2)
    return f'kind:"{kind}" ({closed})' if kind else words


def _found(answer: Answer) -> Found:
    return Found(
        name=visible(answer.hit.path.rpartition("/")[2]),
        places=tuple(map(visible, answer.places)),
        kind=answer.hit.kind,
        path=f"{addresses.document(answer.hit.document)}#here",
        passages=tuple(map(_shown, answer.passages)),
    )


def _shown(passage: Passage) -> Shown:
    piece = Piece(passage.snippet, passage.selectors[:-1])
    place = f"cell {passage.cell}" if passage.cell else in_words(piece)
    return Shown(
        snippet=marked(passage.snippet, [passage.marked]),
        language=language_of(passage.snippet),
        place=place or ("in the picture" if passage.mark == "OCR" else "in the text"),
        mark=passage.mark,
        query=passage_query(passage.selectors),
    )
