"""More than a hundred files made to break readers: each ends in a named outcome, and the record stays whole."""

from __future__ import annotations

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.ingest.catalogue import FileRow
from onrecord.ingest.derived import Derived
from onrecord.ingest.limits import MIB
from onrecord.ingest.reading import Outcome, Reading
from onrecord.ingest.source import Options
from onrecord.ingest.taking_in import open_catalogue, take_in
from onrecord.record import Record, verify
from tests.ingest.hostile import CASES

LIMITS = Options(memory_bytes=1024 * MIB, members=5000)
"""Half the usual memory and a quarter of the usual members: the same limits are met, sooner."""


class Taken:
    """The hostile set after it was taken in."""

    def __init__(self, record: Record, folder: Path) -> None:
        self.record, self.folder = record, folder
        self.rows: dict[str, FileRow] = {}
        self.members: dict[str, list[str]] = defaultdict(list)
        catalogue = open_catalogue(record)
        for row in catalogue.files():
            if row.member_of is None:
                self.rows[row.path.rpartition("/")[2]] = row
            else:
                self.members[row.member_of].append(row.path)
        catalogue.close()

    def reading(self, row: FileRow) -> Reading:
        """What was read of a file."""
        return Derived(self.record.folder / "derived").reading(str(row.sha256), row.key)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    """All hostile files in one folder, and a record that took them in; made once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    with open(shared / "hostile.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = shared / "hostile" / "leak"
        if not folder.exists():
            folder.mkdir(parents=True)
            _build(folder)
            record = Record.create(folder.parent / "record", title="hostile")
            take_in(record, [folder], workers=2, options=LIMITS)
        yield Taken(Record(folder.parent / "record"), folder)


def _build(folder: Path) -> None:
    for case in CASES:
        (folder / case.name).write_bytes(case.make())
    (folder / "link to outside").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    with open(os.fsencode(folder) + b"/\xb1\xbb\xd1\xba\n\xff.txt", "wb") as file:
        file.write(b"a name that is not text")


def test_the_set_has_more_than_a_hundred_files() -> None:
    assert len(CASES) > 100
    assert len({case.name for case in CASES}) == len(CASES)


def test_every_file_has_an_outcome_that_is_right_for_it(taken: Taken) -> None:
    wrong = {
        case.name: (taken.rows[case.name].outcome, taken.rows[case.name].reason)
        for case in CASES
        if taken.rows[case.name].outcome not in case.outcomes
    }
    assert wrong == {}


def test_every_outcome_but_read_says_why(taken: Taken) -> None:
    assert [row.path for row in taken.rows.values() if row.outcome != "read" and not row.reason] == []
    assert {row.outcome for row in taken.rows.values()} <= {str(outcome) for outcome in Outcome}


def test_what_the_files_hold_is_found_however_it_is_hidden(taken: Taken) -> None:
    for case in CASES:
        text = "\n".join(piece.text for piece in taken.reading(taken.rows[case.name]).pieces)
        assert case.holds in text, case.name


def test_members_keep_their_names_and_stay_in_the_archive(taken: Taken) -> None:
    for case in CASES:
        if case.members is not None and case.members != ():
            assert taken.members[str(taken.rows[case.name].sha256)] == list(case.members), case.name


def test_no_file_outside_was_read_into_a_reading(taken: Taken) -> None:
    with open("/etc/passwd") as file:
        first = file.readline().strip()
    for row in taken.rows.values():
        if row.sha256:
            text = "".join(piece.text for piece in taken.reading(row).pieces)
            assert first not in text, row.path


def test_nothing_was_written_outside_the_record(taken: Taken) -> None:
    base = taken.record.folder.parent
    assert sorted(entry.name for entry in base.iterdir()) == ["leak", "record"]
    assert not [path for path in (Path("/tmp/climbed.txt"), Path("/etc/climbed")) if path.exists()]
    assert len(list(taken.folder.iterdir())) == len(CASES) + 3


def test_links_and_pipes_are_refused_by_name(taken: Taken) -> None:
    assert taken.rows["link to outside"].reason == "a link is not followed"
    assert taken.rows["pipe"].reason == "it is a device, socket or pipe, not a file"
    assert taken.rows["\\xb1\\xbbѺ\n\\xff.txt"].outcome == "read"


def test_a_nested_archive_stops_at_the_limit_of_depth(taken: Taken) -> None:
    catalogue = open_catalogue(taken.record)
    deepest = [row for row in catalogue.files() if row.reason == "limit depth (8)"]
    catalogue.close()
    assert [row.outcome for row in deepest] == ["refused"]


def test_the_record_verifies_and_a_second_run_changes_nothing(taken: Taken) -> None:
    before = verify(taken.record.ledger, taken.record.archive)
    again = take_in(taken.record, [taken.folder], workers=2, options=LIMITS)
    after = verify(taken.record.ledger, taken.record.archive)
    assert before.clean
    assert (again.added, again.seen_again, again.unchanged) == (0, 0, len(CASES) + 1)
    assert (after.root, after.originals) == (before.root, before.originals)
