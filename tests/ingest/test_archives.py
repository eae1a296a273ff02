"""Archives: every member by its own bytes and name, nothing followed, nothing written."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile

import pytest

from tests.ingest.hostile.archives import CASES
from tests.ingest.making import zipped
from tests.ingest.reading_here import reading_and_members, reading_of

MADE = {case.name: case.make for case in CASES}


def test_members_of_a_zip_come_out_with_their_bytes_and_claimed_times() -> None:
    reading, members = reading_and_members(zipped({"a/b.txt": b"text", "c.bin": b"\0\1"}))
    assert ([child.name for child in reading.children], members) == (["a/b.txt", "c.bin"], [b"text", b"\0\1"])
    assert dict(reading.children[0].claims)["modified"] == "1980-01-01 00:00:00"


def test_names_in_gbk_are_read_and_their_bytes_kept() -> None:
    reading = reading_of(MADE["gbk names.zip"]())
    assert reading.children[0].name == "被拘留人员名单.txt"
    assert reading.children[0].raw_name == "被拘留人员名单.txt".encode("gbk")


def test_a_link_in_a_zip_is_named_and_not_followed() -> None:
    assert reading_of(MADE["link.zip"]()).warnings == ("link not followed: link.txt",)


def test_a_member_without_a_name_is_a_member() -> None:
    reading, members = reading_and_members(
        zipped({"a": b"kept"}).replace(b"a\xab", b"\0\xab").replace(b"a", b"\0")
    )
    assert (reading.outcome, members) == ("read", [b"kept"])


def test_one_damaged_member_costs_itself_alone_and_is_named() -> None:
    reading = reading_of(MADE["wrong checksum.zip"]())
    assert (reading.outcome, [child.name for child in reading.children]) == ("read in part", ["good.txt"])
    assert reading.reason.startswith("missing: bad.txt: its checksum is wrong")


def test_a_limit_keeps_the_members_that_came_before_it() -> None:
    reading = reading_of(zipped({f"{n}.txt": b"x" * 100 for n in range(20)}), output_bytes=1000)
    assert (reading.outcome, len(reading.children)) == ("refused", 10)
    assert reading.reason == "limit output bytes (1000); 10 members came out before it"


def test_members_of_a_tar_come_out_and_specials_are_named() -> None:
    reading = reading_of(MADE["specials.tar"]())
    assert [child.name for child in reading.children] == ["plain.txt"]
    assert len(reading.warnings) == 4


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (gzip.compress(b"text"), "a.txt.gz"),
        (bz2.compress(b"text"), "a.txt.bz2"),
        (lzma.compress(b"text"), "a.txt.xz"),
    ],
    ids=["gzip", "bzip2", "xz"],  # a gzip holds the time, which must not be in the name of a test
)
def test_a_compressed_file_is_one_member_named_without_the_ending(data: bytes, name: str) -> None:
    reading, members = reading_and_members(data, name)
    assert (reading.children[0].name, members) == ("a.txt", [b"text"])


def test_a_cut_gzip_gives_what_came_out_and_says_that_the_end_is_missing() -> None:
    data = gzip.compress(bytes(range(256)) * 4000)
    reading, members = reading_and_members(data[: len(data) // 2])
    assert reading.outcome == "read in part"
    assert 0 < len(members[0]) < 1_024_000


def test_members_of_a_7z_come_out() -> None:
    py7zr = pytest.importorskip("py7zr", reason="py7zr, the optional reader of 7z, is not installed")
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w") as archive:
        archive.writestr("喀什", "名单.txt")
        archive.writestr(b"", "empty.txt")
    reading, members = reading_and_members(buffer.getvalue())
    assert dict(zip([child.name for child in reading.children], members, strict=True)) == {
        "名单.txt": "喀什".encode(), "empty.txt": b"",
    }  # fmt: skip


def test_an_archive_in_an_archive_is_a_member_for_its_own_reader() -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as archive:
        entry = tarfile.TarInfo("deep.txt")
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"deep"))
    _, members = reading_and_members(gzip.compress(inner.getvalue()), "x.tgz")
    reading, deepest = reading_and_members(members[0], "x.tar")
    assert (reading.kind, deepest) == ("tar", [b"deep"])
