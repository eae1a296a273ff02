"""One body of promises, held by every place a record can lie in: SQLite or PostgreSQL, a folder or S3."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from onrecord.cli.main import cli
from onrecord.errors import DamageFound, InvalidInput, StorageError, UsageError
from onrecord.model.kinds import Correction
from onrecord.proof import checkpoint, prove
from onrecord.proof.bags import export_bag, import_bag
from onrecord.record import Record, verify
from onrecord.record.leaf import draft_entry
from onrecord.record.verify import Damage, Outside
from tests.proof.making import SOURCE, events, fill
from tests.proof.servers import Cluster
from tests.proof.test_bags import seal_again

Make = Callable[[str], Record]


@pytest.fixture(params=["files", "postgresql", "s3", "postgresql and s3"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Makes empty records in one of the places."""

    def makes(name: str) -> Record:
        ledger = request.getfixturevalue("postgres").new_database() if "postgresql" in request.param else ""
        archive = f"{request.getfixturevalue('bucket')}/{name}" if "s3" in request.param else ""
        return Record.create(tmp_path / name, title=name, ledger=ledger, archive=archive)

    return makes


def test_what_is_put_on_record_is_there_after_opening_it_again(make: Make) -> None:
    record = make("one")
    fill(record)
    again = Record(record.folder)
    verdict = verify(again.ledger, again.archive, views=again.views)
    assert verdict.clean
    assert (verdict.leaves, verdict.originals) == (38, 2)
    digests = list(again.archive.digests())
    contents = set()
    for digest in digests:
        with again.archive.open(digest) as stream:
            contents.add(stream.read())
    assert contents == {b"first original", b"second original" * 1000}
    again.views.refresh()
    assert set(again.views.table("event")["id"]) == {f"event/{n}" for n in range(30)} | {
        f"event/of-{digest[:8]}" for digest in digests
    }


def test_a_batch_that_fails_leaves_nothing(make: Make) -> None:
    record = make("one")
    record.enter([SOURCE, *events(0, 5)])
    with pytest.raises(InvalidInput, match="on record already"):
        record.enter([*events(5, 9), msgspec.structs.replace(next(events(0, 1)), title="Other")])

    def append_and_fail() -> None:
        with record.ledger.writing() as writer:
            writer.append([draft_entry(entry) for entry in events(5, 9)], by="x", recorded=record.clock())
            raise InterruptedError

    with pytest.raises(InterruptedError):
        append_and_fail()
    with record.ledger.reading() as reader:
        assert reader.size == 6


def test_an_id_can_be_taken_once(make: Make) -> None:
    record = make("one")
    record.enter([SOURCE])
    with pytest.raises(StorageError), record.ledger.writing() as writer:
        writer.append([draft_entry(SOURCE)], by="x", recorded=record.clock())


def test_corrections_are_found_and_applied(make: Make) -> None:
    record = make("one")
    fill(record)
    with record.ledger.reading() as reader:
        (correction,) = reader.corrections("event/1")
        (changed,) = reader.corrected_since(31)
        within = [(target, leaf.id) for target, leaf in reader.corrections_within(0, 5)]
        assert reader.find("event/none") is None
        assert reader.kind_of("event/1") == "event"
    assert isinstance(correction.entry(), Correction)
    assert (changed.id, within) == ("event/1", [("event/1", "correction/1")])
    table = record.views.refresh() and record.views.table("event")
    assert table.filter(table["id"] == "event/1")["date"].to_list() == ["2019"]


def test_a_reader_sees_one_state_while_a_writer_goes_on(make: Make) -> None:
    record = make("one")
    record.enter([SOURCE])
    with record.ledger.reading() as reader:
        size, root = reader.size, reader.root()
        record.enter(events(0, 300))
        assert (reader.size, reader.root()) == (size, root)
        assert len(list(reader.leaves())) == size
    with record.ledger.reading() as reader:
        assert reader.size == 301


def test_it_proves_exports_and_imports_as_any_other(make: Make, tmp_path: Path) -> None:
    record = make("one")
    fill(record)
    proof = prove(record, "event/3")
    assert proof.note == checkpoint(record)
    exported = export_bag(record, tmp_path / "bag")
    imported = import_bag(tmp_path / "bag", tmp_path / "copy")
    assert (imported.root, imported.originals) == (exported.root, 2)
    copy = Record(tmp_path / "copy")
    assert (copy.description.ledger, copy.description.archive) == ("", "")
    assert verify(copy.ledger, copy.archive, since=[Outside("kept", proof.note)]).unchanged_since == (38,)


def test_the_same_original_is_kept_once(make: Make) -> None:
    record = make("one")
    first = record.keep(io.BytesIO(b"paper"), tool="t")
    second = record.keep(io.BytesIO(b"paper"), tool="t")
    assert (first.new, second.new, first.sha256) == (True, False, second.sha256)
    assert list(record.archive.digests()) == [first.sha256]


def test_a_missing_original_cannot_be_opened(make: Make) -> None:
    record = make("one")
    assert "0" * 64 not in record.archive
    with pytest.raises(StorageError, match="0" * 64):
        record.archive.open("0" * 64)


def test_a_second_ledger_in_the_same_database_is_refused(postgres: Cluster, tmp_path: Path) -> None:
    address = postgres.new_database()
    first = Record.create(tmp_path / "one", title="One", ledger=address)
    first.enter([SOURCE])
    with pytest.raises(StorageError, match="already"):
        Record.create(tmp_path / "two", title="Two", ledger=address)
    assert not (tmp_path / "two").exists()
    assert verify(Record(first.folder).ledger, first.archive).leaves == 1


def test_a_record_that_cannot_be_filled_leaves_nothing_in_the_database(
    postgres: Cluster, tmp_path: Path
) -> None:
    address = postgres.new_database()
    template = tmp_path / "template"
    template.mkdir()
    (template / "record.toml").write_text('title = "T"\n')
    (template / "events.csv").write_text("id,date,event_kind,title\ne,2020,x,t\n")
    with pytest.raises(InvalidInput):
        Record.create(tmp_path / "one", template, ledger=address)
    assert not (tmp_path / "one").exists()
    Record.create(tmp_path / "one", ledger=address)


def test_a_row_changed_in_postgresql_is_named(postgres: Cluster, tmp_path: Path) -> None:
    import psycopg

    address = postgres.new_database()
    record = Record.create(tmp_path / "one", title="One", ledger=address)
    fill(record)
    with psycopg.connect(address) as db:
        db.execute("update leaves set data = set_byte(data, 30, get_byte(data, 30) # 1) where seq = 7")
    found = verify(record.ledger, record.archive).damage
    assert Damage("entry", "leaf 7", "its bytes do not give the hash in the tree", ("event/6",)) in found


def test_a_password_in_the_address_is_refused_because_it_would_lie_in_the_open(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pgpass"):
        Record.create(tmp_path / "one", ledger="postgresql://ada:secret@localhost/x")
    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize("address", ["mysql://x", "postgresql://[x"])
def test_an_address_of_no_use_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Record.create(tmp_path / "one", ledger=address)


def test_a_bag_is_imported_to_other_places_with_the_same_root(
    postgres: Cluster, bucket: str, tmp_path: Path
) -> None:
    record = Record.create(tmp_path / "one", title="One")
    fill(record)
    exported = export_bag(record, tmp_path / "bag")
    database, folder = postgres.new_database(), str(tmp_path / "copy")
    arguments = ["import", "bag", str(tmp_path / "bag"), folder, "--ledger", database, "--archive", bucket]
    outcome = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert outcome.stdout.endswith(f"Root: {exported.root}\n")
    copy = Record(tmp_path / "copy")
    assert (copy.description.ledger, copy.description.archive) == (database, bucket)
    assert not (copy.folder / "ledger.sqlite").exists()
    assert verify(copy.ledger, copy.archive).clean
    assert str(checkpoint(copy)) == str(checkpoint(record))
    with pytest.raises(StorageError, match="There is a ledger"):
        import_bag(tmp_path / "bag", tmp_path / "third", ledger=database)
    assert verify(copy.ledger, copy.archive).clean


def test_an_import_that_fails_leaves_no_ledger_in_the_database(postgres: Cluster, tmp_path: Path) -> None:
    record = Record.create(tmp_path / "one", title="One")
    fill(record)
    export_bag(record, tmp_path / "bag")
    path = tmp_path / "bag" / "data" / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b"happened", b"happenex", 1))
    seal_again(tmp_path / "bag")
    database = postgres.new_database()
    with pytest.raises(DamageFound):
        import_bag(tmp_path / "bag", tmp_path / "copy", ledger=database)
    assert not (tmp_path / "copy").exists()
    Record.create(tmp_path / "another", ledger=database)


def test_a_server_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="see to the database"):
        Record.create(tmp_path / "one", ledger=f"postgresql:///x?host={tmp_path}")


def test_the_command_makes_a_record_at_the_addresses_given(
    postgres: Cluster, bucket: str, tmp_path: Path
) -> None:
    folder = str(tmp_path / "one")
    arguments = ["new", folder, "--title", "T", "--ledger", postgres.new_database(), "--archive", bucket]
    assert CliRunner().invoke(cli, arguments, catch_exceptions=False).exit_code == 0
    fill(Record(tmp_path / "one"))
    outcome = CliRunner().invoke(cli, ["-r", folder, "verify"], catch_exceptions=False)
    assert outcome.stdout.startswith("Clean: 38 lines of the ledger and 2 originals")
    assert not (tmp_path / "one" / "ledger.sqlite").exists()
