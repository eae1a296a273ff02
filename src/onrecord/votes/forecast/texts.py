"""How alike texts are: cosine of word weights (tf-idf), numbers and set phrases of resolutions set aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

WORD = re.compile(r"[^\W\d_]{3,}")
SET_PHRASES = re.compile(
    r"(?i)resolution|adopted by the|general assembly|report of the .*? committee|: amendment|draft|orally revised"
)


def unit_rows(texts: Sequence[str], *, pairs: bool = False) -> csr_matrix:
    """One row of length 1 a text, so that products of rows are cosines; an empty text has a row of zeros.

    Weights are 1 + log count, times log of texts per text with the word.

    Args:
        pairs: whether two words side by side count as a word of their own.
    """
    counts = [Counter(words_of(text, pairs)) for text in texts]
    vocabulary = {word: place for place, word in enumerate(sorted(set().union(*counts) if counts else set()))}
    row = np.array([k for k, words in enumerate(counts) for _ in words], dtype=np.int64)
    column = np.array([vocabulary[word] for words in counts for word in words], dtype=np.int64)
    value = np.array([1 + np.log(n) for words in counts for n in words.values()])
    rarity = np.log((1 + len(texts)) / (1 + np.bincount(column, minlength=len(vocabulary)))) + 1
    matrix = csr_matrix((value * rarity[column], (row, column)), shape=(len(texts), max(len(vocabulary), 1)))
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return csr_matrix(matrix.multiply(1 / np.where(length > 0, length, 1.0)[:, None]))


def words_of(text: str, pairs: bool) -> list[str]:
    """The words of a text in small letters, an s at the end of longer ones dropped."""
    found = [word.lower() for word in WORD.findall(SET_PHRASES.sub(" ", text))]
    singular = [word[:-1] if word.endswith("s") and len(word) > 4 else word for word in found]
    return [*singular, *(f"{a} {b}" for a, b in pairwise(singular))] if pairs else singular
