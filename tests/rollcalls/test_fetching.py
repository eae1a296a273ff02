"""Official files from their publishers, from a network held in memory."""

from __future__ import annotations

import io
import json
import urllib.error
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli.votes.fetch import fetch as command
from onrecord.errors import NotReached, StorageError
from onrecord.rollcalls import fetching
from onrecord.rollcalls.fetching import PUBLISHERS, Offer, fetched, offered

GA, VOETEN = PUBLISHERS["ga"], PUBLISHERS["voeten"]

LIBRARY = [
    {
        "name": f"{day}_ga_voting",
        "url": f"https://digitallibrary.un.org/record/4060887/files/{day}_ga_voting.{end}",
    }
    for day, end in (("2025_9_19", "csv?ln=en"), ("2025_11_25", "csv"), ("2026_02_06", "md"))
]
DATAVERSE = {
    "data": {
        "latestVersion": {
            "files": [
                {"dataFile": {"id": 7, "filename": "UNVotes-1.tab", "originalFileName": "UNVotes-1.csv", "filesize": 9}},
                {"dataFile": {"id": 5, "filename": "UNVotes.tab", "filesize": 8}},
                {"dataFile": {"id": 9, "filename": "Idealpoints.tab", "filesize": 3}},
            ]
        }
    }
}  # fmt: skip


class Sent(io.BytesIO):
    """An answer held in memory."""

    def __init__(self, content: bytes, kind: str = "text/csv") -> None:
        super().__init__(content)
        self.headers: Mapping[str, str] = {"Content-Type": kind, "Content-Length": str(len(content))}


def network(pages: dict[str, bytes], kind: str = "text/csv"):
    def opened(address: str) -> Sent:
        if address not in pages:
            raise urllib.error.URLError("Name or service not known")
        return Sent(pages[address], kind)

    return opened


def test_the_newest_file_of_the_library_is_offered_by_the_date_in_its_name() -> None:
    offer = offered(GA, network({GA.listing: json.dumps(LIBRARY).encode()}))
    assert offer.name == "2025_11_25_ga_voting.csv"
    assert offer.address == "https://digitallibrary.un.org/record/4060887/files/2025_11_25_ga_voting.csv"


def test_of_the_dataverse_the_newest_file_of_votes_is_offered_as_it_was_handed_in() -> None:
    offer = offered(VOETEN, network({VOETEN.listing: json.dumps(DATAVERSE).encode()}))
    assert (offer.name, offer.size) == ("UNVotes-1.csv", 9)
    assert offer.address.endswith("/datafile/7?format=original")


@pytest.mark.parametrize("publisher", PUBLISHERS.values(), ids=PUBLISHERS)
def test_without_a_network_it_says_what_to_download_and_where_to_put_it(publisher) -> None:
    with pytest.raises(NotReached) as told:
        offered(publisher, network({}))
    for words in (publisher.page, publisher.title, "by hand", "votes import FILE", "Nothing was changed"):
        assert words in str(told.value)


@pytest.mark.parametrize("content", [b"<html>Are you human?</html>", b"[]", b'{"data": 1}', b"[{}]"])
def test_a_publisher_that_answers_with_something_else_is_told_as_not_reached(content: bytes) -> None:
    with pytest.raises(NotReached, match="list of files"):
        offered(GA, network({GA.listing: content}))


def test_an_address_that_is_not_https_is_not_followed() -> None:
    listing = [{"url": "http://digitallibrary.un.org/2026_1_1_ga_voting.csv"}]
    with pytest.raises(NotReached, match="not https"):
        offered(GA, network({GA.listing: json.dumps(listing).encode()}))


def test_a_file_arrives_whole(tmp_path: Path) -> None:
    offer = Offer("a.csv", "https://x/a.csv", 3)
    told: list[tuple[int, int]] = []
    path = fetched(
        GA,
        offer,
        tmp_path / "new",
        network=network({offer.address: b"abc"}),
        progress=lambda done, all_: told.append((done, all_)),
    )
    assert path.read_bytes() == b"abc"
    assert told[-1] == (3, 3)
    assert [file.name for file in path.parent.iterdir()] == ["a.csv"]


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    offer = Offer("../../a.csv", "https://x/a.csv")
    assert fetched(GA, offer, tmp_path, network=network({offer.address: b"x"})) == tmp_path / "a.csv"


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    offer = Offer("a.csv", "https://x/a.csv")
    with pytest.raises(StorageError, match="there already"):
        fetched(GA, offer, tmp_path, network=network({offer.address: b"x"}))
    assert (tmp_path / "a.csv").read_text() == "mine"


@pytest.mark.parametrize(("content", "kind"), [(b"<html>", "text/html"), (b"", "text/csv")])
def test_a_page_for_people_or_nothing_is_not_kept(tmp_path: Path, content: bytes, kind: str) -> None:
    offer = Offer("a.csv", "https://x/a.csv")
    with pytest.raises(NotReached):
        fetched(GA, offer, tmp_path, network=network({offer.address: content}, kind))
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 10)
    offer = Offer("a.csv", "https://x/a.csv")
    with pytest.raises(NotReached, match="more than"):
        fetched(GA, offer, tmp_path, network=network({offer.address: b"x" * 11}))
    assert list(tmp_path.iterdir()) == []


def test_the_command_names_the_data_sets_it_knows() -> None:
    answer = CliRunner().invoke(command, ["hrc"])
    assert answer.exit_code == 2
    assert "'ga', 'sc', 'voeten'" in answer.output
