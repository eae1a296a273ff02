"""One name, many scripts: how probably two spellings name the same name, why, and who is called that.

    score("Mirzat Taher", "米尔扎提·塔依尔")      -> a probability
    explain("Mirzat Taher", "米尔扎提·塔依尔")    -> the probability with the alignment that made it
    Index.build(names).search("Mirzat Taher")    -> positions with probabilities

Pure: no file but this package's own tables is read, unless an index is saved or loaded; no query is kept.
"""

from __future__ import annotations

from onrecord.names.compare import score
from onrecord.names.errors import IndexFileError, UnreadableName
from onrecord.names.explain import Explanation, PartMatch, Piece, explain
from onrecord.names.index import Index

__all__ = [
    "Explanation",
    "Index",
    "IndexFileError",
    "PartMatch",
    "Piece",
    "UnreadableName",
    "explain",
    "score",
]
