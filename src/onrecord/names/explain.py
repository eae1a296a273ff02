"""A score put into words: which syllable answers which, what is missing, what had to be assumed."""

from __future__ import annotations

import msgspec
import numpy as np

from onrecord.names import kernel
from onrecord.names.bank import LETTERS, SYLLABLES
from onrecord.names.channel import Channel, default
from onrecord.names.compare import Judgement, judged, probability, query_of
from onrecord.names.parts import Form, Name, Part, parse
from onrecord.names.phones import CODE, PHONES, VOWELS

# Phones as a reader of Uyghur Latin would write them.
_SPELLED = {"E": "e", "I": "ı", "O": "ö", "U": "ü", "G": "gh", "C": "ch", "S": "sh", "Z": "zh", "c": "ts"}


class Piece(msgspec.Struct, frozen=True):
    """A stretch of one spelling and the stretch of the other that answers it; empty where nothing does.

    ``strength`` is the log-odds the two add, in nats: above 0 speaks for the match, below 0 against it.
    """

    one: str
    other: str
    strength: float


class PartMatch(msgspec.Struct, frozen=True):
    """A part of one name and its answer in the other.

    Attributes:
        one, other: the parts as compared.
        strength: log-odds in nats.
        pieces: the alignment, left to right.
        assumed: what had to be assumed to read them so, such as "without -jan".
    """

    one: str
    other: str
    strength: float
    pieces: tuple[Piece, ...]
    assumed: tuple[str, ...]

    def in_words(self) -> str:
        """``mi = 米, r = 尔 (…)``: which stretch answers which, – where nothing does, and what was assumed."""
        told = ", ".join(f"{piece.one or '–'} = {piece.other or '–'}" for piece in self.pieces)
        return f"{told} ({', '.join(self.assumed)})" if self.assumed else told


class Explanation(msgspec.Struct, frozen=True):
    """Why two spellings were given their probability.

    Attributes:
        probability: what :func:`onrecord.names.score` returns.
        pieces: the pieces of all matched parts, in the order of ``a``.
        matched: the parts that answer each other.
        missing_one, missing_other: parts of ``a``, of ``b``, that nothing answers.
        script_one, script_other: the writing systems of ``a`` and ``b``.
        reasons: the same as sentences, the most telling first.
    """

    probability: float
    pieces: tuple[Piece, ...]
    matched: tuple[PartMatch, ...]
    missing_one: tuple[str, ...]
    missing_other: tuple[str, ...]
    script_one: str
    script_other: str
    reasons: tuple[str, ...]


def explain(a: str, b: str) -> Explanation:
    """The probability that two spellings name the same name, with what made it.

    Raises:
        UnreadableName: as :func:`onrecord.names.score`.
    """
    one, other, channel = parse(a), parse(b), default()
    found = judged(one, other, channel)
    pairs, here, there = _pairs(one, found)
    matched = tuple(_matched(p, q, channel) for p, q in pairs)
    left_one = tuple(p.text for p in here if all(p is not x for x, _ in pairs))
    left_other = tuple(q.text for q in there if all(q is not y for _, y in pairs))
    return Explanation(
        probability=probability(found.logit),
        pieces=tuple(piece for m in matched for piece in m.pieces),
        matched=matched,
        missing_one=left_one,
        missing_other=left_other,
        script_one=_scripts(one),
        script_other=_scripts(other),
        reasons=_reasons(found, matched, left_one, left_other),
    )


def _pairs(one: Name, found: Judgement) -> tuple[list[tuple[Part, Part]], tuple[Part, ...], tuple[Part, ...]]:
    """The answering parts in the order of the first name, and the parts compared of the first and the second name."""
    first, second = found.one.parts, found.other.parts
    pairs = [(first[i], second[j]) for i, j in enumerate(found.answers)]
    if found.one.text != one.text:
        first, second, pairs = second, first, [(q, p) for p, q in pairs]
    order = {id(p): at for at, p in enumerate(first)}
    return sorted(pairs, key=lambda pair: order[id(pair[0])]), first, second


def _scripts(name: Name) -> str:
    return "+".join(dict.fromkeys(p.script for p in name.parts))


def _matched(one: Part, other: Part, channel: Channel) -> PartMatch:
    same = one.text == other.text
    value, p, q = max(
        (
            (_aligned(p, q, channel)[0] - p.cost - q.cost, p, q)
            for p in (one.forms[:1] if same else one.forms)
            for q in (other.forms[:1] if same else other.forms)
        ),
        key=lambda found: found[0],
    )
    whole = (Piece(one.text, other.text, round(value, 2)),)
    return PartMatch(
        one=one.text,
        other=other.text,
        strength=round(value, 2),
        # The sounds of a third word that stands for both would show a reader letters of neither.
        pieces=whole if p.instead or q.instead else _pieces(p, q, channel),
        assumed=tuple(f"{part.text}: {form.note}" for part, form in ((one, p), (other, q)) if form.note),
    )


def _aligned(p: Form, q: Form, channel: Channel) -> tuple[float, kernel.Floats]:
    """The log-odds of two forms and the filled table; rows are symbols of ``q``."""
    query = query_of(p, channel)
    word = channel.encode(q.kind, q.symbols)
    kind = np.array([SYLLABLES if q.kind == "syllables" else LETTERS], dtype=np.int8)
    ends = np.array([0, len(word)], dtype=np.int32)
    rows = kernel.room(query, len(word))
    words = kernel.Words(kind, ends, word, np.zeros(1, dtype=np.int32))
    return float(kernel.align(query, channel.tables, words, rows)[0]), rows


def _pieces(p: Form, q: Form, channel: Channel) -> tuple[Piece, ...]:
    if p.kind == "letters" and q.kind == "syllables":
        return _stretches(p, q, channel)
    if p.kind == "syllables" and q.kind == "letters":
        return tuple(Piece(x.other, x.one, x.strength) for x in _stretches(q, p, channel))
    return _paired(p, q, channel)


def _stretches(letters: Form, syllables: Form, channel: Channel) -> tuple[Piece, ...]:
    """Each syllable with the stretch of letters it answers, walking the table back from its end."""
    query = query_of(letters, channel)
    word = channel.encode("syllables", syllables.symbols)
    _, rows = _aligned(letters, syllables, channel)
    end, pieces = len(query.x), []
    for depth in range(len(word), 0, -1):
        sizes = range(min(kernel.LONGEST, end) + 1)
        size = max(sizes, key=lambda n: rows[depth - 1, end - n] + query.costs[word[depth - 1], end, n])
        emitted = float(query.costs[word[depth - 1], end, size])
        chance = float(channel.tables.background[query.x[end - size : end]].sum())
        text = spelled("".join(PHONES[c] for c in query.x[end - size : end]))
        pieces.append(Piece(text, syllables.symbols[depth - 1], round(emitted - chance, 2)))
        end -= size
    return tuple(reversed(pieces))


def _paired(p: Form, q: Form, channel: Channel) -> tuple[Piece, ...]:
    """Symbol against symbol, letters then gathered into syllables."""
    _, rows = _aligned(p, q, channel)
    query, model = query_of(p, channel), channel.tables
    alone = model.silent if p.kind == "syllables" else model.gap
    y = channel.encode(q.kind, q.symbols)
    i, j, steps = len(query.x), len(y), []
    while i or j:
        options = [
            (rows[j - 1, i - 1] + query.answers[y[j - 1], i - 1], 1, 1) if i and j else None,
            (rows[j - 1, i] + alone[y[j - 1]], 0, 1) if j else None,
            (rows[j, i - 1] + query.alone[i - 1], 1, 0) if i else None,
        ]
        reached, di, dj = max((o for o in options if o is not None), key=lambda o: o[0])
        if rows[j, i] > reached + 1e-3:  # two neighbours changed places
            di = dj = 2
        gain = rows[j, i] - rows[j - dj, i - di]
        steps.append(("".join(p.symbols[i - di : i]), "".join(q.symbols[j - dj : j]), float(gain)))
        i, j = i - di, j - dj
    steps.reverse()
    if p.kind == "syllables":
        return tuple(Piece(a, b, round(gain, 2)) for a, b, gain in steps)
    return _syllabified(steps)


def _syllabified(steps: list[tuple[str, str, float]]) -> tuple[Piece, ...]:
    """Aligned letters gathered so that each piece ends before a consonant that opens the next syllable."""
    pieces: list[tuple[str, str, float]] = []
    for at, (a, b, gain) in enumerate(steps):
        following = steps[at + 1][0] or steps[at + 1][1] if at + 1 < len(steps) else ""
        opens = (a or b) not in VOWELS and following in VOWELS and bool(following)
        voiced = pieces and any(c in VOWELS for c in pieces[-1][0] + pieces[-1][1])
        if not pieces or (opens and voiced):
            pieces.append((a, b, gain))
        else:
            pieces[-1] = (pieces[-1][0] + a, pieces[-1][1] + b, pieces[-1][2] + gain)
    return tuple(Piece(spelled(a), spelled(b), round(gain, 2)) for a, b, gain in pieces)


def spelled(sounds: str) -> str:
    """Phones as Uyghur Latin letters."""
    assert all(c in CODE for c in sounds)
    return "".join(_SPELLED.get(c, c) for c in sounds)


def _reasons(
    found: Judgement, matched: tuple[PartMatch, ...], left_one: tuple[str, ...], left_other: tuple[str, ...]
) -> tuple[str, ...]:
    reasons = []
    for match in sorted(matched, key=lambda m: -m.strength):
        verdict = (
            "answers" if match.strength > 2 else "hardly answers" if match.strength > 0 else "contradicts"
        )
        reasons.append(f"{match.one} {verdict} {match.other}")
        reasons += [f"assumed for {text}" for text in match.assumed]
    reasons += [f"nothing answers {text}" for text in (*left_one, *left_other)]
    if found.run_together:
        reasons.append("the spaces between parts were ignored")
    if found.turned or any(a > b for a, b in zip(found.answers, found.answers[1:], strict=False)):
        reasons.append("the parts stand in another order")
    return tuple(reasons)
