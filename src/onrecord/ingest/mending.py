"""What a person can do about a file that was not read, or not whole, by its outcome and the limit it met."""

from __future__ import annotations

from onrecord.ingest.reading import Outcome

_SWELLS = (
    "it swells when it is unpacked, as a bomb does: unpack it where it can do no harm and add what comes out"
)
_CROWDED = "more lies in it than one file may hold: unpack it elsewhere and add the folder"
_LARGE = "it is larger than one file may be: divide it and add the parts"
_DEEP = "parts of it lie deeper within each other than in honest files: save it anew with its program and add that"
_COSTLY = "reading it costs more than a file may: open it on a machine you can lose, save it in another format and add that"
_LIMITS = {
    "expansion": _SWELLS,
    "output bytes": _SWELLS,
    "part bytes": _SWELLS,
    "members": _CROWDED,
    "message parts": _CROWDED,
    "depth": "files lie in files in files: take the inner ones out and add them",
    "bytes of one original": _CROWDED,
    "nest": _DEEP,
    "elements within": _DEEP,
    "attributes": _DEEP,
    "pixels": "the picture is larger than any camera's: save a smaller copy and add that too",
    "memory": _COSTLY,
    "CPU seconds": _COSTLY,
    "wall seconds": _COSTLY,
    "free space": "make room on the disk of the record, then add it again",
}
_OUTCOMES = {
    Outcome.IN_PART: "cite what was read, or ask for the file again",
    Outcome.NEEDS_OCR: 'with Tesseract installed, `onrecord add --retry "needs OCR"` reads it',
    Outcome.ENCRYPTED: "unlock a copy with the program it comes from and add that",
    Outcome.FAILED: "ask for the file again, or open it with its own program, save it anew and add that too",
    Outcome.UNSUPPORTED: "convert a copy to PDF, text or a table with its own program and add that too",
}


def cause_of(outcome: str, reason: str) -> str:
    """The outcome, and the limit that a refused file met: what files that are mended in the same way have in common."""
    if outcome != Outcome.REFUSED or not reason.startswith("limit "):
        return outcome
    return f"{outcome}, {reason.partition(' (')[0].partition(':')[0]}"


def how_to_mend(cause: str) -> str:
    """What to do about files of one :func:`cause_of`; empty where nothing has to be done or can be."""
    outcome, _, limit = cause.partition(", limit ")
    if limit:
        return next((words for start, words in _LIMITS.items() if limit.startswith(start)), _LARGE)
    return _OUTCOMES.get(Outcome(outcome), "")
