"""The real test documents of other projects: each gets an outcome, and few are not read."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.taking_in import take_in
from onrecord.record import Record, verify

SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[2] / "../shared")) / "data/documents"


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared documents are absent: {SHARED}")
def test_every_shared_document_has_an_outcome(empty: Record) -> None:
    done = take_in(empty, [SHARED])
    catalogue = open_catalogue(empty)
    rows = [row for row in catalogue.files() if row.member_of is None]
    catalogue.close()
    on_disk = sum(path.is_file() for path in SHARED.rglob("*"))
    assert len(rows) == on_disk
    assert done.unchanged == 0
    counts = Counter(row.outcome for row in rows)
    # Broken, locked and unknown files are there on purpose; pictures wait for OCR, which this run leaves out.
    assert counts["read"] + counts["read in part"] + counts["needs OCR"] >= 0.94 * len(rows)
    assert counts["refused"] == 0
    assert verify(empty.ledger, empty.archive).clean
