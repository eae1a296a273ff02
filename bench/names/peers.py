"""Peers: a romaniser of everybody's, then RapidFuzz over all candidates."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import icu
import numpy as np
import uroman
from pypinyin import lazy_pinyin
from rapidfuzz import distance, fuzz, process
from umsc import UgMultiScriptConverter

Search = Callable[[str], list[tuple[int, float]]]
SIMILARITIES = {"ratio": fuzz.ratio, "levenshtein": distance.Levenshtein.normalized_similarity}


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFD", text.lower().replace("·", " ").replace("'", ""))
    return "".join(c for c in text if not unicodedata.combining(c))


def romanisers() -> dict[str, Callable[[str], str]]:
    roman = uroman.Uroman()
    any_latin = icu.Transliterator.createInstance("Any-Latin; Latin-ASCII")
    uyghur = UgMultiScriptConverter("UAS", "ULS")

    def with_icu(text: str) -> str:
        return _plain(
            any_latin.transliterate(text).replace(" ", "") if _hanzi(text) else any_latin.transliterate(text)
        )

    def with_pypinyin(text: str) -> str:
        if _hanzi(text):
            return _plain(" ".join("".join(lazy_pinyin(p)) for p in text.split("·")))
        if any("\u0600" <= c <= "\u06ff" for c in text):
            return _plain(uyghur(text))
        return with_icu(text)

    return {
        "uroman": lambda text: _plain(str(roman.romanize_string(text))),
        "icu": with_icu,
        "pypinyin+umsc+icu": with_pypinyin,
    }


def _hanzi(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def searches(candidates: list[str], depth: int) -> dict[str, Search]:
    """A search function per romaniser and similarity, over these candidates."""
    found: dict[str, Search] = {}
    for name, romanise in romanisers().items():
        texts = [romanise(c) for c in candidates]
        for label, similarity in SIMILARITIES.items():
            # Levenshtein ranks like the ratio but for ties; one romaniser tells which is better.
            if label == "ratio" or name == "uroman":
                found[f"{name} {label}"] = _search(texts, romanise, similarity, depth)
    return found


def _search(
    texts: list[str], romanise: Callable[[str], str], similarity: Callable[..., float], depth: int
) -> Search:
    def search(query: str) -> list[tuple[int, float]]:
        scores = process.cdist([romanise(query)], texts, scorer=similarity, workers=1)[0]
        best = np.argpartition(-scores, depth * 4)[: depth * 4]
        ranked = best[np.argsort(-scores[best], kind="stable")]
        return [(int(at), float(scores[at])) for at in ranked]

    return search
