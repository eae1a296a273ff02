"""Index speed, size, recall and query time on short documents; prints one JSON object.

Usage: python bench/ingest/index.py [DOCUMENTS]

The corpus is made here: words of made vocabularies, drawn by Zipf's law, 1 in 8 documents Chinese, 1 in 16
Uyghur, the rest Latin: the mix of the research note. It is indexed three times, in turns with tantivy alone, and the
middle of each three is told: what else runs on the machine slows all by up to half. Queries are pairs of Han characters, the commonest words, two
neighbours as a phrase, two words at once, either of two, and beginnings of words. Times are CPU seconds of this process.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import tantivy

from onrecord.search.filed import CUT
from onrecord.search.index import Document, Index
from onrecord.search.words import split

_CHANCE = random.Random(4)
_HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
_ARABIC = "ئابپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي"
_LATIN = "etaoinshrdlucmfwypvbgk"


def vocabulary(letters: str | list[str], size: int, shortest: int, longest: int) -> list[str]:
    """Words of letters, the first letters more often, as in a language."""
    weights = [1 / (rank + 3) for rank in range(len(letters))]
    lengths = [_CHANCE.randint(shortest, longest) for _ in range(size)]
    return ["".join(_CHANCE.choices(letters, weights, k=length)) for length in lengths]


WORDS = {
    "": vocabulary(_HAN, 20_000, 1, 3),
    "uyghur ": vocabulary(_ARABIC, 20_000, 3, 9),
    " ": vocabulary(_LATIN, 40_000, 2, 9),
}
"""Vocabularies by what joins their words; used in proportion to 1 / rank (Zipf)."""


def texts(count: int) -> Iterator[str]:
    """Documents of about 400 bytes."""
    ranks = {
        joint: list(accumulate(1 / (rank + 1) for rank in range(len(words))))
        for joint, words in WORDS.items()
    }
    for number in range(count):
        joint, length = ("", 75) if number % 8 == 0 else ("uyghur ", 35) if number % 16 == 1 else (" ", 62)
        words = _CHANCE.choices(WORDS[joint], cum_weights=ranks[joint], k=length)
        yield joint[-1:].join(words)


def cpu() -> float:
    """CPU seconds of this process, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def bare_tantivy(corpus: list[str], folder: Path, tokenizer: str = "default") -> float:
    """CPU seconds for the text alone in tantivy.

    Its default tokenizer leaves out runs of Chinese characters longer than 40 bytes, and so most Chinese text. With
    :data:`CUT` and words cut beforehand it is the floor: the words that onrecord indexes, and nothing else.
    """
    folder.mkdir(parents=True)
    schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name=tokenizer).build()
    index = tantivy.Index(schema, path=str(folder))
    index.register_tokenizer(CUT, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    start = cpu()
    writer = index.writer(96_000_000, 1)
    for text in corpus:
        writer.add_document(tantivy.Document(text=text))
    writer.commit()
    writer.wait_merging_threads()
    return cpu() - start


def questions(corpus: list[str], pairs: list[str]) -> dict[str, list[str]]:
    """What is asked of the index, by kind."""
    latin, uyghur = WORDS[" "], WORDS["uyghur "]
    texts = [text.split() for text in corpus[2:800:4]]
    return {
        "pair of Han characters": pairs[:200],
        "common word": latin[:200] + uyghur[:100],
        "phrase": [f'"{text[3]} {text[4]}"' for text in texts],
        "both words": [f"{text[0]} {text[9]}" for text in texts],
        "either word": [f"{text[0]} OR {text[9]}" for text in texts],
        "beginning": [f"{word[:4]}*" for word in latin[1000:1100]],
    }


def spent_on(index: Index, queries: list[str]) -> list[float]:
    """CPU milliseconds of each query, sorted."""
    spent = []
    for query in queries:
        began = time.process_time()
        index.search(query, limit=10)
        spent.append((time.process_time() - began) * 1000)
    return sorted(spent)


def told(spent: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {
        "p50": round(statistics.median(spent), 3),
        "p95": round(sorted(spent)[int(len(spent) * 0.95)], 3),
    }


def indexed(corpus: list[str], folder: Path) -> float:
    """CPU seconds for the whole way of so many documents into an index."""
    index = Index.create(folder)
    start = cpu()
    index.add(
        Document(key=f"{n:064x}", text=text, kind="text", paths=(f"leak/{n}.txt",))
        for n, text in enumerate(corpus)
    )
    return cpu() - start


def main() -> None:
    """Index, measure, ask."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    corpus = list(texts(count))
    size = sum(len(text.encode()) for text in corpus)
    words = [split(text) for text in corpus]
    with tempfile.TemporaryDirectory() as folder:
        rounds = [Path(folder) / str(number) for number in range(3)]
        spent = [
            (
                indexed(corpus, here / "index"),
                bare_tantivy(corpus, here / "bare"),
                bare_tantivy(words, here / "floor", CUT),
            )
            for here in rounds
        ]
        taken, bare, floor = map(statistics.median, zip(*spent, strict=True))
        index = Index.open(rounds[0] / "index")
        disk = sum(file.stat().st_size for file in (rounds[0] / "index").rglob("*"))
        asked = [corpus[n][k : k + 2] for n in range(0, count, 800) for k in (0, 17, 64)]
        found = sum(bool(index.search(pair, limit=10)) for pair in asked)
        times = {kind: spent_on(index, queries) for kind, queries in questions(corpus, asked).items()}
        all_times = [spent for some in times.values() for spent in some]
        print(
            json.dumps(
                {
                    "documents": count,
                    "megabytes": round(size / 1e6, 1),
                    "documents_per_cpu_second": round(count / taken),
                    "bare_tantivy_documents_per_cpu_second": round(count / bare),
                    "bare_tantivy_same_words_documents_per_cpu_second": round(count / floor),
                    "index_to_text": round(disk / size, 3),
                    "han_pairs_found": f"{found} of {len(asked)}",
                    "query_cpu_ms": {kind: told(some) for kind, some in {**times, "all": all_times}.items()},
                }
            )
        )


if __name__ == "__main__":
    main()
