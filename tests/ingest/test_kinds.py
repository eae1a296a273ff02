"""The kind of a file comes from its bytes; its name is only compared with it."""

from __future__ import annotations

import gzip
import io
import itertools
import tarfile
import zipfile

import pytest

from onrecord.ingest.kinds import disagreement, kind_of
from tests.ingest.making import doc, docx, ods, odt, ole, pdf, png, text_page, xlsx, zipped

MAIL = b"From: a@example.org\r\nSubject: x\r\n\r\nbody"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"", "empty.pdf", "empty"),
        (pdf(*text_page(b"x")), "", "pdf"),
        (b"garbage before\n%PDF-1.4 ", "", "pdf"),
        (docx(""), "", "docx"),
        (xlsx(""), "", "xlsx"),
        (odt(""), "", "odt"),
        (ods(""), "", "ods"),
        (zipped({"ppt/presentation.xml": ""}), "", "pptx"),
        (zipped({"datapackage.json": "{}"}), "", "wacz"),
        (zipped({"a.txt": ""}), "report.docx", "zip"),
        (doc("text"), "", "doc"),
        (ole({"Workbook": b""}), "", "xls"),
        (ole({"PowerPoint Document": b""}), "", "ppt"),
        (ole({"__properties_version1.0": b""}), "", "msg"),
        (ole({"EncryptedPackage": b""}), "", "encrypted office"),
        (png(1, 1), "", "png"),
        (gzip.compress(b""), "", "gzip"),
        (b"WARC/1.0\r\n", "", "warc"),
        (MAIL, "letter.txt", "eml"),
        (b"From a@b Thu Jan  1 00:00:00 1970\n" + MAIL, "", "mbox"),
        (b"  <!DOCTYPE html><p>", "", "html"),
        (b"<!-- saved -->\n<html>", "list.csv", "html"),
        (b"words, then <p>more", "", "html"),
        (b"words, then <p>more", "page.htm", "html"),
        (b"name,note\nx,<script>alert(1)</script>\n", "list.csv", "csv"),
        (b"<script>alert(1)</script>,name,born\na,b,c\nd,e,f\n", "list.csv", "csv"),
        (b"<p>one, two, three\n<p>four, five, six\n<p>a, b, c\n", "page.html", "html"),
        (b"name\tnote\nx\t<p>\n", "list.tsv", "tsv"),
        (b"they wrote <p> between lines", "notes.txt", "text"),
        (b'{"a": "<p>"}', "", "json"),
        (b"<?xml version='1.0'?><a/>", "", "xml"),
        (b"{\\rtf1 x}", "", "rtf"),
        (b'{"a": 1}', "", "json"),
        (b"{not json}", "", "text"),
        (b"a,b,c\n1,2,3\n4,5,6\n", "", "csv"),
        (b"a,b,c\n1,2,3\n4,5,6\n", "notes.txt", "text"),
        (b"one column\nonly\n", "list.csv", "csv"),
        (b"a\tb\tc\n1\t2\t3\n4\t5\t6\n", "", "tsv"),
        ("维吾尔".encode("utf-16"), "", "text"),
        (b"Subject: a draft\r\n\r\nbody", "draft.eml", "eml"),
        (b"Subject: a draft\r\n\r\nbody", "draft.txt", "text"),
        (MAIL + bytes(range(200)), "", "eml"),
        (b"a line\n" * 100 + bytes(512) + b"a line\n" * 100, "list.txt", "text"),
        (b"a,b\n1,2\n3,4\n" + bytes(20) + b"5,6\n7,8\n", "list.csv", "csv"),
        (b"a line" + bytes(512), "list.txt", "binary"),
        (b"a line\n" * 100 + bytes(512), "", "binary"),
        (bytes(range(256)), "", "binary"),
        (b"BMI of each prisoner", "", "text"),
        (b"BM" + bytes(60), "", "bmp"),
        (b"II+\0" + bytes(60), "", "tiff"),
        (b"{\\rt1 x}", "", "rtf"),
        (zipped({"word/document2.xml": ""}), "", "docx"),
        (b"<html><p>x</p></html>" + bytes(range(256)), "", "html"),
        (b"(\xb5/\xfd" + bytes(9), "", "zstd"),
        (b"\0\0\0\x20ftypisom", "", "video"),
        (b"SQLite format 3\0", "", "sqlite"),
        (b"\x78\x9f\x3e\x22" + bytes(9), "winmail.dat", "tnef"),
    ],
    ids=itertools.count(),  # the bytes of a gzip hold the time, which must not be in the name of a test
)
def test_bytes_say_the_kind(data: bytes, name: str, kind: str) -> None:
    assert kind_of(io.BytesIO(data), name) == kind


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("pdf", "report.docx", "named as docx, but the bytes are pdf"),
        ("pdf", "report.PDF", None),
        ("jpeg", "photo.jpg", None),
        ("gzip", "backup.tgz", None),
        ("text", "README", None),
        ("text", "data.unknown", None),
    ],
)
def test_a_name_that_promises_another_kind_is_told(kind: str, name: str, said: str | None) -> None:
    assert disagreement(kind, name) == said


def test_an_archive_whose_first_member_is_a_pdf_as_it_is_stays_an_archive() -> None:
    stored = zipped({"a.pdf": b"%PDF-1.7 one", "b.txt": b"two"}, zipfile.ZIP_STORED)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        entry = tarfile.TarInfo("a.pdf")
        entry.size = 8
        archive.addfile(entry, io.BytesIO(b"%PDF-1.7"))
    recorded = b"WARC/1.0\r\nWARC-Type: response\r\n\r\n%PDF-1.7"
    assert [kind_of(io.BytesIO(data)) for data in (stored, tar.getvalue(), recorded)] == [
        "zip",
        "tar",
        "warc",
    ]
    assert kind_of(io.BytesIO(b"\xff\xd8\xff" + bytes(20) + b"%PDF-1.7")) == "pdf"
