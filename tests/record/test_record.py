"""A record in a folder: made whole or not at all."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import onrecord
from onrecord.errors import InvalidInput, RecordNotFound, StorageError
from onrecord.record import Record, description

from ..making import source


@given(st.text(min_size=1, max_size=40))
def test_a_record_may_have_any_title(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    folder = tmp_path_factory.mktemp("title") / "record"
    try:
        title.encode()
    except UnicodeEncodeError:
        return
    Record.create(folder, title=title)
    assert onrecord.open(folder).description.title == title


def test_a_record_without_a_title_has_its_folders_name(tmp_path: Path) -> None:
    assert Record.create(tmp_path / 'my "first" record').description.title == 'my "first" record'


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(StorageError, match="is not empty"):
        Record.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("exists", [True, False])
def test_a_template_that_cannot_be_entered_leaves_nothing(tmp_path: Path, exists: bool) -> None:
    template, folder = tmp_path / "template", tmp_path / "record"
    template.mkdir()
    (template / "record.toml").write_text('title = "T"\n')
    (template / "sources.csv").write_text("id,title\nS1,\n")
    if exists:
        folder.mkdir()
    with pytest.raises(InvalidInput):
        Record.create(folder, template)
    assert not folder.exists() or not any(folder.iterdir())


def test_a_folder_without_a_record_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordNotFound, match="onrecord new DIR"):
        onrecord.open(tmp_path)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (b"title = ", "Invalid value"),
        (b'description = "no title"\n', "missing required field `title`"),
        (b"title = 7\n", "Expected `str`"),
        (b'title = "T"\nmain_topics = "xinjiang"\n', "Expected `array`"),
        (b'title = "\xe9"\n', "not UTF-8"),
    ],
)
def test_a_title_page_that_cannot_be_read_is_told_with_its_file(
    tmp_path: Path, toml: bytes, message: str
) -> None:
    (tmp_path / description.FILE).write_bytes(toml)
    with pytest.raises(InvalidInput) as caught:
        description.read(tmp_path)
    [problem] = caught.value.problems
    assert message in problem.message
    assert problem.file == str(tmp_path / description.FILE)


def test_an_original_is_kept_with_its_custody(empty: Record) -> None:
    data = b"a page of paper"
    kept = empty.keep(
        io.BytesIO(data), tool="scanner 1", by="A. Keeper", path="in/page.tif", origin="a cousin"
    )
    again = empty.keep(io.BytesIO(data), tool="scanner 1", path="elsewhere/page.tif")
    assert (kept.sha256, kept.new, again.new) == (sha256(data).hexdigest(), True, False)
    with empty.ledger.reading() as reader:
        first, second = (leaf.custody() for leaf in reader.leaves())
    assert (first.action, first.sha256, first.size, first.path, first.origin) == (
        "added", kept.sha256, len(data), "in/page.tif", "a cousin",
    )  # fmt: skip
    assert (second.action, second.path) == ("seen_again", "elsewhere/page.tif")


def test_the_time_of_a_batch_is_that_of_the_records_clock(tmp_path: Path) -> None:
    then = datetime(2022, 6, 9, 12, tzinfo=UTC)
    record = Record.create(tmp_path / "record", clock=lambda: then)
    record.enter([source("S1"), source("S2")])
    with record.ledger.reading() as reader:
        assert {leaf.envelope["recorded"] for leaf in reader.leaves()} == {"2022-06-09T12:00:00.000000Z"}
