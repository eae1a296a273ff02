"""Mail, web pages and web archives: text by part, members with their claims."""

from __future__ import annotations

import gzip
import struct
from email.message import EmailMessage

import pytest

from onrecord.ingest.reading import Outcome
from onrecord.ingest.rtf_compressed import decompressed
from tests.ingest.making import ole
from tests.ingest.reading_here import marked, places, reading_and_members, reading_of, text_of


def letter() -> EmailMessage:
    """A message with a plain body, an HTML body and an attachment named in Chinese."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ئابدۇللا <a@example.org>", "b@example.org", "名单"
    message.set_content("the plain body")
    message.add_alternative("<p>the <b>HTML</b> body</p>", subtype="html")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="名单.csv")
    return message


def test_headers_bodies_and_attachments_of_mail_are_found_by_part() -> None:
    reading, members = reading_and_members(letter().as_bytes())
    assert marked(reading, "header") == ["From: ئابدۇللا <a@example.org>\nTo: b@example.org\nSubject: 名单"]
    assert marked(reading, "") == ["the plain body\n", "the HTML body"]
    assert places(reading) == ["message=headers", "message=1.1", "message=1.2", "/html/body/p[1]"]
    assert ([child.name for child in reading.children], members) == (["名单.csv"], [b"a,b\n1,2\n"])


def test_a_locked_message_says_so_and_its_headers_are_read() -> None:
    for kind in ("multipart/encrypted; boundary=b", "application/pkcs7-mime; smime-type=enveloped-data"):
        reading = reading_of(
            b"From: a@example.org\nTo: b@example.org\nContent-Type: %s\n\nx\n" % kind.encode()
        )
        assert (reading.outcome, reading.reason) == ("encrypted", "the body opens only with its reader's key")
        assert text_of(reading) == "From: a@example.org\nTo: b@example.org"


PARTED = (
    b"Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nkept\r\n"
    b"--b\r\nContent-Type: application/x-list; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nbGlzdA==\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (PARTED[:-7], "the message: the line that ends its parts is missing"),
        (
            PARTED.replace(b"boundary=b", b"boundary=c"),
            "the message: the line that begins its parts is missing",
        ),
        (PARTED.replace(b"bGlzdA==", b"bGlzd"), "part 2: its Base64 has a length that it cannot have"),
        (
            PARTED.replace(b"bGlzdA==", b"bG\x00\xfflzdA=="),
            "part 2: characters that are no Base64 stand in it",
        ),
    ],
)
def test_a_message_that_lost_a_part_of_itself_is_not_called_read(broken: bytes, why: str) -> None:
    assert reading_of(PARTED, "m.eml").outcome is Outcome.READ
    reading = reading_of(broken, "m.eml")
    assert reading.outcome is Outcome.IN_PART
    assert why in reading.reason


def test_a_sentence_that_begins_with_from_starts_no_message_of_an_mbox() -> None:
    first = b"From a@b Thu Jan  1 00:00:00 1970\nSubject: one\n\nx\n\nFrom me at 10:20 to you\n\n"
    _, members = reading_and_members(first + b"From - 2018-05-24 10:20\nSubject: two\n\nx\n", "a.mbox")
    assert len(members) == 2


def test_a_message_inside_a_message_becomes_a_member() -> None:
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "c@example.org", "forwarded"
    outer.set_content("see below")
    outer.add_attachment(letter())
    reading, members = reading_and_members(outer.as_bytes())
    assert marked(reading_of(members[0]), "")[0].strip() == "the plain body"
    assert "the plain body" not in text_of(reading)


def test_mail_in_gb2312_with_raw_bytes_in_its_header_is_read() -> None:
    body = "喀什地区".encode("gb2312")
    data = (
        b"From: a@b\nTo: "
        + "被拘留人员".encode("gb2312")
        + b" <x@y>\nContent-Type: text/plain; charset=gb2312\n\n"
        + body
    )
    reading = reading_of(data)
    assert "被拘留人员" in marked(reading, "header")[0]
    assert marked(reading, "") == ["喀什地区"]


def test_every_message_of_an_mbox_becomes_a_member() -> None:
    data = b"From a@b Thu Jan  1 00:00:00 1970\nSubject: 1\n\n>From here\n\nFrom a@b Thu Jan  1 00:00:00 1970\nSubject: 2\n\nx\n"
    _, members = reading_and_members(data)
    assert members == [b"Subject: 1\n\nFrom here\n\n", b"Subject: 2\n\nx\n"]


def test_an_outlook_message_is_read_with_its_attachment() -> None:
    streams = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_0037001F": "名单".encode("utf-16-le"),
        "__substg1.0_1000001F": "the body".encode("utf-16-le"),
    }
    reading = reading_of(ole(streams))
    assert [piece.text.strip("\0") for piece in reading.pieces] == ["Subject: 名单", "the body"]


def test_compressed_rtf_unpacks_as_the_specification_shows() -> None:
    # [MS-OXRTFCP] 3.1.1: the specification's own example
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c09002062770 5b06c647d0a800fa0".replace(
            " ", ""
        )
    )
    assert decompressed(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompressed(struct.pack("<IIII", 20, 8, 0x414C454D, 0) + b"{\\rtf1 }") == b"{\\rtf1 }"


def test_a_page_gives_its_text_by_block_and_never_its_scripts() -> None:
    page = "<html><title>T</title><body><p>one <i>two</i></p><script>x()</script><div><p>three</p>four</div></body></html>"
    reading = reading_of(page.encode())
    assert [(piece.text, place) for piece, place in zip(reading.pieces, places(reading), strict=True)] == [
        ("one two", "/html/body/p[1]"),
        ("three", "/html/body/div[1]/p[1]"),
        ("four", "/html/body/div[1]"),
    ]
    assert dict(reading.claims)["title"] == "T"


def test_what_a_page_does_not_show_is_marked_hidden() -> None:
    reading = reading_of(b"<html><p>shown<p hidden>one<p style='display:none'>two")
    assert (marked(reading, ""), marked(reading, "hidden")) == (["shown"], ["one", "two"])


def test_words_for_browsers_without_frames_are_read_and_marked_hidden() -> None:
    frames = b"<html><head><noframes>no &amp; frames</noframes></head><frameset><frame src=a><noframes><body><p>one <b>two</b>"
    assert marked(reading_of(frames), "hidden") == ["no & frames", "one two"]
    inside = b"<html><body><p>shown<noframes><i>old</i></noframes></p><iframe>framed</iframe></body></html>"
    assert (marked(reading_of(inside), ""), marked(reading_of(inside), "hidden")) == (
        ["shown"],
        ["old", "framed"],
    )


def test_responses_of_a_web_archive_become_members_with_their_addresses() -> None:
    page = gzip.compress("<p>页面</p>".encode())
    http = (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page)
    )
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/a\r\nWARC-Date: 2020-01-02T03:04:05Z\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(http), http)
    )
    request = b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 3\r\n\r\nGET\r\n\r\n"
    reading, members = reading_and_members(request + record)
    assert members == ["<p>页面</p>".encode()]
    assert reading.children[0].name == "http://example.org/a"
    assert dict(reading.children[0].claims)["warc-date"] == "2020-01-02T03:04:05Z"


def test_a_json_list_of_objects_becomes_a_table_and_a_broken_one_stays_text() -> None:
    reading = reading_of('[{"name":"阿","n":1},{"name":"b","x":[2]}]'.encode())
    assert reading.tables[0].cells == (("name", "阿", "b"), ("n", "1", None), ("x", None, "[2]"))
    broken = reading_of(b'{"name": ', "a.json")
    assert (broken.outcome, text_of(broken)) == ("read in part", '{"name": ')
