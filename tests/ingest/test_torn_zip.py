"""Archives and documents of which the end is cut off: what is left of them is found member by member."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from onrecord.ingest.torn_zip import members
from tests.ingest.making import docx, zipped
from tests.ingest.reading_here import reading_and_members, reading_of, text_of

LETTER = "<w:p><w:r><w:t>kept</w:t></w:r></w:p>"


def _without_directory(data: bytes) -> bytes:
    return data[: data.index(b"PK\1\2")]


def _streamed(parts: dict[str, bytes], method: int) -> bytes:
    """A ZIP written to where nobody can go back: sizes stand behind the bytes."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError("a pipe has no places")

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return pipe.getvalue()


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=5), st.binary(max_size=300), min_size=1, max_size=5),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    st.booleans(),
)
def test_without_its_directory_an_archive_still_gives_all_members(
    parts: dict[str, bytes], method: int, behind: bool
) -> None:
    parts = {name: data.replace(b"PK", b"pk") for name, data in parts.items()}
    data = _streamed(parts, method) if behind else zipped(parts, method)
    found = [
        (torn.head.name.decode(), b"".join(torn.chunks()), torn.whole)
        for torn in members(_without_directory(data))
    ]
    assert found == [(name, body, True) for name, body in parts.items()]


def test_the_last_member_of_a_cut_archive_comes_out_as_far_as_it_is_there() -> None:
    body = bytes(range(256)) * 40
    data = zipped({"a.txt": b"whole", "b.bin": body}, zipfile.ZIP_STORED)
    reading, (first, second) = reading_and_members(data[: data.index(body) + 1000])
    assert (first, second) == (b"whole", body[:1000])
    assert dict(reading.children[1].claims) == {"cut after bytes": "1000"}


def test_a_document_that_lost_its_end_says_so_and_gives_its_parts() -> None:
    reading, parts = reading_and_members(_without_directory(docx(LETTER)))
    assert (reading.kind, reading.outcome) == ("zip", "read in part")
    assert reading.reason == (
        "missing: what stood behind the last member: its directory is missing or cut; the members were found without it"
    )
    assert (
        text_of(reading_of(parts[[child.name for child in reading.children].index("word/document.xml")]))
        == "kept"
    )


def test_what_is_no_archive_behind_its_first_bytes_is_damaged() -> None:
    reading = reading_of(b"PK\3\4" + b"noise" * 50)
    assert (reading.outcome, reading.reason) == (
        "failed",
        "the ZIP cannot be read: its directory is missing or cut",
    )


def test_a_mark_within_noise_does_not_hide_the_members_behind_it() -> None:
    behind = _without_directory(zipped({"a.txt": b"kept"}))
    noise = b"PK\3\4" + b"\xff" * 30
    assert [b"".join(torn.chunks()) for torn in members(noise + behind)][-1] == b"kept"
