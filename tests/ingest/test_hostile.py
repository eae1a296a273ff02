"""More than a hundred files made to break readers: each ends in a named outcome, and the record stays whole."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import re
import socket
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from lxml import html

from onrecord.ingest.catalogue import FileRow, open_catalogue
from onrecord.ingest.derived import Derived
from onrecord.ingest.limits import MIB
from onrecord.ingest.reading import Outcome, Reading
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.second import installed
from onrecord.ingest.source import Options
from onrecord.ingest.taking_in import take_in
from onrecord.ingest.walking import files
from onrecord.record import Record, verify
from onrecord.serve.drawing import Drawing
from onrecord.serve.owner import make_owner_app
from tests.browsing import asking
from tests.ingest.hostile import CASES, SLOW
from tests.ingest.hostile.case import Case

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


ODD_NAMES = (
    b"\xb1\xbb\xd1\xba\n\xff.txt", "\u202etxt.exe".encode(), "é.txt".encode(), "e\u0301.txt".encode(), b"n" * 251 + b".txt",
    b"-rf *.txt", b"=cmd|' '!A0.txt", b"\x1b[2J.txt", b"%2e%2e%2f.txt", b"<img src=x>.txt", b"con.txt", b" .txt",
)  # fmt: skip
"""Names a folder may hold: GBK bytes with a newline, a reversed ending, twins in NFC and NFD, the longest there is …"""

SPECIALS = {
    "link to outside": "a link is not followed",
    "link to itself": "a link is not followed",
    "link to the folder above": "a link is not followed",
    "pipe": "it is a device, socket or pipe, not a file",
    "socket": "it is a device, socket or pipe, not a file",
    "a million gigabytes": "limit free space: it has",
}


def _build(folder: Path) -> None:
    for case in CASES:
        (folder / case.name).write_bytes(case.make())
    (folder / "link to outside").symlink_to("/etc/passwd")
    (folder / "link to itself").symlink_to("link to itself")
    (folder / "link to the folder above").symlink_to("..", target_is_directory=True)
    os.mkfifo(folder / "pipe")
    _socket(folder / "socket")
    with open(folder / "a million gigabytes", "wb") as file:
        file.truncate(8 << 40)
    for name in ODD_NAMES:
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:
            file.write(b"a name that is odd: " + name.hex().encode())


def _socket(path: Path) -> None:
    """A socket in a folder, by its name alone because its whole path may be too long."""
    before = os.getcwd()
    with socket.socket(socket.AF_UNIX) as made:
        os.chdir(path.parent)
        made.bind(path.name)
        os.chdir(before)


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
    assert len(list(taken.folder.iterdir())) == len(CASES) + len(SPECIALS) + len(ODD_NAMES)


def test_links_pipes_and_files_larger_than_the_disk_are_refused_by_name(taken: Taken) -> None:
    for name, reason in SPECIALS.items():
        assert taken.rows[name].outcome == "refused", name
        assert taken.rows[name].reason.startswith(reason), name


def test_files_with_odd_names_are_read_and_told_apart(taken: Taken) -> None:
    shown = [name.decode("utf-8", "backslashreplace") for name in ODD_NAMES]
    assert [taken.rows[name].outcome for name in shown] == ["read"] * len(ODD_NAMES)
    assert len({taken.rows[name].sha256 for name in shown}) == len(ODD_NAMES)


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder in a folder, 1,500 times, with a file at the bottom; taken apart from there, as no tool does it."""
    before = os.getcwd()
    os.chdir(tmp_path)
    for _ in range(1500):
        os.mkdir("d")
        os.chdir("d")
    Path("at the bottom.txt").write_text("text")
    yield tmp_path
    Path("at the bottom.txt").unlink()
    for _ in range(1500):
        os.chdir("..")
        os.rmdir("d")
    os.chdir(before)


def test_folders_a_thousand_deep_are_walked(deep: Path) -> None:
    assert [found.name for found in files([deep], deep / "record")] == ["at the bottom.txt"]


@pytest.mark.slow
@pytest.mark.parametrize("case", SLOW, ids=lambda case: case.name)
@pytest.mark.parametrize("second", [False, True], ids=["first reader", "both readers"])
def test_a_file_that_asks_for_much_time_has_an_outcome_within_30_cpu_seconds(
    case: Case, second: bool
) -> None:
    if second and not installed():
        pytest.skip("iscc-tika is not installed")
    outcomes = _read_in_a_sandbox([case], Options(second=second))
    assert outcomes[case.name] in case.outcomes


@pytest.mark.slow
def test_every_hostile_file_has_an_outcome_from_both_readers() -> None:
    if not installed():
        pytest.skip("iscc-tika is not installed")
    outcomes = _read_in_a_sandbox(CASES, Options(second=True))
    readable = {"read", "read in part"}
    wrong = {
        case.name: outcomes[case.name]
        for case in CASES
        if outcomes[case.name] not in {*case.outcomes, *readable}
    }
    assert wrong == {}


def _read_in_a_sandbox(cases: Sequence[Case], options: Options) -> dict[str, str]:
    outcomes = {}
    with Sandbox(options, workers=1) as sandbox, tempfile.TemporaryFile() as file:
        for case in cases:
            file.seek(0)
            file.truncate()
            file.write(case.make())
            file.flush()
            sandbox.submit(file, case.name, case.name)
            with (answer := sandbox.next()).spool:
                outcomes[case.name] = str(answer.reading.outcome)
    return outcomes


_OURS = re.compile(
    r"(?:\.\./)+assets/|data:image/png;base64,[A-Za-z0-9+/=]+$|(?:\.\./|\./|#|\?|[\w.%+-]+(?:[/?#]|$))"
)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def _foreign(page: str) -> list[str]:
    """What stands in a page that can only have come out of a file: scripts, handlers, addresses, unseen characters."""
    found = _UNSEEN.findall(page)
    for element in html.document_fromstring(page).iter("*"):
        found += [name for name in element.attrib if name.startswith("on")]
        found += [
            str(element.get(name))[:80]
            for name in ("href", "src", "action", "formaction", "data", "srcdoc")
            if not _OURS.match(element.get(name) or "#")
        ]
        if (
            element.tag in {"script", "style", "iframe", "object", "embed", "base"}
            and (element.text or "").strip()
        ):
            found.append(f"{element.tag}: {element.text[:80]}")
    return found


def _formulas(table: str) -> list[str]:
    """The cells of a CSV that a spreadsheet would run."""
    csv.field_size_limit(len(table) + 1)
    cells = (cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row)
    return [cell[:80] for cell in cells if re.match(r"[=+@\t\r-](?![\d.]+$)", cell)]


@pytest.mark.slow
def test_no_page_or_export_of_a_hostile_file_holds_markup_or_formulas_of_it(taken: Taken) -> None:
    digests = sorted({str(row.sha256) for row in taken.rows.values() if row.sha256})
    searches = [f"/documents/search/?q={word}" for word in ("script", "img", "name:img", "body", "a*")]
    pages = ["/documents/", "/documents/timeline/", "/documents/statistics/", *searches]
    with (
        closing(Drawing(taken.record)) as drawing,
        asking(make_owner_app(taken.record, "key", drawing)) as owner,
    ):
        owner.timeout = 300
        owner.get("/?key=key")
        tables = ["/documents/documents.csv"]
        for path in [*pages, *(f"/documents/{digest}/" for digest in digests)]:
            answer = owner.get(path)
            assert (answer.status_code, _foreign(answer.text)) == (200, []), path
            if 'href="text.csv"' in answer.text:
                tables.append(f"{path}text.csv")
        assert len(tables) > 100
        for path in tables:
            answer = owner.get(path)
            assert (answer.status_code, _formulas(answer.text)) == (200, []), path
            told = owner.get(path.replace(".csv", ".json"))
            rows = pl.read_parquet(io.BytesIO(owner.get(path.replace(".csv", ".parquet")).content))
            assert (told.headers["content-type"], len(told.json())) == ("application/json", rows.height), path


def test_a_nested_archive_stops_at_the_limit_of_depth(taken: Taken) -> None:
    catalogue = open_catalogue(taken.record)
    deepest = [row for row in catalogue.files() if row.reason == "limit depth (8)"]
    catalogue.close()
    assert {row.outcome for row in deepest} == {"refused"}


def test_the_record_verifies_and_a_second_run_changes_nothing(taken: Taken) -> None:
    before = verify(taken.record.ledger, taken.record.archive)
    again = take_in(taken.record, [taken.folder], workers=2, options=LIMITS)
    after = verify(taken.record.ledger, taken.record.archive)
    assert before.clean
    assert (again.added, again.seen_again, again.unchanged) == (0, 0, len(CASES) + len(ODD_NAMES))
    assert (after.root, after.originals) == (before.root, before.originals)
