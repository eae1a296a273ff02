"""What is wrong with packed bytes is told in plain words."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib

import pytest

from onrecord.ingest.damage import in_words
from tests.ingest.hostile import CASES
from tests.ingest.reading_here import reading_of

_LIBRARY = re.compile(r"Error|Exception|Errno|Defect|\bb'|\w\.\w+\.\w|: *$|: *;")
_ARCHIVES = [case for case in CASES if case.name.endswith((".zip", ".tar", ".gz", ".bz2", ".xz"))]
_BROKEN = ("cut", "lie", "wrong", "elsewhere", "without", "noise", "bit ", "sizes", "digits")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EOFError(), "its bytes end too soon"),
        (OSError(22, "Invalid argument"), "it is said to lie where the file has no bytes"),
        (
            zlib.error("Error -3 while decompressing data: invalid block type"),
            "its packed bytes are damaged",
        ),
        (lzma.LZMAError(), "its packed bytes are damaged"),
        (OSError("Invalid data stream"), "its bytes are damaged"),
        (ValueError(""), "its bytes are damaged"),
        (gzip.BadGzipFile("CRC check failed 0x1 != 0x2"), "its checksum is wrong"),
        (
            NotImplementedError("compression type 9 (deflate64)"),
            "it is packed by a method that no reader here knows (compression type 9 (deflate64))",
        ),
    ],
)
def test_an_unpackers_error_is_told_in_words(error: Exception, words: str) -> None:
    assert in_words(error) == words


def test_no_reason_of_a_broken_archive_is_a_librarys_own_or_empty() -> None:
    broken = [case for case in _ARCHIVES if any(word in case.name for word in _BROKEN)]
    reasons = {case.name: reading_of(case.make(), case.name).reason for case in broken}
    assert len(reasons) > 10
    assert {name: reason for name, reason in reasons.items() if _LIBRARY.search(reason)} == {}


def test_a_cut_stream_keeps_what_came_before_and_says_that_it_is_cut() -> None:
    for packed in (gzip.compress(bytes(range(256)) * 400), bz2.compress(b"text" * 400_000)):
        reading = reading_of(packed[:-12], "a.gz")
        assert reading.reason.endswith(("its bytes end too soon", "the stream is cut"))
