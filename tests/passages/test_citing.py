"""From words in an original to entries on record."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.errors import EntryNotFound, InvalidInput, UsageError
from onrecord.model.kinds import Source
from onrecord.passages.citing import Said, cite
from onrecord.passages.originals import custody_of, original
from onrecord.passages.places import places, wanted
from onrecord.record import KEEPER, Record

from ..cli.conftest import Run, run
from ..evidence import FILES, HOSTILE_NAME, UYGHUR, leaked

__all__ = ["run"]

SAID = Said("A neighbour", "2018-05", "ug-Arab")


@pytest.fixture(scope="module")
def digests() -> dict[str, str]:
    from hashlib import sha256

    return {name: sha256(data).hexdigest() for name, data in FILES.items()}


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return leaked(tmp_path)


def test_a_citation_makes_its_source_and_quote_once_and_leads_back(
    record: Record, digests: dict[str, str]
) -> None:
    digest = digests["letters/uyghur.txt"]
    made = cite(record, digest[:12], wanted(UYGHUR), SAID)
    again = cite(record, digest, wanted(UYGHUR), SAID)
    assert (made.added, again.added) == (2, 0)
    assert (made.source, made.quote) == (again.source, again.quote)
    assert made.quote
    assert made.quote.text == UYGHUR
    assert made.quote.citations == (made.citation,)
    reading = original(record, digest).reading
    assert reading
    place = places(reading.pieces, made.citation.selectors)[0]
    assert reading.pieces[place.piece].text[place.start : place.end] == UYGHUR


def test_a_source_on_record_is_cited_and_no_other_made(record: Record, digests: dict[str, str]) -> None:
    digest = digests["letters/names.txt"]
    record.enter([Source(id="S1", title="The list of names", sha256=digest)])
    made = cite(record, digest, wanted("张伟"))
    assert (made.citation.source, made.added) == ("S1", 0)


def test_a_dry_run_and_a_refusal_change_nothing(record: Record, digests: dict[str, str]) -> None:
    before = record.views.refresh()
    digest = digests["letters/uyghur.txt"]
    assert cite(record, digest, wanted("Xet"), SAID, dry_run=True).added == 2
    with pytest.raises(UsageError, match="2 places"):
        cite(record, digest, wanted("Another line."), SAID)
    with pytest.raises(InvalidInput, match="date"):
        cite(record, digest, wanted("Xet"), Said("Someone", "in May"))
    with pytest.raises(EntryNotFound, match="taken in"):
        cite(record, "0" * 64, wanted("Xet"))
    with pytest.raises(UsageError, match="No text was read"):
        cite(record, digests["both.zip"], wanted("Kept"))
    assert record.views.refresh() == before


def test_a_hostile_name_becomes_a_title_without_its_tricks(record: Record, digests: dict[str, str]) -> None:
    made = cite(record, digests[f"odd/{HOSTILE_NAME}"], wanted("evil"))
    assert made.source.title == HOSTILE_NAME.replace("\u202e", "")


def test_a_member_knows_its_holder_and_its_custody(record: Record, digests: dict[str, str]) -> None:
    (inner, name), *others = original(record, digests["both.zip"]).members
    assert (name, others) == ("inner/note.txt", [])
    assert original(record, inner).holders == ((digests["both.zip"], "inner/note.txt"),)
    (handled,) = custody_of(record, inner)
    assert (handled.event.action, handled.event.member_of) == ("added", digests["both.zip"])


def test_the_command_prints_the_citation_and_says_what_was_added(
    run: Run, record: Record, digests: dict[str, str]
) -> None:
    arguments = (
        "-r",
        record.folder,
        "cite",
        digests["scans/order.pdf"][:8],
        "--exact",
        "nobody may leave",
        "--page",
        1,
    )
    made = run(*arguments, "--speaker", "An officer", "--date", "2018", "--json").json
    assert made["added"] == 2
    assert made["citation"]["selectors"][0]["value"].startswith("page=1&viewrect=")
    assert made["citation"]["selectors"][-1]["exact"] == "nobody may leave"
    assert record.as_seen_by(KEEPER).table("quote")["id"].to_list() == [made["quote"]["id"]]
    assert "0 entries added" in run(*arguments).err
    assert run(*arguments, "--speaker", "An officer").code == 2
    assert (
        run("-r", record.folder, "cite", digests["scans/order.pdf"], "--exact", "nobody", "--page", 2).code
        == 2
    )


def test_the_command_cites_cells_of_one_row(run: Run, record: Record, digests: dict[str, str]) -> None:
    arguments = ("-r", record.folder, "cite", digests["lists/detained.csv"])
    selectors = run(*arguments, "--cells", "B3:C3", "--json").json["citation"]["selectors"]
    assert selectors[0]["value"] == "cells=B3:C3"
    assert selectors[-1]["exact"] == "651\tHotan"
    assert run(*arguments, "--exact", "Hotan", "--cells", "B3").code == 2
    assert run(*arguments).code == 2


def test_the_taking_in_of_an_original_is_proved_by_its_hash(
    run: Run, record: Record, digests: dict[str, str]
) -> None:
    digest = digests["letters/names.txt"]
    proof = run("-r", record.folder, "prove", digest, "--json").json
    (handled,) = custody_of(record, digest)
    assert (proof["entry"], proof["index"]) == ("", handled.seq)
    with record.ledger.reading() as reader:
        assert proof["leaf"].encode() == reader.leaf(handled.seq).data
    assert "No original" in run("-r", record.folder, "prove", "0" * 64).err
