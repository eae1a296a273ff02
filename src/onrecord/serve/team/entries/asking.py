"""The controls of an entry's form, filled with what was typed, with what was looked for beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, islice

from onrecord.model.kinds import KINDS
from onrecord.model.visibility import Visibility, may_see
from onrecord.pages.answers.search import search
from onrecord.pages.findings import Findings
from onrecord.pages.forms import Control, Group, Option
from onrecord.pages.shown import label_of
from onrecord.serve.guarding import Sent
from onrecord.serve.team.entries.fields import Field
from onrecord.serve.team.entries.typed import CITED, SOURCES, rows
from onrecord.serve.team.watching import entry_of

Part = Control | Group

_FOUND = 12
_SPARE_NAMES = 2

_VISIBLE: dict[Visibility, str] = {
    "private": "private: for owners alone",
    "team": "team: for everybody who signs in",
    "public": "public: for everybody",
}

_NAME = {
    "text": ("as written", ""),
    "language": ("language", "With the script where it matters: ug-Arab, zh-Hans."),
    "role": ("role", "Such as alias; empty for a spelling."),
}

_CITATION = {
    "supports": ("What it shows", "In a few words, such as: full list of 22."),
    "stance": ("Supports or disputes", ""),
    "exact": ("The words themselves", "As they stand in the source."),
    "prefix": ("The words just before", "Where the same words stand at several places."),
    "suffix": ("The words just after", ""),
    "fragment": ("Page, row or region", "page=3, row=5, cell=5,2 or page=3&viewrect=72,90,200,14"),
    "xpath": ("Element of a web page", "As an XPath."),
    "start": ("From character", ""),
    "end": ("Up to character", "Not included."),
    "conforms_to": ("Standard of page, row or region", ""),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a form is made from: what its reader may see, and what they typed."""

    findings: Findings
    sent: Sent

    def parts(self, fields: tuple[Field, ...]) -> tuple[Part, ...]:
        """The controls of the fields."""
        return tuple(part for field in fields for part in self._of(field))

    def sources(self) -> tuple[Part, ...]:
        """What is cited, each with its place; and where to look for further sources."""
        self_cited = [self._citation(at, number) for at, number in enumerate(self._cited(), 1)]
        hint = "Look for it by words or id and mark it. A source that is not on record yet is entered first."
        picks = self._picks(SOURCES, "Sources to cite", ("source",), many=True, hint=hint)
        return (*self_cited, picks)

    def visibility(self, default: Visibility) -> Control:
        """Who may see the entry: nothing that its writer could not see."""
        return visibility(
            self.findings, "visibility", "Who may see it", self.sent.one("visibility") or default
        )

    def _of(self, field: Field) -> Iterator[Part]:
        match field.shape:
            case "picks" | "pick":
                yield self._picks(
                    field.name, field.label, field.kinds, many=field.shape == "picks", hint=field.hint,
                    required=field.required,
                )  # fmt: skip
            case "names":
                yield self._names(field)
            case "struct":
                inner = tuple(part for inside in field.parts for part in self._of(inside))
                filled = any(self.sent.one(part.name) for part in field.parts)
                controls = tuple(part for part in inner if isinstance(part, Control))
                yield Group(
                    field.label, tuple(replace(c, required=False) for c in controls), folded=not filled
                )
            case _:
                yield self._line(field)

    def _line(self, field: Field) -> Control:
        kind = {"lines": "lines", "list": "lines", "choice": "choice"}.get(field.shape, "line")
        default = field.options[0] if field.options else ""
        return Control(
            field.name,
            field.label,
            kind,  # type: ignore[arg-type]  # one of the three above
            self.sent.one(field.name) or default,
            field.hint,
            options=tuple(Option(word, word.replace("_", " ") or "–") for word in field.options),
            required=field.required,
        )

    def _names(self, field: Field) -> Group:
        sent_rows = rows(self.sent, field.name)
        filled = [n for n in sent_rows if any(self.sent.one(f"{field.name}.{n}.{part}") for part in _NAME)]
        spare = islice((n for n in count() if n not in filled), _SPARE_NAMES)
        controls = [
            self._of_name(field, number, part, at)
            for at, number in enumerate(sorted([*filled, *spare]), 1)
            for part in _NAME
        ]
        return Group(field.label, tuple(controls), folded=not field.required and not filled)

    def _of_name(self, field: Field, number: int, part: str, at: int) -> Control:
        name, (label, hint) = f"{field.name}.{number}.{part}", _NAME[part]
        needed = field.required and at == 1 and part == "text"
        return Control(name, f"Name {at}: {label}", value=self.sent.one(name), hint=hint, required=needed)

    def _cited(self) -> list[int]:
        return [n for n in rows(self.sent, "citations") if self.sent.one(f"citations.{n}.source")]

    def _citation(self, at: int, number: int) -> Group:
        name = f"citations.{number}"
        source = self.sent.one(f"{name}.source")
        controls = [
            Control(f"{name}.source", "", "hidden", source),
            *(self._of_citation(f"{name}.{column}", column) for column in CITED[1:]),
            Control(f"{name}.without", "Leave this source out", "check", self.sent.one(f"{name}.without")),
        ]
        label = f"Source {at}: {label_of(source, self.findings)} (open to say what it shows, and where)"
        return Group(label, tuple(controls), folded=True)

    def _of_citation(self, name: str, column: str) -> Control:
        label, hint = _CITATION[column]
        value = self.sent.one(name)
        if column == "stance":
            words = (Option("supports", "supports"), Option("disputes", "disputes"))
            return Control(name, label, "choice", value or "supports", options=words)
        return Control(name, label, "lines" if column == "exact" else "line", value, hint)

    def _picks(
        self, name: str, label: str, kinds: tuple[str, ...], *, many: bool, hint: str, required: bool = False
    ) -> Control:
        marked = self.sent.all(name)
        words = self.sent.one(f"find.{name}")
        found = [i for i in self._found(words, kinds) if i not in marked] if words else []
        options = tuple(Option(i, label_of(i, self.findings)) for i in (*marked, *found))
        return Control(
            name, label, "picks", hint=hint, options=options, marked=len(marked), many=many, find=words,
            required=required,
        )  # fmt: skip

    def _found(self, words: str, kinds: tuple[str, ...]) -> list[str]:
        """The entries with all of the words, or with this id, that may stand here."""
        view = self.findings.view
        hits = [words, *(entry_of(hit["path"]) for hit in search(self.findings, words))]
        fitting = (i for i in hits if (kind := view.kind_of(i)) and (not kinds or kind in kinds))
        return list(dict.fromkeys(fitting))[:_FOUND]


def visibility(findings: Findings, name: str, label: str, value: str) -> Control:
    """The choice of who may see something, without what the writer could not see."""
    clearance = findings.view.viewer.clearance
    options = tuple(Option(v, says) for v, says in _VISIBLE.items() if may_see(clearance, v))
    return Control(name, label, "choice", value, options=options)


def offered(parts: tuple[Part, ...]) -> set[str]:
    """The ids of the entries that a form offers or has marked."""
    controls = [c for part in parts for c in (part.controls if isinstance(part, Group) else (part,))]
    return {option.value for control in controls if control.kind == "picks" for option in control.options}


def about(kind: str) -> str:
    """What a kind is for, in the words of the model."""
    return (KINDS[kind].__doc__ or "").strip().partition("\n")[0]
