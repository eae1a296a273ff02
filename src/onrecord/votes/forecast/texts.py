"""How alike titles are: cosine of word weights (tf-idf), numbers and set phrases of resolutions set aside."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
from scipy.sparse import csr_matrix

from onrecord.votes.scaling.likelihood import Floats

WORD = re.compile(r"[^\W\d_]{3,}")
SET_PHRASES = re.compile(
    r"(?i)resolution|adopted by the|general assembly|report of the .*? committee|: amendment|draft|orally revised"
)


def similarity(titles: list[str]) -> Floats:
    """Cosine similarity of all titles with all (titles, titles), from 0 to 1; empty titles are like none."""
    weights = tf_idf(titles)
    return np.asarray((weights @ weights.T).todense(), dtype=np.float64)


def tf_idf(titles: list[str]) -> csr_matrix:
    """Unit rows of word weights: 1 + log count, times log of titles per title with the word."""
    counts = [Counter(WORD.findall(SET_PHRASES.sub(" ", title).lower())) for title in titles]
    vocabulary = {word: place for place, word in enumerate(sorted(set().union(*counts) if counts else set()))}
    row = np.array([k for k, words in enumerate(counts) for _ in words], dtype=np.int64)
    column = np.array([vocabulary[word] for words in counts for word in words], dtype=np.int64)
    value = np.array([1 + np.log(n) for words in counts for n in words.values()])
    rarity = np.log((1 + len(titles)) / (1 + np.bincount(column, minlength=len(vocabulary)))) + 1
    matrix = csr_matrix((value * rarity[column], (row, column)), shape=(len(titles), max(len(vocabulary), 1)))
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return csr_matrix(matrix.multiply(1 / np.where(length > 0, length, 1.0)[:, None]))
